import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../../test/support/lint';
import { joined, marked, workload } from '../../../test/support/mesh-samples';
import { absent, known, unknown } from '../../tristate';
import { authenticationDemands } from './authentication';
import { decideAuthentication } from './authentication-state';
import type { AuthenticationState } from './authentication-state';
import type { CiliumSetting } from './settings';

const shop = { in: 'shop' };
const REQUIRED = '      authentication: { mode: required }\n';
const entry = (more = REQUIRED): string => `    - fromEndpoints: [{}]\n${more}`;

function policy(
  selector: string,
  { kind = 'CiliumNetworkPolicy', in: where = 'shop', rules = `  ingress:\n${entry()}` } = {},
): string {
  const namespace = where === '' ? '' : `  namespace: ${where}\n`;
  return `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata:\n  name: p\n${namespace}spec:\n  ${selector}\n${rules}`;
}
const clusterwide = (selector: string): string => policy(selector, { kind: 'CiliumClusterwideNetworkPolicy', in: '' });

/** What is demanded for the one workload `cart`: `ingress`, `egress?` where the files leave it open. */
function demandsIn(...documents: readonly string[]): string[] {
  const [view] = workspaceOf({ 'a.yaml': joined(...documents) }, []).views();
  const cart = view?.index.workloads().find(({ name }) => name === 'cart');
  if (view === undefined || cart === undefined) throw new Error('there is no cart');
  return authenticationDemands(cart, view).map(({ direction, picks }) => `${direction}${picks === 'yes' ? '' : '?'}`);
}

/** cilium/cilium pkg/k8s/apis/cilium.io/utils/utils.go ParseToCiliumRule and pkg/policy/api/selector.go, v1.20.0. */
describe('whom a policy picks', () => {
  const pods = workload('cart', { ...shop, label: 'tier: web' });
  it.each<[string, string, string[]]>([
    ['everything in its namespace', policy('endpointSelector: {}'), ['ingress']],
    ['nothing in another namespace', policy('endpointSelector: {}', { in: 'pay' }), []],
    ['perhaps, without a namespace', policy('endpointSelector: {}', { in: '' }), ['ingress?']],
    ['by a label', policy('endpointSelector: { matchLabels: { app: cart } }'), ['ingress']],
    ['by a label of its source', policy('endpointSelector: { matchLabels: { "k8s:app": cart, "any:tier": web } }'), ['ingress']],
    ['not by another value', policy('endpointSelector: { matchLabels: { app: pay } }'), []],
    ['not by a label that is not there', policy('endpointSelector: { matchLabels: { other: x } }'), []],
    ['not by a reserved label', policy('endpointSelector: { matchLabels: { "reserved:ingress": "" } }'), []],
    ['perhaps by a label of another source', policy('endpointSelector: { matchLabels: { "container:a": b } }'), ['ingress?']],
    [
      'perhaps by a label that identities leave out',
      policy('endpointSelector: { matchLabels: { "kubernetes.io/os": linux } }'),
      ['ingress?'],
    ],
    [
      'by its own namespace, whatever it names',
      policy('endpointSelector: { matchLabels: { io.kubernetes.pod.namespace: pay } }'),
      ['ingress'],
    ],
    ['perhaps by a template', policy('endpointSelector: { matchLabels: { app: "{{ .Values.app }}" } }'), ['ingress?']],
    ['no pods by a nodeSelector', clusterwide('nodeSelector: {}'), []],
    ['all pods of the cluster', clusterwide('endpointSelector: {}'), ['ingress']],
    [
      'a namespace of the cluster',
      clusterwide('endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": shop } }'),
      ['ingress'],
    ],
    ['not another one', clusterwide('endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": pay } }'), []],
    [
      'by a label of the Namespace',
      clusterwide('endpointSelector: { matchLabels: { io.cilium.k8s.namespace.labels.team: a } }'),
      ['ingress'],
    ],
    [
      'not by another label of the Namespace',
      clusterwide('endpointSelector: { matchLabels: { io.cilium.k8s.namespace.labels.team: b } }'),
      [],
    ],
    [
      'by the service account',
      policy('endpointSelector: { matchLabels: { io.cilium.k8s.policy.serviceaccount: default } }'),
      ['ingress'],
    ],
    ['perhaps by the cluster', policy('endpointSelector: { matchLabels: { io.cilium.k8s.policy.cluster: east } }'), ['ingress?']],
    ['In', policy('endpointSelector: { matchExpressions: [{ key: app, operator: In, values: [a, cart] }] }'), ['ingress']],
    ['not In', policy('endpointSelector: { matchExpressions: [{ key: app, operator: In, values: [a] }] }'), []],
    ['NotIn', policy('endpointSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [a] }] }'), ['ingress']],
    ['Exists', policy('endpointSelector: { matchExpressions: [{ key: tier, operator: Exists }] }'), ['ingress']],
    ['DoesNotExist', policy('endpointSelector: { matchExpressions: [{ key: tier, operator: DoesNotExist }] }'), []],
    [
      'perhaps by what there is not',
      policy('endpointSelector: { matchExpressions: [{ key: tier, operator: Gt }] }'),
      ['ingress?'],
    ],
  ])('%s', (_, text, expected) => {
    expect(demandsIn(marked('shop', 'labels', 'team: a'), pods, text)).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['on the host network nobody', workload('cart', { ...shop, spec: 'hostNetwork: true' }), []],
    [
      'on a host network that a template decides',
      workload('cart', { ...shop, spec: 'hostNetwork: {{ .Values.h }}' }),
      ['ingress?'],
    ],
    ['whose labels a template adds to', pods.replace('app: cart\n', '{{- include "a" . | nindent 8 }}\n'), ['ingress?']],
    ['in a namespace that a template hides', workload('cart', { in: '{{ .Release.Namespace }}' }), ['ingress?']],
    ['in a namespace that nobody sets', workload('cart'), ['ingress?']],
  ])('pods %s', (_, text, expected) => {
    expect(demandsIn(text, policy('endpointSelector: { matchLabels: { app: cart } }'))).toEqual(expected);
  });
});

/** CRD of CiliumNetworkPolicy, v1.20.0; facts on `authentication`. */
describe('what a policy demands', () => {
  const pods = workload('cart', shop);
  const rules = (text: string): string => policy('endpointSelector: {}', { rules: text });
  it.each<[string, string, string[]]>([
    ['nothing without a mode', rules(`  ingress:\n${entry('')}`), []],
    ['nothing by another mode', rules(`  ingress:\n${entry(REQUIRED.replace('required', 'disabled'))}`), []],
    ['nothing by a mode in capitals', rules(`  ingress:\n${entry(REQUIRED.replace('required', 'Required'))}`), []],
    ['what pods send', rules(`  egress:\n    - toEndpoints: [{}]\n${REQUIRED}`), ['egress']],
    ['both ways', rules(`  ingress:\n${entry()}  egress:\n    - toEndpoints: [{}]\n${REQUIRED}`), ['ingress', 'egress']],
    ['nothing of what it denies', rules(`  ingressDeny:\n${entry()}`), []],
    [
      'each of several rules for whom it picks',
      `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: p, namespace: shop }\nspecs:\n` +
        `  - endpointSelector: { matchLabels: { app: pay } }\n    ingress: [{ authentication: { mode: required } }]\n` +
        `  - endpointSelector: { matchLabels: { app: cart } }\n    egress: [{ authentication: { mode: required } }]\n`,
      ['egress'],
    ],
  ])('%s', (_, text, expected) => {
    expect(demandsIn(pods, text)).toEqual(expected);
  });
});

/** Facts: both `authentication.enabled` and SPIRE, or the traffic is dropped; mode `never` and audit mode enforce nothing. */
describe('what becomes of a demand', () => {
  const set = <T>(value: T): CiliumSetting<T> => ({ value: known(value), basis: 'shown', evidence: [] });
  const standard = <T>(value: T): CiliumSetting<T> => ({ ...set(value), basis: 'assumed' });
  const open: CiliumSetting<never> = { value: unknown, basis: 'shown', evidence: [] };
  const none: CiliumSetting<never> = { value: absent, basis: 'assumed', evidence: [] };
  const state = (
    authentication: CiliumSetting<boolean>,
    spire: CiliumSetting<boolean>,
    policyMode: CiliumSetting<string> = standard('default'),
    policyAudit: CiliumSetting<boolean> = standard(false),
  ): AuthenticationState => decideAuthentication({ authentication, spire, policyMode, policyAudit });

  it.each<[string, AuthenticationState, string]>([
    ['both on', state(set(true), set(true)), 'on shown'],
    ['on by default, with SPIRE', state(standard(true), set(true)), 'on assumed'],
    ['off', state(set(false), set(true)), 'dropped shown'],
    ['off by default', state(standard(false), standard(false)), 'dropped assumed'],
    ['on without SPIRE', state(set(true), set(false)), 'dropped shown'],
    ['on, and SPIRE not set', state(set(true), standard(false)), 'dropped assumed'],
    ['off, and SPIRE open', state(set(false), open), 'dropped shown'],
    ['on, and SPIRE open', state(set(true), open), 'open shown'],
    ['not shown', state(none, none, none, none), 'open shown'],
    ['in policy mode always', state(set(true), set(true), set('always')), 'on shown'],
    ['in policy mode never', state(set(false), set(false), set('never')), 'ignored shown'],
    ['in a policy mode that is open', state(set(true), set(true), open), 'open shown'],
    ['in audit mode', state(set(true), set(true), standard('default'), set(true)), 'ignored shown'],
  ])('%s', (_, { is, basis }, expected) => {
    expect(`${is} ${basis}`).toBe(expected);
  });
});

it('an edit asks again only for the workloads of its namespace', () => {
  const inNamespace = (name: string): string =>
    joined(workload('cart', { in: name }), policy('endpointSelector: {}', { in: name }));
  const files = Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.yaml`, inNamespace(name)]));
  const workspace = workspaceOf(files, []);
  const [view] = workspace.views();
  const asked = (): number[] => view!.index.workloads().map((one) => authenticationDemands(one, view!).length);
  const holder = workspace.graph.watched('test', { compute: asked });
  holder.get();
  workspace.graph.resetRunCounts();
  workspace.set('b.yaml', inNamespace('b').replace('required', 'disabled'));
  workspace.views();
  expect(holder.get()).toEqual([1, 0, 1]);
  expect(workspace.graph.runCounts().get('cilium.authentication')).toBe(1);
});
