import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace } from '../engine/workspace';
import { Files } from './files';

let top: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-lint-files-')));
});

afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

it.each([
  ['is read with the folder', false, ['https://git.example/shop/deploy']],
  ['is not where nothing is', true, []],
])('where the repository comes from %s', (_, alone, remotes) => {
  mkdirSync(join(top, '.git'));
  writeFileSync(join(top, '.git/HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(top, '.git/config'), '[remote "origin"]\n\turl = https://git.example/shop/deploy\n');
  const workspace = new Workspace({ rules: [], now: new Date(0) });
  const files = new Files(top, workspace, undefined, alone);
  for (const step of files.catchUp()) expect(step).toBeUndefined();
  expect(files.isBehind).toBe(false);
  expect(workspace.repository.remotes()).toEqual(remotes);
});

describe('what happens on disk', () => {
  const config = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
  const write = (path: string, text: string): void => {
    mkdirSync(join(top, path, '..'), { recursive: true });
    writeFileSync(join(top, path), text);
  };
  const opened = (): { files: Files; textOf: (path: string) => string | undefined } => {
    const workspace = new Workspace({ rules: [], now: new Date(0) });
    const textOf = (path: string): string | undefined => workspace.repository.peekManifest(path)?.text;
    return { files: new Files(top, workspace, undefined, false), textOf };
  };
  const finish = (work: Iterator<undefined>): void => {
    while (work.next().done !== true);
  };

  it('while the folder is read for the first time is followed', () => {
    for (const name of ['a', 'b', 'c']) write(`${name}.yaml`, config(name));
    const { files, textOf } = opened();
    const work = files.catchUp();
    while (textOf('b.yaml') === undefined) work.next();
    write('a.yaml', config('other'));
    files.changed('a.yaml');
    finish(work);
    expect([textOf('a.yaml'), textOf('c.yaml'), files.isBehind]).toEqual([config('other'), config('c'), false]);
  });

  it('is followed a file a step, and again where it goes on', () => {
    const names = Array.from({ length: 20 }, (_, i) => `${i}.yaml`);
    for (const name of names) write(`deep/${name}`, config('before'));
    const { files, textOf } = opened();
    finish(files.catchUp());
    for (const name of names) write(`deep/${name}`, config('after'));
    for (const name of names) files.changed(`deep/${name}`);
    const work = files.catchUp();
    for (let i = 0; i < 5; i++) work.next();
    const read = names.filter((name) => textOf(`deep/${name}`) === config('after'));
    expect(read.length).toBeGreaterThan(0);
    expect(read.length).toBeLessThan(6);
    write(`deep/${read[0] ?? ''}`, config('at last'));
    files.changed(`deep/${read[0] ?? ''}`);
    finish(work);
    expect(names.map((name) => textOf(`deep/${name}`))).toEqual(
      names.map((name) => config(name === read[0] ? 'at last' : 'after')),
    );
  });

  it('to a folder concerns what lies below', () => {
    for (const name of ['a/one.yaml', 'a/b/two.yaml', 'ab/three.yaml']) write(name, config('x'));
    const { files, textOf } = opened();
    finish(files.catchUp());
    rmSync(join(top, 'a'), { recursive: true });
    files.changed('a');
    finish(files.catchUp());
    expect(['a/one.yaml', 'a/b/two.yaml', 'ab/three.yaml'].map((path) => textOf(path) !== undefined)).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('what an edit says of other files', () => {
  const APPLICATION = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\n';
  const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

  /** Whether files are asked about again after an edit of one that is open. */
  function asksAgain(path: string, before: string, after: string): boolean {
    const files = new Files(top, new Workspace({ rules: [], now: new Date(0) }), undefined, false);
    const catchUp = (): void => {
      for (const step of files.catchUp()) expect(step).toBeUndefined();
    };
    catchUp();
    files.lay(path, before);
    catchUp();
    files.lay(path, after);
    return files.isBehind;
  }

  it.each<[what: string, path: string, before: string, after: string, asks: boolean]>([
    [
      'of the document that may name them',
      'a.yaml',
      `${CONFIG}---\n${APPLICATION}`,
      `${CONFIG}---\n${APPLICATION}  x: y\n`,
      true,
    ],
    ['of one beside it', 'a.yaml', `${CONFIG}---\n${APPLICATION}`, `${CONFIG}  x: y\n---\n${APPLICATION}`, false],
    ['that brings it', 'a.yaml', CONFIG, `${CONFIG}---\n${APPLICATION}`, true],
    ['that takes it away', 'a.yaml', `${CONFIG}---\n${APPLICATION}`, CONFIG, true],
    ['of a file without any', 'a.yaml', CONFIG, `${CONFIG}  x: y\n`, false],
    ['of a kustomization', 'kustomization.yaml', 'resources: []\n', 'resources: [a.yaml]\n', true],
    ['that leaves a kustomization as it was', 'kustomization.yaml', 'resources: []\n', 'resources: []\n', false],
    ['of the configuration', '.mesh-lint.yaml', 'ignore: []\n', 'ignore: [a.yaml]\n', true],
  ])('counts after an edit %s', (_, path, before, after, asks) => {
    expect(asksAgain(path, before, after)).toBe(asks);
  });
});
