import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { GATEWAY, gatewayServers, installsGateways, sharing } from './gateway-servers';

const gateway = (name: string, spec: string, labels = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: ${name}\n  namespace: shop\n  labels: { ${labels} }\nspec:\n${spec}`;
const selecting = (labels: string): string => `  selector: { ${labels} }\n`;

describe('gatewayServers', () => {
  const serversOf = (server: string): unknown =>
    ask({ 'g.yaml': gateway('g', `  servers: [${server}]\n`) }, (view) =>
      view
        .ofKind(GATEWAY)
        .flatMap(gatewayServers)
        .map(({ port, bind, sort, hosts }) => [port, bind, sort, ...hosts.map(({ full }) => full)]),
    );

  it.each<[string, unknown]>([
    ['{ port: { number: 80, protocol: HTTP }, hosts: [A.example.com] }', [[80, '', 'http', '*/a.example.com']]],
    ['{ port: { number: 80, protocol: http2 }, hosts: ["./a"] }', [[80, '', 'http', 'shop/a']]],
    ['{ port: { number: 443, protocol: HTTPS }, hosts: ["*/a"] }', [[443, '', 'tls', '*/a']]],
    ['{ port: { number: 443, protocol: TLS }, bind: 192.0.2.1, hosts: ["bank/*"] }', [[443, '192.0.2.1', 'tls', 'bank/*']]],
    ['{ port: { number: 5432, protocol: TCP }, hosts: ["${HOST}"] }', [[5432, '', 'tcp']]],
    ['{ port: { number: "${PORT}", protocol: "${P}" }, bind: "${BIND}" }', [[undefined, undefined, 'unknown']]],
    ['{ hosts: [a] }', [[undefined, '', 'unknown', '*/a']]],
    ['nothing', []],
  ])('%s', (server, expected) => {
    expect(serversOf(server)).toEqual(expected);
  });
});

describe('sharing', () => {
  const POD =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: proxy\n  labels: { istio: edge, app: web }\nspec: { containers: [] }\n';
  const shared = (one: string, other: string, files: Files = {}, labels: readonly string[] = ['', '']): unknown =>
    ask(
      { 'g.yaml': `${gateway('a', selecting(one), labels[0])}---\n${gateway('b', selecting(other), labels[1])}`, ...files },
      (view) => {
        const [first, second] = view.ofKind(GATEWAY);
        const found = first === undefined || second === undefined ? undefined : sharing(first, second, view);
        return found === undefined ? 'no' : `${found.selector}${found.isShown ? ', shown' : ''}`;
      },
    );

  it.each<[string, string, string, string]>([
    ['istio: edge', 'istio: edge', 'equal, shown', 'equal, shown'],
    ['istio: edge', 'istio: edge, app: web', 'wider', 'wider, shown'],
    ['istio: edge, app: web', 'istio: edge', 'narrower', 'narrower, shown'],
    ['istio: edge', 'app: web', 'no', 'different, shown'],
    ['istio: edge', 'app: other', 'no', 'no'],
    ['', 'app: web', 'wider', 'wider, shown'],
    ['istio: edge', 'istio: "${EDGE}"', 'no', 'no'],
  ])('{ %s } and { %s }', (one, other, alone, withPod) => {
    expect(shared(one, other)).toBe(alone);
    expect(shared(one, other, { 'p.yaml': POD })).toBe(withPod);
  });

  it('is none between control planes of two revisions', () => {
    expect(shared('istio: edge', 'istio: edge', {}, ['istio.io/rev: a', 'istio.io/rev: b'])).toBe('no');
    expect(shared('istio: edge', 'istio: edge', {}, ['istio.io/rev: a', 'istio.io/rev: a'])).toBe('equal, shown');
  });
});

describe('installsGateways', () => {
  const release = (chart: string): string =>
    `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata:\n  name: c\nspec:\n  chart: ${chart}\n  repo: https://istio-release.example.com\n`;
  it.each([
    ['gateway', true],
    ['istio-ingress', true],
    ['istiod', false],
    ['api-gateway', false],
  ])('by the chart %s', (chart, expected) => {
    expect(ask({ 'r.yaml': release(chart) }, installsGateways)).toBe(expected);
  });
});
