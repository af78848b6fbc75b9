import type { Answer } from '../../resources/labels';
import { absent, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
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
  if (selector.type === 'unknown') return 'unknown';
  const pairs = lookup(selector, 'matchLabels');
  const expressions = lookup(selector, 'matchExpressions');
  const answers = [
    ...entriesOf(pairs).map(({ key, value }): Answer => {
      const name = String(key.value);
      if (isNamespaced && sourced(name).name === NAMESPACE) return 'yes';
      const wanted = stringOf(value);
      return wanted === undefined ? 'unknown' : isAmong(labelOf(name, labels), [wanted]);
    }),
    ...itemsOf(expressions).map((expression) => holds(expression, labels)),
  ];
  if (answers.includes('no')) return 'no';
  const isHidden = [selector, pairs, expressions].some((node) => node?.type === 'unknown' || isOpen(node));
  return isHidden || answers.includes('unknown') ? 'unknown' : 'yes';
}

function isOpen(node: YamlNode | undefined): boolean {
  return (node?.type === 'map' || node?.type === 'sequence') && node.open;
}

function holds(expression: YamlNode, labels: EndpointLabels): Answer {
  const key = stringOf(lookup(expression, 'key'));
  if (key === undefined) return 'unknown';
  const own = labelOf(key, labels);
  const values = lookup(expression, 'values');
  const wanted = itemsOf(values).map(stringOf);
  const isWhole = !isOpen(values) && values?.type !== 'unknown' && !wanted.includes(undefined);
  switch (stringOf(lookup(expression, 'operator'))) {
    case 'Exists':
      return own.is === 'unknown' ? 'unknown' : own.is === 'known' ? 'yes' : 'no';
    case 'DoesNotExist':
      return own.is === 'unknown' ? 'unknown' : own.is === 'absent' ? 'yes' : 'no';
    case 'In':
      return among(own, wanted, isWhole);
    case 'NotIn':
      return opposite(among(own, wanted, isWhole));
    default:
      return 'unknown';
  }
}

function among(own: Tristate<string>, wanted: readonly (string | undefined)[], isWhole: boolean): Answer {
  const answer = isAmong(own, wanted);
  return answer === 'no' && own.is === 'known' && !isWhole ? 'unknown' : answer;
}

function isAmong(own: Tristate<string>, wanted: readonly (string | undefined)[]): Answer {
  if (own.is !== 'known') return own.is === 'absent' ? 'no' : 'unknown';
  return wanted.includes(own.value) ? 'yes' : 'no';
}

function opposite(answer: Answer): Answer {
  return answer === 'unknown' ? 'unknown' : answer === 'yes' ? 'no' : 'yes';
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
