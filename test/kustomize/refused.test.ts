import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rule } from '../../rules/manifest/kustomization';
import { coveredText, startOf, workspaceOf } from '../support/lint';

const home = import.meta.dirname;
const { refused } = JSON.parse(readFileSync(join(home, 'recorded/refused.json'), 'utf8')) as {
  refused: Readonly<Record<string, string>>;
};

function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [
        path
          .slice(folder.length + 1)
          .split(sep)
          .join('/'),
        readFileSync(path, 'utf8'),
      ];
    }),
  );
}

/** Where the finding stands and what it covers, and a part of what kustomize says (test/kustomize/recorded/refused.json). */
const ROWS: readonly (readonly [root: string, at: string, text: string, says: string])[] = [
  ['component-as-resource', 'kustomization.yaml:2:5', 'part', "expected kind != 'Component'"],
  ['configuration-conflict', 'kustomization.yaml:3:5', 'c.yaml', 'conflicting fieldspecs'],
  ['cycle', 'overlay/kustomization.yaml:1:13', '../base', "'../base'"],
  ['directory-without', 'kustomization.yaml:2:5', 'part', 'unable to find one of'],
  ['empty', 'kustomization.yaml:2:7', 'Kustomization', 'kustomization.yaml is empty'],
  ['file-as-component', 'kustomization.yaml:2:5', 'a.yaml', 'file is not directory'],
  ['generated-twice', 'kustomization.yaml:3:13', 'a', 'exists; can not use behavior'],
  ['generator-file-missing', 'kustomization.yaml:4:9', 'gone.conf', 'no such file'],
  ['json-patch-missing-path', 'kustomization.yaml:4:11', 'p.yaml', 'doc is missing path: "/metadata/labels/a"'],
  ['json-patch-test-fails', 'kustomization.yaml:5:9', 'op: test', 'testing value /spec/replicas failed'],
  ['json-patch-without-target', 'kustomization.yaml:3:11', 'p.yaml', 'must specify a target for JSON patch'],
  ['labels-not-a-map', 'kustomization.yaml:3:3', 'a: b', "considering field 'spec/template/metadata/annotations'"],
  ['literal-without-value', 'kustomization.yaml:4:9', 'nothing', 'expected key=value'],
  ['merged-into-nothing', 'kustomization.yaml:2:26', 'merge', 'does not exist'],
  ['missing-file', 'kustomization.yaml:3:5', 'gone.yaml', 'gone.yaml: no such file'],
  ['namespace-conflict', 'kustomization.yaml:2:12', 'all', 'produces ID conflict'],
  ['outside', 'kustomization.yaml:2:5', '../../../../../nowhere/a.yaml', 'no such file'],
  ['own-directory', 'kustomization.yaml:3:5', '.', 'cycle detected'],
  ['patch-ambiguous', 'overlay/kustomization.yaml:3:11', 'p.yaml', 'multiple matches for Id ConfigMap'],
  ['patch-bad-expression', 'kustomization.yaml:3:13', "{ name: '(' }", 'missing closing )'],
  ['patch-namespace-differs', 'kustomization.yaml:3:11', 'p.yaml', 'no matches for Id Deployment'],
  ['patch-of-a-list-into-a-map', 'kustomization.yaml:3:11', 'p.yaml', 'expected MappingNode but got SequenceNode'],
  ['patch-of-neither-sort', 'kustomization.yaml:3:12', '|', 'trouble configuring builtin PatchTransformer'],
  ['patch-without-target', 'kustomization.yaml:3:11', 'p.yaml', 'no matches for Id Deployment.v1beta1'],
  ['replacement-field-missing', 'kustomization.yaml:5:17', '{ kind: ConfigMap }', 'unable to find field "data.x"'],
  ['replacement-source-missing', 'kustomization.yaml:3:13', '{ kind: Service }', 'nothing selected by Service'],
  ['replicas-of-nothing', 'kustomization.yaml:3:13', 'a', 'does not match a config'],
  ['resource-as-component', 'kustomization.yaml:2:5', 'part', "but got 'Kustomization'"],
  ['same-file-twice', 'kustomization.yaml:3:5', './a.yaml', 'already registered id: ConfigMap'],
  ['same-in-default', 'kustomization.yaml:1:21', 'b.yaml', 'already registered id: ConfigMap'],
  ['several-accounts', 'kustomization.yaml:1:1', 'resources', "updating name reference in 'subjects'"],
  ['several-patches-one-target', 'kustomization.yaml:3:11', 'p.yaml', 'not allowed to set `patches.target`'],
  ['two-kustomizations', 'kustomization.yaml:1:1', 'resources', 'Found multiple kustomization files'],
  ['two-namespaces', 'kustomization.yaml:2:12', 'all', 'produces ID conflict'],
  ['unknown-field', 'kustomization.yaml:1:1', 'resource', 'unknown field "resource"'],
  ['variable-twice', 'kustomization.yaml:3:5', '{ name: A', "var 'A' already encountered"],
  ['variable-without-object', 'kustomization.yaml:3:5', '{ name: A', 'cannot be mapped to a field'],
  ['wrong-kind', 'kustomization.yaml:2:7', 'Kustomize', 'Failed to read kustomization file'],
  ['wrong-version', 'kustomization.yaml:1:13', 'kustomize.config.k8s.io/v1', 'Failed to read kustomization file'],
];

describe('what kustomize refuses is a finding where it is wrong', () => {
  it('for all roots', () => {
    expect(ROWS.map(([root]) => root)).toEqual(Object.keys(refused));
  });

  it.each(ROWS)('%s', (root, at, text, says) => {
    expect(refused[root]).toContain(says);
    const files = filesOf(join(home, 'refused', root));
    const found = workspaceOf(files, [rule]).findings();
    const here = found.find((finding) => startOf(finding) === at);
    expect(here, JSON.stringify(found.map((finding) => [startOf(finding), finding.reported.message]))).toBeDefined();
    expect(here && coveredText(files, here).startsWith(text)).toBe(true);
    // Those that lead to each other are told at both ends.
    expect(found).toHaveLength(root === 'cycle' ? 2 : 1);
  });
});
