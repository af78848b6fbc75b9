import { matchesSelector } from '../../resources/label-selector';
import type { Answer } from '../../resources/labels';
import { absent, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { isSet } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';

/** The labels by which Cilium knows a workload's pods. */
export interface EndpointLabels {
  readonly namespace: Tristate<string>;
  readonly namespaceLabel: (key: string) => Tristate<string>;
  readonly podLabel: (key: string) => Tristate<string>;
  readonly serviceAccount: Tristate<string>;
}

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';

/**
 * Labels that Cilium leaves out of identities unless it is told otherwise (its setting `labels`), of which no file need show anything
 * (cilium/cilium pkg/labelsfilter/filter.go, v1.20.0).
 */
const LEFT_OUT =
  /^(?:io\.kubernetes|kubernetes\.io|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/(?:job-completion-index|controller-uid)|[^/]{0,253}beta\.kubernetes\.io|k8s\.io|pod-template-generation|pod-template-hash|controller-revision-hash|controller-uid|annotation|etcd_node|topology\.kubernetes\.io|io\.cilium\.k8s\.policy\.cluster)/;

/**
 * Whether the `endpointSelector` of a policy picks pods. A key may name its source, as `k8s:app`; no pod has labels of the source
 * `reserved`. In a CiliumNetworkPolicy the policy's own namespace holds whatever the selector names as one (cilium/cilium
 * pkg/k8s/apis/cilium.io/utils/utils.go ParseToCiliumRule, v1.20.0).
 *
 * @param isNamespaced whether the policy is of one namespace, which the caller compares
 * @returns no for a selector that is not there: such a policy is for nodes
 */
export function picksEndpoint(selector: YamlNode | undefined, labels: EndpointLabels, isNamespaced: boolean): Answer {
  if (!isSet(selector)) return 'no';
  const isGiven = (key: string): boolean => isNamespaced && sourced(key).name === NAMESPACE;
  return matchesSelector(selector, (key) => labelOf(key, labels), isGiven);
}

/** A key in its parts; Kubernetes allows no colon in one, so that what stands before it is the source. */
function sourced(key: string): { readonly source: string; readonly name: string } {
  const colon = key.indexOf(':');
  return colon < 0 ? { source: 'any', name: key } : { source: key.slice(0, colon), name: key.slice(colon + 1) };
}

function labelOf(key: string, labels: EndpointLabels): Tristate<string> {
  const { source, name } = sourced(key);
  if (source === 'reserved') return absent;
  if (source !== 'any' && source !== 'k8s') return unknown;
  if (name === NAMESPACE) return labels.namespace.is === 'known' ? labels.namespace : unknown;
  if (name === SERVICE_ACCOUNT) return labels.serviceAccount;
  if (name.startsWith(NAMESPACE_LABELS)) return labels.namespaceLabel(name.slice(NAMESPACE_LABELS.length));
  return LEFT_OUT.test(name) ? unknown : labels.podLabel(name);
}
