import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { Delivery } from './delivery';
import type { Folder } from './folder';
import type { Folders } from './folders';
import type { LocatedFinding } from '../engine/findings/collect';

const folders: string[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A finding in a file, as far as a report looks at it. */
function finding(file: string, message: string): LocatedFinding {
  const range = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
  const reported = {
    rule: 'manifest/syntax',
    severity: 'error',
    message,
    file,
    range,
    related: [],
    docs: 'https://example.com/',
  };
  return { reported, rule: {} } as unknown as LocatedFinding;
}

/** A folder whose findings a test sets; looking at one file takes longer than a slice, so that every file has a turn of its own. */
class SlowFolder {
  generation = 0;
  findingsTime = 0;
  readonly spelling = 0;
  readonly open = new Set<string>();
  readonly path: string;
  /** Called once, when the first file of a delivery has been looked at. */
  onFirstFile: (() => void) | undefined;
  private current = new Map<string, LocatedFinding[]>();
  private changed = new Set<string>();
  private looks = 0;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'delivery-'));
    folders.push(this.path);
    writeFileSync(join(this.path, 'a.yaml'), '');
  }

  set(entries: Readonly<Record<string, string>>): void {
    this.generation++;
    this.findingsTime++;
    this.changed = new Set([...this.current.keys(), ...Object.keys(entries)]);
    this.current = new Map(Object.entries(entries).map(([path, message]) => [path, [finding(path, message)]]));
  }

  findingsIn(path: string): readonly LocatedFinding[] {
    this.looks++;
    if (this.looks === 1 && this.onFirstFile !== undefined) {
      setImmediate(this.onFirstFile);
      this.onFirstFile = undefined;
    }
    const end = performance.now() + 10;
    while (performance.now() < end);
    return this.current.get(path) ?? [];
  }

  filesWithFindings(): readonly string[] {
    return [...this.current.keys()];
  }

  filesChangedSince(time: number): readonly string[] {
    return time < this.findingsTime ? [...this.changed] : [];
  }

  settled(): Promise<void> {
    this.looks = 0;
    return Promise.resolve();
  }

  openPaths(): string[] {
    return [...this.open];
  }

  isOpen(path: string): boolean {
    return this.open.has(path);
  }

  uriOf(path: string): string {
    return pathToFileURL(join(this.path, path)).href;
  }
}

/** A delivery to a client, and how many diagnostics it shows of each file. */
function deliveryOf(
  folder: SlowFolder,
  asks = false,
): { delivery: Delivery; shown: Map<string, number>; deliver: () => Promise<void> } {
  const everything = [folder];
  const shown = new Map<string, number>();
  const delivery = new Delivery(
    { all: () => everything, speaksFor: () => true, versionOf: () => null, find: () => undefined } as unknown as Folders,
    { codeDescription: false, related: false, tags: new Set() } as never,
    (changes) => {
      for (const { uri, diagnostics } of changes) shown.set(uri.slice(uri.lastIndexOf('/') + 1), diagnostics.length);
    },
    asks,
  );
  return { delivery, shown, deliver: () => delivery.deliver(folder as unknown as Folder) };
}

test('a delivery that a change cuts short has noted nothing as sent that it did not send', async () => {
  const folder = new SlowFolder();
  const { shown, deliver } = deliveryOf(folder);
  folder.set({ 'a.yaml': 'one', 'b.yaml': 'two' });
  await deliver();
  expect(Object.fromEntries(shown)).toEqual({ 'a.yaml': 1, 'b.yaml': 1 });

  // What comes back is told, although a change cuts its delivery short after the first file.
  folder.set({});
  await deliver();
  expect(Object.fromEntries(shown)).toEqual({ 'a.yaml': 0, 'b.yaml': 0 });
  folder.set({ 'a.yaml': 'one', 'b.yaml': 'two' });
  const next = new Promise<void>((resolve) => {
    folder.onFirstFile = () => {
      folder.set({ 'a.yaml': 'one', 'b.yaml': 'two', 'c.yaml': 'three' });
      resolve(deliver());
    };
  });
  await deliver();
  await next;
  expect(Object.fromEntries(shown)).toEqual({ 'a.yaml': 1, 'b.yaml': 1, 'c.yaml': 1 });
});

test('a client that asks about open documents itself is told of them only when no more changes come', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const folder = new SlowFolder();
  folder.open.add('a.yaml');
  const asking = deliveryOf(folder, true);
  const told = deliveryOf(folder);
  for (const message of ['o', 'on', 'one']) {
    folder.set({ 'a.yaml': message, 'b.yaml': message });
    await asking.deliver();
    await told.deliver();
    expect([...asking.shown.keys()]).toEqual(['b.yaml']);
    expect([...told.shown.keys()]).toEqual(['a.yaml', 'b.yaml']);
  }
  await vi.waitUntil(() => asking.shown.has('a.yaml'));
  expect([...asking.shown.values()]).toEqual([1, 1]);
});

test('a delivery that has ended tells nothing of what waits', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const folder = new SlowFolder();
  folder.open.add('a.yaml');
  const [ended, going] = [deliveryOf(folder, true), deliveryOf(folder, true)];
  folder.set({ 'a.yaml': 'one' });
  await ended.deliver();
  await going.deliver();
  ended.delivery.end();
  await vi.waitUntil(() => going.shown.has('a.yaml'));
  expect(ended.shown.size).toBe(0);
});
