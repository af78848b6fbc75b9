import { expect, test } from 'vitest';
import { workspaceOf } from '../test/support/lint';
import { fileReport } from './diagnostics';
import type { DiagnosticShape } from './diagnostics';
import type { Folder } from './folder';

const SHAPE: DiagnosticShape = { related: true, tags: new Set([1, 2]), codeDescription: true };
const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;
const TEXT = ['cart', 'cart', 'web', 'web'].map(service).join('---\n');

/** A folder with one file, as far as a report looks at it. */
function folderOf(text: string): { folder: Folder; set: (text: string) => void; respell: () => void } {
  const workspace = workspaceOf({ 'a.yaml': text });
  let spelling = 0;
  const folder = {
    get spelling() {
      return spelling;
    },
    findingsIn: (path: string) => workspace.findingsIn(path),
    uriOf: (path: string) => `file:///${spelling}/${path}`,
  } as unknown as Folder;
  return {
    folder,
    set: (now) => {
      workspace.set('a.yaml', now);
    },
    respell: () => {
      spelling++;
    },
  };
}

test('an edit makes the diagnostics anew that it changes, and no others', () => {
  const { folder, set } = folderOf(TEXT);
  const before = fileReport(folder, 'a.yaml', SHAPE);
  expect(before.diagnostics).toHaveLength(4);
  expect(fileReport(folder, 'a.yaml', SHAPE)).toBe(before);
  set(`${TEXT}# more\n`);
  const same = fileReport(folder, 'a.yaml', SHAPE);
  expect(same.diagnostics.every((one, i) => one === before.diagnostics[i])).toBe(true);
  expect(same.id).toBe(before.id);
  set(TEXT.replace('---\n' + service('web'), '---\n\n' + service('web')));
  const moved = fileReport(folder, 'a.yaml', SHAPE);
  expect(moved.diagnostics.map((one, i) => one === before.diagnostics[i])).toEqual([true, true, false, false]);
  expect(moved.id).not.toBe(before.id);
  expect(moved).toEqual(
    fileReport(folderOf(TEXT.replace('---\n' + service('web'), '---\n\n' + service('web'))).folder, 'a.yaml', SHAPE),
  );
});

test('what says the same has the same identity, whoever made it', () => {
  const [one, other] = [folderOf(TEXT), folderOf(TEXT)];
  expect(fileReport(one.folder, 'a.yaml', SHAPE).id).toBe(fileReport(other.folder, 'a.yaml', SHAPE).id);
  one.set(TEXT.replace('cart', 'shop'));
  expect(fileReport(one.folder, 'a.yaml', SHAPE).id).not.toBe(fileReport(other.folder, 'a.yaml', SHAPE).id);
  one.set(TEXT);
  expect(fileReport(one.folder, 'a.yaml', SHAPE).id).toBe(fileReport(other.folder, 'a.yaml', SHAPE).id);
});

test('places in files whose URI is spelt otherwise are made anew', () => {
  const { folder, respell } = folderOf(TEXT);
  const before = fileReport(folder, 'a.yaml', SHAPE);
  respell();
  const [now] = fileReport(folder, 'a.yaml', SHAPE).diagnostics;
  expect(now?.relatedInformation?.[0]?.location.uri).toBe('file:///1/a.yaml');
  expect(fileReport(folder, 'a.yaml', SHAPE).id).not.toBe(before.id);
});

test('for a client that wants them in another shape they are made for it', () => {
  const { folder } = folderOf(TEXT);
  fileReport(folder, 'a.yaml', SHAPE);
  const [plain] = fileReport(folder, 'a.yaml', { related: false, tags: new Set(), codeDescription: false }).diagnostics;
  expect(plain).not.toHaveProperty('relatedInformation');
});
