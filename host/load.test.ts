import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { load, loading, type ManifestSink, type Wanted } from './load';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mesh-lint-load-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

class Recorder implements ManifestSink {
  readonly calls: string[] = [];
  readonly named = new Set<string>();

  wants(path: string): Wanted {
    return path.endsWith('.yaml') ? 'text' : path.endsWith('.crt') ? 'name' : 'nothing';
  }

  accepts(path: string, text: string): boolean {
    return text.includes('kind:') || this.named.has(path);
  }

  set(path: string, text: string): void {
    this.calls.push(`set ${path}`);
    for (const [, name] of text.matchAll(/names (\S+)/g)) if (name !== undefined) this.named.add(name);
  }

  name(path: string): void {
    this.calls.push(`name ${path}`);
  }

  tooLarge(path: string, bytes: number, limit: number): void {
    this.calls.push(`tooLarge ${path} ${bytes} ${limit}`);
  }
}

test('each file as the sink wants it', () => {
  write({
    'a.yaml': 'kind: A',
    'b/c.yaml': 'no',
    'd.crt': '\0',
    'e.md': 'kind: no',
    'f.yaml': 'kind:\0',
    'g.yaml': 'kind: too long',
  });
  const sink = new Recorder();
  expect(load(root, sink, { limit: 10 })).toEqual({ files: 1, skipped: 3, problems: [] });
  expect(sink.calls).toEqual(['tooLarge g.yaml 14 10', 'set a.yaml', 'name d.crt', 'name f.yaml', 'name b/c.yaml']);
});

test('a file that a later one names is taken in the end', () => {
  write({ 'a-patch.yaml': 'op: add', 'kustomization.yaml': 'kind: K names a-patch.yaml', 'other.yaml': 'x' });
  const sink = new Recorder();
  expect(load(root, sink)).toMatchObject({ files: 2, skipped: 1 });
  expect(sink.calls).toEqual(['set kustomization.yaml', 'set a-patch.yaml', 'name other.yaml']);
});

test('files to read although they are ignored, and files to pass by', () => {
  write({ '.gitignore': 'out/\n', 'out/a.yaml': 'kind: A', 'out/b.yaml': 'kind: B', 'c.yaml': 'kind: C', 'd.yaml': 'kind: D' });
  const sink = new Recorder();
  expect(load(root, sink, { also: ['out/a.yaml', 'c.yaml', 'd.yaml'], except: ['d.yaml'] })).toMatchObject({ files: 2 });
  expect(sink.calls).toEqual(['set c.yaml', 'set out/a.yaml']);
});

test('what cannot be read is a problem, and the rest is loaded', () => {
  write({ 'a.yaml': 'kind: A' });
  const sink = new Recorder();
  expect(load(root, sink, { also: ['gone.yaml'] })).toEqual({
    files: 1,
    skipped: 1,
    problems: [{ path: 'gone.yaml', reason: 'no such file or folder' }],
  });
  expect(load(join(root, 'missing'), sink).problems).toEqual([{ path: '', reason: 'no such file or folder' }]);
});

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('a file without permission', () => {
  write({ 'a.yaml': 'kind: A', 'b.yaml': 'kind: B' });
  chmodSync(join(root, 'a.yaml'), 0);
  expect(load(root, new Recorder())).toEqual({
    files: 1,
    skipped: 1,
    problems: [{ path: 'a.yaml', reason: 'permission denied' }],
  });
});

test('one file a step, all of them asked about before the first is handed in', () => {
  write({ 'a.yaml': 'kind: A', 'b.yaml': 'kind: B' });
  const sink = new Recorder();
  const steps = loading(root, sink);
  const after = [1, 2, 3, 4].map(() => {
    steps.next();
    return sink.calls.length;
  });
  expect(after).toEqual([0, 0, 1, 2]);
  expect(steps.next()).toEqual({ done: true, value: { files: 2, skipped: 0, problems: [] } });
});

test.skipIf(process.platform === 'win32')('a file that becomes a link to one outside, after it was listed', () => {
  write({
    'root/a.yaml': 'kind: A',
    'root/b.yaml': 'kind: B',
    'root/c/d.yaml': 'kind: D',
    'secret.yaml': 'kind: S',
    'secrets/d.yaml': 'kind: S',
  });
  const sink = new Recorder();
  const steps = loading(join(root, 'root'), sink);
  steps.next();
  rmSync(join(root, 'root/b.yaml'));
  symlinkSync('../secret.yaml', join(root, 'root/b.yaml'));
  steps.next();
  renameSync(join(root, 'root/c'), join(root, 'root/gone'));
  symlinkSync('../secrets', join(root, 'root/c'));
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done !== true) continue;
    expect(step.value.problems.map(({ path }) => path)).toContain('b.yaml');
    break;
  }
  expect(sink.calls).not.toContain('set b.yaml');
  expect(sink.calls).not.toContain('set c/d.yaml');
});
