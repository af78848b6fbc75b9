import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { joined, marked, namespace, offsetOf, service, workload } from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';
import { askLenses } from '../answers/lenses';

const AMBIENT = 'istio.io/dataplane-mode: ambient';
const USE = 'istio.io/use-waypoint: wp';
const shop = { in: 'shop' };
const ambientNamespace = (...labels: readonly string[]): string => marked('shop', 'labels', [AMBIENT, ...labels].join('\n    '));
const labelled = (text: string, label: string): string => text.replace('spec:\n', `  labels:\n    ${label}\nspec:\n`);
const gateway = (where: string, label = 'istio.io/rev: stable', more = ''): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: wp\n  namespace: ${where}\n  labels:\n    ${label}\nspec:\n  gatewayClassName: istio-waypoint\n  listeners:\n    - name: mesh\n      port: 15008\n      protocol: HBONE\n${more}`;

/** What is said of traffic at the first place of a text, links as `[text]`. */
function told(files: Files, file: string, needle: string): string[] {
  const explained = askExplanation(workspaceOf(files, []), file, offsetOf(files[file] ?? '', needle));
  const lines = explained?.sections.flatMap(({ statements }) =>
    statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : `[${part.text}]`)).join('')),
  );
  return (lines ?? []).filter((line) => /\btraffic to\b/i.test(line));
}

const lensTitles = (files: Files, file: string): string[] =>
  askLenses(workspaceOf(files, []), file).flatMap(({ about, title }) => (about === 'membership' ? [title] : []));

const SERVICE = 'Traffic to this Service';
const PODS = 'Traffic to the addresses of these pods';

describe('the waypoint of a Service and of the pods behind it', () => {
  it.each<[string, readonly string[], { service: string; pods: string; lenses: readonly string[] }]>([
    [
      'that nobody names',
      [ambientNamespace(), service('cart', shop), workload('cart', shop)],
      {
        service: `${SERVICE} goes through no waypoint: neither Namespace shop ([ns.yaml:4]) nor this Service has label istio.io/use-waypoint.`,
        pods: `${PODS} goes through no waypoint: neither Namespace shop ([ns.yaml:4]) nor the pod template has label istio.io/use-waypoint.`,
        lenses: ['Istio ambient, no waypoint', 'Istio ambient, no waypoint'],
      },
    ],
    [
      'that the Namespace names, and no file defines',
      [ambientNamespace(USE), service('cart', shop), workload('cart', shop)],
      {
        service: `${SERVICE} goes through waypoint shop/wp, which Namespace shop names ([ns.yaml:7]) and no file here defines.`,
        pods: `${PODS} goes through waypoint shop/wp, which Namespace shop names ([ns.yaml:7]) and no file here defines.`,
        lenses: ['Istio ambient, waypoint wp', 'Istio ambient, waypoint wp'],
      },
    ],
    [
      'that takes what goes to Services, as waypoints do',
      [ambientNamespace(USE), service('cart', shop), workload('cart', shop), gateway('shop')],
      {
        service: `${SERVICE} goes through waypoint [Gateway shop/wp], which Namespace shop names ([ns.yaml:7]).`,
        pods: `${PODS} goes past waypoint [Gateway shop/wp], which Namespace shop names ([ns.yaml:7]): it takes traffic only to Services, which is the default.`,
        lenses: ['Istio ambient, waypoint wp', 'Istio ambient, waypoint wp'],
      },
    ],
    [
      'that takes what goes to pods',
      [ambientNamespace(USE), service('cart', shop), workload('cart', shop), gateway('shop', 'istio.io/waypoint-for: workload')],
      {
        service: `${SERVICE} goes past waypoint [Gateway shop/wp], which Namespace shop names ([ns.yaml:7]): it takes traffic only to the addresses of pods ([a.yaml:35]).`,
        pods: `${PODS} goes through waypoint [Gateway shop/wp], which Namespace shop names ([ns.yaml:7]).`,
        lenses: ['Istio ambient, no waypoint', 'Istio ambient, waypoint wp'],
      },
    ],
    [
      'of another namespace that does not let them attach',
      [
        ambientNamespace(USE, 'istio.io/use-waypoint-namespace: infra'),
        service('cart', shop),
        workload('cart', { ...shop, label: 'istio.io/use-waypoint: none' }),
        gateway('infra'),
      ],
      {
        service: `${SERVICE} goes past waypoint [Gateway infra/wp], which Namespace shop names ([ns.yaml:7], [ns.yaml:8]): it lets only namespace infra attach, which is the default.`,
        pods: `${PODS} goes through no waypoint: the pod template has label istio.io/use-waypoint=none ([a.yaml:23]).`,
        lenses: ['Istio ambient, no waypoint', 'Istio ambient, no waypoint'],
      },
    ],
    [
      'of another namespace that may let them attach',
      [
        ambientNamespace(USE, 'istio.io/use-waypoint-namespace: infra'),
        service('cart', shop),
        workload('cart', { ...shop, label: 'istio.io/use-waypoint: "{{ x }}"' }),
        gateway('infra', 'a: b', '      allowedRoutes:\n        namespaces: { from: "{{ x }}" }\n'),
      ],
      {
        service: `${SERVICE} may go past waypoint [Gateway infra/wp], which Namespace shop names ([ns.yaml:7], [ns.yaml:8]): whether it lets Namespace shop attach is unknown ([a.yaml:44]).`,
        pods: `${PODS} may go through a waypoint: label istio.io/use-waypoint of the pod template is unknown ([a.yaml:23]).`,
        lenses: ['Istio ambient', 'Istio ambient'],
      },
    ],
    [
      'that a headless Service names',
      [
        ambientNamespace(),
        labelled(service('cart', shop), USE).replace('spec:\n', 'spec:\n  clusterIP: None\n'),
        workload('cart', shop),
        gateway('shop'),
      ],
      {
        service: `${SERVICE} goes past waypoint [Gateway shop/wp], which this Service names ([a.yaml:7]): a headless Service has no address of its own that a waypoint could serve ([a.yaml:9]).`,
        pods: `${PODS} goes through no waypoint: neither Namespace shop ([ns.yaml:4]) nor the pod template has label istio.io/use-waypoint.`,
        lenses: ['Istio ambient, no waypoint', 'Istio ambient, no waypoint'],
      },
    ],
    [
      'of pods that are known to be in ambient mode, whatever their Namespace has',
      ['', service('cart', shop), workload('cart', { ...shop, label: AMBIENT })],
      {
        service: `${SERVICE} may go through a waypoint: label istio.io/use-waypoint of Namespace shop is unknown, since no file here defines it.`,
        pods: `${PODS} may go through a waypoint: label istio.io/use-waypoint of Namespace shop is unknown, since no file here defines it.`,
        lenses: ['Istio ambient', 'Istio ambient'],
      },
    ],
    [
      'of pods that may be in ambient mode',
      ['', labelled(service('cart', shop), USE), workload('cart', { ...shop, label: USE })],
      {
        service:
          'If its pods are in ambient mode, traffic to this Service goes through waypoint shop/wp, which this Service names ([a.yaml:7]) and no file here defines.',
        pods: 'If its pods are in ambient mode, traffic to the addresses of these pods goes through waypoint shop/wp, which the pod template names ([a.yaml:25]) and no file here defines.',
        lenses: ['mesh unknown', 'mesh unknown'],
      },
    ],
  ])('%s', (_, [first = '', ...documents], expected) => {
    const files = { ...(first === '' ? {} : { 'ns.yaml': first }), 'a.yaml': joined(...documents) };
    expect({
      service: told(files, 'a.yaml', 'Service').join(' '),
      pods: told(files, 'a.yaml', 'Deployment').join(' '),
      lenses: lensTitles(files, 'a.yaml'),
    }).toEqual(expected);
  });

  it('is nothing to speak of outside of ambient mode', () => {
    const outside = [
      [namespace('shop'), service('cart', shop), workload('cart', shop)],
      [marked('shop', 'labels', `istio-injection: enabled\n    ${USE}`), service('cart', shop), workload('cart', shop)],
      [service('cart', shop), workload('cart', shop)],
      [ambientNamespace(USE), service('cart', shop)],
    ];
    for (const documents of outside) {
      const files = { 'a.yaml': joined(...documents) };
      expect(told(files, 'a.yaml', 'kind: Service'.slice(6))).toEqual([]);
      expect(lensTitles(files, 'a.yaml').join()).not.toContain('waypoint');
    }
  });
});

describe('the label that names a waypoint', () => {
  it.each<[string, string, readonly string[], string]>([
    [
      'on a Service',
      'istio.io/use-waypoint',
      [labelled(service('cart', shop), USE)],
      'In ambient mode, traffic to this Service goes through waypoint shop/wp, which this Service names ([a.yaml:7]) and no file here defines.',
    ],
    [
      'on pods',
      'istio.io/use-waypoint',
      [workload('cart', { ...shop, label: USE }), gateway('shop')],
      'In ambient mode, traffic to the addresses of these pods goes past waypoint [Gateway shop/wp], which the pod template names ([a.yaml:11]): it takes traffic only to Services, which is the default.',
    ],
    [
      'on a Namespace',
      'istio.io/use-waypoint',
      [
        marked('shop', 'labels', USE),
        service('cart', shop),
        service('web', shop),
        labelled(service('own', shop), 'istio.io/use-waypoint: none'),
        gateway('shop'),
      ],
      'In ambient mode, traffic to the 2 Services of this Namespace that have no such label goes through waypoint [Gateway shop/wp], which this Namespace names ([a.yaml:6]).',
    ],
    [
      'on a Namespace, without a name',
      'istio.io/use-waypoint',
      [marked('shop', 'labels', 'istio.io/use-waypoint: "{{ x }}"')],
      'In ambient mode, traffic to Services of this Namespace that have no such label may go through a waypoint: label istio.io/use-waypoint of this Namespace is unknown ([a.yaml:6]).',
    ],
  ])('%s', (_, needle, documents, expected) => {
    expect(told({ 'a.yaml': joined(...documents) }, 'a.yaml', needle)).toEqual([expected]);
  });
});

describe('what else is told of a waypoint', () => {
  it.each<[string, string, readonly string[], string]>([
    [
      'a canary',
      'Service',
      [
        ambientNamespace(),
        labelled(service('cart', shop), `${USE}\n    istio.io/use-waypoint-canary: next`).replace(
          'spec:\n',
          '  annotations:\n    istio.io/use-waypoint-canary-weight: "20"\nspec:\n',
        ),
        workload('cart', shop),
        gateway('shop'),
      ],
      'Traffic to this Service goes through waypoint [Gateway shop/wp], which this Service names ([a.yaml:14]); 20 % of it goes through the canary shop/next instead ([a.yaml:15], [a.yaml:17]).',
    ],
    [
      'pods of a Gateway',
      'Deployment',
      [ambientNamespace(USE), workload('wp', { ...shop, label: 'gateway.networking.k8s.io/gateway-name: wp' })],
      'Traffic to the addresses of these pods goes through no waypoint: they are the pods of a Gateway ([a.yaml:19]).',
    ],
    [
      'a label without a value',
      'Service',
      [ambientNamespace(), labelled(service('cart', shop), 'istio.io/use-waypoint: ""'), workload('cart', shop)],
      'Traffic to this Service goes through no waypoint: this Service has label istio.io/use-waypoint="" ([a.yaml:14]).',
    ],
    [
      'a word that is for no traffic',
      'Service',
      [ambientNamespace(USE), service('cart', shop), workload('cart', shop), gateway('shop', 'istio.io/waypoint-for: services')],
      'Traffic to this Service goes past waypoint [Gateway shop/wp], which Namespace shop names ([a.yaml:7]): its istio.io/waypoint-for is services, which names no traffic ([a.yaml:43]).',
    ],
    [
      'a Gateway of another class',
      'Service',
      [
        ambientNamespace(USE),
        service('cart', shop),
        workload('cart', shop),
        gateway('shop').replace('gatewayClassName: istio-waypoint', 'gatewayClassName: istio'),
      ],
      'Traffic to this Service may go past waypoint [Gateway shop/wp], which Namespace shop names ([a.yaml:7]): its class is none that Istio makes waypoints of ([a.yaml:45]).',
    ],
  ])('%s', (_, needle, documents, expected) => {
    expect(told({ 'a.yaml': joined(...documents) }, 'a.yaml', needle)).toEqual([expected]);
  });

  it('follows an edit of the Gateway, of its class and of the Namespace', () => {
    const files = {
      'a.yaml': joined(service('cart', shop), workload('cart', shop)),
      'gateway.yaml': gateway('shop'),
      'ns.yaml': ambientNamespace(USE),
    };
    const workspace = workspaceOf(files, []);
    const lens = (): string | undefined => askLenses(workspace, 'a.yaml')[0]?.title;
    expect(lens()).toBe('Istio ambient, waypoint wp');
    workspace.set('gateway.yaml', gateway('shop', 'istio.io/waypoint-for: workload'));
    expect(lens()).toBe('Istio ambient, no waypoint');
    workspace.set('gateway.yaml', gateway('shop'));
    workspace.set(
      'class.yaml',
      'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n  name: istio-waypoint\n  labels:\n    istio.io/waypoint-for: none\n',
    );
    expect(lens()).toBe('Istio ambient, no waypoint');
    workspace.remove('class.yaml');
    expect(lens()).toBe('Istio ambient, waypoint wp');
    workspace.set('ns.yaml', ambientNamespace());
    expect(lens()).toBe('Istio ambient, no waypoint');
  });
});
