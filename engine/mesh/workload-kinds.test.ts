import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { joined, marked, namespace, peerAuthentication, service, STRICT, workload } from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';
import { askLenses } from '../answers/lenses';
import { askSummary } from '../answers/summary';
import { membersOf } from '../summary/members';
import type { Joining } from './membership';
import type { MeshView } from './view';

const injected = marked('shop', 'labels', 'istio-injection: enabled');
const meshed = marked('shop', 'annotations', 'linkerd.io/inject: enabled');

/** A resource of any kind with a pod template at a path, which is not a Pod's. */
function holding(apiVersion: string, kind: string, path: readonly string[], metadata = 'labels: { app: cart }'): string {
  const lines = path.map((key, depth) => `${'  '.repeat(depth)}${key}:\n`).join('');
  const inner = '  '.repeat(path.length);
  const template = `${inner}metadata: { ${metadata} }\n${inner}spec:\n${inner}  containers:\n${inner}    - { name: app, image: "cart:1" }\n`;
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: cart\n  namespace: shop\n${lines}${template}`;
}

const TEMPLATE = ['spec', 'template'];
const JOB_TEMPLATE = ['spec', 'jobTemplate', 'spec', 'template'];
const KINDS: readonly [kind: string, apiVersion: string, path: readonly string[]][] = [
  ['Deployment', 'apps/v1', TEMPLATE],
  ['StatefulSet', 'apps/v1', TEMPLATE],
  ['DaemonSet', 'apps/v1', TEMPLATE],
  ['ReplicaSet', 'apps/v1', TEMPLATE],
  ['ReplicationController', 'v1', TEMPLATE],
  ['Job', 'batch/v1', TEMPLATE],
  ['CronJob', 'batch/v1', JOB_TEMPLATE],
  ['Rollout', 'argoproj.io/v1alpha1', TEMPLATE],
  ['DeploymentConfig', 'apps.openshift.io/v1', TEMPLATE],
  ['Service', 'serving.knative.dev/v1', TEMPLATE],
];
const CUSTOM: readonly [kind: string, apiVersion: string, path: readonly string[]][] = [
  ['Fleet', 'games.example.com/v1', TEMPLATE],
  ['Schedule', 'games.example.com/v1', JOB_TEMPLATE],
];

function viewOf(files: Files): MeshView {
  const [view] = workspaceOf(files, []).views();
  if (view === undefined) throw new Error('there is no environment');
  return view;
}

function joinings(...documents: readonly string[]): Joining[] {
  const view = viewOf({ 'a.yaml': joined(...documents) });
  const [only] = view.index.workloadsIn('shop');
  const membership = only && view.membership(only);
  return membership === undefined ? [] : [membership.sidecar, membership.ambient, membership.linkerd];
}
const answers = (...documents: readonly string[]): string[] => joinings(...documents).map(({ joins }) => joins);

/** What the hover of the first resource says, places left out. */
function told(text: string, files: Files = { 'a.yaml': text }): string[] {
  const explained = askExplanation(workspaceOf(files, []), 'a.yaml', text.indexOf('kind:') + 1);
  const lines = explained?.sections[0]?.statements.map(({ parts }) =>
    parts.map((part) => (typeof part === 'string' ? part : part.text)).join(''),
  );
  return lines ?? [];
}

describe.each([...KINDS, ...CUSTOM])('the pods of a %s', (kind, apiVersion, path) => {
  const text = holding(apiVersion, kind, path);

  it('join as their Namespace says', () => {
    expect(answers(text, injected)).toEqual(['yes', 'no', 'no']);
    expect(answers(text, meshed)).toEqual(['no', 'no', 'yes']);
    expect(answers(text, namespace('shop'))).toEqual(['no', 'no', 'no']);
  });

  it('join as their template says, and the resource itself does not', () => {
    const disabled = 'labels: { app: cart, sidecar.istio.io/inject: "false" }';
    expect(answers(holding(apiVersion, kind, path, disabled), injected)).toEqual(['no', 'no', 'no']);
    const asking = 'annotations: { linkerd.io/inject: enabled }';
    expect(answers(holding(apiVersion, kind, path, asking), namespace('shop'))).toEqual(['no', 'no', 'yes']);
    const own = text.replace('  name: cart\n', '  name: cart\n  annotations: { linkerd.io/inject: enabled }\n');
    expect(answers(own, namespace('shop'))).toEqual(['no', 'no', 'no']);
  });

  it('are found by a policy and by a Service, and have a lens', () => {
    const all = joined(text, injected, peerAuthentication('strict', 'shop', STRICT), service('cart', { in: 'shop' }));
    expect(told(all).join('\n')).toContain('mTLS STRICT, set for the namespace by PeerAuthentication shop/strict.');
    expect(told(all).join('\n')).toContain('Selected by Service shop/cart.');
    const [first, second] = askLenses(workspaceOf({ 'a.yaml': all }, []), 'a.yaml').map(({ title }) => title);
    expect([first, second]).toEqual(['Istio sidecar', 'mTLS STRICT']);
  });

  it('count as one workload', () => {
    expect(membersOf(viewOf({ 'a.yaml': joined(text, injected) })).map(({ standing }) => standing)).toEqual(['istio-sidecar']);
  });
});

describe('a Rollout that refers to another workload', () => {
  const rollout = (reference: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  workloadRef: ${reference}\n`;
  const toCart = rollout('{ apiVersion: apps/v1, kind: Deployment, name: cart }');

  it('has its pods by the template of that', () => {
    const all = joined(toCart, injected, workload('cart', { in: 'shop' }));
    expect(told(all)[0]).toBe('Its pods are made from the pod template of Deployment shop/cart, which decides.');
    // The workload that counts is the other.
    expect(membersOf(viewOf({ 'a.yaml': all })).map(({ definitions: [{ title }] }) => title)).toEqual(['Deployment shop/cart']);
  });

  it('leaves open what no file shows', () => {
    const missing = 'Mesh unknown: its pods are made from the pod template of Deployment cart, which no file here defines.';
    expect(told(joined(toCart, injected))[0]).toBe(missing);
    const none = 'No pod template is written here, so nothing joins a mesh.';
    expect(told(joined(rollout('{}'), injected))[0]).toBe(none);
  });
});

describe('what is said of a custom resource', () => {
  const fleet = holding('games.example.com/v1', 'Fleet', TEMPLATE);
  const CLAUSE = 'the controller of kind Fleet makes its pods from spec.template';

  it('rests on its controller, and says so once', () => {
    expect(joinings(fleet, injected).map(({ controller }) => controller)).toEqual([CLAUSE, CLAUSE, CLAUSE]);
    expect(told(joined(fleet, injected))).toEqual([
      'Istio sidecar: Namespace shop has label istio-injection=enabled (a.yaml:18).',
      'No Linkerd proxy: neither Namespace shop nor the pod template has annotation linkerd.io/inject (a.yaml:16).',
      `This assumes that ${CLAUSE}.`,
      "mTLS PERMISSIVE, which is Istio's default: no PeerAuthentication here sets another mode.",
      'No Service here selects these pods.',
    ]);
  });

  it('needs no such assumption where nothing is known anyway', () => {
    expect(joinings(fleet).map(({ joins, controller }) => [joins, controller])).toEqual(
      Array.from({ length: 3 }, () => ['unknown', undefined]),
    );
    expect(told(fleet)[0]).toMatch(/^Mesh unknown: no file here defines Namespace shop/);
  });

  it('is said of a label of its pods as well', () => {
    const labelled = holding('games.example.com/v1', 'Fleet', TEMPLATE, 'labels: { istio.io/rev: canary }');
    const text = joined(labelled, namespace('shop'));
    const explained = askExplanation(workspaceOf({ 'a.yaml': text }, []), 'a.yaml', text.indexOf('canary'));
    const parts = explained?.sections[0]?.statements.flatMap((statement) => statement.parts) ?? [];
    const words = parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
    expect(words).toContain(`assuming that revision canary is installed, and that ${CLAUSE}.`);
  });

  it('stands in the summary', () => {
    const workspace = workspaceOf({ 'a.yaml': joined(fleet, injected) }, []);
    const [group] = askSummary(workspace, '.')?.membership ?? [];
    expect(group?.reasons.flatMap(({ workloads }) => workloads.map(({ text }) => text))).toEqual([
      `Fleet shop/cart: Namespace shop has label istio-injection=enabled, assuming that ${CLAUSE}`,
    ]);
  });

  it('is not said of those whose controllers are known', () => {
    for (const [kind, apiVersion, path] of KINDS)
      expect(joinings(holding(apiVersion, kind, path), injected).map(({ controller }) => controller)).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
  });
});
