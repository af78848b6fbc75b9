import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { PiecedText } from '../engine/yaml/pieces';
import { NOW, workspaceOf } from '../test/support/lint';
import { Folder } from './folder';
import { nextTurn } from './slices';

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

function emptyFolder(): Folder {
  const root = mkdtempSync(join(tmpdir(), 'folder-'));
  made.push(root);
  const ignored = (): void => undefined;
  const uri = pathToFileURL(root).href;
  return new Folder({
    uri,
    name: undefined,
    root,
    configuration: undefined,
    kind: 'workspace',
    now: NOW,
    onChanged: ignored,
    onSettled: ignored,
  });
}

test('who asks while rules run waits for them as well, rather than have the rest run in one go', async () => {
  const folder = emptyFolder();
  await folder.settled();
  let steps = 0;
  vi.spyOn(folder.workspace, 'settling').mockImplementation(function* () {
    for (; steps < 5; steps++) {
      // Longer than a slice.
      const end = performance.now() + 10;
      while (performance.now() < end);
      yield;
    }
  });
  folder.followDisk([]);
  const first = folder.settled();
  await nextTurn();
  expect(steps).toBeLessThan(5);
  await folder.settled();
  expect(steps).toBe(5);
  await first;
});

test('the URI of a document is spelt otherwise once, however often it is edited', () => {
  const folder = emptyFolder();
  const uri = folder.uriOf('a b.yaml');
  const { spelling } = folder;
  folder.lay('a b.yaml', uri, 'a: 1\n');
  expect(folder.spelling).toBe(spelling);
  const other = uri.replace('%20', ' ');
  folder.lay('a b.yaml', other, 'a: 1\n');
  expect(folder.spelling).toBe(spelling + 1);
  folder.lay('a b.yaml', other, 'a: 2\n');
  expect(folder.spelling).toBe(spelling + 1);
  expect(folder.uriOf('a b.yaml')).toBe(other);
  folder.lay('a b.yaml', uri, 'a: 2\n');
  expect(folder.uriOf('a b.yaml')).toBe(uri);
});

test('an edit counts in the text that the editor has, also behind a question about another one', async () => {
  const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;
  const folder = emptyFolder();
  let text = PiecedText.of([service('cart'), service('web'), service('cart')].join('---\n'));
  const uri = folder.uriOf('a.yaml');
  folder.lay('a.yaml', uri, text);
  await folder.settled();
  const found = (findings = folder.findingsIn('a.yaml')): unknown[] =>
    findings.map(({ reported, start, end }) => [start, end, reported.range, reported.message]);
  const afresh = (): unknown[] => found(workspaceOf({ 'a.yaml': String(text) }).findingsIn('a.yaml'));
  expect(found()).toHaveLength(2);
  const edits: [line: number, insert: string][] = [
    [3, '-2'],
    [1, '\n# more'],
    [12, '-3'],
    [3, ''],
  ];
  for (const [line, insert] of edits) {
    expect(folder.asIf('a.yaml', service('cart'), (findings) => findings)).toEqual([]);
    const end = { line, character: 1000 };
    text = text.edited([{ range: { start: end, end }, text: insert }]);
    folder.lay('a.yaml', uri, text);
    await folder.settled();
    expect(found()).toEqual(afresh());
  }
});
