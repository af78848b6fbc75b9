import { describe, expect, it } from 'vitest';
import { conditionFault } from '../../engine/mesh/istio/validation/webhook/attributes';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-authorization-policy';

const says = (spec: string, metadata?: string): string[] => refusals(rule, istioDocument('AuthorizationPolicy', spec, metadata));
const from = (source: string, action = 'ALLOW'): string[] =>
  says(`action: ${action}\nrules: [{ from: [{ source: ${source} }] }]`);
const to = (operation: string): string[] => says(`rules: [{ to: [{ operation: ${operation} }] }]`);
const when = (condition: string, action = 'ALLOW'): string[] =>
  says(`action: ${action}\n${action === 'CUSTOM' ? 'provider: { name: a }\n' : ''}rules: [{ when: [${condition}] }]`);

describe('actions', () => {
  it.each([
    ['{}', []],
    ['rules: []', []],
    ['rules: [{}]', []],
    ['action: DENY', ['DENY | DENY has no rules, and so nothing to deny.']],
    ['action: DENY\nrules: [{}]', []],
    ['action: CUSTOM\nprovider: { name: a }', ['CUSTOM | CUSTOM has no rules, and so nothing to ask for.']],
    ['action: CUSTOM\nrules: [{}]', ['CUSTOM | CUSTOM asks an authorizer, and the policy names none.']],
    ['action: CUSTOM\nprovider: { name: "" }\nrules: [{}]', ['provider | CUSTOM asks an authorizer, and the policy names none.']],
    ['action: DENY\nprovider: { name: a }\nrules: [{}]', ['provider | A policy with action DENY names a provider.']],
    ['provider: { name: a }', ['provider | A policy with action ALLOW names a provider.']],
    ['action: "${ACTION}"', []],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });
});

describe('parts that are empty', () => {
  it.each([
    ['rules: [{ from: [] }]', ['from | "from" is an empty list, which nothing fits.']],
    ['rules: [{ to: [] }]', ['to | "to" is an empty list, which nothing fits.']],
    ['rules: [{ from: [{}] }]', ['{} | An entry of "from" has no source.']],
    ['rules: [{ from: [{ source: {} }] }]', ['source | The source is empty.']],
    ['rules: [{ from: [{ source: { principals: [] } }] }]', ['source | The source is empty.']],
    ['rules: [{ to: [{}] }]', ['{} | An entry of "to" has no operation.']],
    ['rules: [{ to: [{ operation: {} }] }]', ['operation | The operation is empty.']],
    ['rules: [{ to: [{ operation: { paths: [""] } }] }]', ['"" | An entry of "paths" is empty.']],
    ['rules: [{ from: [{ source: { notPrincipals: [""] } }] }]', ['"" | An entry of "notPrincipals" is empty.']],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });
});

describe('sources', () => {
  it.each([
    ['{ ipBlocks: [10.0.0.1, 10.0.0.0/8, "2001:db8::/32"] }', []],
    ['{ notRemoteIpBlocks: [10.0.0.256] }', ['10.0.0.256 | "10.0.0.256" is no address.']],
    ['{ serviceAccounts: [a, ns/a] }', []],
    ['{ serviceAccounts: ["a*"] }', ['"a*" | The service account "a*" has a wildcard.']],
    ['{ serviceAccounts: [a/b/c] }', ['a/b/c | The service account "a/b/c" has more than one slash.']],
    ['{ notServiceAccounts: [/a] }', ['/a | The service account "/a" lacks a part.']],
    ['{ trustDomains: [cluster.local, "a*", "*a", "*"] }', []],
    ['{ trustDomains: [a/b] }', ['a/b | The trust domain "a/b" has a slash.']],
    ['{ notTrustDomains: ["a*b"] }', ['"a*b" | The trust domain "a*b" has a wildcard that is not at one of its ends.']],
    ['{ trustDomains: ["*a*"] }', ['"*a*" | The trust domain "*a*" has a wildcard that is not at one of its ends.']],
  ])('%s', (source, expected) => {
    expect(from(source)).toEqual(expected);
  });

  it.each(['namespaces', 'notServiceAccounts', 'trustDomains', 'principals', 'notRequestPrincipals'])(
    'not for CUSTOM: %s',
    (field) => {
      expect(says(`action: CUSTOM\nprovider: { name: a }\nrules: [{ from: [{ source: { ${field}: [a] } }] }]`)).toEqual([
        `${field} | A policy with action CUSTOM compares "${field}", which it cannot.`,
      ]);
    },
  );
});

describe('operations', () => {
  it.each([
    ['{ ports: ["0", "65535"] }', []],
    ['{ ports: ["65536"] }', ['"65536" | "65536" is no port.']],
    ['{ notPorts: ["80*"] }', ['"80*" | "80*" is no port.']],
    ['{ paths: [/a, "/a/*", "*/a", "*", "/{*}/a", "/a/{**}", "/{**}/a/b", "/{*}/{*}/{**}"] }', []],
    ['{ paths: ["/a{*}"] }', ['"/a{*}" | The path "/a{*}" has the segment "a{*}".']],
    ['{ paths: ["/{a}"] }', ['"/{a}" | The path "/{a}" has the segment "{a}".']],
    ['{ notPaths: ["/{**}/{*}"] }', ['"/{**}/{*}" | The path "/{**}/{*}" has a template behind "{**}".']],
  ])('%s', (operation, expected) => {
    expect(to(operation)).toEqual(expected);
  });
});

describe('conditions', () => {
  it.each([
    ['{ key: "request.headers[X-A]", values: [a] }', []],
    ['{ key: "request.auth.claims[a][b]", notValues: [a] }', []],
    ['{ key: experimental.envoy.filters.a.b, values: [a] }', []],
    ['{ key: source.ip, values: [10.0.0.1], notValues: [ten] }', ['ten | "ten" is no address.']],
    ['{ key: destination.port, values: ["99999"] }', ['"99999" | "99999" is no port.']],
    ['{ key: "", values: [a] }', ['"" | The condition has an empty key.']],
    ['{ key: source.ip }', ['source.ip | The condition on "source.ip" has neither "values" nor "notValues".']],
    ['{ key: request.path, values: [a] }', ['request.path | "request.path" is no attribute that a condition can compare.']],
    [
      '{ key: request.headers, values: [a] }',
      ['request.headers | "request.headers" is no attribute that a condition can compare.'],
    ],
    [
      '{ key: "request.headers[]", values: [a] }',
      ['"request.headers[]" | "request.headers[]" is no attribute that a condition can compare.'],
    ],
    ['{ key: source.Ip, values: [a] }', ['source.Ip | "source.Ip" is no attribute that a condition can compare.']],
  ])('%s', (condition, expected) => {
    expect(when(condition)).toEqual(expected);
  });

  it.each([
    ['request.path', 'use to.operation.paths'],
    ['destination.labels[app]', "use the policy's selector"],
    // What it was before is in no document that is known here.
    ['source.user', expect.stringMatching(/^use one of source\.ip, /)],
  ])('%s leads to what says the same, where that is beyond doubt', (key, todo) => {
    expect(conditionFault(key)?.todo).toEqual(todo);
  });

  it('those that an authorizer of one’s own does not see', () => {
    expect(when('{ key: source.principal, values: [a] }', 'CUSTOM')).toEqual([
      'source.principal | A policy with action CUSTOM compares source.principal, which it cannot.',
    ]);
    expect(when('{ key: source.ip, values: [10.0.0.1] }', 'CUSTOM')).toEqual([]);
  });
});

describe('DENY by HTTP alone', () => {
  const deny = (rule: string): string[] => says(`action: DENY\nrules: [${rule}]`);

  it.each([
    ['{ to: [{ operation: { methods: [GET] } }] }', ['warning: methods | The rule denies by "methods" alone.']],
    [
      '{ from: [{ source: { notRequestPrincipals: ["*"] } }] }',
      ['warning: notRequestPrincipals | The rule denies by "notRequestPrincipals" alone.'],
    ],
    [
      '{ to: [{ operation: { paths: [/a] } }], when: [{ key: "request.headers[a]", values: [b] }] }',
      ['warning: paths | The rule denies by "paths" and other attributes of HTTP alone.'],
    ],
    ['{ to: [{ operation: { methods: [GET], ports: ["80"] } }] }', []],
    ['{ from: [{ source: { namespaces: [a] } }], to: [{ operation: { methods: [GET] } }] }', []],
    ['{ to: [{ operation: { methods: [GET] } }], when: [{ key: source.ip, values: [10.0.0.1] }] }', []],
    ['{}', []],
  ])('%s', (spec, expected) => {
    expect(deny(spec)).toEqual(expected);
  });

  it('is nothing to ALLOW', () => {
    expect(to('{ methods: [GET] }')).toEqual([]);
  });
});

describe('targets, selectors and trial runs', () => {
  it.each([
    ['targetRef: { kind: Service, name: a }', []],
    ['targetRef: { group: core, kind: Service, name: a }', []],
    ['targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: a }]', []],
    ['targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: a }]', []],
    ['targetRefs: [{ kind: Gateway, name: a }]', ['Gateway | A policy cannot attach to a Gateway of the core group.']],
    [
      'targetRefs: [{ group: apps, kind: Deployment, name: a }]',
      ['Deployment | A policy cannot attach to a Deployment of group "apps".'],
    ],
    ['targetRefs: [{ group: apps, kind: Service, name: a }]', ['apps | A policy cannot attach to a Service of group "apps".']],
    ['targetRefs: [{ group: "${GROUP}", kind: Gateway, name: a }]', []],
    ['selector: { matchLabels: {} }', ['warning: selector | The selector names no labels.']],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });

  it.each([
    ['"true"', '{}', []],
    ['"yes"', '{}', ['"yes" | "yes" is neither true nor false.']],
    [
      '"true"',
      '{ action: AUDIT }',
      ['istio.io/dry-run | The annotation istio.io/dry-run is for AuthorizationPolicies with action ALLOW or DENY alone.'],
    ],
  ])('istio.io/dry-run: %s with %s', (value, spec, expected) => {
    expect(says(spec, `  annotations: { istio.io/dry-run: ${value} }\n`)).toEqual(expected);
  });
});
