import { REVISION_LABEL } from '../mesh/collisions';
import { controllerAssumption, midSentence } from '../mesh/membership';
import type { Joining, Membership, Mesh } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import { kindName } from '../resources/kinds';
import type { Resource } from '../resources/resource';
import { lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { cited, resourceList, statement } from './statement';
import type { Part, Statement } from './statement';

interface Words {
  readonly yes: string;
  readonly no: string;
  readonly unknown: string;
}

const WORDS: Readonly<Record<Mesh, Words>> = {
  'istio-sidecar': { yes: 'Istio sidecar', no: 'No Istio sidecar', unknown: 'Istio sidecar unknown' },
  'istio-ambient': { yes: 'Istio ambient mode', no: 'Not in Istio ambient mode', unknown: 'Istio ambient mode unknown' },
  linkerd: { yes: 'Linkerd proxy', no: 'No Linkerd proxy', unknown: 'Linkerd proxy unknown' },
  cilium: { yes: 'Cilium ztunnel', no: "Not in Cilium's ztunnel", unknown: 'Cilium ztunnel unknown' },
};

/** How a workload's pods join each mesh, and why; one statement where a single reason holds for all. */
export function membershipStatements(workload: Resource, view: MeshView): Statement[] {
  const membership = view.membership(workload);
  if (membership === undefined) return [statement('membership', ...withoutTemplate(workload, view))];
  const unknown = unknownNamespace(workload, membership, view);
  if (unknown !== undefined) return [statement('membership', `Mesh unknown: ${unknown}.`)];
  const clause = controllerAssumption(workload);
  // Told once, rather than with each mesh.
  const assumed = clause === undefined ? [] : [statement('controller', `This assumes that ${clause}.`)];
  return [...joiningStatements(workload, membership, view), ...assumed];
}

/** An Argo Rollout may make its pods from another workload's template, `workloadRef` (argoproj/argo-rollouts docs/migrating.md, v1.8.3). */
function withoutTemplate(workload: Resource, view: MeshView): Part[] {
  const reference = workload.kind === 'Rollout.argoproj.io' ? workload.at('spec', 'workloadRef') : undefined;
  const name = stringOf(lookup(reference, 'name'));
  if (name === undefined) return ['No pod template is written here, so nothing joins a mesh.'];
  const [kind, version] = ['kind', 'apiVersion'].map((key) => stringOf(lookup(reference, key)) ?? '');
  const group = version?.includes('/') === true ? version.slice(0, version.indexOf('/')) : '';
  const found = view.index.named(kindName(kind ?? '', group), workload.namespace ?? '', name);
  if (found.length > 0) return ['Its pods are made from the pod template of ', ...resourceList(found, view), ', which decides.'];
  return [`Mesh unknown: its pods are made from the pod template of ${kind ?? ''} ${name}, which no file here defines.`];
}

function joiningStatements(workload: Resource, { sidecar, ambient, linkerd, ztunnel }: Membership, view: MeshView): Statement[] {
  const inCilium = ztunnel === undefined || asksNothing(ztunnel) ? [] : [ztunnel];
  if (asksNothing(sidecar, ambient, linkerd)) {
    const lead = inCilium.length === 0 ? 'No mesh' : "Not in Istio's or Linkerd's mesh";
    const none = statement('membership', ...unasked(lead, 'one', [sidecar, ambient, linkerd], workload, view));
    return [none, ...inCilium.map((joining) => joiningStatement(joining, workload, view))];
  }
  const told = (joining: Joining): Statement => joiningStatement(joining, workload, view);
  if (asksNothing(sidecar, ambient)) {
    const neither = unasked("Not in Istio's mesh", 'it', [sidecar, ambient], workload, view);
    return [statement(sidecar.mesh, ...neither), told(linkerd), ...(ztunnel === undefined ? [] : [told(ztunnel)])];
  }
  // A sidecar keeps a pod out of ambient mode: that goes without saying.
  const all = sidecar.joins === 'yes' ? [sidecar, linkerd] : [sidecar, ambient, linkerd];
  return [...all, ...(ztunnel === undefined ? [] : [ztunnel])].map(told);
}

function joiningStatement(joining: Joining, workload: Resource, view: MeshView): Statement {
  return statement(joining.mesh, ...reasonParts(joining, workload, view), ...assuming(ownAssumption(joining)), '.');
}

/** Whether and why a workload's pods join one mesh: a clause without its full stop. */
export function joiningParts(joining: Joining, workload: Resource, view: MeshView): Part[] {
  return [...reasonParts(joining, workload, view), ...assuming(assumptionText(joining))];
}

function reasonParts(joining: Joining, workload: Resource, view: MeshView): Part[] {
  const { reason, evidence } = joining;
  return [`${joiningWords(joining)}: ${reasonText(reason, workload, view)}`, ...cited(evidence, view)];
}

/** `Istio sidecar`, `No Linkerd proxy`, `Istio ambient mode unknown`. */
export function joiningWords({ mesh, joins }: Joining): string {
  return WORDS[mesh][joins];
}

/** The answer for one mesh; undefined where Cilium's ztunnel is no question. */
export function joiningIn(membership: Membership, mesh: Mesh): Joining | undefined {
  switch (mesh) {
    case 'istio-sidecar':
      return membership.sidecar;
    case 'istio-ambient':
      return membership.ambient;
    case 'linkerd':
      return membership.linkerd;
    case 'cilium':
      return membership.ztunnel;
  }
}

/** All answers of a membership; Cilium's only where it is a question. */
export function joiningsOf({ sidecar, ambient, linkerd, ztunnel }: Membership): readonly Joining[] {
  return ztunnel === undefined ? [sidecar, ambient, linkerd] : [sidecar, ambient, linkerd, ztunnel];
}

/** Membership in few words, for a lens or a list. */
export function membershipSummary(membership: Membership): string {
  const { sidecar, ambient, linkerd, ztunnel } = membership;
  const names: string[] = [];
  if (sidecar.joins === 'yes') names.push('Istio sidecar');
  if (ambient.joins === 'yes') names.push('Istio ambient');
  if (linkerd.joins === 'yes') names.push('Linkerd');
  if (ztunnel?.joins === 'yes') names.push('Cilium ztunnel');
  if (names.length > 0) return names.join(' and ');
  return joiningsOf(membership).some(({ joins }) => joins === 'unknown') ? 'mesh unknown' : 'no mesh';
}

/** What the summary rests on. */
export function decidingEvidence(membership: Membership): readonly YamlNode[] {
  const all = joiningsOf(membership);
  const decisive = ['yes', 'unknown', 'no'].flatMap((answer) => all.filter(({ joins }) => joins === answer));
  return decisive.find(({ evidence }) => evidence.length > 0)?.evidence ?? [];
}

/** A Namespace as these files name it. */
export function namespaceTitle({ header: { namespace } }: Resource): string {
  if (namespace.is === 'known') return `Namespace ${namespace.value}`;
  return namespace.is === 'absent' ? 'the Namespace that it is applied to' : 'its Namespace, whose name a template hides,';
}

/**
 * Why no mesh is known, in one clause, where no file shows the Namespace and the pod template leaves every mesh to it; else undefined.
 */
export function unknownNamespace(workload: Resource, membership: Membership, view: MeshView): string | undefined {
  const { sidecar, ambient, linkerd } = membership;
  if ([sidecar, ambient, linkerd].some(({ joins }) => joins !== 'unknown')) return undefined;
  if (workload.namespace !== undefined && view.namespacePlaces(workload.namespace).length > 0) return undefined;
  switch (workload.header.namespace.is) {
    case 'known':
      return `no file here defines ${namespaceTitle(workload)}, whose labels and annotations decide`;
    case 'absent':
      return 'no namespace is set here, and the Namespace that it is applied to decides';
    case 'unknown':
      return 'its Namespace decides, and a template hides which one that is';
  }
}

const NOTHING_ASKED = 'Neither the namespace nor the pod has ';
/** Of what a Namespace alone may ask for. */
const NAMESPACE_ASKS_NOTHING = 'The namespace has no ';

/** Whether each answer is no because nobody asks. */
function asksNothing(...joinings: readonly Joining[]): boolean {
  return joinings.every(
    ({ joins, reason }) =>
      joins === 'no' && [NOTHING_ASKED, NAMESPACE_ASKS_NOTHING].some((beginning) => reason.startsWith(beginning)),
  );
}

/** That nobody asks for a mesh, in one sentence on all of its answers. */
function unasked(lead: string, what: string, joinings: readonly Joining[], workload: Resource, view: MeshView): Part[] {
  const places = joinings.flatMap(({ evidence }) => evidence);
  const assumed = joinings.slice(0, 1).flatMap((joining) => assuming(ownAssumption(joining)));
  return [
    `${lead}: neither ${namespaceTitle(workload)}`,
    ...cited(places, view),
    ` nor the pod template asks for ${what}`,
    ...assumed,
    '.',
  ];
}

/** A reason as it looks within a sentence, with the Namespace named. */
export function reasonText(reason: string, workload: Resource, view: MeshView): string {
  const namespace = namespaceTitle(workload);
  const open = /^The namespace (label|annotation) (\S+) is unknown$/.exec(reason);
  if (open !== null) {
    const isShown = workload.namespace !== undefined && view.namespacePlaces(workload.namespace).length > 0;
    return `${open[1] ?? ''} ${open[2] ?? ''} of ${namespace} is unknown${isShown ? '' : ', since no file here defines it'}`;
  }
  if (reason === 'The name of the namespace is unknown') return 'a template hides which Namespace the pods are in';
  if (reason.startsWith('Whether the pod gets a sidecar is unknown'))
    return 'a sidecar would keep the pods out, and whether they get one is unknown';
  if (reason.startsWith(NOTHING_ASKED))
    return `neither ${namespace} nor the pod template has ${reason.slice(NOTHING_ASKED.length)}`;
  if (reason.startsWith(NAMESPACE_ASKS_NOTHING)) return `${namespace} has no ${reason.slice(NAMESPACE_ASKS_NOTHING.length)}`;
  const own = /^Namespace (?=label|annotation)/.exec(reason);
  if (own !== null) return workload.header.namespace.is === 'known' ? `${namespace} has ${reason.slice(own[0].length)}` : reason;
  return midSentence(reason);
}

function assuming(text: string | undefined): Part[] {
  return text === undefined ? [] : [`, assuming ${text}`];
}

/** What an answer rests on that no file shows, as it follows "assuming"; undefined where files show all of it. */
export function assumptionText(joining: Joining): string | undefined {
  const own = ownAssumption(joining);
  if (joining.controller === undefined) return own;
  return `${own === undefined ? '' : `${own}, and `}that ${joining.controller}`;
}

/** What it rests on apart from a custom resource's controller. */
function ownAssumption({ mesh, joins, basis, reason, evidence, assumes }: Joining): string | undefined {
  if (assumes !== undefined) return `that ${assumes}`;
  if (joins === 'unknown' || basis === 'shown') return undefined;
  if (mesh !== 'linkerd' && reason.startsWith(NOTHING_ASKED)) return "that Istio's enableNamespacesByDefault is off";
  const revision = evidence.find(({ key }) => key?.value === REVISION_LABEL);
  if (mesh === 'istio-sidecar' && joins === 'yes' && revision?.type === 'scalar')
    return `that revision ${String(revision.value)} is installed`;
  return `a default installation of ${mesh === 'linkerd' ? 'Linkerd' : 'Istio'}`;
}
