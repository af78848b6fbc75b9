import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import type { Rule } from '../../engine/findings/rule';
import { applyEdits, coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule as overlappingSelectors } from './overlapping-selectors';
import { rule as policyWithoutWorkload } from './policy-without-workload';
import { rule as selectorOnGateway } from './selector-on-kubernetes-gateway';
import { rule as severalDefaults } from './several-namespace-defaults';
import { rule as sidecarInAmbient } from './sidecar-in-ambient';

/** The rules about whom policies are for, on the same small manifests. Codes are those of facts on istioctl's analyzers. */
function findingsOf(rule: Rule, files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

const brief = (found: readonly LocatedFinding[]): string[] =>
  found.map(({ reported: { severity, resource, equivalents } }) =>
    [severity, resource?.kind ?? '', resource?.name ?? '', ...equivalents].join(' '),
  );

const namespace = (name: string, label: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: { ${label} }\n`;
const SIDECARS = namespace('shop', 'istio-injection: enabled');
const AMBIENT = namespace('shop', 'istio.io/dataplane-mode: ambient');

interface Place {
  readonly kind?: string;
  readonly where?: string | null;
  readonly template?: string;
}
const workload = (name: string, labels: string, { kind = 'Deployment', where = 'shop', template = '' }: Place = {}): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${where === null ? '' : `  namespace: ${where}\n`}spec:\n  template:\n    metadata:\n      labels: { ${labels} }\n    spec:\n      containers: [{ name: app, image: app }]\n${template}`;

const GROUPS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
  Sidecar: 'networking.istio.io/v1',
  EnvoyFilter: 'networking.istio.io/v1alpha3',
};
/** @param whom the labels of a selector, a target with its field, or nothing */
const policy = (kind: string, whom: string, where: string | null = 'shop', name = 'policy'): string =>
  `apiVersion: ${GROUPS[kind] ?? ''}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${where === null ? '' : `  namespace: ${where}\n`}spec:\n  ${specOf(kind, whom)}\n`;

function specOf(kind: string, whom: string): string {
  if (whom === '') return '{}';
  if (whom.startsWith('target')) return whom;
  const isOfProxies = kind === 'Sidecar' || kind === 'EnvoyFilter';
  return isOfProxies ? `workloadSelector: { labels: ${whom} }` : `selector: { matchLabels: ${whom} }`;
}

describe('policy-without-workload', () => {
  it.each([
    ['AuthorizationPolicy', 'warning AuthorizationPolicy policy IST0127'],
    ['Sidecar', 'warning Sidecar policy IST0101'],
    ['Telemetry', 'warning Telemetry policy IST0101'],
    ['RequestAuthentication', 'warning RequestAuthentication policy'],
    ['PeerAuthentication', 'warning PeerAuthentication policy'],
    ['WasmPlugin', 'warning WasmPlugin policy'],
    ['EnvoyFilter', 'warning EnvoyFilter policy'],
  ])('of kind %s', (kind, expected) => {
    const files = { 'shop.yaml': `${SIDECARS}---\n${workload('cart', 'app: cart')}`, 'p.yaml': policy(kind, '{ app: bogus }') };
    expect(brief(findingsOf(policyWithoutWorkload, files))).toEqual([expected]);
  });

  it('takes Sidecars and Telemetries of pods outside the mesh for no code of istioctl, which looks for pods alone', () => {
    const files = {
      'shop.yaml': `${namespace('shop', 'istio-injection: disabled')}---\n${workload('cart', 'app: cart')}`,
      'a.yaml': policy('Sidecar', '{ app: cart }'),
      'b.yaml': policy('AuthorizationPolicy', '{ app: cart }'),
    };
    expect(brief(findingsOf(policyWithoutWorkload, files))).toEqual([
      'warning Sidecar policy',
      'warning AuthorizationPolicy policy IST0127',
    ]);
  });

  it('names the one label that keeps a selector of several from matching', () => {
    const files = {
      'shop.yaml': `${SIDECARS}---\n${workload('cart', 'app: checkout, version: v1')}`,
      'p.yaml': policy('AuthorizationPolicy', '{ version: v1, app: chekout }'),
    };
    const [only] = findingsOf(policyWithoutWorkload, files);
    expect(only === undefined ? '' : coveredText(files, only)).toBe('chekout');
    const edits = only?.fixes[0]?.edits() ?? [];
    expect(applyEdits(files, edits)['p.yaml']).toContain('{ version: v1, app: checkout }');
  });

  it.each<[string, Files]>([
    ['a revision on the Namespace', { 'shop.yaml': namespace('shop', 'istio.io/rev: canary') }],
    ['ambient mode', { 'shop.yaml': AMBIENT }],
    ['a Namespace that no file defines', {}],
  ])('is silent on pods of the mesh by %s', (_title, files) => {
    const all = {
      ...files,
      'cart.yaml': workload('cart', 'app: cart', { kind: 'StatefulSet' }),
      'p.yaml': policy('AuthorizationPolicy', '{ app: cart }'),
    };
    expect(findingsOf(policyWithoutWorkload, all)).toEqual([]);
  });

  it.each<[string, string]>([
    ['a label that a variable holds', policy('AuthorizationPolicy', '{ app: "${APP}" }')],
    ['a selector that a variable holds', policy('AuthorizationPolicy', '"${SELECTOR}"')],
    ['a target', policy('AuthorizationPolicy', 'targetRefs: [{ kind: Service, group: "", name: cart }]')],
    ['a namespace that nothing says', policy('AuthorizationPolicy', '{ app: cart }', null)],
    ['the root namespace, for all of the mesh', policy('AuthorizationPolicy', '', 'istio-system')],
    [
      'a PeerAuthentication with a selector in the root namespace, which Istio ignores',
      policy('PeerAuthentication', '{ app: bogus }', 'istio-system'),
    ],
    ['a Sidecar for the namespace', policy('Sidecar', '', 'empty')],
    ['a gateway of the default installation', policy('AuthorizationPolicy', '{ istio: ingressgateway }', 'istio-system')],
    ['a gateway that the Gateway API makes', policy('AuthorizationPolicy', '{ gateway.networking.k8s.io/gateway-name: web }')],
  ])('is silent on %s', (_title, text) => {
    expect(
      findingsOf(policyWithoutWorkload, { 'shop.yaml': `${SIDECARS}---\n${workload('cart', 'app: cart')}`, 'p.yaml': text }),
    ).toEqual([]);
  });

  it('counts WorkloadEntries and what WorkloadGroups make of them', () => {
    const machine =
      'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata:\n  name: vm\n  namespace: shop\nspec:\n  address: 192.0.2.1\n  labels: { app: vm }\n';
    const group =
      'apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata:\n  name: vms\n  namespace: shop\nspec:\n  metadata: { labels: { app: vms } }\n  template: {}\n';
    const files = {
      'shop.yaml': `${SIDECARS}---\n${workload('cart', 'app: cart')}---\n${machine}---\n${group}`,
      'a.yaml': policy('AuthorizationPolicy', '{ app: vm }', 'shop', 'one'),
      'b.yaml': policy('AuthorizationPolicy', '{ app: vms }', 'shop', 'two'),
    };
    expect(findingsOf(policyWithoutWorkload, files)).toEqual([]);
  });

  it('is silent where another environment of the repository has the workload', () => {
    const overlay = (name: string): Files => ({ [`${name}/kustomization.yaml`]: 'resources: [app.yaml]\n' });
    const files = {
      ...overlay('one'),
      'one/app.yaml': `${workload('cart', 'app: cart')}---\n${SIDECARS}`,
      ...overlay('two'),
      'two/app.yaml': `${policy('AuthorizationPolicy', '{ app: cart }')}---\n${workload('pay', 'app: pay')}---\n${SIDECARS}`,
    };
    expect(findingsOf(policyWithoutWorkload, files)).toEqual([]);
  });

  it('points at pods that have the labels and whose manifest sets no namespace', () => {
    const files = (labels: string): Files => ({
      'shop.yaml': `${SIDECARS}---\n${workload('pay', 'app: pay')}`,
      'w.yaml': workload('cart', labels, { where: null }),
      'p.yaml': policy('Sidecar', '{ app: cart }'),
    });
    const [only, ...others] = findingsOf(policyWithoutWorkload, files('app: cart'));
    expect(others).toEqual([]);
    expect(only?.reported.message).toBe(
      'Deployment cart sets no namespace. Sidecar shop/policy, which is for its labels, applies to nothing unless it is created in namespace shop. Make sure that it is.',
    );
    expect(only?.reported.severity).toBe('info');
    expect(findingsOf(policyWithoutWorkload, files('app: "${APP}"'))).toEqual([]);
  });

  it('says of the root namespace only what may be, since who shows some workloads need not show all', () => {
    const files = {
      'shop.yaml': `${SIDECARS}---\n${workload('cart', 'app: cart')}`,
      'p.yaml': policy('Telemetry', '{ app: bogus }', 'istio-system'),
    };
    expect(brief(findingsOf(policyWithoutWorkload, files))).toEqual(['info Telemetry policy IST0101']);
  });
});

describe('policy-without-workload, where the workload may come from elsewhere', () => {
  const shown = `${SIDECARS}---\n${workload('cart', 'app: cart')}`;
  const release = (where: string): string =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: pay\n  namespace: ${where}\nspec:\n  chart: { spec: { chart: pay, sourceRef: { kind: HelmRepository, name: r } } }\n`;

  it.each<[string, string, string, string]>([
    ['a chart in the namespace', '{ app: pay }', release('shop'), 'info AuthorizationPolicy policy IST0127'],
    ['a chart in another namespace', '{ app: pay }', release('bank'), 'warning AuthorizationPolicy policy IST0127'],
    [
      'a label that no workload has, as of pods that an operator makes',
      '{ kafka: orders }',
      '',
      'info AuthorizationPolicy policy IST0127',
    ],
  ])('%s', (_title, selector, more, expected) => {
    const files = {
      'shop.yaml': shown,
      'p.yaml': policy('AuthorizationPolicy', selector),
      ...(more === '' ? {} : { 'r.yaml': more }),
    };
    expect(brief(findingsOf(policyWithoutWorkload, files))).toEqual([expected]);
  });
});

it('policy-without-workload knows the pods that Flagger makes of a Canary', () => {
  const canary = 'apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata:\n  name: cart\n  namespace: shop\n';
  const files = {
    'shop.yaml': `${SIDECARS}---\n${workload('cart', 'app: cart')}`,
    'p.yaml': policy('AuthorizationPolicy', '{ app: cart-primary }'),
  };
  expect(brief(findingsOf(policyWithoutWorkload, files))).toEqual(['warning AuthorizationPolicy policy IST0127']);
  expect(findingsOf(policyWithoutWorkload, { ...files, 'c.yaml': canary })).toEqual([]);
});

describe('overlapping-selectors', () => {
  const pods = `${SIDECARS}---\n${workload('cart', 'app: cart, version: v1')}`;

  it('is one finding on each side', () => {
    const files = {
      'shop.yaml': pods,
      'p.yaml': `${policy('Telemetry', '{ app: cart }', 'shop', 'one')}---\n${policy('Telemetry', '{ version: v1 }', 'shop', 'two')}`,
    };
    expect(brief(findingsOf(overlappingSelectors, files))).toEqual([
      'error Telemetry one IST0159',
      'error Telemetry two IST0159',
    ]);
  });

  it.each<[string, string]>([
    ['different kinds', `${policy('Telemetry', '{ app: cart }')}---\n${policy('Sidecar', '{ app: cart }')}`],
    [
      'another namespace',
      `${policy('Sidecar', '{ app: cart }', 'shop', 'one')}---\n${policy('Sidecar', '{ app: cart }', 'bank', 'two')}`,
    ],
    [
      'one for all and one for some',
      `${policy('Sidecar', '{ app: cart }', 'shop', 'one')}---\n${policy('Sidecar', '', 'shop', 'two')}`,
    ],
    [
      'labels that no pod has together',
      `${policy('Sidecar', '{ app: cart }', 'shop', 'one')}---\n${policy('Sidecar', '{ version: v2 }', 'shop', 'two')}`,
    ],
    [
      'a label that a variable holds',
      `${policy('Sidecar', '{ app: cart }', 'shop', 'one')}---\n${policy('Sidecar', '{ version: "${V}" }', 'shop', 'two')}`,
    ],
  ])('is silent on %s', (_title, text) => {
    expect(findingsOf(overlappingSelectors, { 'shop.yaml': pods, 'p.yaml': text })).toEqual([]);
  });

  it('takes two definitions of one policy for alternatives', () => {
    const files = {
      'shop.yaml': pods,
      'a.yaml': policy('Sidecar', '{ app: cart }'),
      'b.yaml': policy('Sidecar', '{ version: v1 }'),
    };
    expect(findingsOf(overlappingSelectors, files)).toEqual([]);
  });
});

describe('several-namespace-defaults', () => {
  const two = (kind: string, where: string | null = 'shop'): string =>
    `${policy(kind, '', where, 'one')}---\n${policy(kind, '', where, 'two')}`;

  it.each<[string, string, string[]]>([
    ['Sidecars', two('Sidecar'), ['error Sidecar one IST0111', 'error Sidecar two IST0111']],
    ['Telemetries', two('Telemetry'), ['error Telemetry one IST0160', 'error Telemetry two IST0160']],
    ['PeerAuthentications', two('PeerAuthentication'), ['error PeerAuthentication one', 'error PeerAuthentication two']],
    ['no namespace said', two('Sidecar', null), ['error Sidecar one IST0111', 'error Sidecar two IST0111']],
  ])('%s', (_title, text, expected) => {
    expect(brief(findingsOf(severalDefaults, { 'p.yaml': text }))).toEqual(expected);
  });

  it('knows which one counts of PeerAuthentications alone', () => {
    const counts = (kind: string): boolean[] =>
      findingsOf(severalDefaults, { 'p.yaml': two(kind) }).map(({ reported }) => reported.message.includes('created first'));
    expect(counts('PeerAuthentication')).toEqual([true, true]);
    expect(counts('Telemetry')).toEqual([false, false]);
  });

  it.each<[string, Files]>([
    ['kinds that are merged', { 'p.yaml': two('AuthorizationPolicy') }],
    [
      'a target, whatever istioctl says',
      {
        'p.yaml': `${policy('Telemetry', '')}---\n${policy('Telemetry', 'targetRefs: [{ kind: Service, group: "", name: cart }]', 'shop', 'two')}`,
      },
    ],
    ['two namespaces', { 'p.yaml': `${policy('Sidecar', '', 'shop')}---\n${policy('Sidecar', '', 'bank')}` }],
    ['alternatives', { 'a.yaml': policy('Sidecar', ''), 'b.yaml': policy('Sidecar', '') }],
    ['an ambient namespace, where none has an effect', { 'a.yaml': AMBIENT, 'p.yaml': two('Sidecar') }],
    [
      'one that may set no namespace',
      { 'p.yaml': `${policy('Sidecar', '', 'shop', 'one')}---\n${policy('Sidecar', '', null, 'two')}` },
    ],
  ])('is silent on %s', (_title, files) => {
    expect(findingsOf(severalDefaults, files)).toEqual([]);
  });
});

describe('sidecar-in-ambient', () => {
  it.each<[string, string, Files]>([
    ['injection as well', namespace('shop', 'istio.io/dataplane-mode: ambient, istio-injection: enabled'), {}],
    ['a revision as well', namespace('shop', 'istio.io/dataplane-mode: ambient, istio.io/rev: canary'), {}],
    ['no file that defines the Namespace', namespace('bank', 'istio.io/dataplane-mode: ambient'), {}],
    ['a variable', namespace('shop', 'istio.io/dataplane-mode: "${MODE}"'), {}],
    ['a pod that asks for a sidecar', AMBIENT, { 'w.yaml': workload('cart', 'sidecar.istio.io/inject: "true"') }],
  ])('is silent on %s', (_title, text, files) => {
    expect(findingsOf(sidecarInAmbient, { 'n.yaml': text, 'p.yaml': policy('Sidecar', ''), ...files })).toEqual([]);
  });

  it('heeds an empty revision as none', () => {
    const files = {
      'n.yaml': namespace('shop', 'istio.io/dataplane-mode: ambient, istio.io/rev: ""'),
      'p.yaml': policy('Sidecar', ''),
    };
    expect(brief(findingsOf(sidecarInAmbient, files))).toEqual(['warning Sidecar policy IST0167']);
  });

  it('goes by the pods that a selector picks', () => {
    const files = {
      'n.yaml': AMBIENT,
      'w.yaml': `${workload('cart', 'app: cart')}---\n${workload('pay', 'app: pay, istio.io/dataplane-mode: none')}`,
      'a.yaml': policy('Sidecar', '{ app: cart }', 'shop', 'ambient'),
      'b.yaml': policy('Sidecar', '{ app: pay }', 'shop', 'outside'),
    };
    expect(brief(findingsOf(sidecarInAmbient, files))).toEqual(['warning Sidecar ambient IST0167']);
  });
});

it('sidecar-in-ambient goes by what the CNI agent wrote to a Pod', () => {
  const pod = (value: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart\n  namespace: shop\n  labels: { app: cart }\n  annotations: { ambient.istio.io/redirection: ${value} }\n`;
  const files = (value: string): Files => ({ 'w.yaml': pod(value), 'p.yaml': policy('Sidecar', '{ app: cart }') });
  expect(brief(findingsOf(sidecarInAmbient, files('enabled')))).toEqual(['warning Sidecar policy IST0167']);
  expect(findingsOf(sidecarInAmbient, files('pending'))).toEqual([]);
});

describe('selector-on-kubernetes-gateway', () => {
  const byName = '{ gateway.networking.k8s.io/gateway-name: web }';

  it.each(['AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'])('of kind %s', (kind) => {
    expect(brief(findingsOf(selectorOnGateway, { 'p.yaml': policy(kind, byName) }))).toEqual([`info ${kind} policy IST0166`]);
  });

  it('finds pods that a file shows by another label of theirs', () => {
    const files = {
      'w.yaml': workload('web-istio', 'gateway.networking.k8s.io/gateway-name: web, app: web'),
      'p.yaml': policy('Telemetry', '{ app: web }'),
    };
    const found = findingsOf(selectorOnGateway, files);
    expect(found.map((finding) => [startOf(finding), coveredText(files, finding)])).toEqual([['p.yaml:7:35', 'web']]);
  });

  it('is silent on a target, and on pods of something else', () => {
    const both = policy('Telemetry', byName).replace(
      'spec:\n',
      'spec:\n  targetRef: { group: gateway.networking.k8s.io, kind: Gateway, name: web }\n',
    );
    expect(findingsOf(selectorOnGateway, { 'p.yaml': both })).toEqual([]);
    expect(
      findingsOf(selectorOnGateway, { 'w.yaml': workload('cart', 'app: cart'), 'p.yaml': policy('Telemetry', '{ app: cart }') }),
    ).toEqual([]);
  });

  it('writes targets in the style of the file, and leaves flow style alone', () => {
    const block =
      'apiVersion: telemetry.istio.io/v1\r\nkind: Telemetry\r\nmetadata:\r\n  name: t\r\nspec:\r\n    selector:\r\n      matchLabels:\r\n        gateway.networking.k8s.io/gateway-name: web\r\n    tracing: []\r\n';
    const fixed = findingsOf(selectorOnGateway, { 'p.yaml': block })[0]?.fixes[0]?.edits() ?? [];
    expect(applyEdits({ 'p.yaml': block }, fixed)['p.yaml']).toBe(
      'apiVersion: telemetry.istio.io/v1\r\nkind: Telemetry\r\nmetadata:\r\n  name: t\r\nspec:\r\n    targetRefs:\r\n      - group: gateway.networking.k8s.io\r\n        kind: Gateway\r\n        name: web\r\n    tracing: []\r\n',
    );
    expect(findingsOf(selectorOnGateway, { 'p.yaml': policy('Telemetry', byName) })[0]?.fixes[0]?.edits()).toBeUndefined();
  });
});
