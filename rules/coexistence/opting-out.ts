import type { Fix } from '../../engine/findings/rule';
import { DATAPLANE_MODE, INJECTION_LABEL, joinedThrough, LINKERD_INJECT, originOf, REVISION_LABEL, SIDECAR_INJECT } from '../../engine/mesh/collisions';
import type { Collision, Setting, Side } from '../../engine/mesh/collisions';
import type { MeshView } from '../../engine/mesh/view';
import type { Label } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { renameKey, replaceScalar, setString } from '../../engine/yaml/edit';
import type { TextEdit } from '../../engine/yaml/edit';
import { locate, lookup } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

type Mesh = 'istio' | 'linkerd';

const MESH_NAMES = { istio: 'Istio', linkerd: 'Linkerd' } as const;

/** What turns each label or annotation off, where it stands. A revision can only give way to the label that overrules it. */
const TURNED_OFF: readonly { readonly field: Setting['field']; readonly key: string; readonly to: Setting }[] = [
  { field: 'labels', key: INJECTION_LABEL, to: { field: 'labels', key: INJECTION_LABEL, value: 'disabled' } },
  { field: 'labels', key: REVISION_LABEL, to: { field: 'labels', key: INJECTION_LABEL, value: 'disabled' } },
  { field: 'labels', key: DATAPLANE_MODE, to: { field: 'labels', key: DATAPLANE_MODE, value: 'none' } },
  { field: 'labels', key: SIDECAR_INJECT, to: { field: 'labels', key: SIDECAR_INJECT, value: 'false' } },
  { field: 'annotations', key: SIDECAR_INJECT, to: { field: 'annotations', key: SIDECAR_INJECT, value: 'false' } },
  { field: 'annotations', key: LINKERD_INJECT, to: { field: 'annotations', key: LINKERD_INJECT, value: 'disabled' } },
];

/**
 * The ways out of collisions that share a place: for each mesh, the workloads leave it on their own pod templates; and where one label or
 * annotation brings all of them in, that is turned off for everybody whom it brings in.
 *
 * @param place the label, annotation or container name that the finding stands at
 * @param subject the resource that holds it: of a Namespace's alternatives, the one to edit
 */
export function waysOut(collisions: readonly Collision[], place: YamlNode, subject: Resource, view: MeshView): Fix[] {
  const meshes: readonly Mesh[] = ['istio', 'linkerd'];
  const own = meshes.map((mesh) => leaveOnTemplates(collisions, mesh, place, view));
  const shared = meshes.map((mesh) => turnOff(collisions, mesh, place, subject, view));
  return [...own, ...shared].flatMap((fix) => fix ?? []);
}

/** Distinct objects: several definitions of one are alternatives, and count once. */
export function distinct(workloads: readonly Resource[]): readonly Resource[] {
  const seen = new Map<unknown, Resource>();
  for (const workload of workloads) if (!seen.has(workload.key ?? workload)) seen.set(workload.key ?? workload, workload);
  return [...seen.values()];
}

/** As manifests spell them: `label sidecar.istio.io/inject: "false"`. */
export function spelled(settings: readonly Setting[]): string {
  return settings
    .map(({ field, key, value }, i) => {
      const noun = field === 'labels' ? 'label ' : 'annotation ';
      return `${i > 0 && settings[i - 1]?.field === field ? '' : noun}${key}: ${value === 'false' ? '"false"' : value}`;
    })
    .join(' and ');
}

export function places(workloads: readonly Resource[]): string {
  const [first] = workloads;
  if (workloads.length > 1) return 'their pod templates';
  return first?.kind === 'Pod' ? 'it' : 'its pod template';
}

function leaveOnTemplates(collisions: readonly Collision[], mesh: Mesh, place: YamlNode, view: MeshView): Fix | undefined {
  const leaving = collisions.filter((collision) => collision[mesh].optOut.length > 0 && !isSharedByPods(collision[mesh], view));
  const workloads = distinct(leaving.map(({ workload }) => workload));
  const [first] = workloads;
  if (first === undefined) return undefined;
  const settings = [...new Set(leaving.map((collision) => spelled(collision[mesh].optOut)))].join(' or ');
  const who = workloads.length === 1 ? first.title : `${workloads.length} workloads`;
  // In an overlay, what the base says of the pod template is edited where the other overlays see it too.
  const elsewhere = workloads.length === 1 && locate({ node: place }).file !== first.file ? `, in ${first.file}` : '';
  return {
    title: `Keep ${who} out of ${MESH_NAMES[mesh]}: ${settings} on ${places(workloads)}${elsewhere}`,
    safe: false,
    edits: () => together(leaving.map(({ workload, [mesh]: side }) => setOnTemplate(workload, side.optOut))),
  };
}

/** A patch or a transformer that brings several workloads in would overrule, or carry along, what one template says. */
function isSharedByPods({ decidedBy, evidence }: Side, view: MeshView): boolean {
  return decidedBy === 'pod' && evidence.some((node) => node.madeBy !== undefined || distinct(joinedThrough(node, view)).length > 1);
}

function setOnTemplate(workload: Resource, settings: readonly Setting[]): readonly TextEdit[] | undefined {
  const { root } = workload;
  const path = podTemplateOf(workload)?.path;
  if (root === undefined || path === undefined) return undefined;
  return setAll(settings, (field) => [...path, 'metadata', field], workload);
}

function setAll(settings: readonly Setting[], at: (field: Setting['field']) => readonly string[], resource: Resource): readonly TextEdit[] | undefined {
  const { root } = resource;
  if (root === undefined) return undefined;
  // Two edits that would each make the missing map would make it twice.
  const makesMaps = settings.some(({ field }) => lookup(root, ...at(field))?.type !== 'map');
  if (settings.length > 1 && makesMaps) return undefined;
  return together(
    settings.map(({ field, key, value }) => {
      const edit = setString(root, [...at(field), key], value);
      return edit && [edit];
    }),
  );
}

function turnOff(collisions: readonly Collision[], mesh: Mesh, place: YamlNode, subject: Resource, view: MeshView): Fix | undefined {
  const sides = collisions.map((collision) => collision[mesh]);
  const nodes = sides.flatMap(({ evidence }) => evidence);
  const origins = new Set(nodes.map(originOf));
  const here = originOf(place);
  const node = origins.has(here) ? nodes.find((candidate) => originOf(candidate) === here) : origins.size === 1 ? nodes[0] : undefined;
  const first = collisions[0];
  if (node === undefined || first === undefined || !sides.every(({ evidence }) => evidence.some((other) => originOf(other) === originOf(node)))) return undefined;
  const holder = namespaceThatHolds(node, first.workload, subject, view);
  if (holder === undefined && !isSharedByPods(first[mesh], view)) return undefined;
  const written = holder === undefined ? settingIn(podTemplateOf(first.workload) ?? NO_SETTINGS, node) : settingIn(holder, node);
  if (written === undefined) return undefined;
  const count = distinct(joinedThrough(node, view)).length;
  const where = holder === undefined ? `in ${locate({ node }).file}` : `on ${holder.title}`;
  const also = holder === undefined ? [] : uncovered(written, holder);
  const moved = `moves ${count} ${count === 1 ? 'workload' : 'workloads'} out of ${MESH_NAMES[mesh]}`;
  return {
    title: `Set ${spelled([written.to, ...also])} ${where} (${moved})`,
    safe: false,
    edits: () => together([replaced(written), holder === undefined ? [] : setAll(also, (field) => ['metadata', field], holder)]),
  };
}

interface Written {
  readonly label: Label & { readonly is: 'known' };
  readonly key: string;
  readonly to: Setting;
}

const NO_SETTINGS = undefined;
