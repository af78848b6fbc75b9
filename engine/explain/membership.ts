import { REVISION_LABEL } from '../mesh/collisions';
import type { Joining, Membership, Mesh } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { YamlNode } from '../yaml/tree';
import { cited, statement } from './statement';
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
};

/** How a workload's pods join each mesh, and why; one statement where a single reason holds for all. */
export function membershipStatements(workload: Resource, view: MeshView): Statement[] {
  const membership = view.membership(workload);
  if (membership === undefined) return [statement('membership', 'No pod template is written here, so nothing joins a mesh.')];
  const whole = unknownNamespace(workload, membership, view) ?? nothingAsked(workload, membership, view);
  if (whole !== undefined) return [statement('membership', ...whole)];
  const { sidecar, ambient, linkerd } = membership;
  // A sidecar keeps a pod out of ambient mode: that goes without saying.
  const told = sidecar.joins === 'yes' ? [sidecar, linkerd] : [sidecar, ambient, linkerd];
  return told.map((joining) => statement(joining.mesh, ...joiningParts(joining, workload, view), '.'));
}

/** Whether and why a workload's pods join one mesh: a clause without its full stop. */
export function joiningParts(joining: Joining, workload: Resource, view: MeshView): Part[] {
  const { mesh, joins, reason, evidence } = joining;
  return [`${WORDS[mesh][joins]}: ${reasonText(reason, workload, view)}`, ...cited(evidence, view), ...assumptionOf(joining)];
}

/** Membership in few words, for a lens or a list. */
export function membershipSummary({ sidecar, ambient, linkerd }: Membership): string {
  const names: string[] = [];
  if (sidecar.joins === 'yes') names.push('Istio sidecar');
  if (ambient.joins === 'yes') names.push('Istio ambient');
  if (linkerd.joins === 'yes') names.push('Linkerd');
  if (names.length > 0) return names.join(', ');
  return [sidecar, ambient, linkerd].some(({ joins }) => joins === 'unknown') ? 'mesh unknown' : 'no mesh';
}

/** What the summary rests on. */
export function decidingEvidence({ sidecar, ambient, linkerd }: Membership): readonly YamlNode[] {
  const all = [sidecar, ambient, linkerd];
  const decisive = ['yes', 'unknown', 'no'].flatMap((answer) => all.filter(({ joins }) => joins === answer));
  return decisive.find(({ evidence }) => evidence.length > 0)?.evidence ?? [];
}

/** A Namespace as these files name it. */
export function namespaceTitle({ header: { namespace } }: Resource): string {
  if (namespace.is === 'known') return `Namespace ${namespace.value}`;
  return namespace.is === 'absent' ? 'the Namespace that it is applied to' : 'its templated Namespace';
}

/** No file shows the Namespace, and the pod template leaves every mesh to it. */
function unknownNamespace(workload: Resource, membership: Membership, view: MeshView): Part[] | undefined {
  const { sidecar, ambient, linkerd } = membership;
  if ([sidecar, ambient, linkerd].some(({ joins }) => joins !== 'unknown')) return undefined;
  if (workload.namespace !== undefined && view.namespacePlaces(workload.namespace).length > 0) return undefined;
  return [`Mesh unknown: no file here defines ${namespaceTitle(workload)}, whose labels and annotations decide.`];
}

const NOTHING_ASKED = 'Neither the namespace nor the pod has ';

/** Nothing asks for any mesh. */
function nothingAsked(workload: Resource, membership: Membership, view: MeshView): Part[] | undefined {
  const all = [membership.sidecar, membership.ambient, membership.linkerd];
  if (all.some(({ joins, reason }) => joins !== 'no' || !reason.startsWith(NOTHING_ASKED))) return undefined;
  const places = all.flatMap(({ evidence }) => evidence);
  return [
    `No mesh: neither ${namespaceTitle(workload)}`,
    ...cited(places, view),
    ' nor the pod template asks for one',
    ...assumptionOf(membership.sidecar),
    '.',
  ];
}

/** A reason as it looks within a sentence, with the Namespace named. */
function reasonText(reason: string, workload: Resource, view: MeshView): string {
  const namespace = namespaceTitle(workload);
  const open = /^The namespace (label|annotation) (\S+) is unknown$/.exec(reason);
  if (open !== null) {
    const isShown = workload.namespace !== undefined && view.namespacePlaces(workload.namespace).length > 0;
    return `${open[1] ?? ''} ${open[2] ?? ''} of ${namespace} is unknown${isShown ? '' : ', since no file here defines it'}`;
  }
  const own = /^Namespace (?=label|annotation)/.exec(reason);
  if (own !== null) return workload.header.namespace.is === 'known' ? `${namespace} has ${reason.slice(own[0].length)}` : reason;
  return /^(?:Istio|Linkerd)/.test(reason) ? reason : reason.charAt(0).toLowerCase() + reason.slice(1);
}

function assumptionOf(joining: Joining): Part[] {
  const text = assumptionText(joining);
  return text === undefined ? [] : [`, assuming ${text}`];
}

/** What an answer rests on that no file shows, as it follows "assuming"; undefined where files show all of it. */
export function assumptionText({ mesh, joins, basis, reason, evidence, assumes }: Joining): string | undefined {
  if (assumes !== undefined) return `that ${assumes}`;
  if (joins === 'unknown' || basis === 'shown') return undefined;
  if (mesh !== 'linkerd' && reason.startsWith(NOTHING_ASKED)) return "that Istio's enableNamespacesByDefault is off";
  const revision = evidence.find(({ key }) => key?.value === REVISION_LABEL);
  if (mesh === 'istio-sidecar' && joins === 'yes' && revision?.type === 'scalar')
    return `that revision ${String(revision.value)} is installed`;
  return `a default installation of ${mesh === 'linkerd' ? 'Linkerd' : 'Istio'}`;
}
