import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { joined, marked, namespace, offsetOf, service, workload } from '../../test/support/mesh-samples';
import { askExplanation, askAboutResource } from '../answers/explanation';
import { askLenses } from '../answers/lenses';

const shop = { in: 'shop' };
const enrolled = marked('shop', 'labels', 'io.cilium/mtls-enabled: "true"');

/** The ConfigMap `cilium-config`, its first setting on line 7. */
const config = (...data: readonly string[]): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\n  namespace: kube-system\ndata:\n${data.map((line) => `  ${line}\n`).join('')}`;
/** A policy of everybody in `shop`; `ingress` asks on line 10. */
const policy = (direction = 'ingress', peer = 'fromEndpoints'): string =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: p\n  namespace: shop\nspec:\n  endpointSelector: {}\n` +
  `  ${direction}:\n    - ${peer}: [{}]\n      authentication: { mode: required }\n`;

/** What is told of Deployment shop/cart, of its Services nothing. */
function told(files: Files): string[] {
  const sections = askAboutResource(workspaceOf(files, []), { kind: 'Deployment', namespace: 'shop', name: 'cart' }, undefined);
  const lines = sections?.flatMap(({ statements }) =>
    statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : `{${part.text}}`)).join('')),
  );
  return (lines ?? []).filter((line) => !line.includes('Service'));
}

function hovered(text: string, needle: string, files: Files = {}): string[] | undefined {
  const explained = askExplanation(workspaceOf({ ...files, 'a.yaml': text }, []), 'a.yaml', offsetOf(text, needle));
  return explained?.sections.flatMap(({ title, statements }) => [
    title,
    ...statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : `{${part.text}}`)).join('')),
  ]);
}

const NEITHER =
  "Not in Istio's or Linkerd's mesh: neither Namespace shop ({a.yaml:4}) nor the pod template asks for one, assuming that Istio's enableNamespacesByDefault is off.";
const NO_MESH =
  "No mesh: neither Namespace shop ({a.yaml:4}) nor the pod template asks for one, assuming that Istio's enableNamespacesByDefault is off.";
const ZTUNNEL_MTLS =
  "mTLS by Cilium's ztunnel, for TCP between pods of Namespaces that it takes in; it supports no traffic with other pods.";
const OUTSIDE = 'No mTLS: these pods are in no mesh.';

describe("enrolment in Cilium's ztunnel", () => {
  const app = joined(enrolled, workload('cart', shop));
  it.each<[string, Files, string[]]>([
    [
      'that files show',
      { 'a.yaml': app, 'cilium.yaml': config('enable-ztunnel: "true"') },
      [
        NEITHER,
        'Cilium ztunnel: Namespace shop has label io.cilium/mtls-enabled=true, and Cilium encrypts with ztunnel ({a.yaml:6}, {cilium.yaml:7}).',
        ZTUNNEL_MTLS,
      ],
    ],
    [
      'where nothing shows Cilium',
      { 'a.yaml': app },
      [
        NEITHER,
        'Cilium ztunnel: Namespace shop has label io.cilium/mtls-enabled=true ({a.yaml:6}), assuming that Cilium encrypts with ztunnel, which no file here shows.',
        ZTUNNEL_MTLS,
      ],
    ],
    [
      'that WireGuard makes idle',
      { 'a.yaml': app, 'cilium.yaml': config('enable-wireguard: "true"') },
      [
        NEITHER,
        "Not in Cilium's ztunnel: Namespace shop has label io.cilium/mtls-enabled=true, but Cilium encrypts with WireGuard, and only ztunnel heeds it ({a.yaml:6}, {cilium.yaml:7}).",
        OUTSIDE,
      ],
    ],
    [
      'that nothing switches on',
      { 'a.yaml': app, 'cilium.yaml': config('enable-policy: default') },
      [
        NEITHER,
        "Not in Cilium's ztunnel: Namespace shop has label io.cilium/mtls-enabled=true, but Cilium does not encrypt, and only ztunnel heeds it ({a.yaml:6}, {cilium.yaml:4}), assuming that nothing but these files sets how Cilium encrypts.",
        OUTSIDE,
      ],
    ],
    [
      'that nobody asks for',
      { 'a.yaml': joined(namespace('shop'), workload('cart', shop)), 'cilium.yaml': config('enable-ztunnel: "true"') },
      [NO_MESH, OUTSIDE],
    ],
    [
      'on the host network',
      {
        'a.yaml': joined(enrolled, workload('cart', { ...shop, spec: 'hostNetwork: true' })),
        'cilium.yaml': config('enable-ztunnel: "true"'),
      },
      [
        "No Istio sidecar: neither Namespace shop nor the pod template has an injection label ({a.yaml:4}), assuming that Istio's enableNamespacesByDefault is off.",
        'Not in Istio ambient mode: the pod uses the host network ({a.yaml:19}).',
        'No Linkerd proxy: neither Namespace shop nor the pod template has annotation linkerd.io/inject ({a.yaml:4}).',
        "Not in Cilium's ztunnel: the pod uses the host network ({a.yaml:19}).",
        OUTSIDE,
      ],
    ],
    [
      'beside a sidecar',
      {
        'a.yaml': joined(
          namespace('shop', '  labels:\n    istio-injection: enabled\n    io.cilium/mtls-enabled: "true"\n'),
          workload('cart', shop),
        ),
        'cilium.yaml': config('enable-ztunnel: "true"'),
      },
      [
        'Istio sidecar: Namespace shop has label istio-injection=enabled ({a.yaml:6}).',
        'No Linkerd proxy: neither Namespace shop nor the pod template has annotation linkerd.io/inject ({a.yaml:4}).',
        'Cilium ztunnel: Namespace shop has label io.cilium/mtls-enabled=true, and Cilium encrypts with ztunnel ({a.yaml:7}, {cilium.yaml:7}).',
        "mTLS PERMISSIVE, which is Istio's default: no PeerAuthentication here sets another mode.",
      ],
    ],
    [
      'in a Namespace that no file defines',
      {
        'a.yaml': workload('cart', { ...shop, label: 'sidecar.istio.io/inject: "false"' }),
        'cilium.yaml': config('enable-ztunnel: "true"'),
      },
      [
        'No Istio sidecar: pod label sidecar.istio.io/inject=false ({a.yaml:11}).',
        'Istio ambient mode unknown: label istio.io/dataplane-mode of Namespace shop is unknown, since no file here defines it.',
        'Linkerd proxy unknown: label config.linkerd.io/admission-webhooks of Namespace shop is unknown, since no file here defines it.',
        'Cilium ztunnel unknown: label io.cilium/mtls-enabled of Namespace shop is unknown, since no file here defines it.',
        "If its pods join Istio, mTLS PERMISSIVE, which is Istio's default: no PeerAuthentication here sets another mode.",
      ],
    ],
  ])('%s', (_, files, lines) => {
    expect(told(files)).toEqual(lines);
  });

  it('is not spoken of where nothing speaks of it', () => {
    for (const cart of [joined(namespace('shop'), workload('cart', shop)), workload('cart', shop)])
      for (const other of [{}, { 'cilium.yaml': config('enable-wireguard: "true"') }])
        expect(told({ 'a.yaml': cart, ...other }).join('\n')).not.toContain('Cilium');
  });

  it('is told on the label, the Namespace and the Service', () => {
    const text = joined(enrolled, workload('cart', shop), service('cart', shop));
    const files = { 'cilium.yaml': config('enable-ztunnel: "true"') };
    expect(hovered(text, 'io.cilium', files)).toEqual([
      'io.cilium/mtls-enabled=true, label of Namespace shop',
      "Brings the pods of 1 workload into Cilium's ztunnel: {Deployment shop/cart}.",
    ]);
    expect(hovered(text, 'Namespace', files)).toEqual([
      'Namespace shop',
      'Has io.cilium/mtls-enabled=true ({a.yaml:6}).',
      '1 workload, Cilium ztunnel: {Deployment shop/cart}.',
    ]);
    expect(hovered(text, 'Service', files)).toEqual([
      'Service shop/cart',
      'Selects the pods of {Deployment shop/cart}: Cilium ztunnel.',
    ]);
  });

  it.each<[string, string, string]>([
    ['another value', 'io.cilium/mtls-enabled: "yes"', 'Does nothing: the only value that Cilium acts on is true.'],
    ['pods', '', 'Does nothing here: Cilium reads it only on Namespaces.'],
  ])('the label does nothing with or on %s', (_, label, line) => {
    const text =
      label === ''
        ? joined(namespace('shop'), workload('cart', { ...shop, label: 'io.cilium/mtls-enabled: "true"' }))
        : joined(marked('shop', 'labels', label), workload('cart', shop));
    expect(hovered(text, 'io.cilium')?.[1]).toBe(line);
  });
});

describe('mutual authentication that Cilium demands', () => {
  const app = joined(namespace('shop'), workload('cart', shop));
  const DEMAND = 'Cilium demands mutual authentication of what {CiliumNetworkPolicy shop/p} lets in ({p.yaml:10}).';
  const PLAIN = 'It does not encrypt: that takes WireGuard or IPsec.';
  const on = ['mesh-auth-enabled: "true"', 'mesh-auth-mutual-enabled: "true"'];
  const release = (version: string, values: string): string =>
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: cilium\n  namespace: kube-system\nspec:\n' +
    `  chart:\n    spec:\n      chart: cilium\n      version: ${version}\n      sourceRef: { kind: HelmRepository, name: cilium }\n  values: {${values}}\n`;

  it.each<[string, Files, string[]]>([
    [
      'where nothing shows Cilium',
      { 'a.yaml': app, 'p.yaml': policy() },
      [
        NO_MESH,
        OUTSIDE,
        DEMAND,
        'Whether it is switched on (Helm values authentication.enabled and authentication.mutual.spire.enabled) these files do not show; where it is off, this traffic is dropped.',
        PLAIN,
      ],
    ],
    [
      'where it is on, with WireGuard',
      { 'a.yaml': app, 'p.yaml': policy(), 'cilium.yaml': config(...on, 'enable-wireguard: "true"') },
      [
        NO_MESH,
        OUTSIDE,
        DEMAND,
        "Mutual authentication is switched on in Cilium's settings ({cilium.yaml:7}, {cilium.yaml:8}).",
        'It does not encrypt; WireGuard does ({cilium.yaml:9}).',
      ],
    ],
    [
      'where it is off',
      { 'a.yaml': app, 'p.yaml': policy(), 'cilium.yaml': config('mesh-auth-enabled: "false"') },
      [
        NO_MESH,
        OUTSIDE,
        DEMAND,
        "Mutual authentication is switched off in Cilium's settings ({cilium.yaml:7}): this traffic is dropped.",
        PLAIN,
      ],
    ],
    [
      'where a chart has it off by default',
      { 'a.yaml': app, 'p.yaml': policy(), 'cilium.yaml': release('1.20.0', ' clustermesh: { useAPIServer: true } ') },
      [
        NO_MESH,
        OUTSIDE,
        DEMAND,
        "Mutual authentication is switched off in Cilium's settings ({cilium.yaml:9}), assuming that nothing but these files sets it: this traffic is dropped.",
        `${PLAIN} It does not go with Cluster Mesh ({cilium.yaml:12}): pods of other clusters cannot authenticate. Cilium 1.20 deprecates it.`,
      ],
    ],
    [
      'where no policy is enforced',
      { 'a.yaml': app, 'p.yaml': policy(), 'cilium.yaml': config(...on, 'enable-policy: never') },
      [NO_MESH, OUTSIDE, DEMAND, "By Cilium's settings ({cilium.yaml:9}) no policy is enforced, and nothing is demanded."],
    ],
    [
      'of what pods send, beside Linkerd',
      {
        'a.yaml': joined(marked('shop', 'annotations', 'linkerd.io/inject: enabled'), workload('cart', shop)),
        'p.yaml': policy('egress', 'toEndpoints'),
        'cilium.yaml': config(...on),
      },
      [
        "Not in Istio's mesh: neither Namespace shop ({a.yaml:4}) nor the pod template asks for it, assuming that Istio's enableNamespacesByDefault is off.",
        'Linkerd proxy: Namespace shop has annotation linkerd.io/inject=enabled ({a.yaml:6}).',
        "mTLS between pods that have Linkerd's proxy, without any configuration.",
        'Cilium demands mutual authentication of what {CiliumNetworkPolicy shop/p} lets out ({p.yaml:10}).',
        "Mutual authentication is switched on in Cilium's settings ({cilium.yaml:7}, {cilium.yaml:8}).",
        `${PLAIN} It is not supported together with the mTLS of Linkerd.`,
      ],
    ],
    [
      'perhaps',
      {
        'a.yaml': app,
        'p.yaml': policy().replace('{}', '{ matchLabels: { app: "{{ .Values.app }}" } }'),
        'cilium.yaml': config(...on),
      },
      [
        NO_MESH,
        OUTSIDE,
        'Perhaps Cilium demands mutual authentication of what {CiliumNetworkPolicy shop/p} lets in ({p.yaml:10}): the files leave open which pods that is.',
        "Mutual authentication is switched on in Cilium's settings ({cilium.yaml:7}, {cilium.yaml:8}).",
        PLAIN,
      ],
    ],
  ])('%s', (_, files, lines) => {
    expect(told(files)).toEqual(lines);
  });

  it('is told on the Service', () => {
    expect(hovered(joined(app, service('cart', shop)), 'Service', { 'p.yaml': policy() })).toEqual([
      'Service shop/cart',
      'Selects the pods of {Deployment shop/cart}: no mesh, mutual authentication by Cilium ({p.yaml:10}).',
    ]);
  });
});

describe('lenses', () => {
  const titles = (files: Files): string[] => askLenses(workspaceOf(files, []), 'a.yaml').map(({ title }) => title);
  const app = joined(enrolled, workload('cart', shop));
  const bare = joined(namespace('shop'), workload('cart', shop));

  it.each<[string, Files, string[]]>([
    ['ztunnel', { 'a.yaml': app }, ['Cilium ztunnel']],
    ['ztunnel that is off', { 'a.yaml': app, 'cilium.yaml': config('enable-ipsec: "true"') }, ['no mesh']],
    ['mutual authentication', { 'a.yaml': bare, 'p.yaml': policy() }, ['no mesh', 'mutual authentication by Cilium']],
    [
      'mutual authentication that is off',
      { 'a.yaml': bare, 'p.yaml': policy(), 'cilium.yaml': config('mesh-auth-enabled: "false"') },
      ['no mesh', 'mutual authentication by Cilium, switched off'],
    ],
    [
      'mutual authentication that is not enforced',
      { 'a.yaml': bare, 'p.yaml': policy(), 'cilium.yaml': config('enable-policy: never') },
      ['no mesh'],
    ],
  ])('%s', (_, files, expected) => {
    expect(titles(files)).toEqual(expected);
  });
});
