import { describe, expect, it } from 'vitest';
import { environmentsOf, namespace, partialOf, planOf, resourceOf, textAt } from '../../../test/support/environments';
import { workspaceOf } from '../../../test/support/lint';

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';

/** A Namespace whose label has a value of a template. */
const template = (value: string): string => `${namespace('shop')}  labels:\n    a: ${value}\n`;

/** What a template's value comes to with the chart's own values. */
function label(value: string, values: string): unknown {
  const files = { 'shop/Chart.yaml': CHART, 'shop/values.yaml': values, 'shop/templates/ns.yaml': template(value) };
  const found = resourceOf(files, 'shop', 'Namespace shop').at('metadata', 'labels', 'a');
  return found?.type === 'scalar' ? found.value : found?.type;
}

const VALUES =
  'inject: enabled\nempty: ""\nnever: false\ngone: ~\ncount: 3\nlarge: 12345678\ndeep: { er: { value: x } }\nquoted: "7"\nlist: [1]\n';

describe('an action', () => {
  it.each<[string, unknown]>([
    ['{{ .Values.inject }}', 'enabled'],
    ['{{- .Values.inject -}}', 'enabled'],
    ['{{ $.Values.deep.er.value }}', 'x'],
    ['"{{ .Values.inject }}"', 'enabled'],
    ["'{{ .Values.inject }}'", 'enabled'],
    ['a-{{ .Values.inject }}-b', 'a-enabled-b'],
    ['"{{ .Values.inject }}.{{ .Values.deep.er.value }}"', 'enabled.x'],
    ['{{ .Values.inject | quote }}', 'enabled'],
    ['{{ quote .Values.inject }}', 'enabled'],
    ['{{ .Values.count }}', 3],
    ['{{ .Values.count | quote }}', '3'],
    ['"{{ .Values.count }}"', '3'],
    ['{{ .Values.quoted }}', 7],
    ['{{ .Values.never }}', false],
    ['{{ .Values.empty }}', null],
    ['{{ .Values.empty | default "x" }}', 'x'],
    ['{{ .Values.never | default "x" }}', 'x'],
    ['{{ .Values.missing | default "x" | quote }}', 'x'],
    ['{{ default "x" .Values.missing }}', 'x'],
    ['{{ .Values.missing | default .Values.inject }}', 'enabled'],
    ['{{ .Values.inject | default "x" }}', 'enabled'],
    ['{{ .Values.inject }} # why', 'enabled'],
  ])('%s is filled in', (written, expected) => {
    expect(label(written, VALUES)).toBe(expected);
  });

  it.each([
    ['{{ .Values.missing }}'],
    ['{{ .Values.missing | quote }}'],
    ['{{ .Values.gone }}'],
    ['{{ .Values.large }}'],
    ['{{ .Values.list }}'],
    ['{{ .Values.deep }}'],
    ['{{ .Values.inject.more }}'],
    ['{{ .Values.inject | upper }}'],
    ['{{ include "shop.label" . }}'],
    ['{{ .Release.Name }}'],
    ['{{ .Release.Namespace }}'],
    ['{{ .Chart.Name }}'],
    ['{{ if .Values.never }}a{{ end }}'],
    ['{{ printf "%s" .Values.inject }}'],
    ['{{ .Values.inject'],
  ])('%s stays unknown', (written) => {
    expect(label(written, VALUES)).toBe('unknown');
  });

  it('between "if" and "end" is not read', () => {
    const text = `${namespace('shop')}  labels:\n    {{- if .Values.never }}\n    a: {{ .Values.inject }}\n    {{- end }}\n    b: c\n`;
    const files = { 'shop/Chart.yaml': CHART, 'shop/values.yaml': VALUES, 'shop/templates/ns.yaml': text };
    expect(resourceOf(files, 'shop', 'Namespace shop').labels.get('a').is).toBe('unknown');
  });

  it('that makes all of a value stands in the values file, one among text in the template', () => {
    const files = {
      'shop/Chart.yaml': CHART,
      'shop/values.yaml': VALUES,
      'shop/templates/ns.yaml': `${template('{{ .Values.inject }}')}    b: a-{{ .Values.inject }}\n`,
    };
    const labels = resourceOf(files, 'shop', 'Namespace shop').at('metadata', 'labels');
    const [a, b] = labels?.type === 'map' ? labels.entries : [];
    expect(textAt(files, a?.value)).toBe('shop/values.yaml: enabled');
    expect(textAt(files, b?.value)).toBe('shop/templates/ns.yaml: a-{{ .Values.inject }}');
  });
});

describe('values files', () => {
  const files = {
    'shop/Chart.yaml': CHART,
    'shop/values.yaml': 'inject: disabled\nteam: books\n',
    'shop/values-prod.yaml': 'inject: enabled\n',
    'shop/values.dev.yaml': 'inject: ~\nteam: ~\n',
    'shop/values-same.yaml': 'other: 1\n',
    'shop/templates/ns.yaml': template('{{ .Values.inject | default "none" }}'),
  };
  const inject = (name: string): unknown => resourceOf(files, name, 'Namespace shop').labels.get('a');

  it('give an environment each, on top of the defaults, where they make a difference', () => {
    expect(Object.keys(environmentsOf(files))).toEqual(['shop', 'shop/dev', 'shop/prod']);
    expect(inject('shop')).toMatchObject({ value: 'disabled' });
    expect(inject('shop/prod')).toMatchObject({ value: 'enabled' });
    expect(inject('shop/dev')).toMatchObject({ value: 'none' });
    expect(planOf(files, 'shop/prod')).toMatchObject({ kind: 'helm', root: 'shop', production: true });
    expect(partialOf(files, 'shop/prod')).toEqual(['templates are read without being rendered']);
  });

  it('a chart without defaults is read as it is', () => {
    const others: Record<string, string> = { ...files };
    delete others['shop/values.yaml'];
    expect(Object.keys(environmentsOf(others))).toEqual(['shop']);
    expect(resourceOf(others, 'shop', 'Namespace shop').labels.get('a').is).toBe('unknown');
  });

  it("a subchart's templates do not see the values above them", () => {
    const sub = {
      ...files,
      'shop/charts/sub/Chart.yaml': CHART,
      'shop/charts/sub/templates/ns.yaml': template('{{ .Values.inject }}').replace('name: shop', 'name: sub'),
    };
    expect(resourceOf(sub, 'shop/prod', 'Namespace sub').labels.get('a').is).toBe('unknown');
  });

  it('a chart that holds Applications keeps them', () => {
    const app = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\nspec: { source: { path: shop } }\n';
    expect(environmentsOf({ ...files, 'shop/templates/app.yaml': app })['shop']).toEqual(['Application a', 'Namespace shop']);
  });

  it('follow edits of values and of templates', () => {
    const workspace = workspaceOf(files, []);
    const now = (): unknown => workspace.view('shop/prod')?.environment().resources[0]?.labels.get('a');
    expect(now()).toMatchObject({ value: 'enabled' });
    workspace.set('shop/values-prod.yaml', 'inject: later\n');
    expect(now()).toMatchObject({ value: 'later' });
    workspace.set('shop/templates/ns.yaml', template('{{ .Values.team }}'));
    expect(now()).toBeUndefined();
    workspace.set('shop/values-prod.yaml', 'team: sales\n');
    expect(now()).toMatchObject({ value: 'sales' });
  });

  it('two meshes that values bring about are found where the values say so', () => {
    const both = {
      ...files,
      'shop/templates/ns.yaml': `${namespace('shop')}  labels:\n    istio-injection: {{ .Values.inject }}\n  annotations:\n    linkerd.io/inject: enabled\n`,
      'shop/templates/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec:\n  template:\n    metadata: { labels: { app: web } }\n    spec: { containers: [{ name: app, image: "app:1" }] }\n',
    };
    const found = workspaceOf(both)
      .findings()
      .filter(({ reported }) => reported.rule === 'coexistence/double-injection');
    expect(found.map(({ reported }) => [reported.file, reported.environments.join()])).toEqual([
      ['shop/templates/ns.yaml', 'shop/prod'],
      ['shop/values-prod.yaml', 'shop/prod'],
    ]);
  });
});

describe('a chart that somebody installs', () => {
  const chart = {
    'charts/shop/Chart.yaml': CHART,
    'charts/shop/values.yaml': 'a: default\nb: default\nc: default\nd: default\n',
    'charts/shop/templates/ns.yaml': `apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-web\n  namespace: {{ .Release.Namespace }}\n  labels:\n    a: {{ .Values.a }}\n    b: {{ .Values.b }}\n    c: {{ .Values.c }}\n    d: {{ .Values.d }}\n`,
  };
  const labelsOf = (files: Readonly<Record<string, string>>, name: string, title: string): Record<string, unknown> => {
    const { labels } = resourceOf(files, name, title);
    return Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((key) => {
        const found = labels.get(key);
        return [key, found.is === 'known' ? found.value : found.is];
      }),
    );
  };
  const application = (helm: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: shop, namespace: argocd }\nspec:\n  source:\n    repoURL: https://git.example/x\n    path: charts/shop\n    helm:\n${helm}  destination: { name: eu, namespace: books }\n`;

  it('gets what the Application says: parameters beat inline values, which beat files, which beat defaults', () => {
    const files = {
      ...chart,
      'charts/shop/eu.yaml': 'a: file\nb: file\nc: file\n',
      'app.yaml': application(
        '      valueFiles: [eu.yaml]\n      values: |\n        b: inline\n        c: inline\n      parameters: [{ name: c, value: parameter }]\n',
      ),
    };
    expect(labelsOf(files, 'eu', 'Service books/shop-web')).toEqual({ a: 'file', b: 'inline', c: 'parameter', d: 'default' });
  });

  it('a valuesObject takes the place of values; a file that is not here leaves open what is below it', () => {
    const files = {
      ...chart,
      'app.yaml': application(
        '      releaseName: r\n      valueFiles: [gone.yaml]\n      values: "a: text"\n      valuesObject: { b: object }\n',
      ),
    };
    expect(labelsOf(files, 'eu', 'Service books/r-web')).toEqual({ a: 'unknown', b: 'object', c: 'unknown', d: 'unknown' });
  });

  it("the release's own namespace is not where objects without one go", () => {
    const files = {
      ...chart,
      'charts/shop/templates/plain.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: plain\n',
      'app.yaml': application('      namespace: own\n'),
    };
    expect(environmentsOf(files)['eu']).toEqual(['Application argocd/shop', 'Service books/plain', 'Service own/shop-web']);
  });

  it('files behind a ref, and from the root', () => {
    const files = {
      ...chart,
      'env/eu.yaml': 'a: ref\n',
      'env/more.yaml': 'b: root\n',
      'app.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: argocd }
spec:
  sources:
    - { repoURL: "https://git.example/x", path: charts/shop, helm: { valueFiles: [$v/env/eu.yaml, /env/more.yaml] } }
    - { repoURL: "https://git.example/x", ref: v }
  destination: { name: eu, namespace: books }
`,
    };
    expect(labelsOf(files, 'eu', 'Service books/shop-web')).toEqual({ a: 'ref', b: 'root', c: 'default', d: 'default' });
  });

  it('gets what the HelmRelease says; what a Secret may set below that is unknown', () => {
    const release = (rest: string): string =>
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: shop, namespace: books }\nspec:\n  chart: { spec: { chart: ./charts/shop, sourceRef: { kind: GitRepository, name: flux-system } } }\n${rest}`;
    const plain = { ...chart, 'clusters/eu/r.yaml': release('  values: { a: inline }\n') };
    expect(labelsOf(plain, 'eu', 'Service books/shop-web')).toEqual({ a: 'inline', b: 'default', c: 'default', d: 'default' });
    const secret = {
      ...chart,
      'clusters/eu/r.yaml': release(
        '  values: { a: inline, b: inline }\n  valuesFrom: [{ kind: Secret, name: s }, { kind: Secret, name: t, targetPath: b }]\n',
      ),
    };
    expect(labelsOf(secret, 'eu', 'Service books/shop-web')).toEqual({ a: 'inline', b: 'unknown', c: 'unknown', d: 'unknown' });
    const other = {
      ...chart,
      'over/eu.yaml': 'b: other\n',
      'clusters/eu/r.yaml': release('').replace('chart: ./charts/shop,', 'chart: ./charts/shop, valuesFiles: [over/eu.yaml],'),
    };
    expect(labelsOf(other, 'eu', 'Service books/shop-web')).toEqual({ a: 'unknown', b: 'other', c: 'unknown', d: 'unknown' });
  });
});
