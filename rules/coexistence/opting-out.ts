import type { Fix } from '../../engine/findings/rule';
import {
  DATAPLANE_MODE,
  distinct,
  INJECTION_LABEL,
  joinedThrough,
  LINKERD_INJECT,
  originOf,
  REVISION_LABEL,
  SIDECAR_INJECT,
} from '../../engine/mesh/collisions';
import type { Collision, Setting } from '../../engine/mesh/collisions';
import type { MeshView } from '../../engine/mesh/view';
import type { Labels } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { renameKey, replaceScalar, setString } from '../../engine/yaml/edit';
import type { TextEdit } from '../../engine/yaml/edit';
import { locate, lookup } from '../../engine/yaml/tree';
import type { MapEntry, YamlNode } from '../../engine/yaml/tree';

/** A place that decides one side of collisions. */
export interface SharedPlace {
  readonly collisions: readonly Collision[];
  /** The label's or annotation's value, or the container's name. */
  readonly node: YamlNode;
  /** The Namespace or workload that holds it: of a Namespace's alternatives, the one to edit. */
  readonly subject: Resource;
}

type Side = 'istio' | 'linkerd';

const SIDES: readonly Side[] = ['istio', 'linkerd'];
const MESH_NAMES = { istio: 'Istio', linkerd: 'Linkerd' } as const;

/**
 * What turns each label or annotation off where it stands. A revision gives way to the label that overrules it, and the pods' own as well:
 * without any, pods that ask by themselves would still be injected.
 */
const TURNED_OFF: readonly { readonly key: string; readonly to: Setting }[] = [
  { key: INJECTION_LABEL, to: { field: 'labels', key: INJECTION_LABEL, value: 'disabled' } },
  { key: REVISION_LABEL, to: { field: 'labels', key: INJECTION_LABEL, value: 'disabled' } },
  { key: DATAPLANE_MODE, to: { field: 'labels', key: DATAPLANE_MODE, value: 'none' } },
  { key: SIDECAR_INJECT, to: { field: 'labels', key: SIDECAR_INJECT, value: 'false' } },
  { key: SIDECAR_INJECT, to: { field: 'annotations', key: SIDECAR_INJECT, value: 'false' } },
  { key: LINKERD_INJECT, to: { field: 'annotations', key: LINKERD_INJECT, value: 'disabled' } },
];

/**
 * The ways out of collisions that share a place: for each mesh, the workloads leave it on their own pod templates; and where one label or
 * annotation brings all of them in, that is turned off for everybody whom it brings in.
 */
export function waysOut(shared: SharedPlace, view: MeshView): Fix[] {
  const own = SIDES.map((side) => leaveOnTemplates(shared, side, view));
  const whole = SIDES.map((side) => turnOff(shared, side, view));
  return [...own, ...whole].flatMap((fix) => (fix?.edits() === undefined ? [] : fix));
}

/** What takes the workloads of these collisions out of one of the meshes: each needs some of it. */
export function settingsOf(collisions: readonly Collision[], side: Side): readonly Setting[] {
  const all = collisions.flatMap((collision) => collision[side].optOut);
  return [...new Map(all.map((setting) => [`${setting.field} ${setting.key}`, setting])).values()];
}

/** As manifests spell them: `label sidecar.istio.io/inject: "false"`. */
export function spelled(settings: readonly Setting[]): string {
  const pairs = settings.map(({ field, key, value }, i) => {
    const noun = field === 'labels' ? 'label ' : 'annotation ';
    return `${settings[i - 1]?.field === field ? '' : noun}${key}: ${value === 'false' ? '"false"' : value}`;
  });
  return pairs.join(' and ');
}

/** What holds the pods' labels, in a sentence about these workloads. */
export function templatesOf(workloads: readonly Resource[]): string {
  if (workloads.length > 1) return 'the pod templates';
  return workloads[0]?.kind === 'Pod' ? 'the Pod' : 'the pod template';
}

function leaveOnTemplates({ collisions, node }: SharedPlace, side: Side, view: MeshView): Fix | undefined {
  const leaving = collisions.filter((collision) => collision[side].optOut.length > 0 && !isOverruled(collision, side, view));
  const workloads = distinct(leaving.map(({ workload }) => workload));
  const [first] = workloads;
  if (first === undefined) return undefined;
  const who = workloads.length === 1 ? first.title : `${workloads.length} workloads`;
  const edits = (): readonly TextEdit[] | undefined =>
    together(
      leaving.map(({ workload, [side]: { optOut } }) =>
        setAll(workload, [...(podTemplateOf(workload)?.path ?? []), 'metadata'], optOut),
      ),
    );
  // In an overlay, what is missing goes into the base, where the other overlays see it too.
  const files = new Set(edits()?.map(({ file }) => file));
  const [file = ''] = files;
  const elsewhere = files.size === 1 && file !== locate({ node }).file ? `, in ${file}` : '';
  return {
    title: `Keep ${who} out of ${MESH_NAMES[side]}: ${spelled(settingsOf(leaving, side))} on ${templatesOf(workloads)}${elsewhere}`,
    safe: false,
    edits,
  };
}

/** What a transformer sets overrules the template's own text, and what a patch sets on several templates would take the others along. */
function isOverruled(collision: Collision, side: Side, view: MeshView): boolean {
  const {
    workload,
    [side]: { optOut },
  } = collision;
  const template = podTemplateOf(workload);
  return optOut.some(({ field, key }) => {
    const label = template?.[field].get(key);
    return label?.is === 'known' && isShared(label.node, view);
  });
}

function isShared(node: YamlNode, view: MeshView): boolean {
  return node.madeBy !== undefined || joinedThrough(node, view) > 1;
}

function turnOff(shared: SharedPlace, side: Side, view: MeshView): Fix | undefined {
  const found = switchOf(shared, side, view);
  if (found === undefined) return undefined;
  const { namespace, entry, to } = found;
  // A Namespace that a sidecar alone keeps out of ambient mode would fall into it.
  const mode = namespace?.labels.get(DATAPLANE_MODE);
  const also: Setting[] =
    to.key === INJECTION_LABEL && mode?.is === 'known' && mode.value === 'ambient'
      ? [{ field: 'labels', key: DATAPLANE_MODE, value: 'none' }]
      : [];
  const where = namespace === undefined ? `in ${locate({ node: entry.value }).file}` : `on ${namespace.title}`;
  const count = joinedThrough(entry.value, view);
  return {
    title: `Set ${spelled([to, ...also])} ${where} (moves ${count} ${count === 1 ? 'workload' : 'workloads'} out of ${MESH_NAMES[side]})`,
    safe: false,
    edits: () => together([replaceEntry(entry, to), namespace === undefined ? [] : setAll(namespace, ['metadata'], also)]),
  };
}

/** The one entry that brings all these workloads into a mesh, with what turns it off; undefined when each has its own, or none. */
function switchOf({ collisions, node, subject }: SharedPlace, side: Side, view: MeshView): Switch | undefined {
  const sides = collisions.map((collision) => collision[side]);
  const nodes = sides.flatMap(({ evidence }) => evidence);
  const [first] = collisions;
  if (first === undefined) return undefined;
  const namespaces = [subject, ...view.index.named('Namespace', '', first.workload.namespace ?? '')].filter(
    ({ kind }) => kind === 'Namespace',
  );
  const deciding =
    nodes.find((other) => originOf(other) === originOf(node)) ??
    nodes.find((other) => entryIn(subject, other) !== undefined) ??
    (new Set(nodes.map(originOf)).size === 1 ? nodes[0] : undefined);
  if (deciding === undefined || !sides.every(({ evidence }) => evidence.some((other) => originOf(other) === originOf(deciding))))
    return undefined;
  for (const namespace of namespaces) {
    const found = entryIn(namespace, deciding);
    if (found !== undefined) return { ...found, namespace };
  }
  const template = isShared(deciding, view) ? podTemplateOf(first.workload) : undefined;
  const found = template && entryIn(template, deciding);
  // On pods nothing overrules a revision in its own place, and ambient mode may wait behind a sidecar.
  if (found === undefined || found.entry.key.value === REVISION_LABEL || sides.some(({ optOut }) => optOut.length > 1))
    return undefined;
  return { ...found, namespace: undefined };
}

interface Switch {
  readonly entry: MapEntry;
  readonly to: Setting;
  readonly namespace: Resource | undefined;
}

function entryIn(
  holder: { readonly labels: Labels; readonly annotations: Labels },
  node: YamlNode,
): Pick<Switch, 'entry' | 'to'> | undefined {
  for (const { key, to } of TURNED_OFF) {
    const label = holder[to.field].get(key);
    if (label.is === 'known' && label.node === node) return { entry: { key: label.key, value: label.node }, to };
  }
  return undefined;
}

function replaceEntry(entry: MapEntry, to: Setting): readonly TextEdit[] | undefined {
  const value = originOf(entry.value);
  if (value.type !== 'scalar') return undefined;
  if (entry.key.value === to.key) return [replaceScalar(value, to.value)];
  return entry.key.madeBy === undefined ? [renameKey(entry, to.key), replaceScalar(value, to.value)] : undefined;
}

/** @param metadata where the labels and annotations stand */
function setAll(resource: Resource, metadata: readonly string[], settings: readonly Setting[]): readonly TextEdit[] | undefined {
  const { root } = resource;
  if (root === undefined) return undefined;
  const edits = settings.map(({ field, key, value }) => {
    // Two edits that each make a missing map would make it twice.
    if (settings.length > 1 && lookup(root, ...metadata, field)?.type !== 'map') return undefined;
    const edit = setString(root, [...metadata, field, key], value);
    return edit && [edit];
  });
  return together(edits);
}

/** All or none: half a way out would leave the collision. One text may be behind several resources; it is edited once. */
function together(parts: readonly (readonly TextEdit[] | undefined)[]): readonly TextEdit[] | undefined {
  const edits = new Map<string, TextEdit>();
  for (const part of parts) {
    if (part === undefined) return undefined;
    for (const edit of part) edits.set(`${edit.file}\0${edit.start}\0${edit.end}\0${edit.newText}`, edit);
  }
  return [...edits.values()];
}
