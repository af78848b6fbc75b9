import { expect, it } from 'vitest';
import type { Report } from '../engine/findings/report';
import { TestFolder } from '../test/support/command';
import type { Ran } from '../test/support/command';
import { painter } from './colour';
import { formatEnvironments } from './environments';

const folder = new TestFolder('environments');
const write = folder.write.bind(folder);
const command = (...argv: string[]): Ran => folder.run(argv);

const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: cart }\n';
const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: argocd }
spec:
  sources:
    - { repoURL: "https://git.example/x", path: shop }
    - { repoURL: "https://charts.example", chart: redis, targetRevision: 1.0.0 }
  destination: { name: eu, namespace: shop }
`;

it('lists what shares a cluster, who brings it, and what is not known', () => {
  write({ 'shop/s.yaml': service, 'argo/a.yaml': application, 'other/s.yaml': service.replace('cart', 'web') });
  expect(command('environments')).toEqual({
    code: 0,
    out: `. (folder): 1 file, 1 resource

eu (argo-cd in shop): 2 files, 2 resources
  brought by Application argocd/shop (argo/a.yaml)
  partial: charts of elsewhere: redis of Application argocd/shop
`,
    err: '',
  });
});

it('says the same in JSON, with paths from the root', () => {
  write({ 'shop/s.yaml': service, 'argo/a.yaml': application });
  const { code, out } = command('environments', '--format', 'json', '.');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    version: 1,
    environments: [
      {
        name: 'eu',
        kind: 'argo-cd',
        root: 'shop',
        files: 2,
        resources: 2,
        partial: ['charts of elsewhere: redis of Application argocd/shop'],
        broughtBy: [
          { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'shop', file: 'argo/a.yaml' },
        ],
      },
    ],
  });
});

it('knows by the remotes of the repository which Applications bring something of it', () => {
  const config = (url: string): string => `[remote "origin"]\n\turl = ${url}\n`;
  write({ 'shop/s.yaml': service, 'argo/a.yaml': application, '.git/HEAD': 'ref: refs/heads/main\n' });
  write({ '.git/config': config('git@git.example:me/x.git') });
  expect(command('environments').out).toContain('eu (argo-cd in shop): 2 files, 2 resources');
  write({ '.git/config': config('git@git.example:me/other.git') });
  expect(command('environments').out).toBe('. (folder): 2 files, 2 resources\n');
});

it('takes several roots, whose paths start where the command does', () => {
  write({ 'a/shop/s.yaml': service, 'a/argo/a.yaml': application, 'b/s.yaml': service });
  const { environments } = JSON.parse(command('environments', '--format', 'json', 'a', 'b').out) as Report;
  expect(environments.map(({ root, broughtBy }) => [root, ...broughtBy.map(({ file }) => file)])).toEqual([
    ['a/shop', 'a/argo/a.yaml'],
    ['b'],
  ]);
});

it('does not fail on findings, and does on a path that is not there', () => {
  write({ 'a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: broken: yes }\n' });
  expect(command('environments').code).toBe(0);
  expect(command('environments', 'nowhere')).toMatchObject({ code: 2, err: expect.stringContaining('nowhere') as string });
  write({ '.mesh-lint.yaml': 'environments: 1\n' });
  expect(command('environments').code).toBe(2);
});

it('is a path where it does not come first', () => {
  write({ 'environments/s.yaml': service });
  expect(command('--format', 'json', 'environments').out).toContain('"findings"');
  expect(command('environments', './environments').out).toContain('1 resource');
});

it('says so where there is none', () => {
  expect(command('environments').out).toBe('no environment: no file here holds a Kubernetes resource\n');
});

it('shows no text that steers a terminal', () => {
  const evil = '\u001b[2J\u202e';
  const by = { apiVersion: 'v1', kind: evil, namespace: evil, name: evil, file: evil };
  const text = formatEnvironments(
    [{ name: evil, kind: 'flux', root: evil, files: 1, resources: 1, partial: [evil], broughtBy: [by] }],
    painter(false),
  );
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(text).toContain('\\x1b[2J<U+202E>');
});
