import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './retries-twice';

const TEAM = { '.mesh-lint.yaml': 'team:\n  libraryResilience: true\n' };
const of = (apiVersion: string, kind: string, spec: string, metadata = ''): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: cart\n  namespace: shop\n${metadata}spec:\n${spec}`;
const virtualService = (spec: string): string => of('networking.istio.io/v1', 'VirtualService', spec);
const http = (retries: string): string => `  http:\n    - retries:\n        ${retries}\n`;
const annotated = (kind: string, ...lines: readonly string[]): string =>
  of(
    kind === 'Service' ? 'v1' : 'gateway.networking.k8s.io/v1',
    kind,
    '  x: 1\n',
    `  annotations:\n${lines.map((line) => `    ${line}\n`).join('')}`,
  );
const caller = (variable: string, name = 'web'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  template:\n    spec:\n      containers:\n        - name: main\n          image: example/web:1\n          env:\n            - name: ${variable}\n              value: "3"\n`;

function found(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const findings = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return findings;
}
const at = (files: Files): string[] => found(files).map((finding) => `${startOf(finding)} ${coveredText(files, finding)}`);
const message = (files: Files): string => found(files)[0]?.reported.message ?? '';

describe('where the mesh retries', () => {
  it.each([
    ['a VirtualService', virtualService(http('attempts: 3')), 'x.yaml:9:19 3', 'retries 3 times,'],
    ['once', virtualService(http('attempts: 1')), 'x.yaml:9:19 1', 'retries once,'],
    [
      'in the mesh and at a gateway',
      virtualService(`  gateways: [edge, mesh]\n${http('attempts: 2')}`),
      'x.yaml:10:19 2',
      'up to 3 requests',
    ],
    [
      'a route to a Service',
      of(
        'gateway.networking.k8s.io/v1',
        'HTTPRoute',
        '  parentRefs:\n    - kind: Service\n      name: cart\n  rules:\n    - retry:\n        attempts: 4\n',
      ),
      'x.yaml:12:19 4',
      'HTTPRoute shop/cart retries 4 times,',
    ],
    [
      'a ServiceProfile',
      of('linkerd.io/v1alpha2', 'ServiceProfile', '  routes:\n    - name: get\n      isRetryable: true\n'),
      'x.yaml:9:20 true',
      'lets the mesh retry, and libraries of the applications retry as well (team.libraryResilience): each of their tries may become several requests',
    ],
    ['an annotation', annotated('Service', 'retry.linkerd.io/http: 5xx'), 'x.yaml:7:28 5xx', 'retries once,'],
    [
      'an annotation with a limit',
      annotated('GRPCRoute', 'retry.linkerd.io/grpc: unavailable', 'retry.linkerd.io/limit: "3"'),
      'x.yaml:7:28 unavailable',
      'retries 3 times,',
    ],
  ])('%s', (_title, text, place, words) => {
    const files = { 'x.yaml': text, ...TEAM };
    expect(at(files)).toEqual([place]);
    expect(message(files)).toContain(words);
  });

  it('once a resource, with its other routes related', () => {
    const files = { 'x.yaml': virtualService(`${http('attempts: 3')}    - retries:\n        attempts: 2\n`), ...TEAM };
    expect(at(files)).toEqual(['x.yaml:9:19 3']);
    expect(found(files)[0]?.reported.related.map(({ range }) => range.start.line)).toEqual([11]);
  });
});

describe('who else retries', () => {
  const route = virtualService(http('attempts: 2'));
  it.each(['RESILIENCE4J_RETRY_CONFIGS_DEFAULT_MAX_ATTEMPTS', 'com_example_Client_get_Retry_maxRetries', 'RETRY_MAXRETRIES'])(
    '%s',
    (name) => {
      const files = { 'x.yaml': route, 'web.yaml': caller(name) };
      expect(message(files)).toContain('a library of Deployment shop/web retries as well: if it calls this, each of its tries');
      expect(found(files)[0]?.reported.related.map(({ file, range }) => `${file}:${range.start.line}`)).toEqual(['web.yaml:13']);
    },
  );

  it('several workloads', () => {
    const files = { 'x.yaml': route, 'a.yaml': caller('RETRY_MAXRETRIES', 'a'), 'b.yaml': caller('RETRY_MAXRETRIES', 'b') };
    expect(message(files)).toContain('libraries of 2 workloads retry as well: if they call this, each of their tries');
  });

  it.each<[string, Files]>([
    ['nobody says so', {}],
    ['the team says no', { '.mesh-lint.yaml': 'team:\n  libraryResilience: false\n' }],
    ['a variable of another sort', { 'web.yaml': caller('RETRY_QUEUE') }],
    ['a breaker, which does not retry', { 'web.yaml': caller('RESILIENCE4J_CIRCUITBREAKER_CONFIGS_DEFAULT_SLIDINGWINDOWSIZE') }],
  ])('%s', (_title, more) => {
    expect(at({ 'x.yaml': route, ...more })).toEqual([]);
  });
});

describe('silence', () => {
  it.each([
    ['without retries', virtualService('  http:\n    - timeout: 1s\n')],
    ['with none', virtualService(http('attempts: 0'))],
    ['with a number that a template hides', virtualService(http('attempts: {{ .Values.attempts }}'))],
    ['at a gateway, whose callers are outside', virtualService(`  gateways: [edge]\n${http('attempts: 2')}`)],
    [
      'with a route of a Gateway',
      of('gateway.networking.k8s.io/v1', 'HTTPRoute', '  rules:\n    - retry:\n        attempts: 4\n'),
    ],
    [
      'with a route that is not to be retried',
      of('linkerd.io/v1alpha2', 'ServiceProfile', '  routes:\n    - isRetryable: false\n'),
    ],
    ['with a limit of none', annotated('Service', 'retry.linkerd.io/http: 5xx', 'retry.linkerd.io/limit: "0"')],
    ['with a limit alone', annotated('Service', 'retry.linkerd.io/limit: "2"')],
    ['with a limit that is no number', annotated('Service', 'retry.linkerd.io/http: 5xx', 'retry.linkerd.io/limit: many')],
  ])('%s', (_title, text) => {
    expect(at({ 'x.yaml': text, ...TEAM })).toEqual([]);
  });
});
