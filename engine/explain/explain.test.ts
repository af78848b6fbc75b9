import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import {
  joined,
  marked,
  namespace,
  offsetOf,
  peerAuthentication,
  service,
  STRICT,
  workload,
} from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';
import type { Location } from '../findings/report';
import { INJECTION_SETTINGS } from './settings.data';

const at = ({ file, range: { start } }: Location): string => `${file}:${start.line}:${start.column}`;

/** The lines of an explanation: titles, then statements with `{text @ file:line:column}` for links. */
function told(files: Files, file: string, needle: string): string[] | undefined {
  const explained = askExplanation(workspaceOf(files, []), file, offsetOf(files[file] ?? '', needle));
  return explained?.sections.flatMap(({ title, statements }) => [
    title,
    ...statements.map(({ environments, parts }) => {
      const text = parts.map((part) => (typeof part === 'string' ? part : `{${part.text} @ ${at(part.place)}}`)).join('');
      return `${environments.length === 0 ? '' : `${environments.join(', ')}: `}${text}`;
    }),
  ]);
}

const inFile = (...all: readonly string[]): Files => ({ 'a.yaml': joined(...all) });
const NO_LINKERD =
  'No Linkerd proxy: neither Namespace shop nor the pod template has annotation linkerd.io/inject ({a.yaml:4 @ a.yaml:4:9}).';
const NO_AMBIENT =
  'Not in Istio ambient mode: neither Namespace shop nor the pod template has label istio.io/dataplane-mode=ambient ({a.yaml:4 @ a.yaml:4:9}).';
const NO_SIDECAR =
  "No Istio sidecar: neither Namespace shop nor the pod template has an injection label ({a.yaml:4 @ a.yaml:4:9}), assuming that Istio's enableNamespacesByDefault is off.";
const NO_ISTIO =
  "Not in Istio's mesh: neither Namespace shop ({a.yaml:4 @ a.yaml:4:9}) nor the pod template asks for it, assuming that Istio's enableNamespacesByDefault is off.";
const PERMISSIVE = "mTLS PERMISSIVE, which is Istio's default: no PeerAuthentication here sets another mode.";
const UNMESHED = 'No mTLS: these pods are in no mesh.';
const UNSELECTED = 'No Service here selects these pods.';
const shop = { in: 'shop' };
const injected = marked('shop', 'labels', 'istio-injection: enabled');

describe('a workload', () => {
  it.each<[string, readonly string[], string[]]>([
    [
      'with a sidecar by its Namespace',
      [injected, workload('cart', shop), service('cart', shop)],
      [
        'Istio sidecar: Namespace shop has label istio-injection=enabled ({a.yaml:6 @ a.yaml:6:22}).',
        NO_LINKERD,
        PERMISSIVE,
        'Selected by {Service shop/cart @ a.yaml:27:9}.',
      ],
    ],
    [
      'with a revision',
      [marked('shop', 'labels', 'istio.io/rev: canary'), workload('cart', shop)],
      [
        'Istio sidecar: Namespace shop has label istio.io/rev=canary ({a.yaml:6 @ a.yaml:6:19}), assuming that revision canary is installed.',
        NO_LINKERD,
        PERMISSIVE,
        UNSELECTED,
      ],
    ],
    [
      'with a sidecar by its pods',
      [namespace('shop'), workload('cart', { ...shop, label: 'sidecar.istio.io/inject: "true"' })],
      ['Istio sidecar: pod label sidecar.istio.io/inject=true ({a.yaml:16 @ a.yaml:16:34}).', NO_LINKERD, PERMISSIVE, UNSELECTED],
    ],
    [
      'in ambient mode',
      [marked('shop', 'labels', 'istio.io/dataplane-mode: ambient'), workload('cart', shop)],
      [
        NO_SIDECAR,
        'Istio ambient mode: Namespace shop has label istio.io/dataplane-mode=ambient ({a.yaml:6 @ a.yaml:6:30}), assuming a default installation of Istio.',
        NO_LINKERD,
        PERMISSIVE,
        'Traffic to the addresses of these pods goes through no waypoint: neither Namespace shop ({a.yaml:4 @ a.yaml:4:9}) nor the pod template has label istio.io/use-waypoint.',
        UNSELECTED,
      ],
    ],
    [
      'in Linkerd',
      [
        marked('shop', 'annotations', 'linkerd.io/inject: enabled'),
        workload('cart', shop),
        peerAuthentication('all', 'shop', STRICT),
      ],
      [
        NO_ISTIO,
        'Linkerd proxy: Namespace shop has annotation linkerd.io/inject=enabled ({a.yaml:6 @ a.yaml:6:24}).',
        "mTLS between pods that have Linkerd's proxy, without any configuration. {PeerAuthentication shop/all @ a.yaml:31:11} does not apply here.",
        UNSELECTED,
      ],
    ],
    [
      'that nothing asks into a mesh',
      [namespace('shop'), workload('cart', shop)],
      [
        "No mesh: neither Namespace shop ({a.yaml:4 @ a.yaml:4:9}) nor the pod template asks for one, assuming that Istio's enableNamespacesByDefault is off.",
        UNMESHED,
        UNSELECTED,
      ],
    ],
    [
      'that opts out',
      [injected, workload('cart', { ...shop, label: 'sidecar.istio.io/inject: "false"' })],
      [
        'No Istio sidecar: pod label sidecar.istio.io/inject=false ({a.yaml:18 @ a.yaml:18:34}).',
        NO_AMBIENT,
        NO_LINKERD,
        UNMESHED,
        UNSELECTED,
      ],
    ],
    [
      'on the host network',
      [injected, workload('cart', { ...shop, spec: 'hostNetwork: true' })],
      [
        'No Istio sidecar: the pod uses the host network ({a.yaml:19 @ a.yaml:19:20}).',
        'Not in Istio ambient mode: the pod uses the host network ({a.yaml:19 @ a.yaml:19:20}).',
        NO_LINKERD,
        UNMESHED,
        UNSELECTED,
      ],
    ],
    [
      'in the mesh with STRICT at every level and an exception',
      [
        injected,
        workload('cart', shop),
        peerAuthentication('default', 'istio-system', STRICT),
        peerAuthentication(
          'cart',
          'shop',
          '  selector:\n    matchLabels:\n      app: cart\n  portLevelMtls:\n    8080:\n      mode: DISABLE\n',
        ),
      ],
      [
        'Istio sidecar: Namespace shop has label istio-injection=enabled ({a.yaml:6 @ a.yaml:6:22}).',
        NO_LINKERD,
        'mTLS STRICT, set for the mesh by {PeerAuthentication istio-system/default @ a.yaml:31:11}, assuming that istio-system is the root namespace.',
        'At port 8080: mTLS DISABLE, set for this port by {PeerAuthentication shop/cart @ a.yaml:44:13}.',
        UNSELECTED,
        'Policies for these pods: {PeerAuthentication istio-system/default @ a.yaml:27:9}, {PeerAuthentication shop/cart @ a.yaml:36:9}.',
      ],
    ],
    [
      'whose own policy counts more than the namespace has',
      [
        injected,
        workload('cart', shop),
        peerAuthentication('default', 'shop', '  mtls:\n    mode: DISABLE\n'),
        peerAuthentication('cart', 'shop', `  selector:\n    matchLabels:\n      app: cart\n${STRICT}`),
      ],
      [
        'Istio sidecar: Namespace shop has label istio-injection=enabled ({a.yaml:6 @ a.yaml:6:22}).',
        NO_LINKERD,
        'mTLS STRICT, set for these pods by {PeerAuthentication shop/cart @ a.yaml:43:11}.',
        UNSELECTED,
        'Policies for these pods: {PeerAuthentication shop/default @ a.yaml:27:9}, {PeerAuthentication shop/cart @ a.yaml:36:9}.',
      ],
    ],
    [
      'whose namespace has two policies',
      [
        injected,
        workload('cart', shop),
        peerAuthentication('a', 'shop', STRICT),
        peerAuthentication('b', 'shop', '  mtls:\n    mode: DISABLE\n'),
      ],
      [
        'Istio sidecar: Namespace shop has label istio-injection=enabled ({a.yaml:6 @ a.yaml:6:22}).',
        NO_LINKERD,
        'mTLS mode unknown: it depends on {PeerAuthentication shop/a @ a.yaml:31:11}, {PeerAuthentication shop/b @ a.yaml:40:11}.',
        UNSELECTED,
        'Policies for these pods: {PeerAuthentication shop/a @ a.yaml:27:9}, {PeerAuthentication shop/b @ a.yaml:36:9}.',
      ],
    ],
  ])('%s', (_, documents, statements) => {
    expect(told(inFile(...documents), 'a.yaml', 'Deployment')).toEqual(['Deployment shop/cart', ...statements]);
  });

  it.each<[string, string, string[]]>([
    [
      'asks for nothing',
      workload('cart', shop),
      [
        'Deployment shop/cart',
        'Mesh unknown: no file here defines Namespace shop, whose labels and annotations decide.',
        "If its pods join Istio, mTLS PERMISSIVE, which is Istio's default: no PeerAuthentication here sets another mode.",
        UNSELECTED,
      ],
    ],
    [
      'asks for a sidecar',
      workload('cart', { ...shop, label: 'sidecar.istio.io/inject: "true"' }),
      [
        'Deployment shop/cart',
        'Istio sidecar: pod label sidecar.istio.io/inject=true ({a.yaml:11 @ a.yaml:11:34}), assuming that Namespace shop, which no file here defines, does not overrule the pod template.',
        'Linkerd proxy unknown: label config.linkerd.io/admission-webhooks of Namespace shop is unknown, since no file here defines it.',
        PERMISSIVE,
        UNSELECTED,
      ],
    ],
  ])('in a Namespace that no file defines %s', (_, document, lines) => {
    expect(told(inFile(document), 'a.yaml', 'cart')).toEqual(lines);
  });
});

const overlays: Files = {
  'base/kustomization.yaml': 'resources: [d.yaml]\n',
  'base/d.yaml': joined(workload('cart'), service('cart')),
  'overlays/prod/kustomization.yaml': 'namespace: prod\nresources: [../../base, ns.yaml]\n',
  'overlays/prod/ns.yaml': marked('prod', 'labels', 'istio-injection: enabled'),
  'overlays/staging/kustomization.yaml':
    'namespace: staging\nresources: [../../base, ns.yaml]\npatches:\n  - path: p.yaml\nlabels:\n  - pairs:\n      istio.io/dataplane-mode: ambient\n    includeTemplates: true\n',
  'overlays/staging/ns.yaml': marked('staging', 'labels', 'istio-injection: enabled'),
  'overlays/staging/p.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  template:\n    metadata:\n      labels:\n        sidecar.istio.io/inject: "false"\n',
};
const USED =
  'Used in 2 environments: {prod @ overlays/prod/kustomization.yaml:1:1}, {staging @ overlays/staging/kustomization.yaml:1:1}.';
const STAGING = 'Used in environment {staging @ overlays/staging/kustomization.yaml:1:1}.';

describe('overlays', () => {
  it('says of a base what each makes of it', () => {
    expect(told(overlays, 'base/d.yaml', 'cart')).toEqual([
      'Deployment prod/cart (prod), Deployment staging/cart (staging)',
      'prod: Istio sidecar: Namespace prod has label istio-injection=enabled ({overlays/prod/ns.yaml:6 @ overlays/prod/ns.yaml:6:22}).',
      'staging: No Istio sidecar: pod label sidecar.istio.io/inject=false ({overlays/staging/p.yaml:9 @ overlays/staging/p.yaml:9:34}).',
      'staging: Istio ambient mode: pod label istio.io/dataplane-mode=ambient ({overlays/staging/kustomization.yaml:7 @ overlays/staging/kustomization.yaml:7:32}).',
      'prod: No Linkerd proxy: neither Namespace prod nor the pod template has annotation linkerd.io/inject ({overlays/prod/ns.yaml:2 @ overlays/prod/ns.yaml:2:7}).',
      'staging: No Linkerd proxy: neither Namespace staging nor the pod template has annotation linkerd.io/inject ({overlays/staging/ns.yaml:2 @ overlays/staging/ns.yaml:2:7}).',
      PERMISSIVE,
      'staging: Traffic to the addresses of these pods goes through no waypoint: neither Namespace staging ({overlays/staging/ns.yaml:2 @ overlays/staging/ns.yaml:2:7}) nor the pod template has label istio.io/use-waypoint.',
      'prod: Selected by {Service prod/cart @ base/d.yaml:19:9}.',
      'staging: Selected by {Service staging/cart @ base/d.yaml:19:9}.',
      USED,
    ]);
    expect(told(overlays, 'base/d.yaml', 'Service')).toEqual([
      'Service prod/cart (prod), Service staging/cart (staging)',
      'prod: Selects the pods of {Deployment prod/cart @ base/d.yaml:4:9}: Istio sidecar, mTLS PERMISSIVE at port 8080.',
      'staging: Selects the pods of {Deployment staging/cart @ base/d.yaml:4:9}: Istio ambient, mTLS PERMISSIVE at port 8080.',
      'prod: Sidecars of clients send mTLS by themselves (auto mTLS).',
      'staging: Clients in ambient mode send mTLS, whatever DestinationRules say.',
      'staging: Traffic to this Service goes through no waypoint: neither Namespace staging ({overlays/staging/ns.yaml:2 @ overlays/staging/ns.yaml:2:7}) nor this Service has label istio.io/use-waypoint.',
      USED,
    ]);
  });

  it('says of a patch what becomes of the resources that it changes', () => {
    expect(told(overlays, 'overlays/staging/p.yaml', 'cart')?.slice(0, 2)).toEqual([
      'Deployment staging/cart',
      'No Istio sidecar: pod label sidecar.istio.io/inject=false ({overlays/staging/p.yaml:9 @ overlays/staging/p.yaml:9:34}).',
    ]);
    expect(told(overlays, 'overlays/staging/p.yaml', 'sidecar.istio.io')).toEqual([
      'sidecar.istio.io/inject=false, label of pods of Deployment staging/cart',
      'No Istio sidecar: pod label sidecar.istio.io/inject=false ({overlays/staging/p.yaml:9 @ overlays/staging/p.yaml:9:34}).',
      STAGING,
    ]);
  });

  it('says of a label of a kustomization whom it reaches', () => {
    expect(told(overlays, 'overlays/staging/kustomization.yaml', 'ambient')).toEqual([
      'istio.io/dataplane-mode, added here to several resources',
      "Brings the pods of 1 workload into Istio's ambient mode: {Deployment staging/cart @ base/d.yaml:4:9}.",
    ]);
  });

  it('says that an overlay replaces what a base sets', () => {
    const files = { ...overlays, 'base/d.yaml': workload('cart', { label: 'sidecar.istio.io/inject: "true"' }) };
    expect(told(files, 'base/d.yaml', 'sidecar.istio.io')?.slice(1)).toEqual([
      'staging: An overlay changes it to false ({overlays/staging/p.yaml:9 @ overlays/staging/p.yaml:9:34}).',
      'prod: Decides nothing here. Istio sidecar: Namespace prod has label istio-injection=enabled ({overlays/prod/ns.yaml:6 @ overlays/prod/ns.yaml:6:22}).',
      'staging: No Istio sidecar: pod label sidecar.istio.io/inject=false ({overlays/staging/p.yaml:9 @ overlays/staging/p.yaml:9:34}).',
      USED,
    ]);
  });

  it('says that no environment uses a file', () => {
    const files = {
      ...overlays,
      'unused/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [d.yaml]\n',
      'unused/d.yaml': workload('lost'),
    };
    expect(told(files, 'unused/d.yaml', 'lost')).toEqual(['Deployment lost', 'No environment here uses this file.']);
  });
});

describe('an injection label or annotation', () => {
  const out = workload('out', { ...shop, label: 'sidecar.istio.io/inject: "false"' });
  it.each<[string, readonly string[], string, string[]]>([
    [
      'on a Namespace counts whom it brings in',
      [injected, workload('cart', shop), out],
      'istio-injection',
      [
        'istio-injection=enabled, label of Namespace shop',
        "Gives the pods of 1 workload Istio's sidecar: {Deployment shop/cart @ a.yaml:11:9}.",
        'Not for {Deployment shop/out @ a.yaml:27:9}. No Istio sidecar: pod label sidecar.istio.io/inject=false ({a.yaml:34 @ a.yaml:34:34}).',
      ],
    ],
    [
      'on a Namespace says once why it is not for several',
      [
        marked('shop', 'labels', 'istio-injection: enabled\n    istio.io/rev: canary'),
        workload('cart', shop),
        workload('web', shop),
      ],
      'istio.io/rev',
      [
        'istio.io/rev=canary, label of Namespace shop',
        'Decides nothing for the 2 workloads of this Namespace.',
        'Not for {Deployment shop/cart @ a.yaml:12:9}, {Deployment shop/web @ a.yaml:28:9}. Istio sidecar: Namespace shop has label istio-injection=enabled ({a.yaml:6 @ a.yaml:6:22}).',
      ],
    ],
    [
      'on a Namespace names what it assumes',
      [marked('shop', 'labels', 'istio.io/rev: canary'), workload('cart', shop)],
      'canary',
      [
        'istio.io/rev=canary, label of Namespace shop',
        "Gives the pods of 1 workload Istio's sidecar: {Deployment shop/cart @ a.yaml:11:9}.",
        'This assumes that revision canary is installed.',
      ],
    ],
    [
      'on a Namespace counts whom it keeps out',
      [marked('shop', 'labels', 'istio-injection: disabled'), workload('cart', shop)],
      'disabled',
      [
        'istio-injection=disabled, label of Namespace shop',
        "Keeps Istio's sidecar out of the pods of 1 workload: {Deployment shop/cart @ a.yaml:11:9}.",
      ],
    ],
    [
      'on an empty Namespace decides nothing',
      [injected],
      'enabled',
      ['istio-injection=enabled, label of Namespace shop', 'No workload here is in Namespace shop.'],
    ],
    [
      'of a pod that another one overrules decides nothing',
      [injected, workload('cart', { ...shop, label: 'istio.io/rev: canary' })],
      'istio.io/rev',
      [
        'istio.io/rev=canary, label of pods of Deployment shop/cart',
        'Decides nothing here. Istio sidecar: Namespace shop has label istio-injection=enabled ({a.yaml:6 @ a.yaml:6:22}).',
      ],
    ],
    [
      'as the wrong one of the two does nothing',
      [injected, workload('cart', { ...shop, label: 'linkerd.io/inject: enabled' })],
      'linkerd.io/inject',
      [
        'linkerd.io/inject=enabled, label of pods of Deployment shop/cart',
        'Does nothing: Linkerd reads it among annotations, not among labels.',
      ],
    ],
    [
      'on pods that is read on Namespaces does nothing',
      [workload('cart', { ...shop, label: 'istio-injection: enabled' })],
      'istio-injection',
      ['istio-injection=enabled, label of pods of Deployment shop/cart', 'Does nothing here: Istio reads it only on Namespaces.'],
    ],
    [
      'on an owner of pods does nothing',
      [workload('cart', shop).replace('spec:', '  annotations:\n    linkerd.io/inject: enabled\nspec:')],
      'linkerd.io',
      [
        'linkerd.io/inject=enabled, annotation of Deployment shop/cart',
        'Does nothing here: Linkerd reads it only on Namespaces and pods; these pods take theirs from spec.template.metadata.',
      ],
    ],
    [
      'for the webhooks of Linkerd has one value',
      [marked('shop', 'labels', 'config.linkerd.io/admission-webhooks: enabled'), workload('cart', shop)],
      'config.linkerd.io',
      [
        'config.linkerd.io/admission-webhooks=enabled, label of Namespace shop',
        'Does nothing: the only value that Linkerd acts on is disabled.',
      ],
    ],
    [
      'for a waypoint names it',
      [marked('shop', 'labels', 'istio.io/use-waypoint: wp'), service('cart', shop)],
      'istio.io/use-waypoint',
      [
        'istio.io/use-waypoint=wp, label of Namespace shop',
        'In ambient mode, traffic to the 1 Service of this Namespace that has no such label goes through waypoint shop/wp, which this Namespace names ({a.yaml:6 @ a.yaml:6:28}) and no file here defines.',
      ],
    ],
  ])('%s', (_, documents, needle, lines) => {
    expect(told(inFile(...documents), 'a.yaml', needle)).toEqual(lines);
  });
});

describe('every injection label and annotation', () => {
  const values: Readonly<Record<string, string>> = {
    'istio-injection': 'enabled',
    'istio.io/rev': 'canary',
    'sidecar.istio.io/inject': '"true"',
    'istio.io/dataplane-mode': 'ambient',
    'istio.io/use-waypoint': 'wp',
    'linkerd.io/inject': 'ingress',
    'config.linkerd.io/admission-webhooks': 'disabled',
    'io.cilium/mtls-enabled': '"true"',
  };
  const places = INJECTION_SETTINGS.flatMap(({ key, labels, annotations }) => [
    ...labels.map((bearer) => [key, 'labels', bearer] as const),
    ...annotations.map((bearer) => [key, 'annotations', bearer] as const),
  ]);

  it.each(places)('%s among the %s of a %s', (key, field, bearer) => {
    const pair = `${key}: ${values[key] ?? ''}`;
    const marker = `  ${field}:\n    ${pair}\n`;
    const documents = {
      namespace: [marked('shop', field, pair), workload('cart', shop)],
      pod: [workload('cart', { ...shop, ...(field === 'labels' ? { label: pair } : { annotation: pair }) })],
      service: [service('cart', shop).replace('spec:', `${marker}spec:`), workload('cart', shop)],
      owner: [],
    }[bearer];
    const files = inFile(...documents);
    const onKey = told(files, 'a.yaml', key);
    expect(onKey?.[0]).toMatch(`${key}=`);
    expect(onKey?.length).toBeGreaterThan(1);
    // It is read here.
    expect(onKey?.some((line) => line.startsWith('Does nothing'))).toBe(false);
    expect(told(files, 'a.yaml', pair.slice(key.length + 2))).toEqual(onKey);
  });
});

describe('a Service, a Namespace, a PeerAuthentication', () => {
  const exception = peerAuthentication(
    'cart',
    'shop',
    '  selector:\n    matchLabels:\n      app: cart\n  portLevelMtls:\n    8080:\n      mode: DISABLE\n',
  );
  const files = inFile(
    injected,
    workload('cart', shop),
    service('cart', shop),
    peerAuthentication('default', 'shop', STRICT),
    exception,
  );

  it.each<[string, string[]]>([
    [
      'Service',
      [
        'Service shop/cart',
        'Selects the pods of {Deployment shop/cart @ a.yaml:11:9}: Istio sidecar, mTLS DISABLE at port 8080 ({PeerAuthentication shop/cart @ a.yaml:56:13}).',
        'Sidecars of clients send plaintext to {Deployment shop/cart @ a.yaml:11:9} (auto mTLS).',
      ],
    ],
    [
      'Namespace',
      [
        'Namespace shop',
        'Has istio-injection=enabled ({a.yaml:6 @ a.yaml:6:22}).',
        '1 workload, Istio sidecar: {Deployment shop/cart @ a.yaml:11:9}.',
        'mTLS of the namespace is set by {PeerAuthentication shop/default @ a.yaml:43:11}.',
      ],
    ],
    [
      'STRICT',
      [
        'PeerAuthentication shop/default',
        'STRICT: callers without mTLS are refused.',
        'For namespace shop: it has no selector.',
        'Sets STRICT for 1 workload: {Deployment shop/cart @ a.yaml:11:9}.',
        'Not at port 8080 of {Deployment shop/cart @ a.yaml:11:9}, whose mode DISABLE is set by {PeerAuthentication shop/cart @ a.yaml:56:13}.',
      ],
    ],
    [
      'DISABLE',
      [
        'Port 8080 of PeerAuthentication shop/cart',
        'DISABLE: only plaintext is accepted.',
        'For the workloads of its namespace that its selector matches.',
        'Sets DISABLE at port 8080 for 1 workload: {Deployment shop/cart @ a.yaml:11:9}.',
      ],
    ],
  ])('%s', (needle, lines) => {
    expect(told(files, 'a.yaml', needle)).toEqual(lines);
  });

  it('says whom a policy for the mesh does not reach', () => {
    const mesh = [
      peerAuthentication('default', 'istio-system', STRICT),
      joined(injected, workload('cart', shop)),
      peerAuthentication('own', 'shop', '  mtls:\n    mode: PERMISSIVE\n'),
      joined(namespace('bare'), workload('out', { in: 'bare' })),
    ];
    expect(told(inFile(...mesh), 'a.yaml', 'PeerAuthentication')).toEqual([
      'PeerAuthentication istio-system/default',
      'STRICT: callers without mTLS are refused.',
      'For the mesh: it stands in the root namespace without a selector, assuming that istio-system is the root namespace.',
      'Not for {Deployment shop/cart @ a.yaml:20:9}, whose mode PERMISSIVE is set by {PeerAuthentication shop/own @ a.yaml:40:11}.',
      "Has no effect on 1 workload outside Istio's mesh: {Deployment bare/out @ a.yaml:50:9}.",
    ]);
  });

  it.each<[string, string, string]>([
    [
      'a selector in the root namespace',
      `  selector:\n    matchLabels:\n      app: cart\n${STRICT}`,
      'Istio ignores it: it stands in the root namespace and has a selector.',
    ],
    ['a mode that is none', '  mtls:\n    mode: strict\n', 'strict is not a mode of PeerAuthentication.'],
    ['no mode', '  mtls: {}\n', 'It sets no mode and inherits that of the level above.'],
    [
      'ports without a selector',
      '  portLevelMtls:\n    80:\n      mode: STRICT\n',
      'Istio ignores its portLevelMtls, which needs a selector.',
    ],
  ])('says what is wrong with %s', (_, spec, line) => {
    expect(told(inFile(peerAuthentication('p', 'istio-system', spec)), 'a.yaml', 'PeerAuthentication')).toContain(line);
  });

  it.each<[string, string, string]>([
    [
      'without a selector',
      '  ports: []\n',
      'Without a selector it selects no pods: whoever writes its EndpointSlices decides where it leads.',
    ],
    [
      'that is another name',
      '  type: ExternalName\n  externalName: example.org\n',
      'Another name for example.org: it selects no pods.',
    ],
    ['that selects nothing', '  selector:\n    app: none\n', 'No workload here has pods that it selects.'],
  ])('says of a Service %s where it leads', (_, spec, line) => {
    const text = `apiVersion: v1\nkind: Service\nmetadata:\n  name: s\nspec:\n${spec}`;
    expect(told({ 'a.yaml': text }, 'a.yaml', 'Service')).toEqual(['Service s', line]);
  });
});

describe('positions', () => {
  it('say nothing where there is nothing to say', () => {
    const files = inFile(injected, workload('cart', shop));
    for (const needle of ['apiVersion', 'example/app', 'containerPort', 'app: cart', '---'])
      expect(told(files, 'a.yaml', needle), needle).toBeUndefined();
    expect(askExplanation(workspaceOf(files, []), 'none.yaml', 0)).toBeUndefined();
    expect(askExplanation(workspaceOf(files, []), 'a.yaml', 100_000)).toBeUndefined();
  });

  it('are those of the key or the value under the cursor, in a List too', () => {
    const item = joined(injected)
      .trimEnd()
      .split('\n')
      .map((line, i) => `${i === 0 ? '  - ' : '    '}${line}`)
      .join('\n');
    const text = `apiVersion: v1\nkind: List\nitems:\n${item}\n`;
    const explain = (needle: string): string | undefined => {
      const explained = askExplanation(workspaceOf({ 'a.yaml': text }, []), 'a.yaml', offsetOf(text, needle));
      return explained && `${explained.sections[0]?.title ?? ''} @ ${at(explained.place)}`;
    };
    expect(explain('enabled')).toBe('istio-injection=enabled, label of Namespace shop @ a.yaml:9:26');
    expect(explain('istio-injection')).toBe('istio-injection=enabled, label of Namespace shop @ a.yaml:9:9');
    expect(explain('Namespace')).toBe('Namespace shop @ a.yaml:5:11');
  });
});
