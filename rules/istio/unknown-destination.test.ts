import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { applyEdits, coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './unknown-destination';

function findingsOf(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

/** Severity, text and codes of what is found. */
const told = (files: Files): string[] =>
  findingsOf(files).map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );

const service = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { ports: [{ port: 80 }, { port: 443 }]${more} }\n`;
const virtualService = (spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web, namespace: shop }\nspec:\n  hosts: [web]\n${spec}`;
const to = (destination: string): string => virtualService(`  http: [{ route: [{ destination: ${destination} }] }]\n`);

describe('where a destination stands', () => {
  it.each([
    ['a route', '  http: [{ route: [{ destination: { host: gone } }] }]\n', ['error gone IST0101 KIA1101']],
    [
      'one of several',
      '  http: [{ route: [{ destination: { host: cart } }, { destination: { host: gone } }] }]\n',
      ['error gone IST0101 KIA1101'],
    ],
    [
      'a mirror',
      '  http: [{ route: [{ destination: { host: cart } }], mirror: { host: gone } }]\n',
      ['warning gone IST0101 KIA1101'],
    ],
    ['one of several mirrors', '  http: [{ mirrors: [{ destination: { host: gone } }] }]\n', ['warning gone IST0101 KIA1101']],
    ['TLS', '  tls: [{ route: [{ destination: { host: gone } }] }]\n', ['error gone IST0101 KIA1101']],
    ['TCP', '  tcp: [{ route: [{ destination: { host: gone } }] }]\n', ['error gone IST0101 KIA1101']],
    ['nowhere', '  http: [{ route: [{}] }, { redirect: { uri: / } }, null]\n', []],
  ])('%s', (_title, spec, expected) => {
    expect(told({ 'a.yaml': service('cart'), 'b.yaml': virtualService(spec) })).toEqual(expected);
  });
});

describe('ports', () => {
  const port = (number: string): string => to(`{ host: cart, port: { number: ${number} } }`);
  it.each([
    ['one that is there', service('cart'), port('443'), []],
    ['one that is not', service('cart'), port('8080'), ['error 8080 IST0101 KIA1101']],
    ['one that a template hides', service('cart'), port('"{{ port }}"'), []],
    ['those that a template hides', service('cart').replace('443', '"{{ port }}"'), port('8080'), []],
    [
      'an alias that lists others',
      service('cart', ', type: ExternalName, externalName: a.example'),
      port('8080'),
      ['info 8080 IST0101 KIA1101'],
    ],
    [
      'an alias that lists none',
      service('cart').replace('ports: [{ port: 80 }, { port: 443 }]', 'type: ExternalName, externalName: a.example'),
      port('8080'),
      [],
    ],
    ['a Service whose namespace nobody sets', service('cart').replace(', namespace: shop', ''), port('8080'), []],
    ['one of two alternatives', service('cart'), port('8080'), [], { 'other.yaml': service('cart').replace('443', '8080') }],
  ])('%s', (_title, services, route, expected, more: Files = {}) => {
    expect(told({ 'a.yaml': services, 'b.yaml': route, ...more })).toEqual(expected);
  });

  it('is a number behind the fix', () => {
    const files = { 'a.yaml': service('cart'), 'b.yaml': port('8080') };
    const [finding] = findingsOf(files);
    expect(finding?.fixes.map(({ title }) => title)).toEqual(['Send to port 80', 'Send to port 443']);
    expect(applyEdits(files, finding?.fixes[1]?.edits() ?? [])['b.yaml']).toBe(port('443'));
  });
});

it('minds external hosts less: their ServiceEntry may stand in any namespace', () => {
  const entry = (namespace: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e, namespace: ${namespace} }\nspec: { hosts: [a.example.com] }\n`;
  const route = to('{ host: b.example.com }');
  expect(told({ 'a.yaml': entry('shop'), 'b.yaml': route })).toEqual(['warning b.example.com IST0101 KIA1101']);
  expect(told({ 'a.yaml': entry('pay'), 'b.yaml': route })).toEqual(['info b.example.com']);
});

describe('what files do not show', () => {
  it('is told once for each host, with no code', () => {
    const spec =
      '  http: [{ route: [{ destination: { host: a.pay.svc.cluster.local } }, { destination: { host: a.pay.svc.cluster.local } }] }]\n';
    expect(told({ 'a.yaml': service('cart'), 'b.yaml': virtualService(spec) })).toEqual(['info a.pay.svc.cluster.local']);
  });

  it.each([
    ['a host that a template writes', { 'a.yaml': service('cart'), 'b.yaml': to('{ host: "{{ host }}" }') }],
    ['a variable', { 'a.yaml': service('cart'), 'b.yaml': to('{ host: "${HOST}" }') }],
    ['no Service at all', { 'b.yaml': to('{ host: gone }') }],
    [
      'a chart',
      {
        'Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
        'templates/a.yaml': service('cart'),
        'templates/b.yaml': to('{ host: gone }'),
      },
    ],
    [
      'a base that cannot be built',
      {
        'kustomization.yaml': 'resources: [a.yaml, b.yaml, "https://example.com/base"]\n',
        'a.yaml': service('cart'),
        'b.yaml': to('{ host: gone }'),
      },
    ],
  ])('is nothing to tell of: %s', (_title, files) => {
    expect(told(files)).toEqual([]);
  });
});

it('tells of each environment by itself', () => {
  const files = {
    'base/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
    'base/a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: cart }\nspec: { ports: [{ port: 80 }] }\n',
    'base/b.yaml':
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web }\nspec: { hosts: [web], http: [{ route: [{ destination: { host: cart.prod.svc.cluster.local } }] }] }\n',
    'prod/kustomization.yaml': 'resources: [../base]\nnamespace: prod\n',
    'dev/kustomization.yaml': 'resources: [../base]\nnamespace: dev\n',
  };
  expect(findingsOf(files).map(({ reported }) => [reported.severity, reported.environments])).toEqual([['info', ['dev']]]);
});
