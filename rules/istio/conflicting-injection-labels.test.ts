import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { applyEdits, coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './conflicting-injection-labels';

function findingsOf(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

/** A Namespace `shop` with these labels. */
const namespace = (labels: Readonly<Record<string, string>>, name = 'shop'): Files => ({
  'namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n${Object.entries(labels)
    .map(([key, value]) => `    ${key}: ${value}\n`)
    .join('')}`,
});

describe('codes', () => {
  it.each([
    ['sidecar and revision', { 'istio-injection': 'enabled', 'istio.io/rev': 'test' }, ['IST0123']],
    ['sidecar and ambient', { 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'ambient' }, ['IST0123']],
    ['revision and ambient', { 'istio.io/rev': 'test', 'istio.io/dataplane-mode': 'ambient' }, ['IST0123']],
    ['the same twice', { 'istio-injection': 'enabled', 'istio.io/rev': 'default' }, ['IST0123']],
    ['a revision that is shut out', { 'istio-injection': 'disabled', 'istio.io/rev': 'test' }, []],
    ['a value that injects nothing', { 'istio-injection': '"true"', 'istio.io/rev': 'test' }, []],
  ])('%s', (_title, labels, codes) => {
    expect(findingsOf(namespace(labels)).map((finding) => finding.reported.equivalents)).toEqual([codes]);
  });

  it('are not those of istioctl in istio-system, which it leaves out', () => {
    const [only] = findingsOf(namespace({ 'istio-injection': 'enabled', 'istio.io/rev': 'test' }, 'istio-system'));
    expect(only?.reported.equivalents).toEqual([]);
  });
});

describe('silence', () => {
  it.each([
    ['an empty revision beside ambient', namespace({ 'istio.io/rev': '""', 'istio.io/dataplane-mode': 'ambient' })],
    [
      'a value that injects nothing beside ambient',
      namespace({ 'istio-injection': '"true"', 'istio.io/dataplane-mode': 'ambient' }),
    ],
    ['ambient declined', namespace({ 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'none' })],
    ['a namespace that Istio leaves alone', namespace({ 'istio-injection': 'enabled', 'istio.io/rev': 'test' }, 'kube-system')],
  ])('%s', (_title, files) => {
    expect(findingsOf(files)).toEqual([]);
  });
});

it('reports each label that loses', () => {
  const files = namespace({ 'istio-injection': 'enabled', 'istio.io/rev': 'canary', 'istio.io/dataplane-mode': 'ambient' });
  expect(findingsOf(files).map((finding) => coveredText(files, finding))).toEqual(['istio.io/rev', 'istio.io/dataplane-mode']);
  expect(findingsOf(files).map((finding) => finding.reported.related[0]?.range.start.line)).toEqual([6, 6]);
});

it('says that nothing is injected where no default revision is installed', () => {
  const files = {
    ...namespace({ 'istio-injection': 'enabled', 'istio.io/rev': 'canary' }),
    '.mesh-lint.yaml': 'istio:\n  revisions: [canary]\n',
  };
  expect(findingsOf(files).map((finding) => finding.reported.message)).toEqual([
    'Namespace shop has both istio-injection=enabled and istio.io/rev=canary. istio-injection wins: the pods get no sidecar, since no revision that this environment installs is the default one, and istio.io/rev=canary has no effect. Remove the label that you do not mean.',
  ]);
});

it('stands in the patch that adds the losing label, and offers no edit that would miss it', () => {
  const files = {
    'base/kustomization.yaml': 'resources: [namespace.yaml]\n',
    'base/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n',
    'prod/kustomization.yaml': 'resources: [../base]\npatches:\n  - path: revision.yaml\n',
    'prod/revision.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/rev: canary\n',
  };
  const found = findingsOf(files);
  expect(found.map(startOf)).toEqual(['prod/revision.yaml:6:5']);
  expect(found.map((finding) => finding.reported.fixable)).toEqual([false]);
});

it('offers to remove the losing label, as a choice', () => {
  const files = namespace({ 'istio.io/rev': 'canary', 'istio-injection': 'enabled' });
  const [only] = findingsOf(files);
  expect(only?.fixes.map(({ title, safe }) => ({ title, safe }))).toEqual([
    { title: 'Remove label istio.io/rev=canary', safe: false },
  ]);
  const repaired = applyEdits(files, only?.fixes[0]?.edits() ?? []);
  expect(repaired).toEqual(namespace({ 'istio-injection': 'enabled' }));
  expect(findingsOf(repaired)).toEqual([]);
});
