import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { PAIR_RUNS } from '../../engine/findings/runner';
import { startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './strict-mtls-before-meshed';

function findingsOf(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

const places = (files: Files): readonly string[] => findingsOf(files).map(startOf);
const messages = (files: Files): readonly string[] => findingsOf(files).map(({ reported }) => reported.message);
/** What the related places call the unmeshed workloads. */
const clients = (files: Files): readonly string[] =>
  findingsOf(files).flatMap(({ reported }) => reported.related.map(({ message }) => message.replace(/ is outside.*/, '')));

const namespace = (name: string, labels = '{}'): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: ${labels}\n`;
const SIDECARS = '{ istio-injection: enabled }';
const AMBIENT = '{ istio.io/dataplane-mode: ambient }';

/** `own` are annotations of the workload itself. */
type Pods = Partial<Record<'kind' | 'labels' | 'annotations' | 'own' | 'ports' | 'spec', string>>;

/** @param title `namespace/name` */
function workload(title: string, pods: Pods = {}): string {
  const [where = '', name = ''] = title.split('/');
  const { kind = 'Deployment', labels = '', annotations = '', own = '', ports = '[]', spec = '' } = pods;
  const version = kind === 'Job' ? 'batch/v1' : 'apps/v1';
  return `apiVersion: ${version}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${where}\n  annotations: {${own}}\nspec:\n  template:\n    metadata:\n      labels: { app: ${name}${labels === '' ? '' : `, ${labels}`} }\n      annotations: {${annotations}}\n    spec:\n${spec}      containers:\n        - { name: app, image: "example/${name}:1", ports: ${ports} }\n`;
}

/** A PeerAuthentication; `app` makes it one for a workload. */
function policy(
  where: string,
  mode: string,
  { app, ports = '{}', name = app ?? 'default' }: { app?: string; ports?: string; name?: string } = {},
): string {
  const selector = app === undefined ? '' : `  selector: { matchLabels: { app: ${app} } }\n`;
  const levels = ports === '{}' ? '' : `  portLevelMtls: ${ports}\n`;
  return `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n${selector}  mtls: { mode: ${mode} }\n${levels}`;
}

const service = (name: string, ports: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector: { app: ${name} }\n  ports: ${ports}\n`;

const all = (...documents: readonly string[]): Files => ({ 'all.yaml': documents.join('---\n') });

const SHOP = namespace('shop', SIDECARS);
const CART = workload('shop/cart');
const LEGACY = [namespace('legacy'), workload('legacy/api')];
const HTTP = '[{ name: http, containerPort: 8080 }]';

describe('whom a STRICT holds for', () => {
  const strict = policy('shop', 'STRICT');
  it.each<[string, number, Files]>([
    ['nobody here in its scope: a namespace of another repository', 1, all(policy('pay', 'STRICT'), SHOP, CART, ...LEGACY)],
    ['nobody here at all but those outside', 1, all(policy('istio-system', 'STRICT'), ...LEGACY)],
    ['a workload whose membership is unknown', 1, all(strict, CART, ...LEGACY)],
    ['a workload that no policy selects', 0, all(policy('shop', 'STRICT', { app: 'basket' }), SHOP, CART, ...LEGACY)],
    [
      'a selected workload outside the mesh',
      0,
      all(policy('legacy', 'STRICT', { app: 'api' }), ...LEGACY, workload('legacy/web')),
    ],
    [
      'a selector in the root namespace, which Istio ignores',
      0,
      all(policy('istio-system', 'STRICT', { app: 'cart' }), SHOP, CART, ...LEGACY),
    ],
    ['a workload policy that overrides it', 0, all(strict, policy('shop', 'DISABLE', { app: 'cart' }), SHOP, CART, ...LEGACY)],
    [
      'a workload policy that overrides it for one of two',
      1,
      all(strict, policy('shop', 'PERMISSIVE', { app: 'cart' }), SHOP, CART, workload('shop/web'), ...LEGACY),
    ],
    [
      'a second policy of which either may hold',
      0,
      all(strict, policy('shop', 'PERMISSIVE', { name: 'second' }), SHOP, CART, ...LEGACY),
    ],
    [
      'gateways alone, which ask no PeerAuthentication',
      1,
      all(strict, SHOP, workload('shop/edge', { labels: 'istio: ingressgateway' }), ...LEGACY),
    ],
    [
      'a templated namespace',
      0,
      {
        'chart/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
        'chart/templates/a.yaml': all(policy('{{ .Release.Namespace }}', 'STRICT'), SHOP, CART, ...LEGACY)['all.yaml'] ?? '',
      },
    ],
    ['a word that Istio does not know', 0, all(policy('shop', 'strict'), SHOP, CART, ...LEGACY)],
  ])('%s', (_title, count, files) => {
    expect(places(files)).toHaveLength(count);
  });

  it('is told once, on the level that holds', () => {
    const files = { ...all(SHOP, CART, ...LEGACY), 'mesh.yaml': policy('istio-system', 'STRICT'), 'shop.yaml': strict };
    expect(places(files)).toEqual(['shop.yaml:7:17']);
  });
});

describe('ports', () => {
  const except = (ports: string): string => policy('shop', 'UNSET', { app: 'cart', ports });
  const strict = policy('shop', 'STRICT');
  const served = workload('shop/cart', { ports: HTTP });
  const unlisted = service('cart', '[{ port: 80, targetPort: 9000 }]');
  it.each<[string, number, readonly string[]]>([
    ['an exception for the only port', 0, [strict, except('{ 8080: { mode: PERMISSIVE } }'), served]],
    ['an exception for one of two ports', 1, [strict, except('{ 8080: { mode: PERMISSIVE } }'), served, unlisted]],
    ['an exception for the port that a Service leads to', 0, [strict, except('{ 9000: { mode: DISABLE } }'), CART, unlisted]],
    ['an exception under the number of the Service', 1, [strict, except('{ 80: { mode: PERMISSIVE } }'), CART, unlisted]],
    [
      'a port by name',
      0,
      [strict, except('{ 8080: { mode: PERMISSIVE } }'), served, service('cart', '[{ port: 80, targetPort: http }]')],
    ],
    [
      'UDP, which no sidecar takes',
      0,
      [
        strict,
        except('{ 8080: { mode: PERMISSIVE } }'),
        workload('shop/cart', { ports: '[{ containerPort: 8080 }, { containerPort: 53, protocol: UDP }]' }),
      ],
    ],
    [
      'a STRICT port that is served',
      1,
      [policy('shop', 'PERMISSIVE', { app: 'cart', ports: '{ 8080: { mode: STRICT } }' }), served],
    ],
    [
      'a STRICT port where none is named',
      1,
      [policy('shop', 'PERMISSIVE', { app: 'cart', ports: '{ 8080: { mode: STRICT } }' }), CART],
    ],
    [
      'a STRICT port that nobody serves',
      0,
      [policy('shop', 'PERMISSIVE', { app: 'cart', ports: '{ 80: { mode: STRICT } }' }), served],
    ],
    [
      'a STRICT port without a selector, which Istio refuses',
      0,
      [policy('shop', 'PERMISSIVE', { ports: '{ 8080: { mode: STRICT } }' }), served],
    ],
    [
      'a port that the sidecar does not see',
      0,
      [strict, workload('shop/cart', { ports: HTTP, annotations: 'traffic.sidecar.istio.io/excludeInboundPorts: "8080,9000"' })],
    ],
    [
      'a sidecar that sees one other port',
      0,
      [strict, workload('shop/cart', { ports: HTTP, annotations: 'traffic.sidecar.istio.io/includeInboundPorts: "9000"' })],
    ],
    [
      'a sidecar that sees nothing',
      0,
      [strict, workload('shop/cart', { annotations: 'traffic.sidecar.istio.io/includeInboundPorts: ""' })],
    ],
    [
      'a sidecar that sees everything',
      1,
      [strict, workload('shop/cart', { ports: HTTP, annotations: 'traffic.sidecar.istio.io/includeInboundPorts: "*"' })],
    ],
  ])('%s', (_title, count, documents) => {
    expect(places(all(SHOP, ...documents, ...LEGACY))).toHaveLength(count);
  });

  it('each STRICT port has its finding', () => {
    const files = all(
      SHOP,
      policy('shop', 'STRICT', { app: 'cart', ports: '{ 8080: { mode: STRICT }, 9000: { mode: PERMISSIVE } }' }),
      served,
      unlisted,
      ...LEGACY,
    );
    // The mode itself holds at neither port: 8080 has its own, 9000 is excepted.
    expect(messages(files)).toEqual([
      expect.stringMatching(/^STRICT makes the selected pods refuse plaintext on port 8080, and/),
    ]);
  });
});

describe('clients', () => {
  const strict = policy('istio-system', 'STRICT');
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'a Job without a sidecar',
      ['Job shop/once'],
      [workload('shop/once', { kind: 'Job', labels: 'sidecar.istio.io/inject: "false"' })],
    ],
    [
      'Jobs of hooks',
      [],
      [
        workload('shop/once', { kind: 'Job', own: 'helm.sh/hook: pre-install', labels: 'sidecar.istio.io/inject: "false"' }),
        workload('shop/sync', {
          kind: 'Job',
          own: 'argocd.argoproj.io/hook: PreSync',
          labels: 'sidecar.istio.io/inject: "false"',
        }),
      ],
    ],
    [
      'the host network, in a meshed and in an unknown namespace',
      ['DaemonSet nodes/agent', 'DaemonSet shop/agent'],
      [
        workload('shop/agent', { kind: 'DaemonSet', spec: '      hostNetwork: true\n' }),
        workload('nodes/agent', { kind: 'DaemonSet', spec: '      hostNetwork: true\n' }),
      ],
    ],
    ['kube-system, whatever runs there', [], [workload('kube-system/dns'), workload('kube-system/traefik')]],
    [
      'infrastructure that calls nobody',
      [],
      [
        namespace('flux-system'),
        workload('flux-system/kustomize-controller', { labels: 'app.kubernetes.io/part-of: flux' }),
        namespace('istio-system'),
        workload('istio-system/istiod'),
        workload('istio-system/istio-ingressgateway'),
      ],
    ],
    [
      'Prometheus and an ingress controller',
      ['Deployment edge/traefik', 'Deployment edge/prometheus'],
      [namespace('edge'), workload('edge/traefik'), workload('edge/prometheus')],
    ],
    [
      'a namespace with a revision that is not installed',
      ['Deployment old/web'],
      [namespace('old', '{ istio.io/rev: "" }'), workload('old/web')],
    ],
    ['a namespace that no file defines', [], [workload('else/web')]],
    ['a workload without a namespace', [], [workload('x/web').replace('  namespace: x\n', '')]],
    [
      'a workload of which an alternative is meshed',
      [],
      [namespace('alt'), workload('alt/web'), workload('alt/web', { labels: 'sidecar.istio.io/inject: "true"' })],
    ],
  ])('%s', (_title, names, documents) => {
    expect(clients(all(strict, SHOP, CART, ...documents))).toEqual(names);
  });

  it('of a policy with a selector are not the pods that it selects', () => {
    const canary = workload('shop/canary', { labels: 'sidecar.istio.io/inject: "false"' }).replace('app: canary', 'app: cart');
    expect(places(all(policy('shop', 'STRICT', { app: 'cart' }), SHOP, CART, canary))).toEqual([]);
    expect(places(all(policy('shop', 'STRICT'), SHOP, CART, canary))).toHaveLength(1);
  });

  it('are all counted, three named and twenty shown', () => {
    const many = Array.from({ length: 23 }, (_, i) => workload(`legacy/w${i}`));
    const [found] = findingsOf(all(strict, SHOP, CART, namespace('legacy'), ...many));
    expect(found?.reported.message).toContain(
      '23 workloads that may call them are outside the mesh: Deployment legacy/w0, Deployment legacy/w1, Deployment legacy/w2 and 20 more.',
    );
    expect(found?.reported.related).toHaveLength(20);
  });

  it('are shown, not assumed, where the configuration says what Istio injects', () => {
    const files = {
      ...all(strict, SHOP, CART, ...LEGACY),
      '.mesh-lint.yaml': 'istio:\n  enableNamespacesByDefault: false\n  rootNamespace: istio-system\n',
    };
    expect(messages(files)).toEqual([expect.not.stringContaining('assumes')]);
  });

  it('are those of undefined Namespaces as well where the environment is complete', () => {
    const files = {
      ...all(strict, SHOP, CART, workload('legacy/api')),
      '.mesh-lint.yaml': 'environments:\n  prod:\n    complete: true\n',
    };
    expect(clients(files)).toEqual(['Deployment legacy/api']);
  });
});

it('treats ambient pods as meshed: servers that refuse, and clients that are heard', () => {
  const shop = namespace('shop', AMBIENT);
  const exempt = workload('shop/cart', { ports: HTTP, annotations: 'traffic.sidecar.istio.io/excludeInboundPorts: "8080"' });
  expect(places(all(policy('shop', 'STRICT'), shop, CART, workload('shop/web')))).toEqual([]);
  expect(
    clients(all(policy('shop', 'STRICT'), shop, CART, workload('shop/web', { labels: 'istio.io/dataplane-mode: none' }))),
  ).toEqual(['Deployment shop/web']);
  // An annotation for sidecars exempts no ambient pod.
  expect(places(all(policy('shop', 'STRICT'), shop, exempt, ...LEGACY))).toHaveLength(1);
});

it('honours the root namespace that the configuration names', () => {
  const files = all(policy('mesh-config', 'STRICT'), SHOP, CART, ...LEGACY);
  const configured = { ...files, '.mesh-lint.yaml': 'istio:\n  rootNamespace: mesh-config\n' };
  expect(messages(configured)).toEqual([expect.stringMatching(/^STRICT makes all pods of the mesh refuse plaintext/)]);
  expect(messages(files)).toEqual([expect.stringMatching(/^STRICT makes the pods of namespace mesh-config refuse plaintext/)]);
});

describe('Kustomize', () => {
  const IN_ROOT = 'namespace: istio-system\nresources: [../../../base/policy]\n';
  const base = (mode: string): Files => ({
    'base/policy/kustomization.yaml': 'resources: [policy.yaml]\n',
    'base/policy/policy.yaml': policy('x', mode).replace('  namespace: x\n', ''),
    'base/shop/kustomization.yaml': 'resources: [shop.yaml]\n',
    'base/shop/shop.yaml': [namespace('shop'), CART, workload('shop/web')].join('---\n'),
  });
  const meshed =
    'patches:\n  - patch: |\n      apiVersion: v1\n      kind: Namespace\n      metadata:\n        name: shop\n        labels:\n          istio-injection: enabled\n';

  it('a namespace that an overlay sets makes a policy mesh-wide; the environments differ', () => {
    const files = {
      ...base('STRICT'),
      'overlays/dev/policy/kustomization.yaml': IN_ROOT,
      'overlays/dev/kustomization.yaml': 'resources: [policy, ../../base/shop]\n',
      'overlays/prod/policy/kustomization.yaml': IN_ROOT,
      'overlays/prod/kustomization.yaml': `resources: [policy, ../../base/shop]\n${meshed}`,
    };
    const [found, ...others] = findingsOf(files);
    expect(others).toEqual([]);
    expect(found && startOf(found)).toBe('base/policy/policy.yaml:6:17');
    expect(found?.reported.environments).toEqual(['dev']);
    expect(found?.reported.message).toMatch(/^STRICT makes all pods of the mesh refuse plaintext/);
    expect(found?.reported.related.map(({ file }) => file)).toEqual(['base/shop/shop.yaml', 'base/shop/shop.yaml']);
  });

  it('a STRICT that a patch sets is found, and repaired, in the patch', () => {
    const files = {
      ...base('PERMISSIVE'),
      'overlays/dev/policy/kustomization.yaml': `${IN_ROOT}patches:\n  - path: strict.yaml\n`,
      'overlays/dev/policy/strict.yaml': policy('x', 'STRICT').replace('  namespace: x\n', ''),
      'overlays/dev/kustomization.yaml': 'resources: [policy, ../../base/shop]\n',
      'overlays/prod/policy/kustomization.yaml': IN_ROOT,
      'overlays/prod/kustomization.yaml': 'resources: [policy, ../../base/shop]\n',
    };
    const [found] = findingsOf(files);
    expect(places(files)).toEqual(['overlays/dev/policy/strict.yaml:6:17']);
    expect(found?.fixes[0]?.edits()?.map(({ file, newText }) => [file, newText])).toEqual([
      ['overlays/dev/policy/strict.yaml', 'PERMISSIVE'],
    ]);
  });
});

describe('edits', () => {
  const files = {
    'mesh.yaml': policy('istio-system', 'STRICT'),
    'shop.yaml': `${SHOP}---\n${CART}`,
    'legacy.yaml': LEGACY.join('---\n'),
    'other.yaml': policy('pay', 'PERMISSIVE'),
  };

  it('run the rule again when the answer may differ, and only then', () => {
    const workspace = workspaceOf(files, [rule]);
    expect(workspace.findings()).toHaveLength(1);

    const edit = (path: string, text: string): readonly [findings: number, runs: number] => {
      workspace.graph.resetRunCounts();
      workspace.set(path, text);
      return [workspace.findings().length, workspace.graph.runCounts().get(PAIR_RUNS) ?? 0];
    };
    expect(edit('shop.yaml', `# Moved down a line.\n${files['shop.yaml']}`)).toEqual([1, 0]);
    expect(edit('legacy.yaml', files['legacy.yaml'].replace('labels: {}', `labels: ${SIDECARS}`))).toEqual([0, 1]);
    expect(edit('legacy.yaml', files['legacy.yaml'])).toEqual([1, 1]);
    expect(edit('mesh.yaml', files['mesh.yaml'].replace('STRICT', 'PERMISSIVE'))[0]).toBe(0);
    expect(workspace.faults()).toEqual([]);
  });
});
