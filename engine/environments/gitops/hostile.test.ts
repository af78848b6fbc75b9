import { describe, expect, it } from 'vitest';
import { environmentsOf, service } from '../../../test/support/environments';
import { workspaceOf } from '../../../test/support/lint';

const application = (spec: string, name = 'a'): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec:\n${spec}`;
const LARGE = 200_000;

/** Far more than any of these takes, far less than what grows with the square of the text. */
const SECONDS = 5;

function takesLittle(files: Readonly<Record<string, string>>): void {
  const start = performance.now();
  const workspace = workspaceOf(files);
  workspace.findings();
  expect(workspace.faults()).toEqual([]);
  expect((performance.now() - start) / 1000).toBeLessThan(SECONDS);
}

describe('texts that are made to take long', () => {
  it.each<[string, string]>([
    ['slashes in a server', `  source: { repoURL: x, path: apps }\n  destination: { server: "${'/'.repeat(LARGE)}x" }\n`],
    ['slashes in an address', `  source: { repoURL: "${'/'.repeat(LARGE)}x", path: apps }\n`],
    ['slashes in a path', `  source: { repoURL: x, path: "${'/'.repeat(LARGE)}x" }\n`],
    ['a long pattern', `  source: { repoURL: x, path: apps, directory: { include: "${'*a'.repeat(LARGE)}" } }\n`],
    ['many braces', `  source: { repoURL: x, path: apps, directory: { include: "${'{a,b}'.repeat(100)}" } }\n`],
    ['a long image', `  source: { repoURL: x, path: apps, kustomize: { images: ["${':a'.repeat(LARGE)}/@"] } }\n`],
  ])('%s', (_, spec) => {
    takesLittle({ 'apps/s.yaml': service('cart'), 'a.yaml': application(spec) });
  });

  it('an alias bomb among parameters, and in what is filled in', () => {
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `    b${i}: &b${i} [${i === 0 ? '"${x}"' : `*b${i - 1}, *b${i - 1}`}]\n`,
    ).join('');
    const set = `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: s }\nspec:\n  generators:\n  - list:\n      elements:\n      - a: x\n        more:\n${bomb.replaceAll('    b', '          b')}  template:\n    metadata: { name: '{{a}}' }\n    spec: { source: { repoURL: x, path: apps }, destination: { name: eu } }\n`;
    const flux = `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: k, namespace: flux-system }\nspec:\n  path: apps\n  sourceRef: { kind: GitRepository, name: flux-system }\n  postBuild: { substitute: { x: y } }\n`;
    takesLittle({
      'apps/s.yaml': `${service('cart')}spec:\n${bomb.replaceAll('    b', '  b')}`,
      'set.yaml': set,
      'clusters/eu/k.yaml': flux,
    });
  });

  it('generators that multiply', () => {
    const list = (key: string): string =>
      `{ list: { elements: [${Array.from({ length: 300 }, (_, i) => `{ ${key}: "${i}" }`).join(', ')}] } }`;
    const set = `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: s }\nspec:\n  generators: [{ matrix: { generators: [${list('a')}, { matrix: { generators: [${list('b')}, ${list('c')}] } }] } }]\n  template:\n    metadata: { name: '{{a}}-{{b}}-{{c}}' }\n    spec: { source: { repoURL: x, path: apps }, destination: { name: eu } }\n`;
    takesLittle({ 'apps/s.yaml': service('cart'), 'set.yaml': set });
  });
});

describe('objects that bring each other', () => {
  it('end, whatever they are renamed to on the way', () => {
    const renaming = application(
      '  source: { repoURL: x, path: apps, kustomize: { namePrefix: x-, patches: [{ target: { kind: Application }, patch: \'[{"op": "add", "path": "/spec/project", "value": "p"}]\' }] } }\n  destination: { name: in-cluster }\n',
    );
    takesLittle({
      'apps/kustomization.yaml': 'resources: [a.yaml, s.yaml]\n',
      'apps/a.yaml': renaming,
      'apps/s.yaml': service('cart'),
    });
  });

  it('in a circle are one cluster', () => {
    const to = (path: string): string =>
      `  source: { repoURL: x, path: ${path} }\n  destination: { name: in-cluster, namespace: argocd }\n`;
    const files = {
      'one/a.yaml': application(to('two'), 'a'),
      'two/b.yaml': application(to('one'), 'b'),
      'two/s.yaml': service('cart'),
    };
    expect(environmentsOf(files)).toEqual({
      'in-cluster': ['Application argocd/a', 'Application argocd/b', 'Service argocd/cart'],
    });
  });
});
