import { expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askSummary } from '../answers/summary';

const configMap = (mesh: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    ${mesh}\n`;
const told = (files: Files): string[] =>
  (askSummary(workspaceOf(files, []), '.')?.mtls ?? []).flatMap(({ text, evidence }) =>
    text.startsWith("Istio's mesh configuration")
      ? [`${text} ${evidence.map(({ file, range }) => `${file}:${range.start.line}:${range.start.column}`).join(' ')}`]
      : [],
  );

it.each<[string, Files, string[]]>([
  [
    'what a mesh configuration sets for all',
    { 'a.yaml': configMap('{ trustDomain: corp.example, rootNamespace: infra, enableAutoMtls: false }') },
    [
      "Istio's mesh configuration: trust domain corp.example, root namespace infra and auto mTLS off. a.yaml:8:20 a.yaml:8:49 a.yaml:8:72",
    ],
  ],
  [
    'one setting',
    { 'a.yaml': configMap('trustDomain: corp.example') },
    ["Istio's mesh configuration: trust domain corp.example. a.yaml:8:18"],
  ],
  ['nothing of defaults', { 'a.yaml': configMap('{}') }, []],
  ['nothing of what a template hides', { 'a.yaml': configMap('trustDomain: "${DOMAIN}"') }, []],
  [
    'nothing of what the configuration says',
    { '.mesh-lint.yaml': 'istio:\n  trustDomain: corp.example\n', 'a.yaml': configMap('trustDomain: other.example') },
    [],
  ],
])('tells %s', (_, files, expected) => {
  expect(told(files)).toEqual(expected);
});
