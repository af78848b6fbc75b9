import { describe, expect, it } from 'vitest';
import { cited, deployment, documents, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askVerdicts } from '../answers/verdicts';
import { countFacts } from './count-facts';
import { withoutServices } from './without-services';

/** What is said of the one environment of these files: the sentence, then each reason with its evidence. */
function said(files: Files): string[] | undefined {
  const [view] = workspaceOf(files, []).views();
  const without = view && withoutServices(view, countFacts(view));
  if (without === undefined) return undefined;
  return [without.summary, ...(without.reasons ?? []).flatMap(({ text, evidence }) => [text, ...cited(files, evidence)])];
}

const chart = (name: string, more: string): Files => ({
  'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`,
  'templates/crd.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: a.linkerd.io\nspec: {}\n',
});

const istiod = (namespace: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\n  namespace: ${namespace}\nspec:\n  template:\n    metadata:\n      labels: { app: istiod }\n    spec:\n      containers: [{ name: discovery, image: docker.io/istio/pilot:1.30.2 }]\n`;

describe('a chart of a mesh', () => {
  // `home`, `sources` and `icon` as the projects' own charts have them.
  it.each([
    ['Linkerd', 'linkerd-crds', 'home: https://linkerd.io\n', 'Chart.yaml:4 https://linkerd.io'],
    [
      'Linkerd',
      'linkerd-viz',
      'sources:\n- https://github.com/linkerd/linkerd2/\n',
      'Chart.yaml:5 https://github.com/linkerd/linkerd2/',
    ],
    [
      'Linkerd',
      'linkerd2-cni',
      'icon: https://linkerd.io/images/logo-only-200h.png\n',
      'Chart.yaml:4 https://linkerd.io/images/logo-only-200h.png',
    ],
    ['Istio', 'base', 'sources:\n  - https://github.com/istio/istio\n', 'Chart.yaml:5 https://github.com/istio/istio'],
    ['Cilium', 'cilium', 'home: https://cilium.io/\n', 'Chart.yaml:4 https://cilium.io/'],
  ])('of %s is told as such: %s', (project, name, more, place) => {
    expect(said(chart(name, more))).toEqual([
      `Nothing to decide: this is ${project}'s own chart, without a Service of yours.`,
      `Chart.yaml names the ${project} project as its own.`,
      place,
    ]);
  });

  it.each(['home: https://linkerd.io.example\n', 'home: https://example/github.com/istio\n', 'home: [https://istio.io]\n', ''])(
    'is not seen in %j',
    (more) => {
      expect(said(chart('shop', more))?.[0]).toBe('Nothing to decide: no Service and no workload of yours is here.');
    },
  );
});

it('an installation is told as such, with its places', () => {
  expect(said({ 'istio.yaml': istiod('istio-system') })).toEqual([
    'Nothing to decide: this installs Istio, and holds no Service of yours.',
    'Istio is installed here.',
    'istio.yaml:4 istiod',
  ]);
});

it('infrastructure is no workload of the team', () => {
  const prometheus = deployment('prometheus', { namespace: 'kube-system' });
  expect(said({ 'a.yaml': prometheus })?.[1]).toBe(
    'Every workload here belongs to a mesh, to an add-on or to Kubernetes itself.',
  );
  expect(said({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n' })?.[1]).toBe(
    'These files hold no workload.',
  );
});

it.each([
  [1, 'No mesh: no Service here leads to the 1 workload of yours.'],
  [3, 'No mesh: no Service here leads to any of the 3 workloads of yours.'],
])('%i workloads that no Service leads to are counted', (number, summary) => {
  const names = Array.from({ length: number }, (_, i) => deployment(`w${i}`));
  expect(said({ 'a.yaml': documents(...names, service('other')) })).toEqual([summary]);
});

it.each([
  [['a'], 'Nothing to decide: the 1 Service here leads to no workload of yours.'],
  [['a', 'b'], 'Nothing to decide: none of the 2 Services here leads to a workload of yours.'],
])('Services %j without a workload are counted, with their places', (names, summary) => {
  const files = { 'a.yaml': documents(...names.map((name) => service(name))) };
  const [sentence, reason, ...places] = said(files) ?? [];
  expect([sentence, reason]).toEqual([summary, 'The workloads behind the Services are not among these files.']);
  expect(places).toHaveLength(names.length);
});

it('where there is a Service that leads somewhere, the verdict speaks', () => {
  expect(said({ 'a.yaml': documents(deployment('cart'), service('cart')) })).toBeUndefined();
});

describe('the verdict of an environment', () => {
  it('takes these words, unless two meshes are there', () => {
    const own = chart('linkerd-crds', 'home: https://linkerd.io\n');
    const verdict = askVerdicts(workspaceOf(own, [])).leading;
    expect(verdict).toMatchObject({ choice: 'none', summary: said(own)?.[0] });
    expect(verdict?.reasons.map(({ text }) => text)).toEqual(['Chart.yaml names the Linkerd project as its own.']);
    const linkerd = istiod('linkerd')
      .replaceAll('istiod', 'linkerd-destination')
      .replace('docker.io/istio/pilot', 'cr.l5d.io/linkerd/controller')
      .replace('app:', 'linkerd.io/control-plane-component:');
    const both = askVerdicts(workspaceOf({ 'a.yaml': istiod('istio-system'), 'b.yaml': linkerd }, [])).leading;
    expect(both).toMatchObject({ choice: 'converge' });
    expect(both?.summary).toMatch(/^Converge on /);
  });
});
