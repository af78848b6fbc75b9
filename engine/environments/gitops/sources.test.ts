import { describe, expect, it } from 'vitest';
import { service } from '../../../test/support/environments';
import { workspaceOf } from '../../../test/support/lint';
import type { Files } from '../../../test/support/lint';

/** What lands on cluster `eu`, of a repository with these remotes; undefined where there is no such environment. */
function landing(files: Files, remotes: readonly string[]): string[] | undefined {
  const workspace = workspaceOf(files, []);
  workspace.setRemotes(remotes);
  const resources = workspace.view('eu')?.environment().resources;
  return resources?.filter(({ kind }) => kind === 'Service').map(({ title }) => title);
}

const application = (name: string, repoURL: string, path: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec:\n  source: { repoURL: "${repoURL}", path: ${path}, directory: { recurse: true } }\n  destination: { name: eu, namespace: shop }\n`;

const HTTPS = 'https://git.example/shop/deploy.git';
const SSH = 'git@git.example:shop/deploy.git';
const shop = { 'shop/s.yaml': service('cart') };
const ALL = ['Service shop/cart'];

describe('an Application of a repository whose remote is known', () => {
  it.each([
    ['the same address', SSH, HTTPS],
    ['in other letters, with a user, a port and a slash', 'ssh://me@Git.Example:2222/shop/deploy/', HTTPS],
    ['a fork', 'https://git.example/me/deploy', HTTPS],
    ['a mirror', 'https://mirror.example/all/deploy', HTTPS],
    ['a clone of a directory', '/srv/git/other.git', HTTPS],
    ['a clone of a file', 'file:///srv/git/other.git', HTTPS],
    ['an address that is filled in later', SSH, 'https://git.example/<owner>/<repository>'],
    ['a mark in its place', SSH, '{repository}'],
    ['a name in its place', SSH, 'REPOSITORY_URL'],
  ])('brings what is here: %s', (_, remote, repoURL) => {
    expect(landing({ ...shop, 'a.yaml': application('a', repoURL, 'shop') }, [remote])).toEqual(ALL);
  });

  it.each([
    ['on the same host', 'https://git.example/shop/web.git'],
    ['elsewhere', 'https://mirror.example/shop/web'],
  ])('brings nothing where it names one that is called otherwise: %s', (_, repoURL) => {
    const files = { ...shop, 'a.yaml': application('a', repoURL, 'shop') };
    expect(landing(files, [])).toEqual(ALL);
    expect(landing(files, [HTTPS])).toBeUndefined();
    expect(landing(files, [HTTPS, repoURL])).toEqual(ALL);
  });

  it('may be the whole of it, beside others', () => {
    const files = {
      ...shop,
      'argo/a.yaml': application('a', HTTPS, '.'),
      'argo/b.yaml': application('b', 'https://git.example/other', 'x'),
    };
    expect(landing(files, [])).toBeUndefined();
    expect(landing(files, [SSH])).toEqual(ALL);
  });

  it('is ours however many of its paths are gone', () => {
    const gone = ['b', 'c', 'd'].map((name) => [`argo/${name}.yaml`, application(name, HTTPS, `gone/${name}`)] as const);
    const files = { ...shop, 'argo/a.yaml': application('a', HTTPS, 'shop'), ...Object.fromEntries(gone) };
    expect(landing(files, [])).toBeUndefined();
    expect(landing(files, [HTTPS])).toEqual(ALL);
  });

  it('is a fork no more where most of the paths are not here', () => {
    const other = (name: string, path: string): string => application(name, 'https://git.example/bank/deploy', path);
    const files = {
      ...shop,
      'base/s.yaml': service('base'),
      'argo/a.yaml': application('a', HTTPS, 'shop'),
      'argo/b.yaml': other('b', 'base'),
      'argo/c.yaml': other('c', 'ledger'),
      'argo/d.yaml': other('d', 'safe'),
    };
    expect(landing(files, [HTTPS])).toEqual(ALL);
  });

  it('follows what becomes known', () => {
    const workspace = workspaceOf({ ...shop, 'a.yaml': application('a', HTTPS, 'shop') }, []);
    expect(workspace.environmentNames()).toEqual(['eu']);
    workspace.setRemotes(['https://git.example/web']);
    expect(workspace.environmentNames()).toEqual(['.']);
    workspace.setRemotes([]);
    expect(workspace.environmentNames()).toEqual(['eu']);
  });
});

describe('a Kustomization of Flux', () => {
  const fluxed = (name: string, url: string): Files => ({
    ...shop,
    'clusters/eu/git.yaml': `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { url: "${url}" }\n`,
    'clusters/eu/k.yaml': `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: shop, namespace: flux-system }\nspec:\n  path: ./shop\n  targetNamespace: shop\n  sourceRef: { kind: GitRepository, name: ${name} }\n`,
  });

  it.each([
    ['another name', 'https://git.example/web', undefined],
    ['the same address', SSH, ALL],
    ['a fork', 'https://git.example/me/deploy', ALL],
  ])('%s', (_, url, landed) => {
    expect(landing(fluxed('apps', url), [HTTPS])).toEqual(landed);
    expect(landing(fluxed('apps', url), [])).toEqual(ALL);
  });

  it('was bootstrapped from here, under whatever name', () => {
    expect(landing(fluxed('flux-system', 'https://git.example/former'), [HTTPS])).toEqual(ALL);
  });

  it('of a source that no file shows, the paths decide', () => {
    const files = { ...fluxed('apps', HTTPS), 'clusters/eu/git.yaml': '' };
    expect(landing(files, [HTTPS])).toEqual(ALL);
  });

  it('of another source that is this repository, beside the one of the bootstrap', () => {
    const files = {
      ...fluxed('apps', SSH),
      'clusters/eu/flux.yaml': fluxed('flux-system', 'https://git.example/fleet')['clusters/eu/git.yaml'] ?? '',
    };
    expect(landing(files, [])).toBeUndefined();
    expect(landing(files, [HTTPS])).toEqual(ALL);
  });
});

it('a remote of any text does not throw', () => {
  const files = { ...shop, 'a.yaml': application('a', HTTPS, 'shop') };
  for (const remote of ['', '/', '://', 'a:', '.git', 'https://', '\0', '[', '__proto__:constructor'])
    expect(() => landing(files, [remote])).not.toThrow();
});
