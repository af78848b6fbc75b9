import type { Graph } from '../incremental/graph';
import type { Resource } from '../resources/resource';
import type { Label } from '../resources/labels';
import { podTemplateOf } from '../resources/workload';
import type { PodTemplate } from '../resources/workload';
import type { YamlNode } from '../yaml/tree';
import type { IstioOrLinkerd, Joining } from './membership';
import type { MeshView } from './view';

/** A label or annotation that takes pods out of a mesh. */
export interface Setting {
  readonly field: 'labels' | 'annotations';
  readonly key: string;
  readonly value: string;
}

/** One of the two meshes that a workload's pods get. */
export interface Side {
  readonly mesh: IstioOrLinkerd;
  /** A clause in plain English, without a full stop. */
  readonly reason: string;
  /** `installation`: no label decides, and `evidence` is empty. */
  readonly decidedBy: 'namespace' | 'pod' | 'container' | 'installation';
  readonly evidence: readonly YamlNode[];
  /** What keeps the pods out of this mesh when the pod template says it; empty for a proxy that stands in the manifest. */
  readonly optOut: readonly Setting[];
}

/** A workload whose pods would get Istio and Linkerd. */
export interface Collision {
  readonly workload: Resource;
  readonly istio: Side;
  readonly linkerd: Side;
  /** What the files do not show, as clauses that follow "assuming that". */
  readonly assumptions: readonly string[];
}

export const INJECTION_LABEL = 'istio-injection';
export const REVISION_LABEL = 'istio.io/rev';
export const SIDECAR_INJECT = 'sidecar.istio.io/inject';
export const DATAPLANE_MODE = 'istio.io/dataplane-mode';
export const LINKERD_INJECT = 'linkerd.io/inject';

const NO_SIDECAR: Setting = { field: 'labels', key: SIDECAR_INJECT, value: 'false' };
const NO_AMBIENT: Setting = { field: 'labels', key: DATAPLANE_MODE, value: 'none' };
const NO_LINKERD: Setting = { field: 'annotations', key: LINKERD_INJECT, value: 'disabled' };

/**
 * The two meshes that a workload's pods would get; undefined when it is one or none. Istio's sidecar and its ambient mode are one mesh:
 * a pod with a sidecar is never captured. Linkerd's injector leaves a pod alone that the manifest already gives Istio's proxy, so that is
 * no collision; Istio's injector takes no notice of Linkerd. Nothing says how either goes with Cilium's ztunnel, which is no side here.
 *
 * Where no file defines the Namespace, what the pod template itself asks for counts, and the collision says what it assumes.
 */
export function collisionOf(workload: Resource, view: MeshView): Collision | undefined {
  return collisionIn(queriesOf(view).sides(workload));
}

/** The collisions of which a label, an annotation or a container name decides one side, in the order of the environment. */
export function collisionsThrough(node: YamlNode, view: MeshView): readonly Collision[] {
  return queriesOf(view).through(originOf(node));
}

/** How many workloads' pods join a mesh because of a label, an annotation or a container name, colliding or not. */
export function joinedThrough(node: YamlNode, view: MeshView): number {
  return queriesOf(view).joined(originOf(node));
}

/** Distinct objects: several definitions of one are alternatives, and count once. */
export function distinct(workloads: readonly Resource[]): readonly Resource[] {
  return [...new Map(workloads.map((workload) => [workload.key ?? workload, workload])).values()];
}

/** What a transformation made a node from, in the end; the node itself where a text holds it. Places in files are told apart by it. */
export function originOf(node: YamlNode): YamlNode {
  let origin = node;
  while (origin.madeBy !== undefined) origin = origin.madeBy;
  return origin;
}

interface Sides {
  readonly workload: Resource;
  readonly istio: Side | undefined;
  readonly linkerd: Side | undefined;
  readonly assumptions: readonly string[];
}

/** What hangs on one place in a file: a patch or a label transformer may reach many workloads. */
interface Through {
  readonly joined: readonly Resource[];
  readonly collisions: readonly Collision[];
}

interface Queries {
  readonly sides: (workload: Resource) => Sides;
  readonly through: (origin: YamlNode) => readonly Collision[];
  readonly joined: (origin: YamlNode) => number;
}

function queriesOf(view: MeshView): Queries {
  return view.extension('collisions', makeQueries);
}

function makeQueries(graph: Graph, view: MeshView): Queries {
  const sides = graph.family('collisions.sides', (workload: Resource) => sidesOf(workload, view));
  // By namespace, so that an edit concerns its own; which places reach into which namespaces hardly ever changes.
  const byOrigin = graph.family('collisions.byOrigin', (namespace: string) =>
    groupByOrigin(view.index.workloadsIn(namespace).map(sides)),
  );
  const originsIn = graph.family('collisions.originsIn', (namespace: string) => [...byOrigin(namespace).keys()]);
  const reach = graph.computed('collisions.reach', () => reachOf(view.index.workloadNamespaces(), originsIn));
  const throughAll = (origin: YamlNode): readonly Through[] =>
    (reach.get().get(origin) ?? []).flatMap((namespace) => byOrigin(namespace).get(origin) ?? []);
  return {
    sides,
    through: graph.family('collisions.through', (origin: YamlNode) => throughAll(origin).flatMap(({ collisions }) => collisions)),
    // A number of its own: an edit of a workload that merely joins is no news to those who collide.
    joined: graph.family(
      'collisions.joined',
      (origin: YamlNode) => distinct(throughAll(origin).flatMap(({ joined }) => joined)).length,
    ),
  };
}

/** The namespaces that each place reaches into. */
function reachOf(
  namespaces: readonly string[],
  originsIn: (namespace: string) => readonly YamlNode[],
): ReadonlyMap<YamlNode, readonly string[]> {
  const reach = new Map<YamlNode, string[]>();
  for (const namespace of namespaces) {
    for (const origin of originsIn(namespace)) {
      const reached = reach.get(origin);
      if (reached === undefined) reach.set(origin, [namespace]);
      else reached.push(namespace);
    }
  }
  return reach;
}

function groupByOrigin(all: readonly Sides[]): Map<YamlNode, Through> {
  const groups = new Map<YamlNode, { joined: Resource[]; collisions: Collision[] }>();
  for (const sides of all) {
    const collision = collisionIn(sides);
    const evidence = [...(sides.istio?.evidence ?? []), ...(sides.linkerd?.evidence ?? [])];
    for (const origin of new Set(evidence.map(originOf))) {
      const group = groups.get(origin) ?? { joined: [], collisions: [] };
      groups.set(origin, group);
      group.joined.push(sides.workload);
      if (collision !== undefined) group.collisions.push(collision);
    }
  }
  return groups;
}

function collisionIn({ workload, istio, linkerd, assumptions }: Sides): Collision | undefined {
  return istio === undefined || linkerd === undefined ? undefined : { workload, istio, linkerd, assumptions };
}

function sidesOf(workload: Resource, view: MeshView): Sides {
  const template = podTemplateOf(workload);
  const membership = view.membership(workload);
  if (template === undefined || membership === undefined)
    return { workload, istio: undefined, linkerd: undefined, assumptions: [] };
  const joined = (joining: Joining<IstioOrLinkerd>): Joining<IstioOrLinkerd> | undefined =>
    joining.joins === 'yes' ? joining : undefined;
  const sidecar = joined(membership.sidecar);
  const istio = sidecar ?? joined(membership.ambient);
  const linkerd = joined(membership.linkerd);
  const assumptions = new Set<string>();
  // Whether ambient mode is kept out by a sidecar may be assumed as well; either way the pods are in Istio.
  if (sidecar?.basis === 'assumed' && asksForRevision(template, workload, view))
    assumptions.add(assumedRevision(template, workload, view));
  for (const side of [istio, linkerd]) {
    for (const clause of [side?.assumes, side?.controller]) if (clause !== undefined) assumptions.add(clause);
  }
  return {
    workload,
    istio: istio && sideOf(istio, template, istio === sidecar ? sidecarOptOut(template, workload, view) : [NO_AMBIENT]),
    linkerd: linkerd && sideOf(linkerd, template, [NO_LINKERD]),
    assumptions: [...assumptions],
  };
}

function sideOf(joining: Joining<IstioOrLinkerd>, template: PodTemplate, optOut: readonly Setting[]): Side {
  const { mesh, reason, evidence } = joining;
  if (joining.inManifest === true) return { mesh, reason, evidence, decidedBy: 'container', optOut: [] };
  const first = evidence[0];
  const decidedBy = first === undefined ? 'installation' : podNodes(template).includes(first) ? 'pod' : 'namespace';
  return { mesh, reason, evidence, decidedBy, optOut };
}

function podNodes(template: PodTemplate): YamlNode[] {
  const labels = [SIDECAR_INJECT, REVISION_LABEL, DATAPLANE_MODE].map((key) => template.labels.get(key));
  const annotations = [SIDECAR_INJECT, LINKERD_INJECT].map((key) => template.annotations.get(key));
  return [...labels, ...annotations].flatMap((label) => (label.is === 'known' ? [label.node] : []));
}

/** Pods that a sidecar alone keeps out of ambient mode would fall into it. */
function sidecarOptOut(template: PodTemplate, workload: Resource, view: MeshView): readonly Setting[] {
  const mode = valueOf(template.labels.get(DATAPLANE_MODE));
  const ambient = mode === 'ambient' || (mode !== 'none' && namespaceLabel(workload, DATAPLANE_MODE, view) === 'ambient');
  return ambient ? [NO_SIDECAR, NO_AMBIENT] : [NO_SIDECAR];
}

function asksForRevision(template: PodTemplate, workload: Resource, view: MeshView): boolean {
  return (
    valueOf(template.labels.get(REVISION_LABEL)) !== undefined || namespaceLabel(workload, REVISION_LABEL, view) !== undefined
  );
}

function assumedRevision(template: PodTemplate, workload: Resource, view: MeshView): string {
  // The webhooks for labelled Namespaces come first.
  const revision = namespaceLabel(workload, REVISION_LABEL, view) ?? valueOf(template.labels.get(REVISION_LABEL));
  return `revision ${revision ?? 'default'} is installed`;
}

function valueOf(label: Label): string | undefined {
  return label.is === 'known' ? label.value : undefined;
}

function namespaceLabel({ namespace }: Resource, key: string, view: MeshView): string | undefined {
  if (namespace === undefined) return undefined;
  const { value } = view.namespaceLabel(namespace, key);
  return value.is === 'known' ? value.value : undefined;
}
