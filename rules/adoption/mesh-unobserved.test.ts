import { describe, expect, it } from 'vitest';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './mesh-unobserved';

const release = (chart: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${chart}\n  namespace: flux-system\nspec:\n  chart:\n    spec:\n      chart: ${chart}\n      version: 1.0.0\n      sourceRef:\n        kind: HelmRepository\n        name: charts\n`;
const deployment = (name: string, template = '', container = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n${template}    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n${container}`;
const of = (apiVersion: string, kind: string, metadata = '', rest = ''): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\n  namespace: shop\n${metadata}${rest}`;
const namespace = (metadata: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${metadata}`;

const MESHED: Files = {
  'istio.yaml': release('istiod'),
  'shop.yaml': namespace('  labels:\n    istio-injection: enabled\n'),
  'cart.yaml': deployment('cart'),
};

function places(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) => `${startOf(finding)} ${coveredText(files, finding)}`);
}

describe('a mesh that nothing looks at', () => {
  it.each<[string, Files]>([
    ['of Istio', {}],
    [
      'with variables of other sorts',
      { 'mail.yaml': deployment('mail', '', '          env:\n            - name: ADDED_AT\n              value: x\n') },
    ],
    ['with a ConfigMap', { 'x.yaml': of('v1', 'ConfigMap', '  labels:\n    app: cart\n', 'data: {}\n') }],
    [
      'with a mesh configuration that names no provider',
      { 'x.yaml': of('v1', 'ConfigMap', '', 'data:\n  mesh: |\n    enableAutoMtls: true\n').replace('name: x', 'name: istio') },
    ],
    ['with a second mesh, told once', { 'linkerd.yaml': release('linkerd-control-plane') }],
  ])('%s', (_title, more) => {
    expect(places({ ...MESHED, ...more })).toEqual(['istio.yaml:9:14 istiod']);
  });
});

describe('signs that somebody looks', () => {
  it.each<[string, Files]>([
    ['Prometheus itself', { 'x.yaml': deployment('prometheus') }],
    ['an image', { 'x.yaml': deployment('numbers').replace('example/numbers:1', 'grafana/grafana:12.0.0') }],
    ['a chart', { 'x.yaml': release('kube-prometheus-stack') }],
    ['a chart under the name of a vendor', { 'x.yaml': release('datadog') }],
    ['what the Prometheus operator reads', { 'x.yaml': of('monitoring.coreos.com/v1', 'PodMonitor') }],
    ['an alert', { 'x.yaml': of('monitoring.coreos.com/v1', 'PrometheusRule') }],
    ['a collector', { 'x.yaml': of('opentelemetry.io/v1beta1', 'OpenTelemetryCollector') }],
    ['Kiali', { 'x.yaml': of('kiali.io/v1alpha1', 'Kiali') }],
    ['Telemetry', { 'x.yaml': of('telemetry.istio.io/v1', 'Telemetry') }],
    ['a pod that is scraped', { 'x.yaml': deployment('mail', '      annotations:\n        prometheus.io/scrape: "true"\n') }],
    [
      'an SDK',
      { 'x.yaml': deployment('mail', '', '          env:\n            - name: OTEL_SERVICE_NAME\n              value: mail\n') },
    ],
    [
      'a provider in the mesh configuration',
      {
        'x.yaml': of('v1', 'ConfigMap', '', 'data:\n  mesh: |\n    extensionProviders:\n      - name: traces\n').replace(
          'name: x',
          'name: istio',
        ),
      },
    ],
    ['a folder', { 'infra/observability/x.yaml': of('v1', 'ConfigMap', '', 'data: {}\n') }],
  ])('%s', (_title, more) => {
    expect(places({ ...MESHED, ...more })).toEqual([]);
  });
});

describe('silence', () => {
  it.each<[string, Files]>([
    ['where nobody joins', { 'shop.yaml': namespace('') }],
    ['where a chart may bring it', { 'x.yaml': release('platform') }],
  ])('%s', (_title, more) => {
    expect(places({ ...MESHED, ...more })).toEqual([]);
  });
});
