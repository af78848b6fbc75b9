import { describe, expect, it } from 'vitest';
import { cited, deployment, documents, factsOf, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askReport } from '../answers/report';

const named = (apiVersion: string, kind: string, spec: string, name = 'x', more = ''): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}spec: ${spec}\n`;

/** `need: because` of each reason. */
function needsOf(...texts: readonly string[]): string[] {
  const { needs } = factsOf({ 'a.yaml': documents(...texts) });
  return [...needs].flatMap(([need, causes]) => causes.map(({ because }) => `${need}: ${because}`));
}

const advancedOf = (...texts: readonly string[]): string[] =>
  factsOf({ 'a.yaml': documents(...texts) }).advanced.map(({ feature }) => feature);

const gapsOf = (...texts: readonly string[]): string[] =>
  factsOf({ 'a.yaml': documents(...texts) }).ambientGaps.map(({ feature }) => feature);

const virtualService = (http: string, gateways = '', name = 'x'): string =>
  named('networking.istio.io/v1', 'VirtualService', `{ hosts: [cart], ${gateways}http: [${http}] }`, name);
const to = (host: string): string => `{ destination: { host: ${host} } }`;
const EDGE = 'gateways: [public], ';
const SPLIT = `{ route: [${to('a')}, ${to('b')}] }`;

const route = (kind: string, rules: string, parent = 'Service'): string =>
  named('gateway.networking.k8s.io/v1', kind, `{ parentRefs: [{ kind: ${parent}, name: cart }], rules: [${rules}] }`);

const istio = (kind: string, spec: string): string => named('security.istio.io/v1', kind, spec);
const linkerd = (kind: string, spec: string): string => named('policy.linkerd.io/v1alpha1', kind, spec);

describe('needs by features in use', () => {
  it.each<[string, readonly string[]]>([
    [istio('PeerAuthentication', '{ mtls: { mode: STRICT } }'), ['mtls: 1 PeerAuthentication demands mTLS (STRICT)']],
    [
      istio('PeerAuthentication', '{ portLevelMtls: { 80: { mode: STRICT } } }'),
      ['mtls: 1 PeerAuthentication demands mTLS (STRICT)'],
    ],
    [istio('PeerAuthentication', '{ mtls: { mode: PERMISSIVE } }'), []],
    [
      named('networking.istio.io/v1', 'DestinationRule', '{ host: a, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }'),
      ["mtls: 1 DestinationRule asks for Istio's mTLS"],
    ],
    [named('networking.istio.io/v1', 'DestinationRule', '{ host: a, trafficPolicy: { tls: { mode: SIMPLE } } }'), []],
    [named('networking.istio.io/v1', 'DestinationRule', '{ host: a, subsets: [{ name: v1 }] }'), []],
    [
      named('networking.istio.io/v1', 'DestinationRule', '{ host: a, trafficPolicy: { outlierDetection: {} } }'),
      ['routing: 1 DestinationRule sets load balancing or circuit breaking'],
    ],
    [linkerd('MeshTLSAuthentication', '{ identities: ["*"] }'), ['mtls: 1 MeshTLSAuthentication demands a mesh identity']],
    [
      named('cilium.io/v2', 'CiliumNetworkPolicy', '{ ingress: [{ authentication: { mode: required } }] }'),
      ['mtls: 1 CiliumNetworkPolicy requires mutual authentication'],
    ],
    [named('cilium.io/v2', 'CiliumNetworkPolicy', '{ ingress: [{ toPorts: [{ rules: { http: [{ path: /a }] } }] }] }'), []],
    [named('networking.k8s.io/v1', 'NetworkPolicy', '{ podSelector: {} }'), []],
    [linkerd('AuthorizationPolicy', '{}'), ['authorization: 1 AuthorizationPolicy decides who may call']],
    [istio('RequestAuthentication', '{ jwtRules: [{ issuer: i }] }'), ['authorization: 1 RequestAuthentication checks tokens']],
    [istio('RequestAuthentication', '{}'), []],
    [named('telemetry.istio.io/v1', 'Telemetry', '{}'), ["observability: 1 Telemetry shapes the mesh's telemetry"]],
    [named('multicluster.linkerd.io/v1alpha3', 'Link', '{}'), ['multicluster: 1 Link leads to another cluster']],
    [
      named('networking.istio.io/v1', 'Gateway', '{ servers: [{ port: { number: 15443 }, tls: { mode: AUTO_PASSTHROUGH } }] }'),
      ['multicluster: 1 Gateway carries traffic between clusters'],
    ],
    [named('networking.istio.io/v1', 'Gateway', '{ servers: [{ port: { number: 443 }, tls: { mode: SIMPLE } }] }'), []],
    [named('extensions.istio.io/v1alpha1', 'WasmPlugin', '{}'), ['extension: 1 WasmPlugin extends the proxy']],
    [named('split.smi-spec.io/v1alpha2', 'TrafficSplit', '{}'), ['routing: 1 TrafficSplit splits traffic']],
    [
      named('linkerd.io/v1alpha2', 'ServiceProfile', '{ routes: [{ name: a, timeout: 1s }] }'),
      ['routing: 1 ServiceProfile sets retries, timeouts or splits', 'observability: 1 ServiceProfile gives metrics by route'],
    ],
  ])('%s', (text, needs) => {
    expect(needsOf(text)).toEqual(needs);
  });

  it('count objects, alternatives once, cited where they say it', () => {
    const files = {
      'a.yaml': documents(virtualService(SPLIT, '', 'one'), virtualService(SPLIT, '', 'two')),
      'b.yaml': virtualService(SPLIT, EDGE, 'two'),
    };
    const { needs } = factsOf(files);
    const [split] = needs.get('routing') ?? [];
    expect(split?.because).toBe('2 VirtualServices split traffic');
    expect(cited(files, split?.evidence ?? [])).toEqual(['a.yaml:5 route', 'a.yaml:11 route', 'b.yaml:5 route']);
  });

  it('Services that ask Linkerd for retries, or are for other clusters', () => {
    const annotated = (key: string, value: string, field = 'annotations'): string =>
      service('cart').replace('name: cart\n', `name: cart\n  ${field}: { ${key}: "${value}" }\n`);
    expect(needsOf(annotated('retry.linkerd.io/http', '5xx'))).toEqual([
      'routing: 1 Service sets retries, timeouts or circuit breaking',
    ]);
    expect(needsOf(annotated('mirror.linkerd.io/exported', 'true', 'labels'))).toEqual([
      'multicluster: 1 Service is offered to other clusters',
    ]);
    expect(needsOf(annotated('service.cilium.io/global', 'true'))).toEqual([
      'multicluster: 1 Service is offered to other clusters',
    ]);
    expect(needsOf(annotated('service.cilium.io/global', 'false'))).toEqual([]);
  });

  it("none by what Linkerd's extensions bring", () => {
    const own = linkerd('AuthorizationPolicy', '{}').replace('name: x\n', 'name: x\n  namespace: linkerd-viz\n');
    expect(needsOf(own)).toEqual([]);
  });
});

describe('routing', () => {
  it.each<[string, string, readonly string[]]>([
    ['a plain route of the mesh', virtualService(`{ route: [${to('a')}] }`), []],
    [
      'a match of the mesh',
      virtualService(`{ match: [{ uri: { prefix: /a } }], route: [${to('a')}] }`),
      ['routing: 1 VirtualService routes between workloads'],
    ],
    [
      'a subset',
      virtualService('{ route: [{ destination: { host: a, subset: v1 } }] }'),
      ['routing: 1 VirtualService routes between workloads'],
    ],
    [
      'retries',
      virtualService(`{ retries: { attempts: 3 }, route: [${to('a')}] }`),
      ['routing: 1 VirtualService sets retries or timeouts'],
    ],
    ['a path at the edge', virtualService(`{ match: [{ uri: { prefix: /a } }], timeout: 1s, route: [${to('a')}] }`, EDGE), []],
    ['a split at the edge', virtualService(SPLIT, EDGE), ['routing: 1 VirtualService splits traffic']],
    [
      'headers at the edge',
      virtualService(`{ match: [{ headers: { a: { exact: b } } }], route: [${to('a')}] }`, EDGE),
      ['routing: 1 VirtualService routes by header'],
    ],
    [
      'a route bound to both',
      virtualService(`{ timeout: 1s, route: [${to('a')}] }`, 'gateways: [public, mesh], '),
      ['routing: 1 VirtualService sets retries or timeouts'],
    ],
    [
      'an HTTPRoute of a Service',
      route('HTTPRoute', '{ timeouts: { request: 1s } }'),
      ['routing: 1 HTTPRoute sets retries or timeouts'],
    ],
    [
      'headers of a GRPCRoute of a Service',
      route('GRPCRoute', '{ matches: [{ headers: [{ name: a, value: b }] }] }'),
      ['routing: 1 GRPCRoute routes by header'],
    ],
    [
      'a split of an ingress',
      route('HTTPRoute', '{ backendRefs: [{ name: a, weight: 9 }, { name: b, weight: 1 }] }', 'Gateway'),
      ['routing: 1 HTTPRoute splits traffic'],
    ],
    [
      'anything else of an ingress',
      route('HTTPRoute', '{ matches: [{ headers: [{ name: a, value: b }] }], timeouts: { request: 1s } }', 'Gateway'),
      [],
    ],
  ])('%s', (_, text, needs) => {
    expect(needsOf(text)).toEqual(needs);
  });
});

describe('needs by alternatives', () => {
  const certificate = named('cert-manager.io/v1', 'Certificate', '{ secretName: cart-tls }');
  const mounting = (volume: string): string => deployment('cart', { pod: `      volumes: [${volume}]\n` });

  it('a certificate, only where a workload mounts it', () => {
    expect(needsOf(certificate)).toEqual([]);
    expect(needsOf(certificate, deployment('cart'))).toEqual([]);
    expect(needsOf(mounting('{ name: tls, secret: { secretName: cart-tls } }'))).toEqual([]);
    const mounted = ['mtls: 1 workload mounts a certificate of its own'];
    expect(needsOf(certificate, mounting('{ name: tls, secret: { secretName: cart-tls } }'))).toEqual(mounted);
    expect(needsOf(certificate, mounting('{ name: tls, projected: { sources: [{ secret: { name: cart-tls } }] } }'))).toEqual(
      mounted,
    );
    expect(needsOf(mounting('{ name: tls, csi: { driver: csi.cert-manager.io } }'))).toEqual(mounted);
  });

  it('follows an edit of the certificate', () => {
    const files = { 'a.yaml': certificate, 'b.yaml': mounting('{ name: tls, secret: { secretName: cart-tls } }') };
    const workspace = workspaceOf(files, []);
    expect(askReport(workspace).verdict?.facts['needs']).toEqual(['mtls']);
    workspace.set('a.yaml', certificate.replace('cart-tls', 'ingress-tls'));
    expect(askReport(workspace).verdict?.facts['needs']).toEqual([]);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'a Rollout',
      named('argoproj.io/v1alpha1', 'Rollout', '{ strategy: { canary: { steps: [] } } }'),
      ['routing: 1 Rollout delivers progressively'],
    ],
    ['a Canary of Flagger', named('flagger.app/v1beta1', 'Canary', '{}'), ['routing: 1 Canary delivers progressively']],
    [
      'a collector of the operator',
      named('opentelemetry.io/v1beta1', 'OpenTelemetryCollector', '{}'),
      ['observability: 1 OpenTelemetryCollector collects telemetry'],
    ],
    [
      'a collector as it is',
      deployment('otel').replace('example/app:1', 'otel/opentelemetry-collector-contrib:0.130.0'),
      ['observability: 1 workload collects OpenTelemetry data'],
    ],
    [
      'variables of the SDK',
      deployment('cart', { pod: '          env: [{ name: OTEL_SERVICE_NAME, value: cart }]\n' }),
      ['observability: 1 workload reports by OpenTelemetry'],
    ],
    [
      'OPA beside a workload',
      deployment('cart', { pod: '        - { name: opa, image: "openpolicyagent/opa:1.0.0-envoy" }\n' }),
      ['authorization: 1 workload runs OPA beside it'],
    ],
    ['Gatekeeper', named('constraints.gatekeeper.sh/v1beta1', 'K8sRequiredLabels', '{}'), []],
    ['Kyverno', named('kyverno.io/v1', 'ClusterPolicy', '{}'), []],
    ['an autoscaler', named('autoscaling/v2', 'HorizontalPodAutoscaler', '{}'), []],
  ])('%s', (_, text, needs) => {
    expect(needsOf(text)).toEqual(needs);
  });
});

describe('advanced features', () => {
  const match = (conditions: string): string => `{ match: [{ ${conditions} }], route: [${to('a')}] }`;
  const policy = (rule: string): string => istio('AuthorizationPolicy', `{ rules: [{ ${rule} }] }`);
  const filter = (patch: string): string =>
    named('networking.istio.io/v1alpha3', 'EnvoyFilter', `{ configPatches: [{ patch: ${patch} }] }`);
  const canary = (spec: string): string => named('flagger.app/v1beta1', 'Canary', spec);

  it.each<[string, readonly string[]]>([
    [virtualService(`{ fault: { abort: { httpStatus: 500 } }, route: [${to('a')}] }`), ['fault-injection']],
    [virtualService(`{ mirror: { host: b }, route: [${to('a')}] }`), ['mirroring']],
    [virtualService(`{ mirrors: [${to('b')}], route: [${to('a')}] }`, EDGE), ['mirroring']],
    [virtualService(match('headers: { user: { exact: a } }'), EDGE), ['header-routing']],
    [virtualService(match('headers: { "@request.auth.claims.group": { exact: a } }')), ['claim-routing']],
    [virtualService(match('queryParams: { v: { exact: "2" } }')), ['header-routing']],
    [virtualService(match('uri: { prefix: /a }')), []],
    [istio('RequestAuthentication', '{ jwtRules: [{ issuer: i }] }'), ['jwt']],
    [policy('to: [{ operation: { paths: [/a] } }]'), ['l7-authorization']],
    [policy('to: [{ operation: { notMethods: [GET] } }]'), ['l7-authorization']],
    [policy('from: [{ source: { requestPrincipals: ["*"] } }]'), ['l7-authorization']],
    [policy('when: [{ key: "request.headers[a]", values: [b] }]'), ['l7-authorization']],
    [policy('from: [{ source: { principals: [a], namespaces: [b] } }], to: [{ operation: { ports: ["80"] } }]'), []],
    [policy('when: [{ key: source.ip, values: [10.0.0.1] }]'), []],
    [linkerd('AuthorizationPolicy', '{ targetRef: { kind: HTTPRoute, name: a } }'), ['l7-authorization']],
    [linkerd('AuthorizationPolicy', '{ targetRef: { kind: Server, name: a } }'), []],
    [linkerd('HTTPLocalRateLimitPolicy', '{}'), ['rate-limiting']],
    [named('extensions.istio.io/v1alpha1', 'WasmPlugin', '{}'), ['wasm']],
    [filter('{ value: { name: envoy.filters.http.lua } }'), ['envoy-filter']],
    [filter('{ value: { name: envoy.filters.http.local_ratelimit } }'), ['rate-limiting', 'envoy-filter']],
    [filter('{ value: { route: { rate_limits: [] } } }'), ['rate-limiting', 'envoy-filter']],
    [filter('{ value: { name: envoy.filters.http.wasm } }'), ['wasm', 'envoy-filter']],
    [named('networking.istio.io/v1alpha3', 'EnvoyFilter', '{}', 'stats-filter-1.16'), []],
    [route('HTTPRoute', '{ matches: [{ headers: [{ name: a, value: b }] }] }'), ['header-routing']],
    [route('HTTPRoute', '{ filters: [{ type: RequestMirror, requestMirror: {} }] }'), ['mirroring']],
    [
      route('HTTPRoute', '{ matches: [{ headers: [{ name: a, value: b }] }], filters: [{ type: RequestMirror }] }', 'Gateway'),
      [],
    ],
    [canary('{ analysis: { match: [{ headers: { cookie: { exact: a } } }] } }'), ['header-routing']],
    [canary('{ provider: nginx, analysis: { match: [{ headers: { cookie: { exact: a } } }] } }'), []],
    [canary('{ analysis: { mirror: true } }'), ['mirroring']],
  ])('%s', (text, features) => {
    expect(advancedOf(text)).toEqual(features);
  });

  it('are each told once, with every place', () => {
    const files = {
      'a.yaml': documents(
        policy('to: [{ operation: { paths: [/a], methods: [GET] } }]'),
        linkerd('AuthorizationPolicy', '{ targetRef: { kind: GRPCRoute, name: a } }'),
      ),
    };
    const { advanced } = factsOf(files);
    expect(advanced).toHaveLength(1);
    expect(cited(files, advanced[0]!.evidence)).toEqual(['a.yaml:5 methods', 'a.yaml:5 paths', 'a.yaml:11 GRPCRoute']);
  });
});

describe('what ambient mode lacks', () => {
  it.each<[string, readonly string[]]>([
    [named('networking.istio.io/v1alpha3', 'EnvoyFilter', '{}'), ['envoy-filter']],
    [named('spire.spiffe.io/v1alpha1', 'ClusterSPIFFEID', '{}'), ['SPIRE']],
    [deployment('cart', { pod: '      volumes: [{ name: s, csi: { driver: csi.spiffe.io } }]\n' }), ['SPIRE']],
    [named('networking.istio.io/v1', 'WorkloadGroup', '{}'), ['virtual machines in the mesh']],
    [
      virtualService(`{ match: [{ sourceLabels: { app: a } }], route: [${to('a')}] }`),
      ["matches on the client's labels (sourceLabels)"],
    ],
    [istio('PeerAuthentication', '{ mtls: { mode: DISABLE } }'), ['mTLS switched off by PeerAuthentication']],
    [
      named('install.istio.io/v1alpha1', 'IstioOperator', '{ values: { global: { remotePilotAddress: 10.0.0.1 } } }'),
      ['a control plane in another cluster (primary-remote)'],
    ],
    [named('extensions.istio.io/v1alpha1', 'WasmPlugin', '{ selector: { matchLabels: { app: a } } }'), []],
    [named('telemetry.istio.io/v1', 'Telemetry', '{ selector: { matchLabels: { app: a } } }'), []],
    [istio('RequestAuthentication', '{ selector: { matchLabels: { app: a } } }'), []],
  ])('%s', (text, gaps) => {
    expect(gapsOf(text)).toEqual(gaps);
  });
});

describe('the verdict', () => {
  const shop = (...more: readonly string[]): Files => {
    const files: Record<string, string> = { 'more.yaml': documents(...more) };
    for (let i = 0; i < 12; i++) files[`s${i}.yaml`] = documents(service(`s${i}`), deployment(`s${i}`));
    return files;
  };

  it.each<[string, readonly string[], string]>([
    ['none for mTLS alone', [istio('PeerAuthentication', '{ mtls: { mode: STRICT } }')], 'none'],
    ['Linkerd for a split', [virtualService(SPLIT)], 'linkerd'],
    ['Istio for an EnvoyFilter', [named('networking.istio.io/v1alpha3', 'EnvoyFilter', '{}')], 'istio-ambient'],
    [
      'Istio for two advanced features',
      [virtualService(`{ fault: {}, mirror: { host: b }, route: [${to('a')}] }`)],
      'istio-ambient',
    ],
  ])('%s', (_, texts, choice) => {
    const { verdict } = askReport(workspaceOf(shop(...texts), []));
    expect(verdict).toMatchObject({ choice, facts: { services: 12 } });
    expect(verdict?.reasons.some(({ evidence }) => evidence.some(({ file }) => file === 'more.yaml'))).toBe(true);
  });
});
