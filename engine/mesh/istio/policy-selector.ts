import { Labels } from '../../resources/labels';
import { UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { isSet, itemsOf } from '../../yaml/tree';
import type { MeshView } from '../view';
import { DEFAULT_ROOT } from './peer-authentication';
import type { Reach } from './workload-selection';

/** Where a kind that may select workloads keeps the labels of its selector. */
const SELECTORS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['Sidecar.networking.istio.io', ['spec', 'workloadSelector', 'labels']],
  ['EnvoyFilter.networking.istio.io', ['spec', 'workloadSelector', 'labels']],
  ...[
    'AuthorizationPolicy.security.istio.io',
    'PeerAuthentication.security.istio.io',
    'RequestAuthentication.security.istio.io',
    'Telemetry.telemetry.istio.io',
    'WasmPlugin.extensions.istio.io',
    'TrafficExtension.extensions.istio.io',
  ].map((kind) => [kind, ['spec', 'selector', 'matchLabels']] as const),
]);

/** The kinds of Istio's policies that may select workloads. */
export const POLICY_KINDS: readonly string[] = [...SELECTORS.keys()];

/** Whom a policy is for. */
export type PolicyTarget =
  /** What `targetRef` or `targetRefs` name. */
  | { readonly is: 'targets' }
  /** Every workload that it reaches. */
  | { readonly is: 'all'; readonly reach: Reach }
  | { readonly is: 'selected'; readonly reach: Reach; readonly selector: Labels; readonly path: readonly string[] }
  /** A template decides. */
  | { readonly is: 'hidden' };

/**
 * Whom a policy of Istio is for. One in the root namespace reaches all namespaces (istio/istio pilot/pkg/model/push_context.go, 1.32
 * development); istio.io leaves open what a Sidecar with a selector does there, and it is taken to do the same.
 *
 * @param policy a resource of a kind that may have a selector; any other one is for all of its namespace
 */
export function policyTarget(policy: Resource, view: MeshView): PolicyTarget {
  const path = SELECTORS.get(policy.kind) ?? [];
  const root = view.rootNamespace();
  if (policy.header.namespace.is === 'unknown' || root.is === 'unknown') return { is: 'hidden' };
  const targets = [policy.at('spec', 'targetRef'), policy.at('spec', 'targetRefs')];
  if (targets.some((target) => target?.type === 'unknown')) return { is: 'hidden' };
  if (isSet(targets[0]) || itemsOf(targets[1]).length > 0) return { is: 'targets' };
  const labels = path.length === 0 ? undefined : policy.at(...path);
  if (labels?.type === 'unknown' || (labels?.type === 'map' && labels.open)) return { is: 'hidden' };
  const rootName = root.is === 'known' ? root.value : DEFAULT_ROOT;
  const reach: Reach = (policy.namespace ?? UNSET_NAMESPACE) === rootName ? 'mesh' : 'namespace';
  const selector = new Labels(labels);
  return selector.isEmpty ? { is: 'all', reach } : { is: 'selected', reach, selector, path };
}
