import { describe, expect, it } from 'vitest';
import { locate } from '../../yaml/tree';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { sidecarNeeds } from './sidecar-needs';
import { SIDECAR_FEATURES } from './sidecar-needs.data';

const resource = (apiVersion: string, kind: string, body: string, namespace = 'shop'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: it\n  namespace: ${namespace}\n${body}`;
const networking = (kind: string, body: string, namespace?: string): string =>
  resource('networking.istio.io/v1', kind, body, namespace);

/** The needs, with the text that shows each. */
function needsOf(text: string, more: Files = {}): string[] {
  const files: Files = { 'it.yaml': text, ...more };
  const found = ask(files, (view) =>
    sidecarNeeds(view).flatMap(({ id, evidence }) =>
      evidence.map((place) => {
        const { file, start, end } = locate(place);
        return `${id} ${(files[file] ?? '').slice(start, end)}`;
      }),
    ),
  );
  return [...found];
}

const patches = (...contexts: readonly string[]): string =>
  `spec:\n  configPatches:\n${contexts.map((context) => `    - applyTo: CLUSTER\n      match:\n        context: ${context}\n`).join('')}`;
const route = (spec: string, namespace?: string): string => networking('VirtualService', `spec:\n${spec}`, namespace);
const headless = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n  namespace: shop\nspec:\n  clusterIP: None\n';
const operator = (spec: string): string =>
  resource('install.istio.io/v1alpha1', 'IstioOperator', `spec:\n${spec}`, 'istio-system');
const pod = (body: string): string => resource('v1', 'Pod', body);

describe('sidecarNeeds', () => {
  it.each([
    ['an EnvoyFilter for sidecars', networking('EnvoyFilter', patches('GATEWAY', 'SIDECAR_INBOUND')), ['envoy-filter it']],
    [
      'an EnvoyFilter for any proxy',
      networking('EnvoyFilter', 'spec:\n  configPatches:\n    - applyTo: CLUSTER\n'),
      ['envoy-filter it'],
    ],
    [
      'a registration with SPIRE',
      'apiVersion: spire.spiffe.io/v1alpha1\nkind: ClusterSPIFFEID\nmetadata:\n  name: it\n',
      ['spire it'],
    ],
    [
      'SPIRE by template',
      pod('spec: {}\n').replace('metadata:', 'metadata:\n  annotations: { inject.istio.io/templates: "sidecar,spire" }'),
      ['spire "sidecar,spire"'],
    ],
    ['SPIRE by volume', pod('spec:\n  volumes:\n    - csi: { driver: csi.spiffe.io }\n'), ['spire csi.spiffe.io']],
    ['a group of machines', networking('WorkloadGroup', 'spec: {}\n'), ['virtual-machines it']],
    ['a machine', networking('WorkloadEntry', 'spec: {}\n'), ['virtual-machines it']],
    ['a remote profile', operator('  profile: remote\n'), ['primary-remote remote']],
    [
      'a remote control plane',
      operator('  values:\n    global:\n      remotePilotAddress: 10.0.0.1\n'),
      ['primary-remote 10.0.0.1'],
    ],
    ['a control plane for others', operator('  values:\n    global:\n      externalIstiod: true\n'), ['primary-remote true']],
    [
      'a remote control plane in a release',
      resource(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        'spec:\n  chart:\n    spec:\n      chart: istiod\n  values:\n    global:\n      remotePilotAddress: a.b\n',
      ),
      ['primary-remote a.b'],
    ],
    [
      'a namespace that another cluster controls',
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n  annotations:\n    topology.istio.io/controlPlaneClusters: east\n',
      ['primary-remote east'],
    ],
    [
      'no mutual TLS',
      resource('security.istio.io/v1', 'PeerAuthentication', 'spec:\n  mtls:\n    mode: DISABLE\n'),
      ['mtls-disabled DISABLE'],
    ],
    [
      'no mutual TLS on a port',
      resource('security.istio.io/v1', 'PeerAuthentication', 'spec:\n  portLevelMtls:\n    9000: { mode: DISABLE }\n'),
      ['mtls-disabled DISABLE'],
    ],
    [
      'egress that is closed',
      networking('Sidecar', 'spec:\n  outboundTrafficPolicy:\n    mode: REGISTRY_ONLY\n'),
      ['sidecar-resource REGISTRY_ONLY'],
    ],
    [
      'a listener',
      networking('Sidecar', 'spec:\n  egress:\n    - bind: 127.0.0.1\n      hosts: ["*/*"]\n'),
      ['sidecar-resource 127.0.0.1'],
    ],
    [
      'HTTP routing by the caller',
      route('  hosts: [cart]\n  http:\n    - match:\n        - sourceLabels: { app: web }\n'),
      ['source-routing { app: web }'],
    ],
    [
      'TCP routing by the caller',
      route('  hosts: [cart]\n  tcp:\n    - match:\n        - sourceNamespace: web\n'),
      ['source-routing web'],
    ],
    [
      "a client's VirtualService",
      route('  hosts: [cart.shop.svc.cluster.local]\n', 'web'),
      ['client-routing cart.shop.svc.cluster.local'],
    ],
  ])('%s', (_title, text, needs) => {
    expect(needsOf(text)).toEqual(needs);
  });

  it('a route for a headless Service', () => {
    expect(needsOf(route('  hosts: [db]\n'), { 'db.yaml': headless })).toEqual(['headless-routing db']);
    expect(needsOf(route('  hosts: [db]\n'), { 'db.yaml': headless.replace('None', '10.1.2.3') })).toEqual([]);
  });

  it.each([
    ['an EnvoyFilter for gateways', networking('EnvoyFilter', patches('GATEWAY'))],
    [
      'one whose selector picks a gateway',
      networking('EnvoyFilter', 'spec:\n  workloadSelector:\n    labels: { istio: ingressgateway }\n'),
    ],
    ['one with a target', networking('EnvoyFilter', 'spec:\n  targetRefs:\n    - kind: Gateway\n      name: web\n')],
    ['a Sidecar that only limits what proxies are told', networking('Sidecar', 'spec:\n  egress:\n    - hosts: ["./*"]\n')],
    [
      'a route for a gateway',
      route('  hosts: [cart]\n  gateways: [web]\n  http:\n    - match:\n        - sourceLabels: { app: web }\n'),
    ],
    ['a route in the namespace of its Service', route('  hosts: [cart, cart.shop.svc.cluster.local]\n')],
    ['a route for a host that is no Service', route('  hosts: [example.com, "*.shop.example.com"]\n')],
    ['PERMISSIVE mutual TLS', resource('security.istio.io/v1', 'PeerAuthentication', 'spec:\n  mtls:\n    mode: PERMISSIVE\n')],
    ['an operator without any of it', operator('  profile: default\n  values:\n    global:\n      remotePilotAddress: ""\n')],
  ])('not %s', (_title, text) => {
    expect(needsOf(text)).toEqual([]);
  });

  it('not an EnvoyFilter whose selector is that of a Gateway here', () => {
    const gateway = networking('Gateway', 'spec:\n  selector: { app: edge }\n');
    const filter = networking('EnvoyFilter', 'spec:\n  workloadSelector:\n    labels: { app: edge }\n');
    expect(needsOf(filter)).toEqual(['envoy-filter it']);
    expect(needsOf(filter, { 'gateway.yaml': gateway })).toEqual([]);
  });

  it('says what is lacked and why', () => {
    const files = { 'vm.yaml': networking('WorkloadGroup', 'spec: {}\n') };
    const [need] = ask(files, sidecarNeeds);
    expect(need).toMatchObject({ feature: 'virtual machines', why: SIDECAR_FEATURES['virtual-machines'].why });
  });
});

it.each(Object.entries(SIDECAR_FEATURES))('%s names its source and speaks in clauses', (_id, { feature, why, source }) => {
  expect(source).not.toBe('');
  expect(`${feature}${why}`).not.toMatch(/\.$|\. /);
});
