import type { Change } from './held';
import type { Random } from './random';
import { aliasBomb } from './texts';

/** Input that is small for a disk and large for a program: it is where algorithms show that they are not linear. */
export interface Extreme {
  readonly name: string;
  readonly changes: (random: Random) => readonly Change[];
}

const namespace = (name: string, more = ''): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${more}`;

const deployment = (name: string, more = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels: { app: ${name} }\n${more}    spec:\n      containers:\n        - name: app\n          image: example.com/app:1\n`;

const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector: { app: ${name} }\n  ports: [{ port: 80 }]\n`;

const policy = (name: string, app: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector:\n    matchLabels: { app: ${app} }\n  mtls: { mode: STRICT }\n`;

const annotated = (value: string): string => `${namespace('shop')}  annotations:\n    linkerd.io/inject: ${value}\n`;
const one = (text: string, path = 'a.yaml'): readonly Change[] => [{ path, text }];
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const documents = (all: readonly string[]): string => all.join('---\n');
const nested = (open: string, close: string, depth: number): string => `${open.repeat(depth)}x${close.repeat(depth)}`;

const DEPTH = 10_000;

/** Nested as a whole value, as a document of its own, and never closed. */
const deep = (open: string, close: string): readonly Extreme[] => [
  { name: `${DEPTH} × ${JSON.stringify(open)}`, changes: () => one(annotated(nested(open, close, DEPTH))) },
  { name: `${DEPTH} × ${JSON.stringify(open)}, not closed`, changes: () => one(`kind: Namespace\napiVersion: v1\nmetadata: ${open.repeat(DEPTH)}`) },
]; // prettier-ignore

export const EXTREMES: readonly Extreme[] = [
  ...deep('[', ']'),
  ...deep('{a: ', '}'),
  ...deep('- ', ''),
  ...deep('? ', ''),
  ...deep('!!seq [', ']'),
  {
    name: 'maps in maps, line by line',
    changes: (random) => one(annotated(times(random.between(500, 1500), (i) => `\n${' '.repeat(i + 5)}a:`).join(''))),
  },
  {
    name: 'JSON in JSON',
    changes: () => one(`{"apiVersion":"v1","kind":"Pod","metadata":${nested('{"a":[', ']}', DEPTH).replace('x', '1')}}`, 'a.json'),
  },
  { name: 'Lists in Lists', changes: () => one(nested('{apiVersion: v1, kind: List, items: [', ']}', 2000).replace('x', '')) },
  { name: 'aliases that multiply', changes: () => one(`${namespace('shop')}  labels: ${aliasBomb(12, 12)}\n`) },
  {
    name: 'aliases that multiply, as maps that a patch merges',
    changes: () => [
      { path: 'kustomization.yaml', text: 'resources: [a.yaml]\ncommonLabels: { a: b }\npatches: [{ path: p.yaml }]\n' },
      { path: 'a.yaml', text: deployment('cart').replace('spec:', `x: ${aliasBomb(12, 12)}\nspec:`) },
      { path: 'p.yaml', text: `${deployment('cart')}y: ${aliasBomb(12, 12)}\n` },
    ],
  },
  {
    name: 'one anchor, many aliases',
    changes: (random) => {
      const count = random.between(1000, 5000);
      return one(`${namespace('shop')}x: &a {${times(50, (i) => `k${i}: v`).join(', ')}}\ny: [${times(count, () => '*a').join(', ')}]\n`);
    },
  },
  {
    name: 'merge keys that multiply',
    changes: () => one(`${namespace('shop')}x:\n${times(30, (i) => `  m${i}: &m${i} { k${i}: v, <<: [${i === 0 ? '{a: b}' : `*m${i - 1}, *m${i - 1}`}] }\n`).join('')}`), // prettier-ignore
  },
  { name: 'many documents', changes: (random) => one(documents(times(random.between(2000, 4000), (i) => namespace(`n${i}`)))) },
  { name: 'many documents with nothing in them', changes: (random) => one('---\n'.repeat(random.between(5000, 50_000))) },
  { name: 'many documents of a kind that no rule reads', changes: () => one(documents(times(5000, (i) => `apiVersion: v1\nkind: Secret\nmetadata: { name: s${i} }\nstringData: { a: b }\n`))) },
  { name: 'many workloads', changes: (random) => one(documents([namespace('shop', '  labels: { istio-injection: enabled }\n'), ...times(random.between(300, 600), (i) => deployment(`d${i}`))])) },
  { name: 'many workloads of one name', changes: () => one(documents(times(1500, () => deployment('cart')))) },
  { name: 'many resources of one name, a file each', changes: () => times(100, (i) => ({ path: `d${i}/a.yaml`, text: documents([namespace('shop'), deployment('cart')]) })) },
  { name: 'many Services and policies for many workloads', changes: () => one(documents(times(150, (i) => documents([deployment(`d${i % 3}`), service(`d${i % 3}`), policy(`p${i}`, `d${i % 3}`)])))) },
  { name: 'many labels', changes: (random) => one(`${namespace('shop')}  labels:\n${times(random.between(5000, 20_000), (i) => `    l${i}: v\n`).join('')}`) },
  { name: 'many labels of one name', changes: () => one(`${namespace('shop')}  labels:\n${'    istio-injection: enabled\n'.repeat(10_000)}`) },
  { name: 'many containers', changes: () => one(deployment('cart').replace('        - name', `${times(3000, (i) => `        - { name: c${i}, image: "istio/proxyv2:1.${i}" }\n`).join('')}        - name`)) },
  { name: 'a plain scalar of a megabyte', changes: () => one(annotated('x'.repeat(1_000_000))) },
  { name: 'a quoted scalar of a megabyte', changes: (random) => one(annotated(`"${random.pick(['x', '\\n', '\\u202e', ' ', '\n     '])}`.padEnd(1_000_000, 'x\\t ') + '"')) },
  { name: 'a block scalar of a megabyte', changes: () => one(annotated(`|\n${'      some words: and more\n'.repeat(40_000)}`)) },
  { name: 'names of a megabyte', changes: () => one(documents([namespace('n'.repeat(1_000_000)), deployment('d'.repeat(1_000_000))])) },
  { name: 'a key of a megabyte', changes: () => one(`${namespace('shop')}  labels:\n    ? ${'k'.repeat(1_000_000)}\n    : v\n`) },
  { name: 'a line of spaces, colons and dashes', changes: (random) => one(annotated(random.pick([' ', ': ', '- ', '# ', ' #', '"" ', "'' ", ', ', '*a ', '& ', '! ']).repeat(100_000))) },
  { name: 'line breaks alone', changes: (random) => one(`${namespace('shop')}${random.pick(['\n', '\r\n', '\r', ' \n', '\t\n', '#\n']).repeat(200_000)}x: y\n`) },
  { name: 'marks and halves of characters', changes: (random) => one(annotated(random.pick(['\ufeff', '\ud800', '\udc00', '\u202e', '\0', '\u2028', '\x85']).repeat(200_000))) },
  { name: 'template actions', changes: (random) => one(`${namespace('shop')}  labels:\n${random.pick(['    {{ if .a }}\n', '    a{{ .b }}: c\n', '{{ end }}', '{{ "', '{{/* ', '    {{- range .x }}\n    k: v\n    {{- end }}\n', '{{ define "a" }}']).repeat(5000)}`, 'templates/a.yaml') },
  { name: 'suppressions', changes: () => one(`${namespace('shop')}${'# mesh-lint-disable-next-line istio, linkerd, * -- why\n'.repeat(5000)}`) },
  { name: 'names in a suppression', changes: () => one(`${namespace('shop')}# mesh-lint-disable ${'istio, '.repeat(100_000)}\n`) },
  { name: 'kustomizations in a chain', changes: (random) => [{ path: 'k0/kustomization.yaml', text: 'resources: [a.yaml]\n' }, { path: 'k0/a.yaml', text: deployment('cart') }, ...times(random.between(50, 150), (i) => ({ path: `k${i + 1}/kustomization.yaml`, text: `resources: [../k${i}]\ncommonLabels: { l${i}: v }\n` }))] },
  { name: 'kustomizations that use each other twice', changes: () => ladder('resources', '') },
  { name: 'components that use each other twice', changes: () => ladder('components', 'kind: Component\n') },
  { name: 'kustomizations that all use all', changes: () => times(40, (i) => ({ path: `k${i}/kustomization.yaml`, text: `resources: [${times(40, (n) => `../k${n}`).join(', ')}]\n` })) },
  { name: 'many overlays', changes: () => [{ path: 'base/kustomization.yaml', text: 'resources: [a.yaml]\n' }, { path: 'base/a.yaml', text: documents(times(5, (i) => deployment(`d${i}`))) }, ...times(60, (i) => ({ path: `o${i}/kustomization.yaml`, text: `resources: [../base]\nnamespace: n${i}\n` }))] },
  { name: 'many patches', changes: () => [{ path: 'kustomization.yaml', text: `resources: [a.yaml]\npatches:\n${times(200, (i) => `- target: { kind: Deployment }\n  patch: |-\n    - op: add\n      path: /metadata/labels\n      value: { l${i}: v }\n`).join('')}` }, { path: 'a.yaml', text: documents(times(50, (i) => deployment(`d${i}`))) }] },
  { name: 'patterns that try every way', changes: () => [{ path: '.mesh-lint.yaml', text: `ignore: ["${'*a'.repeat(100)}"]\nenvironments:\n  x: { include: ["${'**/a*'.repeat(30)}"], exclude: ["${'a*'.repeat(100)}b"] }\n` }, { path: `${'a'.repeat(100)}/${'a/'.repeat(40)}${'a'.repeat(100)}.yaml`, text: deployment('cart') }] },
  { name: 'regular expressions in targets', changes: () => [{ path: 'kustomization.yaml', text: `resources: [a.yaml]\npatches: [{ target: { name: "${'(a+)+'.repeat(20)}$", kind: "(.*)*x" }, patch: "[]" }]\n` }, { path: 'a.yaml', text: deployment('a'.repeat(60)) }] },
  { name: 'configuration of many keys', changes: () => one(`environments:\n${times(200, (i) => `  e${i}: { root: r${i} }\n`).join('')}rules:\n${times(3000, (i) => `  istio/r${i}: off\n`).join('')}`, '.mesh-lint.yaml') },
  { name: 'owners', changes: () => one('* @a @b\n'.repeat(20_000) + `${'*a'.repeat(100)} @c\n`, 'CODEOWNERS') },
  { name: 'a file of 50 MB', changes: () => one(`${namespace('shop')}# `.padEnd(50_000_000, 'x')) },
]; // prettier-ignore

/** Each step lists the one below it several times: followed blindly, the ways through it double with each. */
function ladder(field: string, head: string): Change[] {
  return [
    {
      path: 'k0/kustomization.yaml',
      text: `${head}${field === 'resources' ? 'resources: [a.yaml]\n' : 'commonLabels: { a: b }\n'}`,
    },
    { path: 'k0/a.yaml', text: deployment('cart') },
    ...times(14, (i) => ({
      path: `k${i + 1}/kustomization.yaml`,
      text: `${head}${field}: [../k${i}, ../k${i}/., ../x/../k${i}, ../k${i}/]\n`,
    })),
    { path: 'kustomization.yaml', text: `resources: [k0/a.yaml]\n${field}: [k14]\n` },
  ];
}
