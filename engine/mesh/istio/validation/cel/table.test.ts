import { describe, expect, it } from 'vitest';
import { nodeOf } from '../../../../../test/support/istio-validation';
import { celFaults } from './evaluate';
import * as is from './predicates';
import type { Predicate } from './predicates';
import { CEL_RULES, LIST_KEYS } from './table';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A value that each predicate lets through, and one that it refuses: what the CRDs' rules say, in both directions. */
const SAMPLES: readonly (readonly [name: string, predicate: Predicate, passes: Json, fails: Json])[] = [
  [
    'a selector or targets',
    is.atMostOne('selector', 'targetRef', 'targetRefs'),
    { selector: {} },
    { selector: {}, targetRefs: [] },
  ],
  ['keys without wildcard', is.keysWithoutWildcard, { app: 'a' }, { 'ap*': 'a' }],
  ['keys that are not empty', is.keysNotEmpty, { app: 'a' }, { '': 'a' }],
  ['values without wildcard', is.withoutWildcard, 'a', 'a*'],
  ['no namespace', is.ownNamespaceOnly, '', 'other'],
  ['the URL of a module', is.wasmUrl, 'ghcr.io/a/b:1', 'ftp://example.com/a'],
  [
    'a value or the environment',
    is.valueOnlyInline,
    { name: 'A', valueFrom: 'HOST' },
    { name: 'A', valueFrom: 'HOST', value: 'a' },
  ],
  ['a millisecond at least', is.atLeastOneMillisecond, '1ms', '999us'],
  [
    'a waypoint in its context',
    is.waypointByContext,
    { context: 'WAYPOINT', waypoint: {} },
    { context: 'GATEWAY', waypoint: {} },
  ],
  ['a port', is.portNumber, 65535, 65536],
  [
    'single addresses',
    is.cidrByResolution,
    { resolution: 'STATIC', addresses: ['10.0.0.0/8'] },
    { resolution: 'DNS', addresses: ['10.0.0.0/8'] },
  ],
  [
    'no endpoints with NONE',
    is.noEndpointsWithNone,
    { resolution: 'DNS', endpoints: [{ address: 'a' }] },
    { endpoints: [{ address: 'a' }] },
  ],
  [
    'one endpoint with DNS_ROUND_ROBIN',
    is.oneEndpointWithRoundRobin,
    { resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a' }] },
    { resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a' }, { address: 'b' }] },
  ],
  ['an address or a network', is.addressOrNetwork, { network: 'a' }, { labels: {} }],
  [
    'no ports of a socket',
    is.noPortsOfSocket,
    { address: '1.1.1.1', ports: { a: 1 } },
    { address: 'unix:///a', ports: { a: 1 } },
  ],
  ['an absolute path', is.socketIsAbsolute, 'unix://@a', 'unix://a'],
  ['no folder', is.socketIsNoFolder, 'unix:///a', 'unix:///a/'],
  ['names of ports', is.portNames, { 'http-1': 1 }, { http_1: 1 }],
  ['not every host', is.notEveryHost, '*.example.com', '*'],
  ['ports that differ', is.differIn('number'), [{ number: 1 }, { number: 2 }], [{ number: 1 }, { number: 1 }]],
  ['a scheme of a probe', is.httpScheme, 'HTTPS', 'https'],
  [
    'service accounts alone',
    is.serviceAccountsAlone,
    { serviceAccounts: ['a'], notIpBlocks: ['1.1.1.1'] },
    { notServiceAccounts: ['a'], namespaces: ['b'] },
  ],
  [
    'a selector for ports',
    is.selectorForPorts,
    { portLevelMtls: { 80: {} }, selector: { matchLabels: { app: 'a' } } },
    { portLevelMtls: { 80: {} }, selector: { matchLabels: {} } },
  ],
  ['ports as keys', is.portKeys, { 80: {} }, { 0: {} }],
  ['a URL of the web', is.webUrl, 'https://example.com', 'ftp://example.com'],
  ['a value to set', is.valueToSet, { operation: 'UPSERT', value: 'a' }, { operation: 'UPSERT' }],
  ['no value to remove', is.noValueToRemove, { operation: 'REMOVE' }, { operation: 'REMOVE', value: 'a' }],
  ['wasm or lua', is.wasmOrLua, { lua: {} }, { priority: 1 }],
];

/** The pairs of fields that exclude each other: each group is a predicate of its own. */
const GROUPS = [
  ['selector', 'targetRefs'],
  ['workloadSelector', 'targetRefs'],
  ['workloadSelector', 'endpoints'],
  ['jwksUri', 'jwks'],
  ['tlsCertificates', 'credentialNames'],
  ['credentialName', 'credentialNames'],
] as const;

/** The document that holds a value where a path of the table leads. */
function documentWith(path: string, value: Json): Json {
  return [...path.matchAll(/\[\]|\{\}|[^.[{]+/g)].reduceRight<Json>((inner, [part]) => {
    if (part === '[]') return [inner];
    return { [part === '{}' ? 'key' : part]: inner };
  }, value);
}

const faultsAt = (kind: string, path: string, value: Json): string[] =>
  celFaults(kind, nodeOf(JSON.stringify(documentWith(path, value)))).map(({ of, what }) => `${of}: ${what}`);

describe('each predicate by itself', () => {
  it.each(SAMPLES)('%s', (_, predicate, passes, fails) => {
    expect(predicate.check(nodeOf(JSON.stringify(passes)))).toBeUndefined();
    expect(predicate.check(nodeOf(JSON.stringify(fails)))).toMatchObject({ what: expect.stringMatching(/./) as string });
  });

  it.each(GROUPS)('%s excludes %s', (one, other) => {
    const predicate = is.atMostOne(one, other);
    expect(predicate.check(nodeOf(JSON.stringify({ [one]: ['a'] })))).toBeUndefined();
    expect(predicate.check(nodeOf(JSON.stringify({ [one]: ['a'], [other]: ['b'] })))?.related).toHaveLength(1);
  });
});

describe.each(Object.keys(CEL_RULES))('%s', (kind) => {
  const rows = CEL_RULES[kind] ?? [];

  it.each(rows.map(([path, predicate], i) => [`${path} (${i})`, path, predicate] as const))('%s', (_, path, predicate) => {
    const { passes, fails } = sampleOf(predicate);
    const fault = `${predicate.of}: ${predicate.check(nodeOf(JSON.stringify(fails)))?.what ?? ''}`;
    // A document made for one rule may well break another.
    expect(faultsAt(kind, path, passes)).not.toContain(fault);
    expect(faultsAt(kind, path, fails)).toContain(fault);
  });
});

describe.each(Object.keys(LIST_KEYS))('lists of %s', (kind) => {
  it.each((LIST_KEYS[kind] ?? []).map(([path, predicate]) => [path, predicate] as const))('%s', (path, predicate) => {
    const field = path.endsWith('env') || path.endsWith('spec.ports') ? 'name' : 'number';
    expect(predicate.check(nodeOf(JSON.stringify([{ [field]: 1 }, { [field]: 2 }])))).toBeUndefined();
    expect(faultsAt(kind, path, [{ [field]: 7 }, { [field]: 7 }])).toContain(`invalid-value: the ${field} 7 is there twice`);
  });
});

/** A sample of the same predicate: those that are made for a row are told by what they refuse. */
function sampleOf(predicate: Predicate): { passes: Json; fails: Json } {
  for (const [, own, passes, fails] of SAMPLES) if (own === predicate) return { passes, fails };
  for (const [one, other] of GROUPS) {
    const fails = { [one]: ['a'], [other]: ['b'] };
    if (predicate.of === 'conflicting-fields' && predicate.check(nodeOf(JSON.stringify(fails))) !== undefined) {
      return { passes: { [one]: ['a'] }, fails };
    }
  }
  const fails = [{ number: 1 }, { number: 1 }];
  expect(predicate.check(nodeOf(JSON.stringify(fails)))).toBeDefined();
  return { passes: [{ number: 1 }, { number: 2 }], fails };
}

describe('what is hidden', () => {
  it.each([
    ['.spec', '{ selector: {}, targetRefs: "{{ .Values.targets }}" }', 'AuthorizationPolicy'],
    ['.spec', '{ resolution: STATIC, workloadSelector: "${SELECTOR}", endpoints: [] }', 'ServiceEntry'],
    ['.spec', '{ resolution: "${RESOLUTION}", endpoints: [] }', 'ServiceEntry'],
    ['.spec', '{ address: "${ADDRESS}" }', 'WorkloadEntry'],
  ])('%s: %s is let through', (_, spec, kind) => {
    expect(celFaults(kind, nodeOf(`spec: ${spec}`))).toEqual([]);
  });
});
