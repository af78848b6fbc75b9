import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../../test/support/lint';
import type { Environment } from '../environment';

/** Steps that list the one below four times, each in another spelling: 4 to the power of 14 ways lead to the lowest. */
function ladder(field: string, head: string, lowest: string): Record<string, string> {
  const files: Record<string, string> = { 'k0/kustomization.yaml': lowest };
  for (let i = 0; i < 14; i++)
    files[`k${i + 1}/kustomization.yaml`] = `${head}${field}: [../k${i}, ../k${i}/., ./../k${i}, ../k${i}/]\n`;
  return files;
}

function built(files: Record<string, string>): Environment | undefined {
  const workspace = workspaceOf(files, []);
  expect(workspace.environmentNames()).toHaveLength(1);
  return workspace.view(workspace.environmentNames()[0] ?? '')?.environment();
}

const deployment = (name: string): string => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { ${name} }\n`;

describe('what multiplies comes to an end', () => {
  it('components that list each other several times', () => {
    const start = performance.now();
    const environment = built({
      ...ladder('components', 'kind: Component\n', 'kind: Component\ncommonLabels: { lowest: here }\n'),
      'kustomization.yaml': 'resources: [a.yaml]\ncomponents: [k14]\n',
      'a.yaml': deployment('name: cart'),
    });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(environment?.resources.map((resource) => resource.labels.get('lowest'))).toMatchObject([{ is: 'known' }]);
    expect(environment?.partial).toEqual(['more than 200 components of kustomization.yaml']);
  });

  it.each(['name: cart', 'generateName: cart-'])('bases that are used several times, with a resource that has %s', (name) => {
    const start = performance.now();
    const environment = built({ ...ladder('resources', '', 'resources: [a.yaml]\n'), 'k0/a.yaml': deployment(name) });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(environment?.resources).toHaveLength(1);
  });

  it('but a component that several list is applied by each of them', () => {
    const environment = built({
      'kustomization.yaml': 'resources: [a.yaml]\ncomponents: [one, two]\n',
      'a.yaml': deployment('name: cart'),
      'one/kustomization.yaml': 'kind: Component\ncommonLabels: { from: one }\ncomponents: [../shared]\n',
      'two/kustomization.yaml': 'kind: Component\ncommonLabels: { from: two }\ncomponents: [../shared]\n',
      'shared/kustomization.yaml': 'kind: Component\ncommonLabels: { from: shared }\n',
    });
    // A kustomization's components come before its own transformers (kustomize v5 api/internal/target/kusttarget.go).
    expect(environment?.resources.map((resource) => resource.labels.get('from'))).toMatchObject([{ value: 'two' }]);
    expect(environment?.partial).toEqual([]);
  });
});
