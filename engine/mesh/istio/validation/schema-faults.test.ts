import { describe, expect, it } from 'vitest';
import { istioDocument, nodeOf } from '../../../../test/support/istio-validation';
import { istioKinds } from '../../../../schemas/istio';
import { validatorOf } from '../../../../schemas/istio/validators';
import { locate } from '../../../yaml/tree';
import { plainDocument } from './plain-document';
import { schemaFaults } from './schema-faults';

/** What a schema has against a spec: `class | covered text | what | todo`. */
function faults(kind: string, spec: string): string[] {
  const text = istioDocument(kind, spec);
  const root = nodeOf(text);
  const schema = istioKinds.find((one) => one.kind === kind);
  const validate = validatorOf(kind);
  const document = plainDocument(root);
  if (schema === undefined || validate === undefined || document === undefined) throw new Error(`nothing validates ${kind}`);
  return schemaFaults(schema, validate, root, document.value).map(({ of, place, what, todo }) => {
    const { start, end } = locate(place);
    return `${of} | ${text.slice(start, end)} | ${what} | ${todo}`;
  });
}

describe('types', () => {
  it.each([
    ['Sidecar', '{ egress: { hosts: [a] } }', 'egress | spec.egress is a map, not a list | write a list'],
    ['Sidecar', '{ egress: [a] }', 'a | spec.egress[0] is the string "a", not a map | write a map'],
    ['Sidecar', '{ egress: [{ hosts: [1] }] }', '1 | spec.egress[0].hosts[0] is the number 1, not a string | put it in quotes'],
    [
      'Sidecar',
      '{ egress: [{ hosts: [yes] }] }',
      'yes | spec.egress[0].hosts[0] is the boolean yes, not a string | put it in quotes',
    ],
    ['Gateway', '{ selector: [a] }', 'selector | spec.selector is a list, not a map | write a map'],
    [
      'ProxyConfig',
      '{ concurrency: "2" }',
      '"2" | spec.concurrency is the string "2", not a whole number | take the quotes away',
    ],
    [
      'ProxyConfig',
      '{ concurrency: two }',
      'two | spec.concurrency is the string "two", not a whole number | write a whole number',
    ],
    [
      'ProxyConfig',
      '{ concurrency: 1.5 }',
      '1.5 | spec.concurrency is the number 1.5, not a whole number | write a whole number',
    ],
    [
      'RequestAuthentication',
      '{ jwtRules: [{ issuer: a, outputClaimToHeaders: [~] }] }',
      '~ | spec.jwtRules[0].outputClaimToHeaders[0] is empty, not a map | write a map, or remove the item',
    ],
  ])('%s: %s', (kind, spec, expected) => {
    expect(faults(kind, spec)).toEqual([`invalid-value | ${expected}`]);
  });

  it('takes a whole number that is written with a fraction', () => {
    expect(faults('ProxyConfig', '{ concurrency: 2.0 }')).toEqual([]);
  });
});

describe('bounds and forms', () => {
  it.each([
    ['ProxyConfig', '{ concurrency: -1 }', '-1 | spec.concurrency is -1, out of bounds | write a value from 0 to 2147483647'],
    [
      'ProxyConfig',
      '{ concurrency: 3000000000 }',
      '3000000000 | spec.concurrency is 3000000000, out of bounds | write a value from 0 to 2147483647',
    ],
    [
      'Telemetry',
      '{ tracing: [{ randomSamplingPercentage: 100.5 }] }',
      '100.5 | spec.tracing[0].randomSamplingPercentage is 100.5, out of bounds | write a value from 0 to 100',
    ],
    ['WasmPlugin', '{ url: a, pluginName: "" }', '"" | spec.pluginName is empty | write a value, or leave the field out'],
    [
      'WasmPlugin',
      '{ url: a, sha256: ABC }',
      'ABC | spec.sha256 is ABC, which has not the form that it must have | write what fits (^$|^[a-f0-9]{64}$)',
    ],
    [
      'PeerAuthentication',
      '{ portLevelMtls: {} }',
      'portLevelMtls | spec.portLevelMtls is empty | give it an entry, or leave the field out',
    ],
    ['ServiceEntry', '{ hosts: [] }', 'hosts | spec.hosts is empty | give it an entry, or leave the field out'],
    [
      'WorkloadEntry',
      `{ address: a, network: ${'a'.repeat(2049)} }`,
      `${'a'.repeat(2049)} | spec.network is longer than 2048 characters | shorten it`,
    ],
    [
      'AuthorizationPolicy',
      `{ targetRefs: [${Array.from({ length: 17 }, () => '{ kind: Service, name: a }').join(', ')}] }`,
      'targetRefs | spec.targetRefs has more than 16 entries | spread them over several resources',
    ],
  ])('%s: %s', (kind, spec, expected) => {
    expect(faults(kind, spec)).toEqual([`invalid-value | ${expected}`]);
  });

  it('names the word that was most likely meant', () => {
    expect(faults('AuthorizationPolicy', '{ action: Allow }')).toEqual([
      'invalid-value | Allow | spec.action is Allow, which is none of its values | did you mean "ALLOW"? The values are ALLOW, DENY, AUDIT, CUSTOM',
    ]);
    expect(faults('AuthorizationPolicy', '{ action: permit }')).toEqual([
      'invalid-value | permit | spec.action is permit, which is none of its values | write one of ALLOW, DENY, AUDIT, CUSTOM',
    ]);
  });
});

describe('fields that are missing', () => {
  it.each([
    ['DestinationRule', '{ subsets: [] }', 'spec | spec lacks the field "host"'],
    ['DestinationRule', '{ host: }', 'host | spec.host has no value'],
    [
      'VirtualService',
      '{ hosts: [a], http: [{ route: [{ weight: 1 }] }] }',
      'weight | spec.http[0].route[0] lacks the field "destination"',
    ],
    ['WasmPlugin', '{}', 'spec | spec lacks the field "url"'],
  ])('%s: %s', (kind, spec, expected) => {
    expect(faults(kind, spec).map((line) => line.replace(/ \| set it.*$/, ''))).toEqual([`missing-field | ${expected}`]);
  });

  it('a spec that a kind must have', () => {
    const text = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\n';
    const schema = istioKinds.find(({ kind }) => kind === 'ServiceEntry');
    const validate = validatorOf('ServiceEntry');
    if (schema === undefined || validate === undefined) throw new Error('there is no schema');
    const root = nodeOf(text);
    expect(schemaFaults(schema, validate, root, plainDocument(root)?.value)).toMatchObject([
      { of: 'missing-field', place: { node: { value: 'apiVersion' } } },
    ]);
  });
});

describe('fields that nothing knows', () => {
  it.each([
    ['VirtualService', '{ host: [a] }', 'host | spec has no field "host" | did you mean "hosts"?'],
    ['VirtualService', '{ hosts: [a], httpp: }', 'httpp | spec has no field "httpp" | did you mean "http"?'],
    [
      'VirtualService',
      '{ hosts: [a], http: [{ match: [{ timeout: 1s }] }] }',
      'timeout | spec.http[0].match[0] has no field "timeout" | it belongs into spec.http[0]',
    ],
    [
      'DestinationRule',
      '{ host: a, connectionPool: {} }',
      'connectionPool | spec has no field "connectionPool" | it belongs into spec.trafficPolicy',
    ],
    [
      'PeerAuthentication',
      '{ enforce: true }',
      'enforce | spec has no field "enforce" | remove it; the fields are selector, mtls, portLevelMtls',
    ],
  ])('%s: %s', (kind, spec, expected) => {
    expect(faults(kind, spec)).toEqual([`unknown-field | ${expected}`]);
  });

  it('where the author chooses the names, none', () => {
    expect(faults('Gateway', '{ selector: { anything: goes } }')).toEqual([]);
    expect(faults('WasmPlugin', '{ url: a, pluginConfig: { any: { thing: [1] } } }')).toEqual([]);
  });

  it('in metadata as well', () => {
    const root = nodeOf('apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: a\n  lables: {}\n');
    const schema = istioKinds.find(({ kind }) => kind === 'Sidecar');
    const validate = validatorOf('Sidecar');
    if (schema === undefined || validate === undefined) throw new Error('there is no schema');
    expect(schemaFaults(schema, validate, root, plainDocument(root)?.value)).toMatchObject([
      { what: 'metadata has no field "lables"', instead: 'labels' },
    ]);
  });
});

describe('fields that exclude each other', () => {
  it('are told once, at the last, with the others beside it', () => {
    expect(faults('VirtualService', '{ hosts: [a], http: [{ match: [{ uri: { exact: a, prefix: b } }], route: [] }] }')).toEqual([
      'conflicting-fields | prefix | spec.http[0].match[0].uri sets "exact" and "prefix", of which only one may be set | keep the one that is meant',
    ]);
  });

  it('in one group of several', () => {
    const spec =
      '{ host: a, trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, ringHash: {}, maglev: {} } } } }';
    expect(faults('DestinationRule', spec)).toEqual([
      'conflicting-fields | maglev | spec.trafficPolicy.loadBalancer.consistentHash sets "ringHash" and "maglev", of which only one may be set | keep the one that is meant',
    ]);
  });
});

describe('what is hidden', () => {
  it.each([
    ['WasmPlugin', '{ url: "${URL}" }'],
    ['ServiceEntry', '{ hosts: ["${HOST}"], ports: "${PORTS}" }'],
    ['ServiceEntry', '{ hosts: [a], resolution: "${RESOLUTION}" }'],
    ['ServiceEntry', '{ hosts: [a], ports: [{ name: a, number: "${PORT}" }] }'],
    ['VirtualService', '{ hosts: [a], http: [{ match: [{ uri: { exact: a, prefix: "${PREFIX}" } }], route: [] }] }'],
  ])('%s: %s says nothing', (kind, spec) => {
    expect(faults(kind, spec)).toEqual([]);
  });

  it('a field that is wrong by its name is told whatever its value', () => {
    expect(faults('WasmPlugin', '{ url: a, plugin: "${NAME}" }')).toMatchObject([
      expect.stringContaining('has no field "plugin"'),
    ]);
  });
});

it('does not look at a document that aliases make too large', () => {
  const levels = Array.from(
    { length: 8 },
    (_, i) => `l${i}: &l${i} [${Array.from({ length: 10 }, () => (i === 0 ? 'a' : `*l${i - 1}`)).join(', ')}]`,
  );
  expect(plainDocument(nodeOf(levels.join('\n')))).toBeUndefined();
});
