import { decideAuthentication } from '../mesh/cilium/authentication-state';
import type { AuthenticationState } from '../mesh/cilium/authentication-state';
import { authenticationDemands } from '../mesh/cilium/authentication';
import type { AuthenticationDemand, Direction } from '../mesh/cilium/authentication';
import { ciliumSettings } from '../mesh/cilium/settings';
import { deprecatesAuthentication } from '../mesh/cilium/version';
import type { Membership } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { YamlNode } from '../yaml/tree';
import { istioMembership } from './mtls';
import { cited, groupBy, list, resourceList, statement } from './statement';
import type { Part, Statement } from './statement';

/**
 * The mutual authentication that Cilium's policies demand for a workload's pods, what becomes of it, and where it ends. Nothing for pods
 * that no such policy picks.
 */
export function authenticationStatements(workload: Resource, view: MeshView): Statement[] {
  const demands = authenticationDemands(workload, view);
  if (demands.length === 0) return [];
  const sure = demands.filter(({ picks }) => picks === 'yes');
  const open = demands.filter(({ picks }) => picks === 'unknown');
  const state = decideAuthentication(ciliumSettings(view));
  return [
    ...demandStatements(sure, 'Cilium demands mutual authentication of what ', '', view),
    ...demandStatements(
      open,
      'Perhaps Cilium demands mutual authentication of what ',
      ': the files leave open which pods that is',
      view,
    ),
    statement('authentication state', ...stateParts(state, view)),
    ...(state.is === 'ignored' ? [] : limitStatements(workload, view)),
  ];
}

/** The mutual authentication that is demanded of what comes to pods, in few words, and where; undefined for none. */
export function authenticationSummary(
  workloads: readonly Resource[],
  view: MeshView,
): { readonly text: string; readonly node: YamlNode } | undefined {
  const demands = workloads.flatMap((workload) => authenticationDemands(workload, view));
  const node = demands.find(({ direction, picks }) => direction === 'ingress' && picks === 'yes')?.modes[0];
  const state = node && decideAuthentication(ciliumSettings(view)).is;
  if (node === undefined || state === 'ignored') return undefined;
  return { text: `mutual authentication by Cilium${state === 'dropped' ? ', switched off' : ''}`, node };
}

const VERBS: Readonly<Record<Direction, string>> = { ingress: 'in', egress: 'out' };

/** One statement for the policies of each direction; those that demand it both ways stand together. */
function demandStatements(demands: readonly AuthenticationDemand[], lead: string, end: string, view: MeshView): Statement[] {
  const byPolicy = groupBy(demands, ({ policy, picks }) => `${policy.title} ${picks}`);
  const byDirections = groupBy([...byPolicy.values()], (own) => list([...new Set(own.map(({ direction }) => VERBS[direction]))]));
  return [...byDirections].map(([directions, policies]) => {
    const resources = policies.flatMap((own) => [...new Set(own.map(({ policy }) => policy))]);
    const modes = policies.flat().flatMap((demand) => demand.modes);
    const verb = resources.length === 1 ? 'lets' : 'let';
    return statement(
      `authentication ${lead}${directions}`,
      lead,
      ...resourceList(resources, view),
      ` ${verb} ${directions}`,
      ...cited(modes, view),
      `${end}.`,
    );
  });
}

function stateParts({ is, basis, evidence }: AuthenticationState, view: MeshView): Part[] {
  const assumed = basis === 'assumed' ? ', assuming that nothing but these files sets it' : '';
  switch (is) {
    case 'on':
      return ["Mutual authentication is switched on in Cilium's settings", ...cited(evidence, view), `${assumed}.`];
    case 'dropped':
      return [
        "Mutual authentication is switched off in Cilium's settings",
        ...cited(evidence, view),
        `${assumed}: this traffic is dropped.`,
      ];
    case 'ignored':
      return ["By Cilium's settings", ...cited(evidence, view), ' no policy is enforced, and nothing is demanded.'];
    case 'open':
      return [
        'Whether it is switched on (Helm values authentication.enabled and authentication.mutual.spire.enabled) these files do not show; where it is off, this traffic is dropped.',
      ];
  }
}

/** What mutual authentication does not do, or does not go with (cilium/cilium Documentation/network/servicemesh/mutual-authentication, v1.20.0). */
function limitStatements(workload: Resource, view: MeshView): Statement[] {
  const { encryption, clusterMesh } = ciliumSettings(view);
  const membership = view.membership(workload);
  const sentences: Part[][] = [];
  const by = encryption.value.is === 'known' ? ENCRYPTED_BY[encryption.value.value] : undefined;
  if (by !== undefined) sentences.push([`It does not encrypt; ${by} does`, ...cited(encryption.evidence, view), '.']);
  else if (membership?.ztunnel?.joins !== 'yes') sentences.push(['It does not encrypt: that takes WireGuard or IPsec.']);
  if (clusterMesh.value.is === 'known' && clusterMesh.value.value)
    sentences.push([
      'It does not go with Cluster Mesh',
      ...cited(clusterMesh.evidence, view),
      ': pods of other clusters cannot authenticate.',
    ]);
  const mesh = membership && otherMesh(membership);
  if (mesh !== undefined) sentences.push([`It is not supported together with the mTLS of ${mesh}.`]);
  if (deprecatesAuthentication(view)) sentences.push(['Cilium 1.20 deprecates it.']);
  if (sentences.length === 0) return [];
  return [statement('authentication limits', ...sentences.flatMap((parts, i) => (i === 0 ? parts : [' ', ...parts])))];
}

function otherMesh(membership: Membership): string | undefined {
  if (istioMembership(membership) === 'yes') return 'Istio';
  return membership.linkerd.joins === 'yes' ? 'Linkerd' : undefined;
}

const ENCRYPTED_BY: Readonly<Record<string, string | undefined>> = { wireguard: 'WireGuard', ipsec: 'IPsec' };
