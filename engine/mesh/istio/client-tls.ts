import type { Answer } from '../../resources/labels';
import { UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { known } from '../../tristate';
import { isSet, itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { hostOfRule, rulesFor } from './destination-rules';
import type { RuleForHost } from './destination-rules';
import { exportScopeOf, reaches } from './export-scope';
import { fullName } from './host-name';
import { DEFAULT_ROOT } from './peer-authentication';
import { servicePorts } from './port-protocol';

/** What a DestinationRule makes a sidecar send; `auto` where none has a say, which leaves it to auto mTLS. */
export type SentTls = 'auto' | 'plaintext' | 'tls' | 'mutual' | 'istio-mutual' | 'unknown';

export interface PortTls {
  /** The port of the Service. */
  readonly port: number;
  readonly sends: SentTls;
  /** The rules that say so, or leave it open, each with the narrowest place. */
  readonly setBy: readonly { readonly rule: Resource; readonly node: YamlNode | undefined }[];
}

/** What the sidecars of some clients send to a Service. */
export interface ClientTls {
  /** Where the clients are; undefined for all namespaces that have no entry of their own. */
  readonly namespace: string | undefined;
  readonly ports: readonly PortTls[];
}

/**
 * What DestinationRules make the sidecars of a Service's clients send, by the namespace of the client: all of them first. A sidecar takes
 * its own namespace's rules for the host, else those of the Service's namespace, else those of the root namespace, each as far as they are
 * exported to it, and of these the ones for the most specific host (istio/istio pilot/pkg/model/push_context.go, 1.32 development). Of
 * several for one host the oldest counts, which no manifest tells. Subsets are not looked at: they count where a VirtualService routes to
 * them. A memoised query.
 */
export function clientTls(service: Resource, view: MeshView): readonly ClientTls[] {
  const query = view.extension('istio.clientTls', (graph) => graph.family('istio.clientTls', (of: Resource) => find(of, view)));
  return query(service);
}

function find(service: Resource, view: MeshView): readonly ClientTls[] {
  const { name, namespace } = service;
  if (name === undefined || namespace === undefined) return [];
  const { rules, open } = rulesFor(view, { is: 'service', name, namespace: service.header.namespace });
  const shownRoot = view.rootNamespace();
  const root = shownRoot.is === 'known' ? shownRoot.value : DEFAULT_ROOT;
  const numbers = [...new Set(servicePorts(service).flatMap(({ port }) => port ?? []))];
  const at = (client: string): readonly PortTls[] => {
    const said = rulesSeenBy(client, [client, namespace, root], rules);
    return numbers.map((port) => ({ port, ...tlsOf(said, port, open) }));
  };
  const general = at(ELSEWHERE);
  const own = [...new Set([namespace, ...rules.flatMap(({ rule }) => namespacesNamedBy(rule))])];
  const special = own.flatMap((client): ClientTls[] => {
    const ports = client === root && client !== namespace ? general : at(client);
    return isSame(ports, general) ? [] : [{ namespace: client, ports }];
  });
  return [{ namespace: undefined, ports: general }, ...special];
}

/** Its own namespace, and those that it is exported to by name. */
function namespacesNamedBy(rule: Resource): readonly string[] {
  const exported = exportScopeOf(rule).names.filter((name) => name !== '.' && name !== '*' && name !== '~');
  return [rule.namespace ?? UNSET_NAMESPACE, ...exported];
}

/** Stands for the namespaces that have no rule for the host, and that no rule is exported to by name. */
const ELSEWHERE = '';

function isSame(one: readonly PortTls[], other: readonly PortTls[]): boolean {
  return one.every((port, i) => {
    const others = other[i];
    return (
      port.sends === others?.sends &&
      port.setBy.length === others.setBy.length &&
      port.setBy.every(({ rule }, k) => rule === others.setBy[k]?.rule)
    );
  });
}

/**
 * The rules of which a client's sidecar may take one: those for the most specific host in the first namespace that has any for it. What is
 * behind rules that may not be for this client stays in play. In another namespace than its own the most specific host is found before it is
 * asked whether the client sees the rules for it: those for less specific ones do not come in their stead.
 */
function rulesSeenBy(client: string, tiers: readonly string[], rules: readonly RuleForHost[]): readonly RuleForHost[] {
  const found: RuleForHost[] = [];
  for (const tier of new Set(tiers)) {
    const byHost = new Map<string | undefined, RuleForHost[]>();
    // They come with the most specific host first.
    for (const one of rules) {
      const isHere = (one.rule.namespace ?? UNSET_NAMESPACE) === tier;
      if (!isHere || (tier === client ? reachOf(one.rule, client) === 'no' : isPrivate(one.rule))) continue;
      const host = hostIn(one.rule);
      byHost.set(host, [...(byHost.get(host) ?? []), one]);
    }
    for (const group of byHost.values()) {
      for (const { rule, is } of group) {
        const sees = reachOf(rule, client);
        if (sees !== 'no') found.push({ rule, is: sees === 'yes' ? is : 'unknown' });
      }
      if (group.some(isForAll)) break;
    }
    if (found.some(isForAll)) return found;
  }
  return found;
}

/** Whether clients in a namespace see a rule. One that selects workloads is for its own namespace, whatever it is exported to. */
function reachOf(rule: Resource, client: string): Answer {
  if (isSelective(rule)) return (rule.namespace ?? UNSET_NAMESPACE) === client ? 'yes' : 'no';
  return reaches(exportScopeOf(rule), known(client));
}

/** Whether a rule is for clients of its own namespace alone. */
function isPrivate(rule: Resource): boolean {
  const { names, open } = exportScopeOf(rule);
  return isSelective(rule) || (!open && names.length > 0 && names.every((name) => name === '.' || name === rule.namespace));
}

function isSelective(rule: Resource): boolean {
  return isSet(rule.at('spec', 'workloadSelector'));
}

/** Whether a rule is for every client that sees it. */
function isForAll({ rule, is }: RuleForHost): boolean {
  return is === 'yes' && !isSelective(rule);
}

function hostIn(rule: Resource): string | undefined {
  const host = hostOfRule(rule);
  return host === undefined ? undefined : fullName(host);
}

/** @param open whether a rule whose host a template hides may be for this host */
function tlsOf(rules: readonly RuleForHost[], port: number, open: boolean): Pick<PortTls, 'sends' | 'setBy'> {
  // Of several for one host, the oldest that has a policy counts.
  const policies = rules.filter(({ rule }) => isSet(rule.at('spec', 'trafficPolicy')));
  const said = policies.map(({ rule }) => ({ rule, ...sentBy(rule, port) }));
  const isSure = policies.some(isForAll);
  const otherwise: readonly SentTls[] = isSure ? [] : open ? ['unknown'] : ['auto'];
  const [sends = 'auto', ...others] = new Set([...said.map((one) => one.sends), ...otherwise]);
  const setBy = said.flatMap(({ rule, node, sends: own }) => (own === 'auto' ? [] : [{ rule, node }]));
  return { sends: others.length === 0 ? sends : 'unknown', setBy };
}

interface Sent {
  readonly sends: SentTls;
  readonly node: YamlNode | undefined;
}

/**
 * What one rule says for a port. An entry of `portLevelSettings` replaces the whole policy: without `tls` of its own it leaves the port to auto
 * mTLS, except that endpoints are then marked by the mode of the host (istio/istio pilot/pkg/xds/endpoints/mtls_checker.go), so that beside
 * DISABLE and SIMPLE the outcome is not known.
 */
function sentBy(rule: Resource, port: number): Sent {
  const policy = rule.at('spec', 'trafficPolicy');
  const settings = lookup(policy, 'portLevelSettings');
  const host = sentWith(lookup(policy, 'tls'), rule);
  if (settings?.type === 'unknown') return { sends: 'unknown', node: settings };
  const items = itemsOf(settings);
  const own = items.find((item) => numberOf(lookup(item, 'port', 'number')) === port);
  if (own === undefined) {
    const isHidden =
      settings?.type === 'sequence' &&
      (settings.open || items.some((item) => lookup(item, 'port', 'number')?.type === 'unknown'));
    return isHidden ? { sends: 'unknown', node: settings } : host;
  }
  const tls = lookup(own, 'tls');
  if (isSet(tls)) return sentWith(tls, rule);
  return host.sends === 'auto' || host.sends === 'istio-mutual'
    ? { sends: 'auto', node: undefined }
    : { sends: 'unknown', node: own };
}

const MODES: ReadonlyMap<string, SentTls> = new Map<string, SentTls>([
  ['DISABLE', 'plaintext'],
  ['SIMPLE', 'tls'],
  ['MUTUAL', 'mutual'],
  ['ISTIO_MUTUAL', 'istio-mutual'],
]);

/**
 * What `tls` of a policy makes of a connection (istio/istio pilot/pkg/networking/core/cluster_tls.go, 1.32 development). One that is there
 * without a mode is DISABLE, the first of the enumeration. A sidecar reads no Secret that `credentialName` names unless the rule selects
 * workloads, and then sends plaintext.
 */
function sentWith(tls: YamlNode | undefined, rule: Resource): Sent {
  if (!isSet(tls)) return { sends: 'auto', node: undefined };
  const mode = lookup(tls, 'mode');
  if (!isSet(mode)) return { sends: tls.type === 'map' ? 'plaintext' : 'unknown', node: tls };
  const sends = MODES.get(stringOf(mode) ?? '') ?? 'unknown';
  const credential = lookup(tls, 'credentialName');
  const readsSecret = isSelective(rule) || !isSet(credential) || stringOf(credential) === '';
  if ((sends !== 'tls' && sends !== 'mutual') || readsSecret) return { sends, node: mode };
  const name = stringOf(credential);
  if (name === undefined) return { sends: 'unknown', node: credential };
  return name.startsWith('configmap://') ? { sends, node: mode } : { sends: 'plaintext', node: credential };
}
