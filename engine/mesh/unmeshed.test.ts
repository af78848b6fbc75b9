import { expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import { locate } from '../yaml/tree';
import { unmeshedClients } from './unmeshed';

/** The unmeshed workloads of a file: title, basis, reason and the texts of the evidence. */
function clientsOf(text: string): unknown[] {
  const workspace = workspaceOf({ 'a.yaml': text }, []);
  const view = workspace.view(workspace.environmentNames()[0] ?? '');
  return (view === undefined ? [] : unmeshedClients(view)).map(({ workload, basis, reason, evidence }) => {
    const texts = evidence.map((node) => {
      const { start, end } = locate({ node });
      return text.slice(start, end);
    });
    return [workload.title, basis, reason, texts];
  });
}

const namespace = (metadata: string): string => `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, ${metadata} }\n---\n`;
const deployment = (metadata: string, spec = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec:\n  template:\n    metadata: {${metadata}}\n    spec:\n${spec}      containers: [{ name: app, image: example/app:1 }]\n`;

const NOT_AMBIENT = 'not in ambient mode (neither the namespace nor the pod has label istio.io/dataplane-mode=ambient)';

it('an unlabelled Namespace: assumed, since Istio may inject by default', () => {
  expect(clientsOf(namespace('labels: {}') + deployment(''))).toEqual([
    [
      'Deployment shop/web',
      'assumed',
      `no sidecar (neither the namespace nor the pod has an injection label), and ${NOT_AMBIENT}`,
      ['shop'],
    ],
  ]);
});

it('a pod that opts out', () => {
  const text = namespace('labels: { istio-injection: enabled }') + deployment(' labels: { sidecar.istio.io/inject: "false" } ');
  expect(clientsOf(text)).toEqual([
    [
      'Deployment shop/web',
      'shown',
      `no sidecar (pod label sidecar.istio.io/inject=false), and ${NOT_AMBIENT}`,
      ['"false"', 'shop'],
    ],
  ]);
});

it('the host network, which needs no Namespace to be shown', () => {
  expect(clientsOf(deployment('', '      hostNetwork: true\n'))).toEqual([
    ['Deployment shop/web', 'shown', 'the pod uses the host network, which keeps it out of either mode', ['true']],
  ]);
});

it("Linkerd's proxy is no membership of Istio", () => {
  const text = namespace('labels: { istio-injection: disabled }, annotations: { linkerd.io/inject: enabled }') + deployment('');
  expect(clientsOf(text)).toEqual([
    [
      'Deployment shop/web',
      'shown',
      `no sidecar (namespace label istio-injection=disabled), and ${NOT_AMBIENT}; its Linkerd proxy (namespace annotation linkerd.io/inject=enabled) holds no certificate that Istio accepts`,
      ['disabled', 'shop', 'enabled'],
    ],
  ]);
});

it('what is meshed, or may be, is not among them', () => {
  expect(clientsOf(namespace('labels: { istio-injection: enabled }') + deployment(''))).toEqual([]);
  expect(clientsOf(namespace('labels: { istio.io/dataplane-mode: ambient }') + deployment(''))).toEqual([]);
  expect(clientsOf(deployment(''))).toEqual([]);
});
