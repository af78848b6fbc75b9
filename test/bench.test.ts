import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isParsed } from '../engine/resources/read';
import type { Workspace } from '../engine/workspace';
import { Manifest } from '../engine/yaml/manifest';
import { workspaceOf } from './support/lint';

interface Toggle {
  readonly path: string;
  readonly texts: readonly [string, string];
  readonly affects: string;
}
interface Repository {
  readonly files: ReadonlyMap<string, string>;
  readonly resources: number;
  readonly large: string | undefined;
  readonly toggles: readonly Toggle[];
}
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}
interface Resource {
  readonly kind: string;
  readonly metadata?: { readonly labels?: object; readonly annotations?: object };
}

const script = async (name: string): Promise<unknown> => import(new URL(`../scripts/bench/${name}`, import.meta.url).href);
const { generate } = (await script('generate.mjs')) as {
  generate: (options: { resources: number; others?: boolean; seed?: number }) => Repository;
};
const { applyEdit, toggling, typing } = (await script('edit-scripts.mjs')) as {
  applyEdit: (text: string, edit: Edit) => string;
  toggling: (text: string, texts: readonly [string, string]) => Edit;
  typing: (text: string, count: number) => Edit[];
};
const { percentile, slope } = (await script('statistics.mjs')) as {
  percentile: (values: readonly number[], percent: number) => number;
  slope: (points: readonly { x: number; y: number }[]) => number;
};
const { timesIn } = (await script('profile.mjs')) as {
  timesIn: (
    profile: object,
    windows: readonly (readonly [number, number])[],
    fileOf: (frame: { url: string }) => string,
  ) => { total: number; files: Map<string, number>; own: Map<string, number>; whole: Map<string, number> };
};
const { failures, line, page } = (await script('report.mjs')) as {
  failures: (results: readonly { rows: readonly object[] }[]) => object[];
  line: (row: object) => string;
  page: (results: readonly { measurement: object; rows: readonly object[] }[], about: object) => string;
};

const SMALLEST = 300;
const mixed = generate({ resources: SMALLEST });
const relevant = generate({ resources: SMALLEST, others: false });
const lint = ({ files }: Repository): Workspace => workspaceOf(Object.fromEntries(files));

/** Every document, as another parser reads it. */
function documentsOf({ files }: Repository): Resource[] {
  return [...files.values()].flatMap((text) =>
    parseAllDocuments(text).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS() as Resource;
    }),
  );
}

/** Of all bytes, the share in documents of which the engine takes no more than the header. */
function shareNotParsed({ files }: Repository): number {
  const all = [...files].flatMap(([path, text]) => new Manifest(path, text, false).documents);
  const bytes = (documents: typeof all): number => documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return bytes(all.filter((document) => !isParsed(document))) / bytes(all);
}

test('a repository is the same in every run, and another one from another seed', () => {
  expect(generate({ resources: SMALLEST })).toEqual(mixed);
  expect(generate({ resources: SMALLEST, seed: 21 }).files).not.toEqual(mixed.files);
});

test.each([
  ['mixed', mixed],
  ['relevant', relevant],
])('the %s repository has as many resources as were asked for', (_name, repository) => {
  expect(repository.resources).toBe(SMALLEST);
  expect(documentsOf(repository).filter(({ kind }) => kind !== 'Kustomization')).toHaveLength(SMALLEST);
});

test('half of the bytes are kinds that no rule reads, or none', () => {
  expect(shareNotParsed(mixed)).toBeGreaterThan(0.45);
  expect(shareNotParsed(mixed)).toBeLessThan(0.55);
  expect(shareNotParsed(relevant)).toBe(0);
});

test('it holds meshes of every sort, their policies, and what has nothing to do with them', () => {
  const documents = documentsOf(mixed);
  const kinds = new Set(documents.map(({ kind }) => kind));
  const policies = ['PeerAuthentication', 'AuthorizationPolicy', 'VirtualService', 'DestinationRule', 'ServerAuthorization'];
  const others = ['CustomResourceDefinition', 'Role', 'NetworkPolicy', 'ConfigMap', 'Kustomization'];
  expect([...kinds]).toEqual(expect.arrayContaining([...policies, 'HTTPRoute', 'CiliumNetworkPolicy', ...others]));
  const settings = documents.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => JSON.stringify(metadata));
  for (const setting of ['"istio-injection":"enabled"', '"istio.io/dataplane-mode":"ambient"', '"linkerd.io/inject":"enabled"']) {
    expect(settings.filter((text) => text.includes(setting)).length, setting).toBeGreaterThan(0);
  }
});

test.each([
  ['mixed', mixed],
  ['relevant', relevant],
])('the %s repository has findings about meshes, in overlays and folders, and no other mistakes', (_name, repository) => {
  const workspace = lint(repository);
  expect(workspace.faults()).toEqual([]);
  const rules = workspace.findings().map(({ reported }) => reported.rule);
  expect(rules.length).toBeGreaterThan(0);
  expect(rules.filter((rule) => rule.startsWith('manifest/'))).toEqual([]);
  expect(workspace.environmentNames()).toEqual(['eu', 'production', 'staging', 'us']);
});

test('each toggle changes what is found in the other file, and nothing remains of it', () => {
  expect(mixed.toggles).toHaveLength(2);
  const workspace = lint(mixed);
  for (const { path, texts, affects } of mixed.toggles) {
    const found = (): string[] =>
      workspace.findings().flatMap(({ reported }) => (reported.file === affects ? [reported.message] : []));
    const text = mixed.files.get(path)!;
    const before = found();
    const toggled = applyEdit(text, toggling(text, texts));
    workspace.set(path, toggled);
    expect(found()).not.toEqual(before);
    const back = applyEdit(toggled, toggling(toggled, texts));
    expect(back).toBe(text);
    workspace.set(path, back);
    expect(found()).toEqual(before);
  }
});

test('a large repository has a file of 1 MB with many documents', () => {
  const { files, large, resources } = generate({ resources: 3000 });
  const text = files.get(large!)!;
  expect(resources).toBe(3000);
  expect(Buffer.byteLength(text)).toBeGreaterThanOrEqual(1_000_000);
  expect(Buffer.byteLength(text)).toBeLessThan(1_100_000);
  expect(text.split('\n---\n').length).toBeGreaterThan(500);
  expect(mixed.large).toBeUndefined();
});

test('typing goes through the text letter by letter, and takes everything back', () => {
  const text = Array.from({ length: 40 }, (_, i) => `key-${i}: value${i % 3 === 0 ? '\r' : ''}\n`).join('---\n');
  const edits = typing(text, 12);
  expect(typing(text, 12)).toEqual(edits);
  const states = edits.map(
    (
      (current) => (edit: Edit) =>
        (current = applyEdit(current, edit))
    )(text),
  );
  expect(states[5]).toBe(text);
  expect(states[11]).toBe(text);
  expect(new Set(states).size).toBeGreaterThan(6);
  expect(edits.slice(0, 4).map(({ insert }) => insert)).toEqual(['-', 'n', 'e', 'w']);
  // Never between a carriage return and its line feed.
  for (const state of states) expect(state).not.toMatch(/\r(?!\n)/);
});

test('percentiles are values that were measured, and slopes those of a line', () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 20, 50, 95, 100].map((percent) => percentile(values, percent))).toEqual([1, 1, 3, 5, 5]);
  expect(percentile([7], 95)).toBe(7);
  const line = [0, 1, 2, 3].map((x) => ({ x, y: 10 - 2 * x }));
  expect(slope(line)).toBeCloseTo(-2);
});

test('a profile is added up within the windows alone, recursion once', () => {
  const frame = (functionName: string, url: string): object => ({ functionName, url, lineNumber: 0 });
  const profile = {
    startTime: 1000,
    nodes: [
      { id: 1, callFrame: frame('outer', 'a'), children: [2] },
      { id: 2, callFrame: frame('outer', 'a'), children: [3] },
      { id: 3, callFrame: frame('inner', 'b') },
      { id: 4, callFrame: frame('(idle)', '') },
    ],
    samples: [4, 3, 2, 3, 4],
    timeDeltas: [0, 10, 20, 30, 40],
  };
  // The samples stand at 1000, 1010, 1030, 1060 and 1100, and each holds until the next.
  const { total, own, whole, files } = timesIn(profile, [[1005, 1040]], ({ url }) => url);
  expect(total).toBe(50);
  expect([...own]).toEqual([
    ['inner  b', 20],
    ['outer  a', 30],
  ]);
  expect(whole.get('outer  a')).toBe(50);
  expect(files.get('b')).toBe(20);
});

test('a row fails when it is above its limit, and only then', () => {
  const row = { about: 'time', unit: 'ms' };
  const rows = [
    { ...row, value: 5, most: 5 },
    { ...row, value: 5.01, most: 5 },
    { ...row, value: 1e9 },
    { ...row, value: 1, most: 0 },
  ];
  expect(failures([{ rows: rows.slice(0, 2) }, { rows: rows.slice(2) }])).toEqual([rows[1], rows[3]]);
  expect(rows.map(line)).toEqual([
    expect.stringMatching(/5 ms {2}time {2}at most 5 ms: holds$/),
    expect.stringMatching(/5\.01 ms {2}time {2}at most 5 ms: DOES NOT HOLD$/),
    expect.stringMatching(/time$/),
    expect.stringMatching(/DOES NOT HOLD$/),
  ]);
});

test('the page says what holds and on what machine, and not whose', () => {
  const rows = [
    { about: 'slow', value: 5.01, unit: 'ms', most: 5 },
    { about: 'quick', value: 1, unit: 'ms', most: 5, note: 'median 1 ms' },
    { about: 'size', value: 1234, unit: 'kB' },
  ];
  const results = [{ measurement: { title: 'Speed', method: 'By a clock.' }, rows }];
  const text = page(results, { version: '1.2.3', busy: 12.3, sizes: [300, 3000], isWhole: true });
  expect(text).toContain('Of 2 limits 1 does not hold.\n');
  expect(text).toContain('## Speed\n\nBy a clock.\n\n| what |');
  expect(text).toContain('| slow | 5.01 ms | at most 5 ms | **no** |  |\n');
  expect(text).toContain('| quick | 1 ms | at most 5 ms | yes | median 1 ms |\n');
  expect(text).toContain('| size | 1,234 kB |  |  |  |\n');
  expect(text).toContain('Repositories of 300, 3,000 resources');
  expect(text).toContain(`| ${process.versions.node} | 12 % |`);
  for (const own of [homedir(), process.cwd()]) expect(text).not.toContain(own);
  expect(page(results, { version: '1', busy: 0, sizes: [300], isWhole: false })).toContain('Only a part was measured.');
});
