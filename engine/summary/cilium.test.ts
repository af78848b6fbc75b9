import { describe, expect, it } from 'vitest';
import { deployment, documents } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askSummary } from '../answers/summary';
import type { Location } from '../findings/report';
import type { Claim } from './claim';
import type { EnvironmentSummary } from './summary';

function summaryOf(files: Files): EnvironmentSummary<Location> {
  const summary = askSummary(workspaceOf(files, []), '.');
  if (summary === undefined) throw new Error('there is no environment');
  return summary;
}

const cite = ({ file, range }: Location): string => `${file}:${range.start.line}`;
const said = (claims: readonly Claim<Location>[]): string[] =>
  claims.map(({ text, evidence }) => [text, ...evidence.map(cite)].join(' | '));
const groups = ({ membership }: EnvironmentSummary<Location>): string[] =>
  membership.flatMap(({ title, reasons }) => [
    title,
    ...reasons.flatMap(({ reason, workloads }) => [
      ...(reason === null ? [] : [reason.text]),
      ...workloads.map(({ text }) => text),
    ]),
  ]);

const namespace = (name: string, ...labels: readonly string[]): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${labels.length === 0 ? '' : `  labels:\n${labels.map((label) => `    ${label}\n`).join('')}`}`;
const config = (...data: readonly string[]): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\n  namespace: kube-system\ndata:\n${data.map((line) => `  ${line}\n`).join('')}`;
const ENROLLED = 'io.cilium/mtls-enabled: "true"';
const two = [deployment('cart', { namespace: 'shop' }), deployment('web', { namespace: 'shop' })];
const POLICY =
  'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: p\n  namespace: shop\nspec:\n  endpointSelector: { matchLabels: { app: cart } }\n' +
  '  ingress:\n    - authentication: { mode: required }\n';

describe("workloads in Cilium's ztunnel", () => {
  it('are a group of their own, and have mutual TLS with each other', () => {
    const summary = summaryOf({
      'shop.yaml': documents(namespace('shop', ENROLLED), ...two, namespace('pay'), deployment('pay', { namespace: 'pay' })),
      'cilium.yaml': config('enable-ztunnel: "true"', 'enable-policy: always', 'cni-chaining-mode: aws-cni'),
    });
    expect(groups(summary)).toEqual([
      "Cilium's ztunnel",
      'Namespace shop has label io.cilium/mtls-enabled=true, and Cilium encrypts with ztunnel.',
      'Deployment shop/cart',
      'Deployment shop/web',
      'No mesh',
      'Deployment pay/pay: neither Namespace pay nor the pod template asks for a mesh',
    ]);
    expect(said(summary.mtls)).toEqual([
      "2 workloads in Cilium's ztunnel: mutual TLS over TCP with each other, and no traffic with other pods is supported. | shop.yaml:11 | shop.yaml:26",
      '1 workload outside every mesh: no mutual TLS, unless the application brings its own. | shop.yaml:46',
    ]);
    expect(said(summary.meshes)).toEqual([
      "Cilium: the cluster's network and used as a mesh; ztunnel, policies always enforced, chained to aws-cni | cilium.yaml:7 | cilium.yaml:8 | cilium.yaml:9 | cilium.yaml:4 | shop.yaml:6",
    ]);
  });

  it.each<[string, string[], string[]]>([
    [
      'keep their standing in Istio',
      ['istio-injection: enabled', ENROLLED],
      [
        'Istio sidecar',
        'Deployment shop/cart: Istio sidecar: Namespace shop has label istio-injection=enabled; Cilium ztunnel: Namespace shop has label io.cilium/mtls-enabled=true, assuming that Cilium encrypts with ztunnel, which no file here shows',
      ],
    ],
    [
      'tell what they assume',
      [ENROLLED],
      [
        "Cilium's ztunnel",
        'Deployment shop/cart: Namespace shop has label io.cilium/mtls-enabled=true, assuming that Cilium encrypts with ztunnel, which no file here shows',
      ],
    ],
  ])('%s', (_, labels, expected) => {
    const files = { 'shop.yaml': documents(namespace('shop', ...labels), deployment('cart', { namespace: 'shop' })) };
    expect(groups(summaryOf(files))).toEqual(expected);
  });

  it('are none where Cilium encrypts otherwise', () => {
    const summary = summaryOf({
      'shop.yaml': documents(namespace('shop', ENROLLED), deployment('cart', { namespace: 'shop' })),
      'cilium.yaml': config('enable-wireguard: "true"'),
    });
    expect(groups(summary)).toEqual([
      'No mesh',
      'Deployment shop/cart: Namespace shop has label io.cilium/mtls-enabled=true, but Cilium encrypts with WireGuard, and only ztunnel heeds it',
    ]);
    expect(said(summary.meshes)).toEqual(["Cilium: the cluster's network; WireGuard | cilium.yaml:7 | cilium.yaml:4"]);
  });
});

describe('mutual authentication', () => {
  const shop = documents(namespace('shop'), ...two);
  const told = (files: Files): string | undefined => said(summaryOf(files).mtls)[0];

  it.each<[string, Files, string]>([
    [
      'that is on',
      { 'c.yaml': config('mesh-auth-enabled: "true"', 'mesh-auth-mutual-enabled: "true"') },
      'authenticated on both ends. | p.yaml:9 | c.yaml:7 | c.yaml:8 | shop.yaml:9',
    ],
    [
      'that is off',
      { 'c.yaml': config('mesh-auth-enabled: "false"') },
      'dropped, since mutual authentication is switched off. | p.yaml:9 | c.yaml:7 | shop.yaml:9',
    ],
    [
      'that nothing shows',
      {},
      'authenticated on both ends; where mutual authentication is off, which these files do not show, it is dropped. | p.yaml:9 | shop.yaml:9',
    ],
  ])('%s', (_, files, end) => {
    expect(told({ 'shop.yaml': shop, 'p.yaml': POLICY, ...files })).toBe(
      `1 workload behind Cilium's mutual authentication: what CiliumNetworkPolicy shop/p lets in is ${end}`,
    );
  });

  it('is told of nobody where no policy is enforced', () => {
    expect(told({ 'shop.yaml': shop, 'p.yaml': POLICY, 'c.yaml': config('enable-policy: never') })).toBe(
      '2 workloads outside every mesh: no mutual TLS, unless the application brings its own. | shop.yaml:9 | shop.yaml:24',
    );
  });
});

it('what Cilium is set to do is told of its claim, whatever text stands there', () => {
  const told = (...data: readonly string[]): string | undefined => summaryOf({ 'c.yaml': config(...data) }).meshes[0]?.text;
  expect(told('enable-ipsec: "true"', 'policy-audit-mode: "true"', 'cni-chaining-mode: none')).toBe(
    "Cilium: the cluster's network; IPsec, policies in audit mode",
  );
  expect(told('enable-policy: default', 'cni-chaining-mode: "<b>[x](command:y)"')).toBe(
    "Cilium: the cluster's network; chained to another plugin",
  );
});

it('nothing is said of Cilium where nothing speaks of it', () => {
  const summary = summaryOf({ 'shop.yaml': documents(namespace('shop'), ...two) });
  expect(JSON.stringify(summary)).not.toContain('Cilium');
});
