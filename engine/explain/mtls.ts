import type { EffectiveMode, ModeSetter, PeerAuthenticationLevel } from '../mesh/istio/peer-authentication';
import type { Membership } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { joined, statement } from './statement';
import type { Link, Part, Statement } from './statement';

/** The mutual TLS that a workload's pods demand of callers, with who says so, and where single ports differ. */
export function mtlsStatements(workload: Resource, view: MeshView): Statement[] {
  const membership = view.membership(workload);
  if (membership === undefined) return [];
  const modes = view.mtls(workload);
  const inIstio = istioMembership(membership);
  if (inIstio === 'no') return [withoutIstio(membership, modes.workload)];
  const ifJoined = inIstio === 'unknown' ? 'If its pods join Istio, mTLS ' : 'mTLS ';
  const statements = [
    statement('mtls', ifJoined, ...modeParts(modes.workload, view), ...ztunnelNote(membership, modes.workload), '.'),
  ];
  for (const [port, mode] of modes.ports) {
    if (mode.mode === modes.workload.mode) continue;
    statements.push(statement(`mtls ${port}`, `At port ${port}: mTLS `, ...modeParts(mode, view, port), '.'));
  }
  if (modes.otherPorts.mode !== modes.workload.mode)
    statements.push(statement('mtls others', 'At other ports: mTLS ', ...modeParts(modes.otherPorts, view), '.'));
  return statements;
}

/** Whether PeerAuthentication has a say over a workload's pods. */
export function istioMembership({ sidecar, ambient }: Membership): 'yes' | 'no' | 'unknown' {
  if (sidecar.joins === 'yes' || ambient.joins === 'yes') return 'yes';
  return sidecar.joins === 'no' && ambient.joins === 'no' ? 'no' : 'unknown';
}

/** A PeerAuthentication, leading to the mode that it sets at a level. */
export function setterLink({ policy, level }: ModeSetter<Resource>, port?: number): Link | string {
  const atPort = level === 'port' && port !== undefined ? policy.at('spec', 'portLevelMtls', String(port), 'mode') : undefined;
  const node =
    atPort ?? (level === 'port' ? policy.at('spec', 'portLevelMtls') : policy.at('spec', 'mtls', 'mode')) ?? policy.titlePlace;
  return node === undefined ? policy.title : { text: policy.title, place: { node } };
}

const FOR_WHOM: Readonly<Record<PeerAuthenticationLevel, string>> = {
  mesh: 'for the mesh',
  namespace: 'for the namespace',
  workload: 'for these pods',
  port: 'for this port',
};

/** A mode and who set it: a clause without its full stop. */
export function modeParts({ mode, setBy, basis }: EffectiveMode<Resource>, view: MeshView, port?: number): Part[] {
  if (mode === 'unknown') {
    return setBy.length === 0
      ? ['mode unknown']
      : ['mode unknown: it depends on ', ...joined(setBy, (setter) => setterLink(setter, port))];
  }
  const [first] = setBy;
  if (first === undefined) return [`${mode}, which is Istio's default: no PeerAuthentication here sets another mode`];
  const root = view.rootNamespace();
  const assumed = basis === 'assumed' && root.is === 'absent' ? [', assuming that istio-system is the root namespace'] : [];
  return [`${mode}, set ${FOR_WHOM[first.level]} by `, ...joined(setBy, (setter) => setterLink(setter, port)), ...assumed];
}

/** cilium/cilium Documentation/security/network/encryption-ztunnel.rst, v1.20.0. */
const ZTUNNEL_OF_CILIUM =
  "mTLS by Cilium's ztunnel, for TCP between pods of Namespaces that it takes in; it supports no traffic with other pods.";

function withoutIstio({ linkerd, ztunnel }: Membership, mode: EffectiveMode<Resource>): Statement {
  const idle: Part[] =
    mode.setBy.length === 0 ? [] : [' ', ...joined(mode.setBy, (setter) => setterLink(setter)), ' does not apply here.'];
  if (linkerd.joins === 'yes')
    return statement('mtls', "mTLS between pods that have Linkerd's proxy, without any configuration.", ...idle);
  if (ztunnel?.joins === 'yes') return statement('mtls', ZTUNNEL_OF_CILIUM, ...idle);
  const unsure = linkerd.joins === 'unknown' || ztunnel?.joins === 'unknown';
  return statement('mtls', unsure ? 'No mTLS by Istio.' : 'No mTLS: these pods are in no mesh.', ...idle);
}

/** istio/istio architecture/ambient/peer-authentication.md: ztunnel accepts mTLS in any case. */
function ztunnelNote({ ambient }: Membership, { mode }: EffectiveMode<Resource>): Part[] {
  return ambient.joins === 'yes' && mode === 'DISABLE' ? ['; ztunnel treats DISABLE as PERMISSIVE'] : [];
}
