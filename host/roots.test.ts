import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootOf } from './roots';

let top: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-lint-roots-')));
});

afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), '');
  }
}

test('a folder is its own root, with the nearest configuration at or above it', () => {
  write('.git/HEAD', 'a/.mesh-lint.yaml', 'a/b/c.yaml');
  const configuration = join(top, 'a', '.mesh-lint.yaml');
  expect(rootOf('a/b', top)).toEqual({ folder: join(top, 'a', 'b'), only: undefined, configuration });
  expect(rootOf('.', join(top, 'a'))).toEqual({ folder: join(top, 'a'), only: undefined, configuration });
  expect(rootOf('.', top)).toEqual({ folder: top, only: undefined, configuration: undefined });
});

test('a configuration is sought from the argument, not from the working directory', () => {
  write('here/.mesh-lint.yaml', 'there/a.yaml');
  expect(rootOf('../there', join(top, 'here'))).toMatchObject({ configuration: undefined });
});

test('a file belongs to the nearest configuration, before a nearer repository', () => {
  write('.mesh-lint.yaml', 'a/.git/HEAD', 'a/b/c.yaml');
  const configuration = join(top, '.mesh-lint.yaml');
  expect(rootOf('c.yaml', join(top, 'a', 'b'))).toEqual({ folder: top, only: 'a/b/c.yaml', configuration });
});

test('a file belongs to its repository, also one whose .git is a file', () => {
  write('.git', 'a/b/c.yaml');
  expect(rootOf(join(top, 'a/b/c.yaml'), '/')).toEqual({ folder: top, only: 'a/b/c.yaml', configuration: undefined });
});

test('a file of no repository belongs to its folder', () => {
  write('a/c.yaml');
  expect(rootOf('a/c.yaml', top)).toEqual({ folder: join(top, 'a'), only: 'c.yaml', configuration: undefined });
});

test('a folder that has the name of the configuration is none', () => {
  write('.mesh-lint.yaml/x', 'a.yaml');
  expect(rootOf('a.yaml', top)).toMatchObject({ configuration: undefined });
});

test('what is not there, or neither file nor folder, is a problem', () => {
  write('a.yaml');
  expect(rootOf('missing', top)).toEqual({ problem: 'no such file or folder' });
  expect(rootOf('a.yaml/b', top)).toEqual({ problem: 'no such file or folder' });
  if (process.platform !== 'win32') expect(rootOf('/dev/null', top)).toEqual({ problem: 'is neither a file nor a folder' });
});
