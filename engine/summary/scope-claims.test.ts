import { describe, expect, it } from 'vitest';
import { deployment, service } from '../../test/support/environments';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askScope } from '../answers/summary';

/** The claims on an environment, each with the lines that it leads to. */
function told(files: Files, environment: string): [text: string, ...places: string[]][] {
  return askScope(workspaceOf(files, []), environment).map(({ text, evidence }) => [
    text,
    ...evidence.map(({ file, range }) => `${file}:${range.start.line}`),
  ]);
}

const application = (name: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec:\n  sources:\n    - { repoURL: "https://git.example/x", path: shop/${name} }\n    - { repoURL: "https://charts.example", chart: ${name}, targetRevision: 1.0.0 }\n  destination: { name: eu, namespace: shop }\n`;

describe('what an environment is made of', () => {
  it('a folder', () => {
    expect(told({ 'a.yaml': service('cart'), 'b.yaml': service('web') }, '.')).toEqual([
      ['Files of a folder: 2 files, 2 resources.'],
    ]);
  });

  it('a build, and what it lacks', () => {
    const files = {
      'prod/kustomization.yaml': '# ours\nresources: [s.yaml, "https://git.example/x?ref=1"]\n',
      'prod/s.yaml': service('cart'),
    };
    expect(told(files, 'prod')).toEqual([
      ['Built by kustomize, prod: 2 files, 1 resource.', 'prod/kustomization.yaml:2'],
      ['Known only in part: remote bases: https://git.example/x?ref=1 in prod/kustomization.yaml.'],
    ]);
  });

  it('a chart', () => {
    const files = {
      'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'shop/values.yaml': 'a: b\n',
      'shop/templates/d.yaml': deployment('cart'),
    };
    expect(told(files, 'shop')).toEqual([
      ['A Helm chart, shop: 2 files, 1 resource.', 'shop/Chart.yaml:1'],
      ['Known only in part: templates are read without being rendered.'],
    ]);
  });

  it('what the configuration says', () => {
    const files = { '.mesh-lint.yaml': 'environments: { live: { include: ["shop/**"] } }\n', 'shop/s.yaml': service('cart') };
    expect(told(files, 'live')).toEqual([['As configured: 1 file, 1 resource.']]);
  });

  it('what Applications bring: the first few are named, and the evidence leads to all', () => {
    const names = ['a', 'b', 'c', 'd'];
    const applications = Object.fromEntries(names.map((name) => [`argo/${name}.yaml`, application(name)]));
    const services = Object.fromEntries(names.map((name) => [`shop/${name}/s.yaml`, service(name)]));
    expect(told({ ...services, ...applications }, 'eu')).toEqual([
      ['Brought by Argo CD, shop: 8 files, 8 resources.', 'argo/a.yaml:1'],
      [
        'Brought by Application argocd/a, Application argocd/b, Application argocd/c and 1 more.',
        ...names.map((name) => `argo/${name}.yaml:3`),
      ],
      [
        'Known only in part: charts of elsewhere: a of Application argocd/a, b of Application argocd/b, c of Application argocd/c and 1 more.',
      ],
    ]);
  });

  it('nothing of one that is not there', () => {
    expect(told({ 'a.yaml': service('cart') }, 'prod')).toEqual([]);
  });
});

it('follows what comes and goes', () => {
  const workspace = workspaceOf({ 'a.yaml': service('cart') }, []);
  const first = (): string | undefined => askScope(workspace, '.')[0]?.text;
  expect(first()).toBe('Files of a folder: 1 file, 1 resource.');
  workspace.set('b.yaml', service('web'));
  expect(first()).toBe('Files of a folder: 2 files, 2 resources.');
});
