import { ciliumAsMesh } from '../decision/cilium-presence';
import type { Definitions } from '../decision/evidence';
import { authenticationDemands } from '../mesh/cilium/authentication';
import { decideAuthentication } from '../mesh/cilium/authentication-state';
import { ciliumSettings } from '../mesh/cilium/settings';
import type { CiliumSetting } from '../mesh/cilium/settings';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { Place, YamlNode } from '../yaml/tree';
import { claim, counted, listed, titleNodes } from './claim';
import type { Claim } from './claim';
import type { Member } from './members';

/** What Cilium encrypts and authenticates between workloads. @param enrolled those that its ztunnel takes in */
export function ciliumClaims(view: MeshView, enrolled: readonly Definitions[], members: readonly Member[]): Claim<Place>[] {
  const claims = [...ztunnelClaims(enrolled), ...authenticationClaims(view, members)];
  const places = ciliumAsMesh(view);
  if (claims.length > 0 || places.length === 0) return claims;
  const text = 'Cilium authenticates or encrypts traffic between pods where its resources ask for it.';
  return [
    claim(
      text,
      places.map(({ node }) => node),
    ),
  ];
}

function ztunnelClaims(workloads: readonly Definitions[]): Claim<Place>[] {
  if (workloads.length === 0) return [];
  const text = `${counted(workloads.length, 'workload')} in Cilium's ztunnel: mutual TLS over TCP with each other, and no traffic with other pods is supported.`;
  return [claim(text, titleNodes(workloads))];
}

const STATES = {
  on: 'authenticated on both ends',
  dropped: 'dropped, since mutual authentication is switched off',
  open: 'authenticated on both ends; where mutual authentication is off, which these files do not show, it is dropped',
} as const;

function authenticationClaims(view: MeshView, members: readonly Member[]): Claim<Place>[] {
  const workloads: Definitions[] = [];
  const modes: YamlNode[] = [];
  const policies = new Set<Resource>();
  for (const { definitions } of members) {
    const demands = authenticationDemands(definitions[0], view).filter(
      ({ direction, picks }) => direction === 'ingress' && picks === 'yes',
    );
    if (demands.length === 0) continue;
    workloads.push(definitions);
    for (const demand of demands) {
      policies.add(demand.policy);
      modes.push(...demand.modes);
    }
  }
  const state = decideAuthentication(ciliumSettings(view));
  if (workloads.length === 0 || state.is === 'ignored') return [];
  const titles = listed([...new Set([...policies].map(({ title }) => title))]);
  const whose = counted(workloads.length, 'workload');
  const text = `${whose} behind Cilium's mutual authentication: what ${titles} ${policies.size === 1 ? 'lets' : 'let'} in is ${STATES[state.is]}.`;
  return [claim(text, [...modes, ...state.evidence, ...titleNodes(workloads)])];
}

/** What Cilium is set to do beyond its defaults, as far as somebody says so, in the order of its weight. */
export function ciliumFeatures(view: MeshView): readonly { readonly text: string; readonly evidence: readonly YamlNode[] }[] {
  const { encryption, authentication, spire, policyMode, policyAudit, chaining, clusterMesh } = ciliumSettings(view);
  const feature = <T>(text: (value: T) => string | undefined, ...settings: readonly CiliumSetting<T>[]) => {
    const [first] = settings;
    const isShown = settings.every(({ value, basis }) => value.is === 'known' && basis === 'shown');
    const said = isShown && first?.value.is === 'known' ? text(first.value.value) : undefined;
    return said === undefined ? [] : [{ text: said, evidence: settings.flatMap(({ evidence }) => evidence) }];
  };
  const whenOn = (text: string) => (isOn: boolean) => (isOn ? text : undefined);
  const isAuthenticating = decideAuthentication({ authentication, spire, policyMode, policyAudit }).is === 'on';
  return [
    ...feature((kind) => ENCRYPTIONS[kind], encryption),
    ...(isAuthenticating ? feature(whenOn('mutual authentication'), spire) : []),
    ...feature((mode) => MODES.get(mode), policyMode),
    ...feature(whenOn('policies in audit mode'), policyAudit),
    ...feature(
      (plugin) => (plugin === 'none' ? undefined : `chained to ${PLUGIN.test(plugin) ? plugin : 'another plugin'}`),
      chaining,
    ),
    ...feature(whenOn('Cluster Mesh'), clusterMesh),
  ];
}

/** What names of CNI plugins look like; anything may stand there. */
const PLUGIN = /^[a-z0-9-]{1,40}$/;

const ENCRYPTIONS = { none: undefined, ipsec: 'IPsec', wireguard: 'WireGuard', ztunnel: 'ztunnel' } as const;
const MODES: ReadonlyMap<string, string> = new Map([
  ['always', 'policies always enforced'],
  ['never', 'policies never enforced'],
]);
