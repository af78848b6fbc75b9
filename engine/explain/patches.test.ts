import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { joined, marked, offsetOf, peerAuthentication, service, STRICT, workload } from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';

interface Told {
  /** What the explanation is about, as the file has it. */
  readonly text: string;
  readonly lines: readonly string[];
}

/** What is said about the first place of a text behind another: titles, then statements with the environments that they hold for. */
function told(files: Files, file: string, needle: string, behind = ''): Told | undefined {
  const text = files[file] ?? '';
  const from = text.indexOf(behind);
  const explained = askExplanation(workspaceOf(files, []), file, from + offsetOf(text.slice(from), needle));
  if (explained === undefined) return undefined;
  const { start, end } = explained.place.range;
  const lines = text.split('\n');
  const shown = start.line === end.line ? (lines[start.line - 1] ?? '').slice(start.column - 1, end.column - 1) : '(many lines)';
  return {
    text: shown,
    lines: explained.sections.flatMap(({ title, statements }) => [
      title,
      ...statements.map(({ environments, parts }) => {
        const words = parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
        return `${environments.length === 0 ? '' : `${environments.join(', ')}: `}${words}`;
      }),
    ]),
  };
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '      ');
const inline = (patch: string, target = ''): string => `patches:\n  - patch: |-\n${indented(patch)}\n${target}`;
const CART = '    target:\n      kind: Deployment\n      name: cart\n';
const NO_SIDECAR = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  template:
    metadata:
      labels:
        sidecar.istio.io/inject: "false"`;
const POINTER = '/spec/template/metadata/labels/sidecar.istio.io~1inject';
const NO_SIDECAR_6902 = `- op: add\n  path: ${POINTER}\n  value: "false"`;

const injected = (name: string): string => marked(name, 'labels', 'istio-injection: enabled');
/** A base, and overlays with a namespace each and what else their kustomizations say. */
const repository = (overlays: Files, more: Files = {}): Files => ({
  'base/kustomization.yaml': 'resources: [d.yaml]\n',
  'base/d.yaml': joined(workload('cart'), service('cart')),
  ...Object.fromEntries(
    Object.entries(overlays).flatMap(([name, text]) => [
      [`overlays/${name}/kustomization.yaml`, `namespace: ${name}\nresources: [../../base, ns.yaml]\n${text}`],
      [`overlays/${name}/ns.yaml`, injected(name)],
    ]),
  ),
  ...more,
});
const PROD = 'overlays/prod/kustomization.yaml';
const USED = 'Used in environment prod.';

describe('an inline strategic merge patch', () => {
  const files = repository({ prod: inline(NO_SIDECAR), staging: '' });
  const decided = `No Istio sidecar: pod label sidecar.istio.io/inject=false (${PROD}:13).`;

  it.each([
    ['its key', 'sidecar.istio.io/inject', 'sidecar.istio.io/inject'],
    ['its value', '"false"', '"false"'],
  ])('says of a label what it does where it lands, on %s', (_, needle, text) => {
    expect(told(files, PROD, needle)).toEqual({
      text,
      lines: ['sidecar.istio.io/inject=false, label of pods of Deployment prod/cart', decided, USED],
    });
  });

  it.each([
    ['kind', 'Deployment'],
    ['name', 'cart'],
  ])('says of the %s what the base says for this environment', (_, needle) => {
    const alone = repository({ prod: inline(NO_SIDECAR) });
    const here = told(alone, PROD, needle, 'patch:');
    expect(here).toEqual(told(alone, 'base/d.yaml', needle));
    expect(here?.text).toBe(needle);
    expect(here?.lines).toContain(decided);
    expect(told(files, PROD, needle, 'patch:')?.lines.slice(0, 2)).toEqual(['Deployment prod/cart', decided]);
  });

  it('says in a base what becomes of it in each environment', () => {
    const later = inline(NO_SIDECAR.replace('"false"', '"true"'));
    const shared = repository(
      { prod: later, staging: '' },
      { 'base/kustomization.yaml': `resources: [d.yaml]\n${inline(NO_SIDECAR)}` },
    );
    expect(told(shared, 'base/kustomization.yaml', '"false"')?.lines).toEqual([
      'sidecar.istio.io/inject=true, label of pods of Deployment prod/cart (prod), sidecar.istio.io/inject=false, label of pods of Deployment staging/cart (staging)',
      `prod: An overlay changes it to true (${PROD}:13).`,
      'prod: Decides nothing here. Istio sidecar: Namespace prod has label istio-injection=enabled (overlays/prod/ns.yaml:6).',
      'staging: No Istio sidecar: pod label sidecar.istio.io/inject=false (base/kustomization.yaml:12).',
      'Used in 2 environments: prod, staging.',
    ]);
  });

  it('says what holds where it takes a label away', () => {
    const labelled = { 'base/d.yaml': workload('cart', { label: 'sidecar.istio.io/inject: "false"' }) };
    const removing = repository({ prod: inline(NO_SIDECAR.replace('"false"', 'null')), staging: '' }, labelled);
    expect(told(removing, PROD, 'null')?.lines).toEqual([
      'sidecar.istio.io/inject, label of pods of Deployment prod/cart',
      'Removed here.',
      'Istio sidecar: Namespace prod has label istio-injection=enabled (overlays/prod/ns.yaml:6).',
      USED,
    ]);
    expect(told(removing, 'base/d.yaml', '"false"')?.lines).toContain('prod: An overlay removes it.');
  });

  it('says what a label of a Namespace decides, and what is decided without it', () => {
    const patch = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: prod\n  labels:\n    istio-injection: VALUE';
    const decides = repository({ prod: inline(patch.replace('VALUE', 'disabled')) });
    expect(told(decides, PROD, 'istio-injection')?.lines).toEqual([
      'istio-injection=disabled, label of Namespace prod',
      "Keeps Istio's sidecar out of the pods of 1 workload: Deployment prod/cart.",
      USED,
    ]);
    const removes = repository({ prod: inline(patch.replace('VALUE', 'null')) });
    expect(told(removes, PROD, 'istio-injection')?.lines).toEqual([
      'istio-injection, label of Namespace prod',
      'Removed here.',
      '1 workload, no mesh: Deployment prod/cart.',
      USED,
    ]);
  });

  it('says what a mode of mutual TLS does', () => {
    const patch =
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: shop\nspec:\n  mtls:\n    mode: PERMISSIVE';
    const files = repository(
      { prod: inline(patch) },
      { 'base/d.yaml': joined(workload('cart'), peerAuthentication('default', 'shop', STRICT)) },
    );
    expect(told(files, PROD, 'PERMISSIVE')).toEqual({
      text: 'PERMISSIVE',
      lines: [
        'PeerAuthentication prod/default',
        'PERMISSIVE: both mTLS and plaintext are accepted.',
        'For namespace prod: it has no selector.',
        'Sets PERMISSIVE for 1 workload: Deployment prod/cart.',
        USED,
      ],
    });
    expect(told(files, PROD, 'mode')?.lines).toEqual(told(files, PROD, 'PERMISSIVE')?.lines);
  });

  it('is about every resource that its target picks, the first few in full', () => {
    const names = Array.from({ length: 8 }, (_, i) => `app-${i}`);
    const target = '    target:\n      kind: Deployment\n      name: app-.*\n';
    const files = repository(
      { prod: inline(NO_SIDECAR, target) },
      { 'base/d.yaml': joined(workload('cart'), ...names.map((name) => workload(name))) },
    );
    const lines = told(files, PROD, '"false"')?.lines;
    const titles = names.slice(0, 5).map((name) => `Deployment prod/${name}`);
    expect(lines?.[0]).toBe(`sidecar.istio.io/inject=false, label of pods of ${titles.join(', ')}`);
    expect(lines?.slice(-2)).toEqual(['And 3 more resources', USED]);
  });

  it.each([
    ['the older field', (patch: string) => `patchesStrategicMerge:\n  - |-\n${indented(patch)}\n`],
    ['one line', () => `patches:\n  - patch: '${JSON.stringify(JSON_PATCH)}'\n`],
  ])('is read in %s', (_, written) => {
    const files = repository({ prod: written(NO_SIDECAR) });
    expect(told(files, PROD, 'sidecar.istio.io')?.lines[0]).toBe(
      'sidecar.istio.io/inject=false, label of pods of Deployment prod/cart',
    );
  });

  it.each([
    ['an unreadable text', inline('kind: [Deployment\n  sidecar.istio.io/inject: "')],
    ['a text that is no map', inline('Deployment')],
    ['a text whose places are not known', `patches:\n  - patch: >-\n${indented(NO_SIDECAR.replaceAll('\n', '\n\n'))}\n`],
    ['a patch of nothing', inline(NO_SIDECAR.replace('name: cart', 'name: none'))],
  ])('says nothing of %s', (_, text) => {
    const files = repository({ prod: text });
    expect(told(files, PROD, 'Deployment', 'patch')).toBeUndefined();
  });
});

const JSON_PATCH = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: { template: { metadata: { labels: { 'sidecar.istio.io/inject': 'false' } } } },
};

describe('a JSON patch', () => {
  const does = (place: string): string[] => [
    'sidecar.istio.io/inject=false, label of pods of Deployment prod/cart',
    `No Istio sidecar: pod label sidecar.istio.io/inject=false (${place}).`,
    USED,
  ];

  it.each([
    ['value', '"false"'],
    ['path', POINTER],
  ])('says of its %s what the label does, written inline', (_, text) => {
    const files = repository({ prod: inline(NO_SIDECAR_6902, CART) });
    expect(told(files, PROD, text)).toEqual({ text, lines: does(`${PROD}:7`) });
  });

  it.each([
    ['YAML', 'p.yaml', `${NO_SIDECAR_6902}\n`],
    ['JSON', 'p.json', JSON.stringify([{ op: 'add', path: POINTER, value: 'false' }], null, 2)],
  ])('says of value and path what the label does, in a file of %s', (_, name, text) => {
    const file = `overlays/prod/${name}`;
    const files = repository({ prod: `patches:\n  - path: ${name}\n${CART}`, staging: '' }, { [file]: text });
    for (const needle of ['"false"', POINTER]) {
      expect(told(files, file, needle)?.lines, needle).toEqual(does(`${file}:${name === 'p.json' ? 5 : 3}`));
    }
  });

  it('says what a label within an added map does', () => {
    const patch = '- op: add\n  path: /metadata/annotations\n  value:\n    linkerd.io/inject: enabled';
    const files = repository({ prod: inline(patch, '    target:\n      kind: Namespace\n') });
    const lines = [
      'linkerd.io/inject=enabled, annotation of Namespace prod',
      "Gives the pods of 1 workload Linkerd's proxy: Deployment prod/cart.",
      USED,
    ];
    expect(told(files, PROD, 'linkerd.io/inject')).toEqual({ text: 'linkerd.io/inject', lines });
    expect(told(files, PROD, 'enabled')).toEqual({ text: 'enabled', lines });
    expect(told(files, PROD, '/metadata/annotations')).toBeUndefined();
  });

  it('says what holds where it removes a label', () => {
    const patch = '- op: remove\n  path: /metadata/labels/istio-injection';
    const files = repository({ prod: inline(patch, '    target:\n      kind: Namespace\n'), staging: '' });
    expect(told(files, PROD, '/metadata/labels')?.lines).toEqual([
      'istio-injection, label of Namespace prod',
      'Removed here.',
      '1 workload, no mesh: Deployment prod/cart.',
      USED,
    ]);
  });

  it('says that something later gives the label another value', () => {
    const files = repository({ prod: `${inline(NO_SIDECAR_6902, CART)}${inline(NO_SIDECAR).slice('patches:\n'.length)}` });
    const later = files[PROD]!.replace('"false"\n    target', '"true"\n    target');
    expect(told({ ...files, [PROD]: later }, PROD, '"true"')?.lines.slice(0, 2)).toEqual([
      'sidecar.istio.io/inject=false, label of pods of Deployment prod/cart',
      `An overlay changes it to false (${PROD}:20).`,
    ]);
  });

  it.each(['/kind', '/metadata/name'])('says of the path %s what it makes of the resource', (path) => {
    const value = path === '/kind' ? 'Deployment' : 'cart';
    const files = repository({ prod: inline(`- op: replace\n  path: ${path}\n  value: ${value}`, CART) });
    expect(told(files, PROD, path)?.lines[0]).toBe('Deployment prod/cart');
    expect(told(files, PROD, value, 'value')?.lines).toEqual(told(files, PROD, path)?.lines);
  });

  it('says what a mode of mutual TLS does', () => {
    const patch = '- op: replace\n  path: /spec/mtls/mode\n  value: DISABLE';
    const files = repository(
      { prod: inline(patch, '    target:\n      kind: PeerAuthentication\n') },
      { 'base/d.yaml': joined(workload('cart'), peerAuthentication('default', 'shop', STRICT)) },
    );
    for (const needle of ['DISABLE', '/spec/mtls/mode'])
      expect(told(files, PROD, needle)?.lines).toContain('Sets DISABLE for 1 workload: Deployment prod/cart.');
  });

  it.each([
    ['a path that is none', '- op: add\n  path: spec\n  value: Deployment'],
    ['an operation that is none', '- Deployment'],
    ['an operation without a path', '- op: add\n  value: Deployment'],
    ['a test', `- op: test\n  path: ${POINTER}\n  value: Deployment`],
    ['another path', '- op: add\n  path: /metadata/labels/kind\n  value: Deployment'],
  ])('says nothing of %s', (_, patch) => {
    const files = repository({ prod: inline(patch, CART) });
    expect(told(files, PROD, 'Deployment', 'patch')).toBeUndefined();
  });
});

it('what is said at a position is about a text that holds the position', () => {
  const crlf = inline(NO_SIDECAR_6902, CART).replaceAll('\n', '\r\n');
  const texts = [
    inline(NO_SIDECAR),
    `${inline(NO_SIDECAR_6902, CART)}# 😀e\u0301\n`,
    crlf,
    inline(NO_SIDECAR_6902.replace('- op', '# 😀\n- op'), CART),
    `patches:\n  - patch: '${JSON.stringify(JSON_PATCH)}'\n`,
    `patches:\n  - patch: ${JSON.stringify(NO_SIDECAR)}\n`,
    `patches:\n  - patch: >\n${indented(NO_SIDECAR)}\n`,
    `patches:\n  - patch: |2-\n        ${NO_SIDECAR.replaceAll('\n', '\n        ')}\n`,
    'patches:\n  - patch: &p |-\n      kind: [\n  - patch: *p\n',
    'patches: [{ patch: "- op: add" }, { patch: }, patch, { path: ../x }, { patch: "[]", target: [] }]\n',
  ];
  let told = 0;
  for (const text of texts) {
    const files = repository({ prod: text });
    const workspace = workspaceOf(files, []);
    const whole = files[PROD]!;
    const starts = [0, ...[...whole.matchAll(/\n/g)].map(({ index }) => index + 1)];
    for (let offset = 0; offset <= whole.length; offset++) {
      const explained = askExplanation(workspace, PROD, offset);
      if (explained === undefined) continue;
      told++;
      const { start, end } = explained.place.range;
      expect(starts[start.line - 1]! + start.column - 1).toBeLessThanOrEqual(offset);
      expect(starts[end.line - 1]! + end.column - 1).toBeGreaterThanOrEqual(offset);
    }
  }
  expect(told).toBeGreaterThan(200);
});

describe('whom a patch reaches', () => {
  const two = (target: string): Files => ({
    'one/kustomization.yaml': `namespace: one\nresources: [d.yaml]\n${inline(NO_SIDECAR_6902, target)}`,
    'one/d.yaml': workload('cart'),
    'two/kustomization.yaml': 'namespace: two\nresources: [d.yaml]\n',
    'two/d.yaml': workload('cart'),
    'all/kustomization.yaml': 'resources: [../one, ../two]\n',
  });

  it('is what its own kustomization builds, and nothing beside it', () => {
    const lines = told(two(CART), 'one/kustomization.yaml', '"false"')?.lines;
    expect(lines?.filter((line) => line.includes('label of'))).toEqual([
      'sidecar.istio.io/inject=false, label of pods of Deployment one/cart',
    ]);
  });

  it('is found by the names that resources have before they are changed', () => {
    const files = {
      ...repository({ prod: '' }),
      'base/kustomization.yaml': `resources: [d.yaml]\nnamespace: old\n${inline(NO_SIDECAR_6902.replace('add', 'remove'), `${CART}      namespace: shop\n`)}`,
      'base/d.yaml': workload('cart', { in: 'shop', label: 'sidecar.istio.io/inject: "false"' }),
    };
    expect(told(files, 'base/kustomization.yaml', POINTER)?.lines.slice(0, 2)).toEqual([
      'sidecar.istio.io/inject, label of pods of Deployment prod/cart',
      'Removed here.',
    ]);
  });

  it('is what the users of a component have', () => {
    const component = `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${inline(NO_SIDECAR_6902, CART)}`;
    const files = repository(
      { prod: 'components: [../../quiet]\n', staging: '', dev: 'components: [../../quiet]\n' },
      { 'quiet/kustomization.yaml': component },
    );
    expect(told(files, 'quiet/kustomization.yaml', '"false"')?.lines).toEqual([
      'sidecar.istio.io/inject=false, label of pods of Deployment dev/cart (dev), Deployment prod/cart (prod)',
      'No Istio sidecar: pod label sidecar.istio.io/inject=false (quiet/kustomization.yaml:7).',
      'Used in 2 environments: dev, prod.',
    ]);
  });

  it('is nothing where a pattern of the target is not understood', () => {
    const files = repository({ prod: inline(NO_SIDECAR_6902, CART.replace('name: cart', 'name: \\pL+')) });
    expect(told(files, PROD, '"false"')).toBeUndefined();
  });
});

describe('the first line of a file', () => {
  const files = repository({ prod: '', staging: '' });
  const both = 'Used in 2 environments: prod, staging.';

  it('tells which environments use the file, where nothing else is to be said of it', () => {
    expect(told(files, 'base/d.yaml', 'apiVersion')).toEqual({ text: 'apiVersion: apps/v1', lines: ['base/d.yaml', both] });
    const commented = { ...files, 'base/d.yaml': `# The cart.\r\n---\r\n${workload('cart')}` };
    expect(told(commented, 'base/d.yaml', 'cart')).toEqual({ text: '# The cart.', lines: ['base/d.yaml', both] });
  });

  it('tells it behind what is to be said of the word, and once', () => {
    const text = workload('cart').replace('apiVersion: apps/v1\nkind: Deployment', 'kind: Deployment\napiVersion: apps/v1');
    const kindFirst = { ...files, 'base/d.yaml': text };
    const lines = told(kindFirst, 'base/d.yaml', 'Deployment')?.lines;
    expect(lines?.[0]).toBe('Deployment prod/cart (prod), Deployment staging/cart (staging)');
    expect(lines?.filter((line) => line.startsWith('Used in'))).toEqual([both]);
    expect(lines?.at(-1)).toBe(both);
    const many = {
      ...repository({ prod: '' }),
      [PROD]: 'commonLabels: { istio.io/dataplane-mode: ambient }\nresources: [../../base]\n',
    };
    expect(told(many, PROD, 'ambient')?.lines).toEqual([
      'istio.io/dataplane-mode, added here to several resources',
      "Brings the pods of 1 workload into Istio's ambient mode: Deployment cart.",
      'This assumes that its Namespace, which no file here defines, does not overrule the pod template.',
    ]);
  });

  it('is silent where the one environment is what the path says', () => {
    expect(told(files, PROD, 'namespace')).toBeUndefined();
    const folders = { 'dev/a.yaml': workload('cart'), 'prod/a.yaml': workload('cart') };
    for (const path of Object.keys(folders)) expect(told(folders, path, 'apiVersion'), path).toBeUndefined();
  });

  it('tells of the one environment what the path does not: its name, or what could not be built', () => {
    const named = { ...files, '.mesh-lint.yaml': 'environments: { live: { root: overlays/prod } }\n' };
    expect(told(named, PROD, 'namespace')?.lines).toEqual([PROD, 'Used in environment live.']);
    const partial = { ...files, [PROD]: 'namespace: prod\nresources: [../../base, lost.yaml]\n' };
    expect(told(partial, PROD, 'namespace')?.lines).toEqual([
      PROD,
      USED,
      `Known only in part: resources that are not here: ${PROD}.`,
    ]);
    const elsewhere = repository({ prod: '' });
    expect(told(elsewhere, 'base/d.yaml', 'apiVersion')?.lines).toEqual(['base/d.yaml', USED]);
  });

  it('tells that no environment uses a file that one could use', () => {
    const unused = repository(
      { prod: '' },
      { 'part/kustomization.yaml': 'kind: Component\nresources: [d.yaml]\n', 'part/d.yaml': workload('lost') },
    );
    const none = 'No environment here uses this file.';
    expect(told(unused, 'part/d.yaml', 'apiVersion')?.lines).toEqual(['part/d.yaml', none]);
    expect(told(unused, 'part/kustomization.yaml', 'Component')?.lines).toEqual(['part/kustomization.yaml', none]);
    expect(told({ ...unused, 'values.yaml': 'a: 1\n' }, 'values.yaml', 'a')).toBeUndefined();
  });

  it('is silent where the whole repository is the one environment', () => {
    expect(told({ 'a.yaml': workload('cart') }, 'a.yaml', 'apiVersion')).toBeUndefined();
  });

  it('ends with the line', () => {
    expect(told(files, 'base/d.yaml', 'metadata')).toBeUndefined();
  });
});
