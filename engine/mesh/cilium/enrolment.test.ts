import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../../test/support/lint';
import type { Files } from '../../../test/support/lint';
import { joined, marked, namespace, workload } from '../../../test/support/mesh-samples';
import type { Resource } from '../../resources/resource';
import { allMeshed } from '../all-meshed';
import { collisionOf } from '../collisions';
import { joined as joinedMeshes } from '../joined';
import { unmeshedClients } from '../unmeshed';
import type { MeshView } from '../view';

const shop = { in: 'shop' };
const enrolled = marked('shop', 'labels', 'io.cilium/mtls-enabled: "true"');
const config = (...data: readonly string[]): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\n  namespace: kube-system\ndata:\n${data.map((line) => `  ${line}\n`).join('')}`;
const ON = config('enable-ztunnel: "true"');
const OTHER = config('enable-wireguard: "true"');

/** `yes shown`, for each workload; `none` where it is no question. */
function joinings(views: readonly MeshView[]): string[] {
  return views.flatMap((view) =>
    view.index.workloads().map((one) => {
      const ztunnel = view.membership(one)?.ztunnel;
      return `${one.title} ${ztunnel === undefined ? 'none' : `${ztunnel.joins} ${ztunnel.basis}`}`;
    }),
  );
}
const only = (files: Files): string | undefined => joinings(workspaceOf(files, []).views())[0]?.replace(/^Deployment \S+ /, '');

it.each<[string, Files, string]>([
  ['without a label or an installation', { 'a.yaml': joined(namespace('shop'), workload('cart', shop)) }, 'none'],
  ['without a label, beside WireGuard', { 'a.yaml': joined(namespace('shop'), workload('cart', shop)), 'c.yaml': OTHER }, 'none'],
  ['without a label, beside ztunnel', { 'a.yaml': joined(namespace('shop'), workload('cart', shop)), 'c.yaml': ON }, 'no shown'],
  ['in a Namespace that no file defines', { 'a.yaml': workload('cart', shop) }, 'none'],
  ['in a Namespace that no file defines, beside ztunnel', { 'a.yaml': workload('cart', shop), 'c.yaml': ON }, 'unknown shown'],
  [
    'in a Namespace that no file defines of a complete environment',
    {
      'a.yaml': workload('cart', shop),
      'c.yaml': ON,
      '.mesh-lint.yaml': 'environments:\n  all: { include: ["*.yaml"], complete: true }\n',
    },
    'no shown',
  ],
  [
    'in a namespace that a template hides',
    { 'a.yaml': workload('cart', { in: '{{ .Release.Namespace }}' }), 'c.yaml': ON },
    'unknown shown',
  ],
  ['with a label', { 'a.yaml': joined(enrolled, workload('cart', shop)) }, 'yes assumed'],
  ['with a label, beside WireGuard', { 'a.yaml': joined(enrolled, workload('cart', shop)), 'c.yaml': OTHER }, 'no shown'],
  ['with a label, beside ztunnel', { 'a.yaml': joined(enrolled, workload('cart', shop)), 'c.yaml': ON }, 'yes shown'],
  [
    'with a label that a template hides',
    { 'a.yaml': joined(enrolled.replace('"true"', '{{ .Values.mtls }}'), workload('cart', shop)) },
    'unknown shown',
  ],
  [
    'with labels that a template makes',
    { 'a.yaml': joined(namespace('shop', '  labels:\n    {{- toYaml .Values.labels | nindent 4 }}\n'), workload('cart', shop)) },
    'none',
  ],
  [
    'with a label that one of two alternatives has',
    { 'a.yaml': joined(enrolled, workload('cart', shop)), 'b.yaml': namespace('shop') },
    'unknown shown',
  ],
])('pods %s', (_, files, expected) => {
  expect(only(files)).toBe(expected);
});

it('asks nothing again when another of the settings changes, and each workload once when the encryption does', () => {
  const workspace = workspaceOf({ 'a.yaml': joined(enrolled, workload('cart', shop), workload('web', shop)), 'c.yaml': ON }, []);
  const views = workspace.views();
  const holder = workspace.graph.watched('test', { compute: () => joinings(views) });
  expect(holder.get()).toEqual(['Deployment shop/cart yes shown', 'Deployment shop/web yes shown']);
  const runsAfter = (text: string): number | undefined => {
    workspace.graph.resetRunCounts();
    workspace.set('c.yaml', text);
    workspace.views();
    holder.get();
    return workspace.graph.runCounts().get('view.membership');
  };
  expect(runsAfter(config('enable-ztunnel: "true"', 'enable-policy: always'))).toBeUndefined();
  expect(runsAfter(OTHER)).toBe(2);
  expect(holder.get()).toEqual(['Deployment shop/cart no shown', 'Deployment shop/web no shown']);
});

/** For each path the texts that it may have. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'ns.yaml': [enrolled, namespace('shop'), marked('shop', 'labels', 'io.cilium/mtls-enabled: "no"'), '# nothing\n'],
  'a.yaml': [
    workload('cart', shop),
    workload('cart', { ...shop, spec: 'hostNetwork: true' }),
    joined(workload('cart', shop), workload('web', shop)),
  ],
  'c.yaml': [ON, OTHER, config('enable-policy: always')],
  'helmfile.yaml': [
    'releases:\n  - name: cilium\n    chart: cilium/cilium\n    values: [{ encryption: { enabled: true, type: ztunnel } }]\n',
    'releases:\n  - name: cilium\n    chart: cilium/cilium\n    values: [values.yaml]\n',
  ],
  'values.yaml': ['encryption: { enabled: true, type: wireguard }\n', 'a: b\n'],
};

it('after any edits everybody is where a fresh start puts them', () => {
  const edit = fc
    .constantFrom(...Object.keys(TEXTS))
    .chain((path) => fc.record({ path: fc.constant(path), text: fc.option(fc.constantFrom(...TEXTS[path]!)) }));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
      const files = new Map([['a.yaml', TEXTS['a.yaml']![0]!]]);
      const workspace = workspaceOf(Object.fromEntries(files), []);
      for (const { path, text } of edits) {
        if (text === null) {
          files.delete(path);
          workspace.remove(path);
        } else {
          files.set(path, text);
          workspace.set(path, text);
        }
        expect(joinings(workspace.views())).toEqual(joinings(workspaceOf(Object.fromEntries(files), []).views()));
      }
    }),
    { numRuns: 60 },
  );
});

/** Cilium's ztunnel is told of; nothing says how it goes with another mesh, and no rule judges it. */
describe('another mesh beside ztunnel', () => {
  const both = (...labels: readonly string[]): string =>
    namespace('shop', `  labels:\n${['io.cilium/mtls-enabled: "true"', ...labels].map((label) => `    ${label}\n`).join('')}`);
  const viewOf = (...documents: readonly string[]): MeshView =>
    workspaceOf({ 'a.yaml': joined(...documents), 'c.yaml': ON }, []).views()[0]!;
  const cart = workload('cart', shop);
  const titles = (all: readonly Resource[]): string[] => all.map(({ title }) => title);

  it.each<[string, MeshView, { istio: string[]; linkerd: string[] }]>([
    ['a sidecar', viewOf(both('istio-injection: enabled'), cart), { istio: ['Deployment shop/cart'], linkerd: [] }],
    ['ambient mode', viewOf(both('istio.io/dataplane-mode: ambient'), cart), { istio: ['Deployment shop/cart'], linkerd: [] }],
    [
      'Linkerd',
      viewOf(both(), workload('cart', { ...shop, annotation: 'linkerd.io/inject: enabled' })),
      { istio: [], linkerd: ['Deployment shop/cart'] },
    ],
    ['no other', viewOf(both(), cart), { istio: [], linkerd: [] }],
  ])('%s is one mesh as before, and no collision', (_, view, expected) => {
    const [workloadOf] = view.index.workloads();
    expect(view.membership(workloadOf!)?.ztunnel?.joins).toBe('yes');
    expect(collisionOf(workloadOf!, view)).toBeUndefined();
    const all = joinedMeshes(view);
    expect({ istio: titles(all.istio), linkerd: titles(all.linkerd) }).toEqual(expected);
  });

  it('it is no membership in Istio’s mesh', () => {
    const view = viewOf(both('istio-injection: disabled'), cart);
    expect(titles(unmeshedClients(view).map(({ workload: client }) => client))).toEqual(['Deployment shop/cart']);
    expect(allMeshed(view)).toBeUndefined();
  });
});
