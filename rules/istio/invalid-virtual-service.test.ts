import { describe, expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-virtual-service';

const says = (spec: string, metadata?: string): string[] => refusals(rule, istioDocument('VirtualService', spec, metadata));
/** One HTTP rule with a route. */
const route = (rest: string): string[] => says(`hosts: [a.com]\nhttp:\n  - route: [{ destination: { host: a } }]\n    ${rest}`);
const http = (rule: string): string[] => says(`hosts: [a.com]\nhttp:\n  - ${rule}`);
const match = (match: string): string[] => route(`match: [${match}]`);

describe('hosts', () => {
  it.each([
    ['hosts: [a.com, "*.b.com", 10.0.0.1, cart]', []],
    ['hosts: ["*"]\ngateways: [ns/gw]', []],
    ['hosts: [outbound_.443_._.a.ns.svc.cluster.local]\ngateways: [gw]', []],
    [
      'hosts: [a_b]',
      ['a_b | The host "a_b" has the part "a_b", which is no DNS label (letters, digits and hyphens inside, up to 63).'],
    ],
    ['hosts: ["a.*.com"]', ['"a.*.com" | The host "a.*.com" has a wildcard that is not all of the first label.']],
    ['hosts: ["*"]', ['"*" | The host "*" is for sidecars as well, which cannot have one rule for every host.']],
    [
      'hosts: ["*"]\ngateways: [ns/gw, mesh]',
      ['"*" | The host "*" is for sidecars as well, which cannot have one rule for every host.'],
    ],
    ['hosts: [a.com, b.com, a.com]', ['a.com | The host "a.com" is there twice.']],
    ['hosts: ["*.com", a.com]\ngateways: [ns/gw]', ['a.com | The hosts "*.com" and "a.com" overlap.']],
    ['hosts: ["${HOST}", a.com]', []],
  ])('%s', (spec, expected) => {
    expect(says(`${spec}\nhttp: [{ route: [{ destination: { host: a } }] }]`)).toEqual(expected);
  });
});

describe('gateways', () => {
  it.each([
    ['[mesh, ns/gw, gw]', []],
    ['[gw.ns]', ['warning: gw.ns | The gateway "gw.ns" is named in the old form with a dot.']],
    [
      '[gw.ns.svc.cluster.local]',
      ['warning: gw.ns.svc.cluster.local | The gateway "gw.ns.svc.cluster.local" is named in the old form with a dot.'],
    ],
    ['[/gw]', ['/gw | The namespace "" of the gateway is no DNS label.']],
    ['[ns/gw.x]', ['ns/gw.x | The name "gw.x" of the gateway is no DNS label.']],
    [
      '[g_w]',
      ['g_w | The gateway "g_w" has the part "g_w", which is no DNS label (letters, digits and hyphens inside, up to 63).'],
    ],
  ])('%s', (gateways, expected) => {
    expect(says(`hosts: [a.com]\ngateways: ${gateways}\nhttp: [{ route: [{ destination: { host: a } }] }]`)).toEqual(expected);
  });
});

describe('what a VirtualService must have', () => {
  it.each([
    ['hosts: [a.com]', ['spec | There is no rule in "http", "tls" or "tcp".']],
    ['hosts: [a.com]\nhttp: []', ['spec | There is no rule in "http", "tls" or "tcp".']],
    [
      'gateways: [gw]\nhttp: [{ route: [{ destination: { host: a } }] }]\ntcp: [{ route: [{ destination: { host: a } }] }]',
      [
        'gateways | A VirtualService without hosts has "gateways", and others can delegate to it for HTTP alone.',
        'tcp | A VirtualService without hosts has "tcp", and others can delegate to it for HTTP alone.',
      ],
    ],
    ['http: [{ delegate: { name: b } }]', ['delegate | A VirtualService that others delegate to delegates itself.']],
    ['hosts: [a.com]\nhttp: "${ROUTES}"', []],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });

  it('a spec at all', () => {
    const text = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: a\n';
    expect(refusals(rule, text)).toEqual(['a | There is no rule in "http", "tls" or "tcp".']);
  });
});

describe('what a rule does', () => {
  it.each([
    ['redirect: { uri: /b }', []],
    ['directResponse: { status: 200 }', []],
    ['delegate: { name: b }', []],
    ['name: b', ['name | The rule says nothing of what becomes of its requests.']],
    ['{ redirect: { uri: /b }, route: [{ destination: { host: a } }] }', ['route | One rule has both "redirect" and "route".']],
    ['{ redirect: { uri: /b }, fault: { abort: { httpStatus: 500 } } }', ['fault | One rule has both "redirect" and "fault".']],
    ['{ redirect: { uri: /b }, rewrite: { uri: /c } }', ['rewrite | One rule has both "redirect" and "rewrite".']],
    [
      '{ redirect: { uri: /b }, directResponse: { status: 200 } }',
      ['directResponse | One rule has both "redirect" and "directResponse".'],
    ],
    [
      '{ directResponse: { status: 200 }, rewrite: { uri: /c } }',
      ['rewrite | One rule has both "directResponse" and "rewrite".'],
    ],
    ['{ delegate: { name: b }, redirect: { uri: /b } }', ['redirect | One rule has both "delegate" and "redirect".']],
    ['{ delegate: { name: b }, route: [{ destination: { host: a } }] }', ['route | One rule has both "delegate" and "route".']],
    [
      '{ route: [{ destination: { host: a } }], mirror: { host: b }, mirrors: [{ destination: { host: c } }] }',
      ['mirrors | One rule has both "mirror" and "mirrors".'],
    ],
  ])('%s', (spec, expected) => {
    expect(http(spec)).toEqual(expected);
  });
});

describe('matches', () => {
  it.each([
    ['{ uri: { prefix: "" }, headers: { x: { prefix: "" } } }', []],
    ['{ withoutHeaders: { x: { regex: "*" } } }', []],
    ['{ method: { prefix: "" } }', ['"" | The prefix of method is empty.']],
    ['{ uri: { regex: "" } }', ['"" | The regular expression is empty.']],
    ['{ uri: { regex: "(" } }', ['"(" | The regular expression "(" has no closing ")".']],
    ['{ headers: { x: { regex: "*" } } }', ['"*" | The regular expression "*" has a "*" with nothing to repeat.']],
    ['{ queryParams: { x: { regex: "[" } } }', ['"[" | The regular expression "[" has no closing "]".']],
    ['{ headers: { "a b": {} } }', ['"a b" | The header "a b" has a character that no name of a header has.']],
    ['{ headers: { ":authority": { exact: a } } }', []],
    [
      '{ headers: { "@request.auth.claims.group": { exact: a } } }',
      ['"@request.auth.claims.group" | Claims of a JWT are matched in a VirtualService that is for no gateway.'],
    ],
    ['{ port: 0 }', ['0 | 0 is no port.']],
    ['{ port: 65536 }', ['65536 | 65536 is no port.']],
    [
      '{ sourceLabels: { "-a": b } }',
      ['"-a" | The label "-a" may hold letters, digits, and inside of it hyphens, underscores and dots.'],
    ],
    ['{ sourceNamespace: a.b }', ['a.b | The namespace "a.b" is no DNS label.']],
    ['{ gateways: [a/b/c] }', ['a/b/c | The name "b/c" of the gateway is no DNS label.']],
    [`{ uri: { regex: ${'a'.repeat(1025)} } }`, [`${'a'.repeat(1025)} | The regular expression has more than 1024 characters.`]],
  ])('%s', (spec, expected) => {
    expect(match(spec)).toEqual(expected);
  });

  it('lets claims be matched at a gateway', () => {
    expect(
      says(
        'hosts: [a.com]\ngateways: [ns/gw]\nhttp:\n  - match: [{ headers: { "@request.auth.claims.group": { exact: a } } }]\n    route: [{ destination: { host: a } }]',
      ),
    ).toEqual([]);
  });
});

describe('headers', () => {
  it.each([
    ['headers: { request: { set: { host: b, x-a: "%REQ(X)%" }, add: { x-b: 50%% }, remove: [x-c] } }', []],
    ['headers: { request: { set: { ":path": /b } } }', ['":path" | The header ":path" cannot be changed like this.']],
    ['headers: { request: { remove: [host] } }', ['host | The header "host" cannot be changed like this.']],
    ['headers: { response: { set: { ":status": "200" } } }', ['":status" | The header ":status" cannot be changed like this.']],
    ['headers: { response: { add: { "a b": c } } }', ['"a b" | The header "a b" has a character that no name of a header has.']],
    [
      'headers: { request: { set: { x-a: 50% } } }',
      ['50% | The value "50%" begins a command of Envoy with "%" and does not end it.'],
    ],
    [
      'headers: { request: { set: { host: b }, add: { ":authority": c } } }',
      ['":authority" | The host of the request is changed twice.'],
    ],
    ['{ rewrite: { authority: b }, headers: { request: { set: { Host: c } } } }', undefined],
  ])('%s', (spec, expected) => {
    if (expected !== undefined) expect(route(spec)).toEqual(expected);
    else
      expect(route('rewrite: { authority: b }\n    headers: { request: { set: { Host: c } } }')).toEqual([
        'Host | The host of the request is changed twice.',
      ]);
  });
});

describe('destinations', () => {
  it.each([
    ['[{ destination: { host: a }, weight: 0 }]', []],
    ['[{ destination: { host: a }, weight: 1 }, { destination: { host: b }, weight: 9 }]', []],
    ['[{ destination: { host: "*" } }]', ['"*" | Traffic cannot go to the host "*".']],
    [
      '[{ destination: { host: "a b" } }]',
      ['"a b" | The host "a b" has the part "a b", which is no DNS label (letters, digits and hyphens inside, up to 63).'],
    ],
    ['[{ destination: { host: a, subset: v.1 } }]', ['v.1 | The subset "v.1" is no DNS label.']],
    ['[{ destination: { host: a, port: { number: 70000 } } }]', ['70000 | 70000 is no port.']],
    ['[{ destination: { host: a, port: {} } }]', ['port | The port has no number.']],
    ['[{ destination: { host: a }, weight: -1 }]', ['-1 | -1 is negative.']],
    ['[{ destination: { host: a } }, { destination: { host: b } }]', ['route | The weights of 2 destinations add up to 0.']],
    [
      '[{ destination: { host: a }, headers: { request: { remove: [":a"] } } }]',
      ['":a" | The header ":a" cannot be changed like this.'],
    ],
  ])('%s', (destinations, expected) => {
    expect(http(`route: ${destinations}`)).toEqual(expected);
  });
});

describe('what else a rule may have', () => {
  it.each([
    ['corsPolicy: { allowOrigins: [{ exact: https://a.com }], allowMethods: [GET, "*"], allowHeaders: [x-a], maxAge: 1h }', []],
    ['corsPolicy: { allowOrigins: [{ regex: "(" }] }', ['"(" | The regular expression "(" has no closing ")".']],
    ['corsPolicy: { allowOrigins: [{ exact: "" }] }', ['"" | The origin is empty.']],
    ['corsPolicy: { allowMethods: [get] }', ['get | "get" is no method.']],
    ['corsPolicy: { exposeHeaders: ["a b"] }', ['"a b" | The header "a b" has a character that no name of a header has.']],
    ['corsPolicy: { maxAge: 1.5s }', ['1.5s | "1.5s" is no number of whole seconds.']],
    ['fault: { abort: { grpcStatus: UNAVAILABLE, percentage: { value: 0.0001 } } }', []],
    ['fault: {}', ['fault | The fault has neither "abort" nor "delay".']],
    ['fault: { abort: { httpStatus: 199 } }', ['199 | 199 is no HTTP status that a fault can have.']],
    ['fault: { abort: { httpStatus: 601 } }', ['601 | 601 is no HTTP status that a fault can have.']],
    ['fault: { abort: { grpcStatus: unavailable } }', ['unavailable | "unavailable" is no status of gRPC.']],
    ['fault: { abort: { http2Error: A } }', ['A | Errors of HTTP/2 are not implemented.']],
    ['fault: { abort: { percentage: { value: 5 } } }', ['warning: abort | The abort names no error.']],
    ['fault: { abort: { httpStatus: 500, percentage: { value: 101 } } }', ['101 | 101 is no percentage.']],
    [
      'fault: { abort: { httpStatus: 500, percentage: { value: 0.00001 } } }',
      ['0.00001 | 0.00001 per cent is less than Envoy can count.'],
    ],
    ['fault: { delay: { exponentialDelay: 1s } }', ['1s | Exponential delays are not implemented.']],
    ['fault: { delay: { fixedDelay: 1.0001s } }', ['1.0001s | "1.0001s" has a fraction of a millisecond.']],
    ['mirrorPercentage: { value: -1 }', ['-1 | -1 is no percentage.']],
    ['mirrors: [{ destination: { host: "*" } }]', ['"*" | Traffic cannot go to the host "*".']],
    ['retries: { attempts: 3, retryOn: "connect-failure,503, reset", perTryTimeout: 2s }', []],
    ['retries: { attempts: -1 }', ['-1 | -1 is negative.']],
    ['retries: { attempts: 0, perTryTimeout: 2s }', ['perTryTimeout | "perTryTimeout" is set, and "attempts" is 0.']],
    [
      'retries: { retryRemoteLocalities: false }',
      ['retryRemoteLocalities | "retryRemoteLocalities" is set, and "attempts" is not set, which means 0.'],
    ],
    [
      'retries: { attempts: 1, retryOn: "5xx,sometimes" }',
      ['info: "5xx,sometimes" | "sometimes" is no condition for retries that is known here, and no HTTP status.'],
    ],
    [
      'retries: { attempts: 1, retryOn: "999" }',
      ['info: "999" | "999" is no condition for retries that is known here, and no HTTP status.'],
    ],
    ['rewrite: {}', ['rewrite | The rewrite changes nothing.']],
    [
      'rewrite: { uri: /a, uriRegexRewrite: { match: a, rewrite: b } }',
      ['uriRegexRewrite | The rewrite has both "uri" and "uriRegexRewrite".'],
    ],
    ['rewrite: { uriRegexRewrite: { match: "(" , rewrite: b } }', ['"(" | The regular expression "(" has no closing ")".']],
    ['rewrite: { uriRegexRewrite: { match: a } }', ['uriRegexRewrite | "uriRegexRewrite" has no "rewrite".']],
    ['timeout: 0.5ms', []],
    ['timeout: 1.0005s', ['1.0005s | "1.0005s" has a fraction of a millisecond.']],
  ])('%s', (spec, expected) => {
    expect(route(spec)).toEqual(expected);
  });
});

describe('redirects and responses', () => {
  it.each([
    ['redirect: { uri: /b, redirectCode: 302, scheme: https, port: 443 }', []],
    ['redirect: { derivePort: FROM_REQUEST_PORT }', []],
    ['redirect: {}', ['redirect | The redirect leads to where the request came from.']],
    [
      'redirect: { uri: /b, prefixRewrite: /c }\n    match: [{ uri: { prefix: /a } }]',
      ['prefixRewrite | The redirect has both "uri" and "prefixRewrite".'],
    ],
    ['redirect: { prefixRewrite: /c }\n    match: [{ uri: { prefix: /a } }]', []],
    [
      'redirect: { prefixRewrite: /c }\n    match: [{ uri: { prefix: /a } }, { uri: { exact: /b } }]',
      ['prefixRewrite | "prefixRewrite" replaces the prefix of the path that matched, and a match of the rule has none.'],
    ],
    ['redirect: { uri: /b, redirectCode: 200 }', ['200 | 200 is no status of a redirect.']],
    ['redirect: { uri: /b, scheme: ftp }', ['ftp | "ftp" is no scheme of a redirect.']],
    ['redirect: { port: 70000 }', ['70000 | 70000 is no port.']],
    ['directResponse: { status: 100 }', ['100 | 100 is no status of a response.']],
    [`directResponse: { status: 200, body: { string: ${'a'.repeat(102_401)} } }`, ['warning: The body has more than 100 kB.']],
    [`directResponse: { status: 200, body: { string: ${'a'.repeat(1_048_577)} } }`, ['The body has more than a megabyte.']],
  ])('%.100s', (spec, expected) => {
    expect(http(spec).map((line) => line.replace(/a{1000,} \| /, ''))).toEqual(expected);
  });
});

describe('rules for TLS and TCP', () => {
  const to = 'route: [{ destination: { host: a } }]';

  it.each([
    [`tls: [{ match: [{ sniHosts: [b.com, "*.c.com"], destinationSubnets: [10.0.0.0/8] }], ${to} }]`, []],
    [`tls: [{ match: [], ${to} }]`, ['match | A rule for TLS matches nothing.']],
    [`tls: [{ match: [{ sniHosts: [] }], ${to} }]`, ['sniHosts | The match names no server.']],
    [
      `tls: [{ match: [{ sniHosts: [d.com] }], ${to} }]`,
      ['d.com | The server name "d.com" is covered by none of the hosts of the VirtualService.'],
    ],
    [
      `tls: [{ match: [{ sniHosts: [1.2.3.4] }], ${to} }]`,
      ['warning: 1.2.3.4 | "1.2.3.4" is an address, and the name that a TLS client sends is never one.'],
    ],
    ['tls: [{ match: [{ sniHosts: [b.com] }] }]', ['match | The rule says nothing of where its connections go.']],
    [`tcp: [{ match: [{ destinationSubnets: [10.0.0.0/33] }], ${to} }]`, ['10.0.0.0/33 | "10.0.0.0/33" is no address.']],
    [`tcp: [{ match: [{ port: 0 }], ${to} }]`, ['0 | 0 is no port.']],
    ['tcp: [{ route: [] }]', ['route | The rule says nothing of where its connections go.']],
    ['tcp: [{ route: [{ destination: { host: "*" } }] }]', ['"*" | Traffic cannot go to the host "*".']],
  ])('%s', (spec, expected) => {
    expect(says(`hosts: [b.com, "*.c.com"]\n${spec}`)).toEqual(expected);
  });
});

describe('who sees it, and annotations', () => {
  const routed = 'hosts: [a.com]\nhttp: [{ route: [{ destination: { host: a } }] }]\n';

  it.each([
    ['[., other]', []],
    ['["*"]', []],
    ['[a_b]', ['a_b | "a_b" is no namespace.']],
    ['["~"]', ['"~" | Only a ServiceEntry can be hidden by "~".']],
    ['["*", other]', ['"*" | "*" means all namespaces, and others are named beside it.']],
    ['[., shop]', ['shop | "shop" is there twice.']],
  ])('exportTo: %s', (list, expected) => {
    expect(says(`${routed}exportTo: ${list}`, '  namespace: shop\n')).toEqual(expected);
  });

  it('what istiod writes itself', () => {
    expect(says(routed, '  annotations: { internal.istio.io/parents: a, istio.io/dry-run: "true" }\n')).toEqual([
      'internal.istio.io/parents | The annotation internal.istio.io/parents is for istiod itself.',
      'istio.io/dry-run | The annotation istio.io/dry-run is for AuthorizationPolicies with action ALLOW or DENY alone.',
    ]);
  });
});

it('leaves to the API server what that has refused', () => {
  expect(route('timeout: soon')).toEqual([]);
  expect(route('fault: { delay: { fixedDelay: 0s } }')).toEqual([]);
});
