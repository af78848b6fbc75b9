import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import type { Rule } from '../../engine/findings/rule';
import { startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule as accessLog } from './access-log-without-provider';
import { rule as namespaceNotFound } from './authorization-namespace-not-found';
import { rule as gatewayApi } from './gateway-api-too-old';
import { rule as jwks } from './jwks-fetch-unrestricted';

/** Rules that ask what the control plane and the cluster have: mesh configuration, istiod's environment, namespaces, definitions. */
function findingsOf(rule: Rule, files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

const brief = (found: readonly LocatedFinding[]): string[] =>
  found.map((finding) => [finding.reported.severity, startOf(finding), ...finding.reported.equivalents].join(' '));
const COMPLETE: Files = { '.mesh-lint.yaml': 'environments:\n  all:\n    include: ["**"]\n    complete: true\n' };

describe('access-log-without-provider', () => {
  const telemetry = (entries: string): string =>
    `apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata:\n  name: t\nspec:\n  accessLogging: ${entries}\n`;
  const operator = (config: string): Files => ({
    'o.yaml': `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: o\nspec:\n  meshConfig: ${config}\n`,
  });

  it.each<[string, string, Files, string[]]>([
    [
      'each entry without a provider',
      '[{ filter: { expression: a } }, { providers: [{ name: p }] }, {}]',
      {},
      ['info t.yaml:6:21 IST0157', 'info t.yaml:6:80 IST0157'],
    ],
    ['an empty list of providers', '[{ providers: [] }]', {}, ['info t.yaml:6:21 IST0157']],
    ['a mesh configuration without a default', '[{}]', operator('{ enableTracing: true }'), ['warning t.yaml:6:19 IST0157']],
    ['a default for something else', '[{}]', operator('{ defaultProviders: { tracing: [p] } }'), ['warning t.yaml:6:19 IST0157']],
    ['a default', '[{}]', operator('{ defaultProviders: { accessLogging: [p] } }'), []],
    ['a default that a variable holds', '[{}]', operator('{ defaultProviders: "${P}" }'), []],
    ['one that is turned off', '[{ disabled: true }]', {}, []],
    ['one that a variable turns off', '[{ disabled: "${D}" }]', {}, []],
    ['providers that a variable holds', '[{ providers: "${P}" }]', {}, []],
  ])('%s', (_title, entries, files, expected) => {
    expect(brief(findingsOf(accessLog, { ...files, 't.yaml': telemetry(entries) }))).toEqual(expected);
  });
});

describe('authorization-namespace-not-found', () => {
  const policy = (source: string): string =>
    `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: p\n  namespace: shop\nspec:\n  rules: [{ from: [{ source: { ${source} } }] }]\n`;
  const namespaces = ['shop', 'prod-shop', 'shop-test']
    .map((name) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`)
    .join('---\n');
  const count = (source: string, files: Files = {}): number =>
    findingsOf(namespaceNotFound, { 'n.yaml': namespaces, ...files, 'p.yaml': policy(source) }).length;

  it.each<[string, string, number]>([
    ['names, a prefix, a suffix and any', 'namespaces: [shop, "prod-*", "*-test", "*"]', 0],
    ['in whatever case', 'namespaces: [SHOP, "PROD-*"]', 0],
    ['those of every cluster, and the root', 'namespaces: [default, kube-system, istio-system]', 0],
    ['a prefix and a suffix of none', 'namespaces: ["bogus-*", "*-bogus"]', 2],
    ['exceptions', 'notNamespaces: ["bogus-*", shop]', 1],
    ['a variable', 'namespaces: ["${NS}"]', 0],
  ])('%s', (_title, source, expected) => {
    expect(count(source)).toBe(expected);
  });

  it('counts namespaces that workloads stand in', () => {
    const files = {
      'w.yaml':
        'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: w\n  namespace: made-elsewhere\nspec:\n  template: { spec: {} }\n',
    };
    expect(count('namespaces: [made-elsewhere]', files)).toBe(0);
  });

  it('is certain only where the files show the whole cluster', () => {
    const files = { 'n.yaml': namespaces, 'p.yaml': policy('namespaces: [bogus]') };
    expect(brief(findingsOf(namespaceNotFound, files))).toEqual(['info p.yaml:7:45 IST0101']);
    expect(brief(findingsOf(namespaceNotFound, { ...files, ...COMPLETE }))).toEqual(['warning p.yaml:7:45 IST0101']);
  });
});

describe('jwks-fetch-unrestricted', () => {
  const istiod = (container: string, label = 'istiod'): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\n  labels: { app: ${label} }\nspec:\n  template:\n    metadata:\n      labels: { app: istiod }\n    spec:\n      containers:\n        - { name: discovery, ${container} }\n`;
  const authentication = 'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: r\n';

  it.each<[string, string, string[]]>([
    ['no environment', istiod('image: pilot'), ['warning i.yaml:12:19 IST0175']],
    ['another variable', istiod('env: [{ name: OTHER, value: x }]'), ['warning i.yaml:12:19 IST0175']],
    ['an empty value', istiod('env: [{ name: BLOCKED_CIDRS_IN_JWKS_URIS, value: "" }]'), ['warning i.yaml:12:19 IST0175']],
    [
      'a reference',
      istiod('env: [{ name: BLOCKED_CIDRS_IN_JWKS_URIS, valueFrom: { configMapKeyRef: { name: c, key: k } } }]'),
      ['info i.yaml:12:19 IST0175'],
    ],
    ['an environment from elsewhere', istiod('envFrom: [{ configMapRef: { name: c } }]'), ['info i.yaml:12:19 IST0175']],
    ['a Deployment that istioctl does not look at', istiod('image: pilot', 'mesh'), ['warning i.yaml:12:19']],
    ['a value', istiod('env: [{ name: BLOCKED_CIDRS_IN_JWKS_URIS, value: 10.0.0.0/8 }]'), []],
    ['a value that a variable holds', istiod('env: [{ name: BLOCKED_CIDRS_IN_JWKS_URIS, value: "${CIDRS}" }]'), []],
  ])('%s', (_title, text, expected) => {
    expect(brief(findingsOf(jwks, { 'i.yaml': text, 'r.yaml': authentication }))).toEqual(expected);
  });
});

describe('gateway-api-too-old', () => {
  const definition = (plural: string, version: string): string =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ${plural}.gateway.networking.k8s.io\n  annotations: { gateway.networking.k8s.io/bundle-version: ${version} }\n`;
  const istiod = (tag: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\nspec:\n  template:\n    metadata:\n      labels: { app: istiod }\n    spec:\n      containers: [{ name: discovery, image: "istio/pilot:${tag}" }]\n`;

  it.each<[string, string, string[]]>([
    ['grpcroutes', 'v1.0.1', ['warning']],
    ['grpcroutes', 'v1.1.0', []],
    ['backendtlspolicies', 'v1.3.0', ['warning']],
    ['backendtlspolicies', 'v1.4.0-rc.1', []],
    ['tlsroutes', 'v1.4.1', ['warning']],
    ['tlsroutes', 'v1.5.0', []],
    ['tcproutes', 'v1.5.0', ['warning']],
    ['tcproutes', 'v1.6.0', []],
    ['httproutes', 'v0.4.0', []],
    ['grpcroutes', '"${VERSION}"', []],
    ['grpcroutes', 'latest', []],
  ])('%s of %s', (plural, version, expected) => {
    const files = { 'c.yaml': definition(plural, version), 'i.yaml': istiod('1.32.0') };
    expect(findingsOf(gatewayApi, files).map(({ reported }) => reported.severity)).toEqual(expected);
  });

  it('is less sure of an older Istio', () => {
    const files = { 'c.yaml': definition('tcproutes', 'v1.5.0'), 'i.yaml': istiod('1.28.1') };
    expect(findingsOf(gatewayApi, files).map(({ reported }) => reported.severity)).toEqual(['info']);
  });
});
