import type { ResourceIndex } from '../environments/resource-index';
import type { Resource } from '../resources/resource';
import { Labels } from '../resources/labels';
import { podTemplateOf } from '../resources/workload';
import { absent, known, unknown } from '../tristate';
import type { Tristate } from '../tristate';
import { entriesOf, lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { DEFAULT_ROOT, resolvePeerAuthentication } from './istio/peer-authentication';
import type { PeerAuthenticationPolicy, PeerAuthenticationResolution } from './istio/peer-authentication';

export const PEER_AUTHENTICATION = 'PeerAuthentication.security.istio.io';

/** The mode that a workload's proxy demands of callers, with the policies that set it. */
export type WorkloadMtls = PeerAuthenticationResolution<Resource>;

/** @param index the resources of the workload's environment */
export function workloadMtls(workload: Resource, index: ResourceIndex, rootNamespace: Tristate<string>): WorkloadMtls {
  const labels = podTemplateOf(workload)?.labels ?? new Labels(undefined);
  return resolvePeerAuthentication({
    policies: policiesFor(workload, index, rootNamespace).map((policy) => readPolicy(policy, labels)),
    podNamespace: workload.header.namespace,
    rootNamespace,
  });
}

/** Stands for the policies whose manifest names no namespace, or hides it; no namespace has this name. */
const UNNAMED = '';

/** The policies that may concern a workload: those of its namespace and of the root, and those that may be of either. */
function policiesFor(workload: Resource, index: ResourceIndex, root: Tristate<string>): readonly Resource[] {
  const own = workload.header.namespace;
  if (own.is !== 'known' || root.is === 'unknown') return index.ofKind(PEER_AUTHENTICATION);
  const byNamespace = index.grouped('peer authentication by written namespace', [PEER_AUTHENTICATION], ({ header }) => [
    header.namespace.is === 'known' ? header.namespace.value : UNNAMED,
  ]);
  const names = new Set([root.is === 'known' ? root.value : DEFAULT_ROOT, own.value, UNNAMED]);
  return [...names].flatMap((name) => byNamespace.get(name));
}

function readPolicy(policy: Resource, labels: Labels): PeerAuthenticationPolicy<Resource> {
  const matchLabels = policy.at('spec', 'selector', 'matchLabels');
  const selector = new Labels(matchLabels);
  const match = labels.matches(selector);
  return {
    policy,
    namespace: policy.header.namespace,
    hasSelector: matchLabels?.type === 'unknown' ? unknown : known(!selector.isEmpty),
    matchesPod: match === 'unknown' ? unknown : known(match === 'yes'),
    mode: textAt(policy.at('spec', 'mtls', 'mode')),
    portLevel: portLevel(policy.at('spec', 'portLevelMtls')),
  };
}

function portLevel(node: YamlNode | undefined): Tristate<ReadonlyMap<number, Tristate<string>>> {
  if (node === undefined) return absent;
  if (node.type !== 'map' || node.open) return unknown;
  return known(new Map(entriesOf(node).map(({ key, value }) => [Number(key.value), textAt(lookup(value, 'mode'))])));
}

function textAt(node: YamlNode | undefined): Tristate<string> {
  if (node === undefined || (node.type === 'scalar' && node.value === null)) return absent;
  const text = stringOf(node);
  return text === undefined ? unknown : known(text);
}
