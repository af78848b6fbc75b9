import { expect, it } from 'vitest';
import { rules } from '../rules';
import { deployment, documents } from '../test/support/facts';
import { workspaceOf } from '../test/support/lint';
import type { Files } from '../test/support/lint';
import { summaryOf } from './folder-summary';
import type { Claim, Summary } from './protocol';

const namespace = (name: string, label: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    ${label}\n`;
const both = deployment('cart', { namespace: 'shop' }).replace(
  '      labels:\n',
  '      annotations:\n        linkerd.io/inject: enabled\n      labels:\n',
);
const kustomization = (...resources: readonly string[]): string =>
  `resources:\n${resources.map((path) => `  - ${path}\n`).join('')}`;

const files: Files = {
  'base/kustomization.yaml': kustomization('shop.yaml'),
  'base/shop.yaml': both,
  'overlays/dev/kustomization.yaml': kustomization('../../base', 'namespace.yaml'),
  'overlays/dev/namespace.yaml': namespace('shop', 'istio-injection: disabled'),
  'overlays/prod/kustomization.yaml': kustomization('../../base', 'namespace.yaml'),
  'overlays/prod/namespace.yaml': namespace('shop', 'istio-injection: enabled'),
};

function summaryFor(all: Files, wanted?: string, run = own): Summary {
  const workspace = workspaceOf(all, run);
  return summaryOf({ uri: 'file:///r', workspace, uriOf: (path) => `file:///r/${path}` }, wanted);
}
const own = rules.filter(({ id }) => id === 'coexistence/double-injection');
const ofFiles = rules.filter(({ id }) => ['manifest/kustomization', 'manifest/syntax'].includes(id));
const labels = ({ evidence }: Claim): string[] => evidence.map(({ label }) => label);

it('shows the environment of the verdict, unless another one is asked for that is there', () => {
  expect(summaryFor(files).environments).toEqual(['dev', 'prod']);
  expect(summaryFor(files).environment).toBe('prod');
  expect(summaryFor(files, 'dev').environment).toBe('dev');
  expect(summaryFor(files, 'gone').environment).toBe('prod');
});

it('tells workloads, with their places as an editor counts them', () => {
  const [group] = summaryFor(files, 'prod').membership;
  expect(group?.title).toBe('Two meshes at once');
  const [workload] = group?.reasons[0]?.workloads ?? [];
  expect(workload?.text).toMatch(/^Deployment shop\/cart: /);
  expect(workload && labels(workload)).toEqual(['base/shop.yaml:4', 'overlays/prod/namespace.yaml:6', 'base/shop.yaml:10']);
  expect(workload?.evidence[1]).toEqual({
    uri: 'file:///r/overlays/prod/namespace.yaml',
    label: 'overlays/prod/namespace.yaml:6',
    range: { start: { line: 5, character: 21 }, end: { line: 5, character: 28 } },
  });
});

it('counts the findings of the environment alone, and tells what is wrong in one sentence', () => {
  const errors = (name: string): Summary['findings'][number] | undefined =>
    summaryFor(files, name).findings.find(({ severity }) => severity === 'error');
  expect(errors('dev')?.count).toBe(0);
  expect(errors('prod')?.count).toBe(2);
  const [finding, otherSide] = errors('prod')?.findings ?? [];
  expect(finding?.text).toBe(
    "The pods of Deployment shop/cart get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Pod annotation linkerd.io/inject=enabled).",
  );
  expect([finding, otherSide].map((one) => one && labels(one))).toEqual([
    ['base/shop.yaml:10'],
    ['overlays/prod/namespace.yaml:6'],
  ]);
});

it('leaves out what is wrong with the files of another environment', () => {
  const broken = {
    ...files,
    'overlays/dev/kustomization.yaml': `${files['overlays/dev/kustomization.yaml'] ?? ''}patches:\n  - lost.yaml\n`,
    'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: [1\n',
    'chart/templates/a.yaml': deployment('a'),
    'notes/kustomization.yaml': 'resources: [lost.yaml]\n',
  };
  const found = (name: string): string[] => {
    const { findings } = summaryFor(broken, name, ofFiles);
    return findings.flatMap((group) => group.findings.flatMap(labels)).sort();
  };
  const nobodys = 'notes/kustomization.yaml:1';
  expect(found('dev')).toEqual([nobodys, 'overlays/dev/kustomization.yaml:5']);
  expect(found('chart')).toEqual(['chart/Chart.yaml:3', nobodys]);
  expect(found('prod')).toEqual([nobodys]);
});

it('gives the decision on the environment that is shown', () => {
  const { decision } = summaryFor(files, 'prod');
  expect(decision?.sentence).toMatch(/^Converge on /);
  expect(decision?.reasons.flatMap(labels)).toContain('base/shop.yaml:10');
  expect(decision?.wayIn.stage).toBe('migration');
  expect(summaryFor(files, 'dev').decision?.sentence).not.toBe(decision?.sentence);
});

it('is empty without resources', () => {
  expect(summaryFor({ 'notes.yaml': 'a: b\n' })).toMatchObject({
    state: 'empty',
    environment: null,
    decision: null,
    findings: [],
  });
});

it('follows an edit', () => {
  const edited = { ...files, 'overlays/prod/namespace.yaml': documents(namespace('shop', 'istio-injection: disabled')) };
  expect(summaryFor(edited, 'prod').membership.map(({ title }) => title)).toEqual(['Linkerd']);
});
