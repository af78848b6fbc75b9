import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { applyEdits, coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './namespace-not-injected';

function findingsOf(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

const named = (files: Files): string[] => findingsOf(files).map((finding) => coveredText(files, finding));

const namespace = (name: string, metadata = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${metadata}`;
const meshed = namespace('shop', '  labels:\n    istio-injection: enabled\n');

const deployment = (name: string, in_: string, labels: string, containers = 'app'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${in_}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n${labels}    spec:\n      containers:\n        - name: ${containers}\n          image: ${name}:1\n`;

describe('what shows that Istio is in use', () => {
  const pay = namespace('pay');
  it.each([
    ['a revision on a Namespace', namespace('shop', '  labels:\n    istio.io/rev: canary\n')],
    ['a workload that joins by itself', deployment('cart', 'shop', '        sidecar.istio.io/inject: "true"\n')],
    ['istiod', deployment('istiod', 'istio-system', '        app: istiod\n')],
    [
      'an IstioOperator',
      'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\n  namespace: istio-system\n',
    ],
    [
      'the chart of istiod in a HelmRelease',
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\n  namespace: istio-system\nspec:\n  chart:\n    spec:\n      chart: istiod\n',
    ],
    [
      'the chart of istiod in an Application',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: istiod\n  namespace: argocd\nspec:\n  sources:\n    - chart: istiod\n',
    ],
  ])('%s', (_title, text) => {
    expect(named({ 'pay.yaml': pay, 'sign.yaml': text })).toEqual(['pay']);
  });

  it.each([
    ['a label that keeps sidecars out', namespace('shop', '  labels:\n    istio-injection: disabled\n')],
    ['an empty revision', namespace('shop', '  labels:\n    istio.io/rev: ""\n')],
    [
      'another chart',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: redis\nspec:\n  source:\n    chart: redis\n',
    ],
    [
      'a route of the Gateway API',
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: cart\n  namespace: shop\nspec: {}\n',
    ],
  ])('not %s', (_title, text) => {
    expect(named({ 'pay.yaml': pay, 'sign.yaml': text })).toEqual([]);
  });
});

describe('silence', () => {
  const silent = (text: string, more: Files = {}): void => {
    expect(named({ 'shop.yaml': meshed, 'other.yaml': text, ...more })).toEqual([]);
  };

  it.each(['kube-public', 'kube-flannel', 'local-path-storage', 'istio-system'])('on %s', (name) => {
    silent(namespace(name));
  });

  it('where the installation injects by default', () => {
    silent(namespace('pay'), { '.mesh-lint.yaml': 'istio:\n  enableNamespacesByDefault: true\n' });
  });

  it('on the root namespace and the namespace of the control plane', () => {
    silent(namespace('mesh'), { '.mesh-lint.yaml': 'istio:\n  rootNamespace: mesh\n' });
    silent(namespace('mesh'), { 'istiod.yaml': deployment('istiod', 'mesh', '        app: istiod\n') });
  });

  it("on Linkerd's own namespaces", () => {
    silent(namespace('linkerd-viz', '  labels:\n    linkerd.io/extension: viz\n'));
  });

  it('where another file labels the same Namespace', () => {
    silent(namespace('pay'), { 'elsewhere.yaml': namespace('pay', '  labels:\n    istio-injection: enabled\n') });
  });

  it('where ambient mode is declined', () => {
    silent(namespace('pay', '  labels:\n    istio.io/dataplane-mode: none\n'));
  });

  it('where a template may set the label, or hides the name', () => {
    silent('apiVersion: v1\nkind: Namespace\nmetadata:\n  name: pay\n  labels:\n    {{- toYaml .Values.labels | nindent 4 }}\n');
    silent('apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {{ .Release.Namespace }}\n');
  });

  it("where every pod has a mesh's proxy in its manifest or joins Linkerd", () => {
    silent(namespace('pay'), { 'ledger.yaml': deployment('ledger', 'pay', '', 'istio-proxy') });
    silent(namespace('pay'), {
      'ledger.yaml': deployment('ledger', 'pay', '      annotations:\n        linkerd.io/inject: enabled\n'),
    });
  });
});

it('counts the workloads that do not decide for themselves, and relates them', () => {
  const files = {
    'shop.yaml': meshed,
    'pay.yaml': namespace('pay'),
    'a.yaml': deployment('ledger', 'pay', ''),
    'b.yaml': deployment('audit', 'pay', ''),
    'c.yaml': deployment('backup', 'pay', '        sidecar.istio.io/inject: "false"\n'),
  };
  const [only] = findingsOf(files);
  expect(only?.reported.message).toContain('The pods of 2 workloads stay out of the mesh');
  expect(only?.reported.related.map(({ file, message }) => `${file}: ${message}`)).toEqual([
    'shop.yaml: Istio is in use: Namespace shop has istio-injection=enabled.',
    'a.yaml: The pods of Deployment pay/ledger stay out of the mesh.',
    'b.yaml: The pods of Deployment pay/audit stay out of the mesh.',
  ]);
});

describe('fixes', () => {
  const files = { 'shop.yaml': namespace('shop', '  labels:\n    istio.io/rev: canary\n'), 'pay.yaml': namespace('pay') };
  const [only] = findingsOf(files);

  it('are two choices', () => {
    expect(only?.fixes.map(({ title, safe }) => ({ title, safe }))).toEqual([
      { title: 'Bring the pods in: label istio.io/rev=canary', safe: false },
      { title: 'Keep the pods out: label istio-injection=disabled', safe: false },
    ]);
  });

  it.each([
    [0, 'istio.io/rev: canary'],
    [1, 'istio-injection: disabled'],
  ])('number %i', (index, line) => {
    const repaired = applyEdits(files, only?.fixes[index]?.edits() ?? []);
    expect(repaired['pay.yaml']).toBe(namespace('pay', `  labels:\n    ${line}\n`));
    expect(findingsOf(repaired)).toEqual([]);
  });
});
