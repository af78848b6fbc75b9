import { posix } from 'node:path';
import type { Change } from './held';
import type { Random } from './random';
import type { Texts } from './sources';

/** One way to spoil what files there are, and what they say of each other. */
export interface RepositoryChange {
  readonly name: string;
  readonly change: (texts: Texts, random: Random) => readonly Change[];
}

/** Ways that lead nowhere, in circles, out of the repository, or to what is no file. */
const PATHS = [
  '.', '..', './', '../..', '../../../../../../etc/passwd', '/etc/passwd', '/', '', ' ', 'C:\\Windows\\win.ini', '\\\\host\\share', 'file:///etc/passwd', 'https://example.com/base?ref=main',
  'git@example.com:a/b.git//c', 'ssh://[', 'a\0b', './././a.yaml', 'a//b///c.yaml', '*.yaml', '**/*', '~/x.yaml', '$HOME/x.yaml', '%2e%2e/x.yaml', 'kustomization.yaml', '__proto__', 'constructor', '.git/config', '\u202ea.yaml',
]; // prettier-ignore

/** Names that a disk allows and nobody expects. */
const NAMES = [
  '__proto__.yaml', 'constructor/toString.yaml', ' .yaml', '..yaml', '-rf.yaml', 'a\\b.yaml', 'a\nb.yaml', 'ü/🙂.yaml', '\u202egnp.yaml', '\x1b[31m.yaml', 'a b/c d.yaml', '[z-a].yaml', '<script>.yaml', 'x'.repeat(200) + '.yaml',
  'templates/a.yaml', 'Chart.yaml', 'values.yaml', 'kustomization.yml', 'Kustomization', 'CODEOWNERS', 'requirements.yaml', 'a.json', 'base/kustomization.yaml',
]; // prettier-ignore

const CONFIGURATIONS = [
  'ignore: ["*"]\n', 'ignore: ["!*", "[z-a]", "\\\\", "**/**/**/**/x"]\n', 'environments:\n  prod: { include: ["**"], complete: true }\n  dev: { root: ".." }\n', 'environments:\n  __proto__: { root: . }\n', 'environments:\n  ".": {}\n  "a/b": { exclude: ["[z-a]"] }\n',
  'rules: { istio: off, linkerd: error, manifest/syntax: off }\n', 'rules: [a]\n', '- a\n', 'a: &a [*a]\n', '{{ if .x }}\nrules: {}\n{{ end }}\n', 'team: { engineers: 1e400 }\ndecision: { thresholds: { smallServices: 1e-300 } }\n', 'istio: { version: "1.30", revisions: [a, a] }\n', '\0\n', 'environments: *a\n', `ignore: ["${'a*'.repeat(60)}b"]\n`, `environments:\n  x: { include: ["${'*a'.repeat(60)}"], exclude: ["${'**/'.repeat(40)}b"] }\n`,
]; // prettier-ignore

export const REPOSITORY_CHANGES: readonly RepositoryChange[] = [
  { name: 'without a file', change: (texts, random) => [{ path: pathIn(texts, random), text: undefined }] },
  { name: 'with a file moved', change: (texts, random) => moved(texts, pathIn(texts, random), random.pick([...NAMES, 'moved/a.yaml'])) },
  { name: 'with a file twice', change: (texts, random) => [{ path: random.pick([...NAMES, 'copy/a.yaml']), text: textIn(texts, random) }] },
  { name: 'with two files swapped', change: swapped },
  { name: 'with an empty file', change: (texts, random) => [{ path: pathIn(texts, random), text: random.pick(['', '\n', '\ufeff', '---', '#', '\0', 'null', '...']) }] },
  { name: 'with a configuration', change: (_, random) => [{ path: '.mesh-lint.yaml', text: random.pick(CONFIGURATIONS) }] },
  { name: 'with a kustomization that leads astray', change: astray },
  { name: 'with kustomizations in a circle', change: circle },
  { name: 'with a patch of everything', change: patched },
  { name: 'as a chart', change: (texts, random) => [{ path: posix.join(posix.dirname(pathIn(texts, random)), 'Chart.yaml'), text: 'apiVersion: v2\nname: x\nversion: 0.1.0\n' }] },
]; // prettier-ignore

function pathIn(texts: Texts, random: Random): string {
  return random.pick([...texts.keys()]);
}

function textIn(texts: Texts, random: Random): string {
  return random.pick([...texts.values()]);
}

function moved(texts: Texts, from: string, to: string): Change[] {
  return [
    { path: from, text: undefined },
    { path: to, text: texts.get(from) },
  ];
}

function swapped(texts: Texts, random: Random): Change[] {
  const [a, b] = [pathIn(texts, random), pathIn(texts, random)];
  return [
    { path: a, text: texts.get(b) },
    { path: b, text: texts.get(a) },
  ];
}

const LISTS = ['resources', 'bases', 'components', 'patchesStrategicMerge', 'configurations', 'crds', 'generators'];
const list = (items: readonly string[]): string => JSON.stringify(items);

/** A kustomization over everything, whose references are wrong in a few places. */
function astray(texts: Texts, random: Random): Change[] {
  const directory = posix.dirname(pathIn(texts, random));
  const inside = [...texts.keys()].map((path) => posix.relative(directory, path));
  const paths = (): string[] => Array.from({ length: random.between(1, 5) }, () => random.pick(random.once(2) ? PATHS : inside));
  const text = [
    ...LISTS.filter(() => random.once(2)).map((field) => `${field}: ${list(paths())}`),
    `patches: [${paths()
      .map(
        (path) =>
          `{ path: ${JSON.stringify(path)}, target: { kind: ${random.pick(['".*"', 'Deployment', '"(a+)+$"', '"["', '1'])} } }`,
      )
      .join(', ')}]`,
    random.pick(['namespace: shop', 'namespace: ""', 'namespace: [a]', 'namePrefix: a-', 'commonLabels: { __proto__: x }', 'images: [{ name: "*" }]', 'replicas: [{ name: a, count: -1 }]', 'kind: Component']), // prettier-ignore
  ];
  return [{ path: posix.join(directory, 'kustomization.yaml'), text: `${text.join('\n')}\n` }];
}

function circle(texts: Texts, random: Random): Change[] {
  const size = random.between(1, 6);
  const field = random.pick(['resources', 'components', 'bases']);
  const kind = field === 'components' ? 'kind: Component\n' : '';
  return Array.from({ length: size }, (_, i) => {
    const next = random.once(4) ? i : (i + 1) % size;
    const more = [...texts.keys()].map((path) => `../${path}`).slice(0, random.below(4));
    return {
      path: `circle-${i}/kustomization.yaml`,
      text: `${kind}${field}: ${list([`../circle-${next}`, ...(field === 'components' ? [] : more)])}\n`,
    };
  });
}

/** Patches in each form, one of them what another file holds. */
function patched(texts: Texts, random: Random): Change[] {
  const path = pathIn(texts, random);
  const operation = random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']);
  const pointer = random.pick(['/metadata/labels/a', '/spec/template/spec/containers/0/image', '/', '', '/__proto__/a', '/spec/-', '/metadata/labels/~2', '/items/99999999999']); // prettier-ignore
  const patches = [
    `- target: { kind: .* }\n  patch: |-\n    - op: ${operation}\n      path: ${JSON.stringify(pointer)}\n      from: /metadata\n      value: { a: [b] }\n`,
    `- patch: |-\n    kind: Deployment\n    metadata: { name: ${random.pick(['cart', 'x', '""', '{}'])} }\n    $patch: ${random.pick(['delete', 'replace', 'x'])}\n`,
    `- path: ${JSON.stringify(path)}\n`,
    `- target: { labelSelector: "a in (", annotationSelector: "=" }\n  patch: "{"\n`,
  ];
  const text = `resources: ${list([...texts.keys()])}\npatches:\n${patches.filter(() => random.once(2)).join('')}`;
  return [{ path: 'kustomization.yaml', text }];
}
