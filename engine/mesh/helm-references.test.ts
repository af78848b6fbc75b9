import { describe, expect, it } from 'vitest';
import type { Files } from '../../test/support/lint';
import { workspaceOf } from '../../test/support/lint';
import { defineRule } from '../findings/rule';
import { plainValue } from '../yaml/plain';
import { locate } from '../yaml/tree';
import { HELM_SUBJECTS, helmReferencesOf, helmValue } from './helm-references';
import type { HelmReference, HelmText } from './helm-references';

/** What a reference says, each text with the file it stands in where that is not the subject's own document. */
interface Shown {
  readonly repository?: string;
  readonly chart?: string;
  readonly version?: string;
  readonly digest?: string;
  readonly local?: true;
  readonly values?: unknown;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
}

function shown(reference: HelmReference): Shown {
  const text = (part: HelmText | undefined): string | undefined =>
    part && `${part.foreign === true ? 'foreign ' : ''}${part.hidden === true ? '?' : part.text}`;
  const { repository, chart, version, digest, local, values, parameters, releaseNamespace } = reference;
  return JSON.parse(
    JSON.stringify({
      repository: text(repository),
      chart: text(chart),
      version: text(version),
      digest: text(digest),
      local,
      values: values.length === 0 ? undefined : values.map(plainValue),
      parameters:
        parameters.length === 0 ? undefined : Object.fromEntries(parameters.map(({ name, value }) => [name, plainValue(value)])),
      namespace: releaseNamespace.is === 'known' ? releaseNamespace.value : releaseNamespace.is === 'unknown' ? '?' : undefined,
    }),
  ) as Shown;
}

/** A rule is the way to a view of every subject, files included. */
function referencesIn(files: Files): Shown[] {
  const found: Shown[] = [];
  const workspace = workspaceOf(files, [collecting((reference) => found.push(shown(reference)))]);
  workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

function collecting(take: (reference: HelmReference) => void): ReturnType<typeof defineRule> {
  return defineRule({
    id: 'linkerd/collecting',
    severity: 'info',
    summary: '',
    why: '',
    todo: '',
    kinds: HELM_SUBJECTS,
    equivalents: [],
    docs: '',
    since: '0.1.0',
    noFix: 'it is a test',
    examples: { bad: [{ title: '', files: {}, findings: [] }], good: [{ title: '', files: {} }] },
    check: (subject, view) =>
      helmReferencesOf(subject, view).map((reference) => {
        take(reference);
        const place = reference.version ?? reference.chart ?? reference.repository;
        return { place: { node: place?.node ?? subject.root! }, message: JSON.stringify(shown(reference)) };
      }),
  });
}

const application = (spec: string): Files => ({
  'app.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: mesh\nspec:\n${spec}`,
});

describe('Argo CD', () => {
  it('reads a chart with its values, parameters and namespace', () => {
    const spec = `  destination: { namespace: mesh }
  source:
    repoURL: https://charts.example.com
    chart: mesh
    targetRevision: 1.16
    helm:
      values: |
        a: { b: 1 }
      parameters:
        - { name: a.b, value: "2" }
`;
    expect(referencesIn(application(spec))).toEqual([
      {
        repository: 'https://charts.example.com',
        chart: 'mesh',
        version: '1.16',
        values: [{ a: { b: 1 } }],
        parameters: { 'a.b': '2' },
        namespace: 'mesh',
      },
    ]);
  });

  it('takes sources before source, valuesObject before values, and value files behind a ref where they are here', () => {
    const spec = `  source: { repoURL: https://charts.example.com, chart: unused }
  sources:
    - repoURL: https://charts.example.com
      chart: mesh
      helm:
        namespace: own
        values: "a: 1"
        valuesObject: { a: 2 }
        valueFiles: [$here/env/values-prod.yaml, $here/env/values-gone.yaml, values-of-the-chart.yaml]
    - { repoURL: https://git.example.com/x.git, ref: here }
`;
    expect(
      referencesIn({ ...application(spec), 'env/values-prod.yaml': 'a: 0\n', 'values-of-the-chart.yaml': 'a: 9\n' }),
    ).toEqual([{ repository: 'https://charts.example.com', chart: 'mesh', values: [{ a: 0 }, { a: 2 }], namespace: 'own' }]);
  });

  it('knows a chart in git by its Chart.yaml or by its helm block, and leaves other paths alone', () => {
    const spec = `  sources:
    - { repoURL: https://git.example.com/x.git, path: charts/shop, targetRevision: main }
    - { repoURL: https://git.example.com/y.git, path: other, helm: { valuesObject: { a: 1 } } }
    - { repoURL: https://git.example.com/z.git, path: manifests }
`;
    expect(referencesIn({ ...application(spec), 'charts/shop/Chart.yaml': 'name: shop\n' })).toEqual([
      { chart: 'charts/shop', local: true },
      { chart: 'other', local: true, values: [{ a: 1 }] },
    ]);
  });

  it('reads an OCI source, and the template of an ApplicationSet with what generators fill in', () => {
    expect(
      referencesIn(application('  source: { repoURL: oci://r.example.com/charts/mesh, targetRevision: 1.2.3, path: . }\n')),
    ).toEqual([{ repository: 'oci://r.example.com/charts', chart: 'mesh', version: '1.2.3' }]);
    const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: mesh }
spec:
  template:
    spec:
      destination: { namespace: '{{namespace}}' }
      source: { repoURL: https://charts.example.com, chart: mesh, targetRevision: '{{version}}' }
`;
    expect(referencesIn({ 'set.yaml': set })).toEqual([
      { repository: 'https://charts.example.com', chart: 'mesh', version: '?', namespace: '?' },
    ]);
  });
});

const repository = (url: string, namespace = 'flux-system'): string =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: { name: mesh, namespace: ${namespace} }\nspec: { url: '${url}' }\n`;
const release = (spec: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: mesh, namespace: apps }\nspec:\n${spec}`;
const FROM_REPOSITORY =
  '  chart: { spec: { chart: mesh, version: 1.x, sourceRef: { kind: HelmRepository, name: mesh, namespace: flux-system } } }\n';

describe('Flux', () => {
  it('finds the repository of a release by name and namespace', () => {
    const files = { 'a.yaml': repository('https://charts.example.com'), 'b.yaml': release(FROM_REPOSITORY) };
    expect(referencesIn(files)).toEqual([
      { repository: 'https://charts.example.com' },
      { repository: 'foreign https://charts.example.com', chart: 'mesh', version: '1.x', namespace: 'apps' },
    ]);
    expect(referencesIn({ ...files, 'a.yaml': repository('https://charts.example.com', 'elsewhere') })[1]).toEqual({
      chart: 'mesh',
      version: '1.x',
      namespace: 'apps',
    });
  });

  it('asks again when the repository changes, and ends as a fresh start does', () => {
    const files = { 'a.yaml': repository('https://one.example.com'), 'b.yaml': release(FROM_REPOSITORY) };
    const rule = collecting(() => undefined);
    const workspace = workspaceOf(files, [rule]);
    workspace.findings();
    const changed = { ...files, 'a.yaml': repository('https://two.example.com') };
    workspace.set('a.yaml', changed['a.yaml']);
    const messages = workspace.findings().map(({ reported }) => reported.message);
    expect(messages).toEqual(
      workspaceOf(changed, [rule])
        .findings()
        .map(({ reported }) => reported.message),
    );
    expect(messages[1]).toContain('two.example.com');
  });

  it('merges ConfigMaps and inline values, and takes what has a targetPath for a parameter', () => {
    const values = `${FROM_REPOSITORY}  targetNamespace: mesh
  valuesFrom:
    - { kind: ConfigMap, name: base }
    - { kind: ConfigMap, name: base, valuesKey: level, targetPath: log.level }
    - { kind: Secret, name: hidden }
  values: { a: 2 }
`;
    const map =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: base, namespace: apps }\ndata:\n  level: debug\n  values.yaml: |\n    a: 1\n    b: 1\n';
    expect(referencesIn({ 'a.yaml': release(values), 'b.yaml': map })).toEqual([
      {
        chart: 'mesh',
        version: '1.x',
        values: [{ a: 1, b: 1 }, { a: 2 }],
        parameters: { 'log.level': 'debug' },
        namespace: 'mesh',
      },
    ]);
  });

  it('follows chartRef to an OCIRepository and to a HelmChart, which speak for themselves as well', () => {
    const oci = `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: mesh, namespace: apps }
spec: { url: oci://r.example.com/charts/mesh, ref: { tag: 1.2.3, digest: sha256:0a1b } }
`;
    const files = { 'a.yaml': oci, 'b.yaml': release('  chartRef: { kind: OCIRepository, name: mesh }\n') };
    expect(referencesIn(files)).toEqual([
      { repository: 'oci://r.example.com/charts', chart: 'mesh', version: '1.2.3', digest: 'sha256:0a1b' },
      {
        repository: 'foreign oci://r.example.com/charts',
        chart: 'foreign mesh',
        version: 'foreign 1.2.3',
        digest: 'foreign sha256:0a1b',
        namespace: 'apps',
      },
    ]);
    const chart = `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: { name: mesh, namespace: apps }
spec: { chart: ./charts/mesh, version: 9.9.9, sourceRef: { kind: GitRepository, name: this } }
`;
    expect(referencesIn({ 'a.yaml': chart, 'b.yaml': release('  chartRef: { kind: HelmChart, name: mesh }\n') })).toEqual([
      { chart: './charts/mesh', local: true },
      { chart: 'foreign ./charts/mesh', local: true, namespace: 'apps' },
    ]);
    expect(referencesIn({ 'b.yaml': release('  chartRef: { kind: OCIRepository, name: gone }\n  values: { a: 1 }\n') })).toEqual([
      { values: [{ a: 1 }], namespace: 'apps' },
    ]);
  });
});

describe('files', () => {
  it('reads dependencies with their blocks of the values beside them', () => {
    const dependencies = `dependencies:
  - { name: mesh, version: 1.2.3, repository: https://charts.example.com, alias: net }
  - { name: partials, version: 0.1.0, repository: file://../partials }
  - { name: bundled, version: 0.1.0 }
`;
    const expected = [
      { repository: 'https://charts.example.com', chart: 'mesh', version: '1.2.3', values: [{ a: 1 }], namespace: '?' },
      { repository: 'file://../partials', chart: 'partials', version: '0.1.0', local: true, namespace: '?' },
      { chart: 'bundled', version: '0.1.0', local: true, namespace: '?' },
    ];
    const values = { 'shop/values.yaml': 'net: { a: 1 }\nmesh: { a: 2 }\n' };
    expect(referencesIn({ 'shop/Chart.yaml': `name: shop\n${dependencies}`, ...values })).toEqual(expected);
    expect(referencesIn({ 'shop/Chart.yaml': 'name: shop\n', 'shop/requirements.yaml': dependencies, ...values })).toEqual(
      expected,
    );
  });

  it('reads both fields of a kustomization, and no Flux Kustomization of that file name', () => {
    const kustomization = `helmCharts:
  - name: mesh
    repo: https://charts.example.com
    version: 1.2.3
    namespace: mesh
    valuesFile: values-prod.yaml
    valuesInline: { a: 2 }
  - name: vendored
helmChartInflationGenerator:
  - { chartName: old, chartRepoUrl: https://old.example.com, chartVersion: 0.1.0, releaseNamespace: old }
`;
    expect(referencesIn({ 'prod/kustomization.yaml': kustomization, 'prod/values-prod.yaml': 'a: 1\n' })).toEqual([
      {
        repository: 'https://charts.example.com',
        chart: 'mesh',
        version: '1.2.3',
        values: [{ a: 1 }, { a: 2 }],
        namespace: 'mesh',
      },
      { chart: 'vendored', local: true },
      { repository: 'https://old.example.com', chart: 'old', version: '0.1.0', namespace: 'old' },
    ]);
    const flux = `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: x }\n${kustomization}`;
    expect(referencesIn({ 'prod/kustomization.yaml': flux })).toEqual([]);
  });

  it('resolves the aliases of a helmfile across its documents, and keeps a repository that nothing uses', () => {
    const helmfile = `repositories:
  - { name: mesh, url: https://charts.example.com }
  - { name: reg, url: r.example.com/charts, oci: true }
  - { name: spare, url: https://spare.example.com }
---
releases:
  - name: mesh
    namespace: mesh
    chart: mesh/mesh
    version: 1.2.3
    values: [values-prod.yaml, { a: 2 }]
    set: [{ name: b, value: 3 }]
  - { name: b, chart: reg/b }
  - { name: c, chart: oci://other.example.com/c:2.0.0 }
  - { name: d, chart: ./charts/d }
  - { name: e, chart: unknown/e, version: 0.1.0 }
  - { name: f, chart: mesh/f, installed: false }
`;
    expect(referencesIn({ 'helmfile.yaml': helmfile, 'values-prod.yaml': 'a: 1\n' })).toEqual([
      { repository: 'https://spare.example.com' },
      {
        repository: 'https://charts.example.com',
        chart: 'mesh',
        version: '1.2.3',
        values: [{ a: 1 }, { a: 2 }],
        parameters: { b: 3 },
        namespace: 'mesh',
      },
      { repository: 'oci://r.example.com/charts', chart: 'b' },
      { repository: 'oci://other.example.com', chart: 'c', version: '2.0.0' },
      { chart: './charts/d', local: true },
      { chart: 'e', version: '0.1.0' },
    ]);
  });
});

describe('k3s', () => {
  it('reads a chart of a repository, and one that is the URL of an archive', () => {
    const chart = (spec: string): Files => ({
      'mesh.yaml': `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: { name: mesh, namespace: kube-system }\nspec:\n${spec}`,
    });
    const spec =
      '  chart: mesh\n  repo: https://charts.example.com\n  version: 1.2.3\n  targetNamespace: mesh\n  set: { a.b: "1" }\n  valuesContent: |-\n    c: 1\n';
    expect(referencesIn(chart(spec))).toEqual([
      {
        repository: 'https://charts.example.com',
        chart: 'mesh',
        version: '1.2.3',
        values: [{ c: 1 }],
        parameters: { 'a.b': '1' },
        namespace: 'mesh',
      },
    ]);
    expect(referencesIn(chart('  chart: https://charts.example.com/mesh-1.2.3.tgz\n'))).toEqual([
      { repository: 'https://charts.example.com', chart: 'mesh', version: '1.2.3', namespace: '?' },
    ]);
  });
});

describe('values', () => {
  it('gives the value of highest precedence, and places inside text to the character', () => {
    const spec = `  source:
    repoURL: https://charts.example.com
    chart: mesh
    helm:
      values: |
        a:
          b: inner
        c: text
      parameters: [{ name: a.b, value: outer }]
`;
    const files = application(spec);
    const references: HelmReference[] = [];
    workspaceOf(files, [collecting((reference) => references.push(reference))]).findings();
    const [reference] = references;
    expect(plainValue(helmValue(reference!, 'a', 'b'))).toBe('outer');
    expect(helmValue(reference!, 'a', 'gone')).toBeUndefined();
    const { start, end } = locate({ node: helmValue(reference!, 'c')! });
    expect(files['app.yaml']!.slice(start, end)).toBe('text');
  });
});
