import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { walk } from './walk';

let top: string;
let root: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'mesh-lint-walk-'));
  root = join(top, 'root');
  mkdirSync(root);
});

afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>, below = root): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(below, path)), { recursive: true });
    writeFileSync(join(below, path), text);
  }
}

function link(target: string, path: string, type: 'file' | 'dir' = 'file'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path), type);
}

const files = (folder = root): string[] => [...walk(folder)].filter(({ kind }) => kind === 'file').map(({ path }) => path);
const problems = (folder = root): unknown[] => [...walk(folder)].filter(({ kind }) => kind === 'problem');

const onWindows = process.platform === 'win32';
const isSuperuser = process.getuid?.() === 0;

describe('what is listed', () => {
  test('every file, in the order of whole paths', () => {
    write({ 'b.yaml': '', 'a/z.yaml': '', 'a.yaml': '', 'a-b/c.yaml': '', 'a/b/c.txt': '', B: '', '.hidden/x': '' });
    expect(files()).toEqual(['.hidden/x', 'B', 'a-b/c.yaml', 'a.yaml', 'a/b/c.txt', 'a/z.yaml', 'b.yaml']);
    expect(files()).toEqual([...files()].sort());
  });

  test('nothing of .git and node_modules, at any depth', () => {
    write({
      '.git/config': '',
      'node_modules/a/x.yaml': '',
      'app/node_modules/b/y.yaml': '',
      'app/.git': 'gitdir: x',
      'app/z.yaml': '',
    });
    expect(files()).toEqual(['app/z.yaml']);
  });

  test('a root that is not there is one problem', () => {
    expect([...walk(join(root, 'missing'))]).toEqual([{ kind: 'problem', path: '', reason: 'no such file or folder' }]);
  });

  test('one step at a time', () => {
    write({ 'a.yaml': '', 'b/c.yaml': '' });
    const steps = walk(root);
    expect(steps.next().value).toEqual({ kind: 'file', path: 'a.yaml' });
    write({ 'b/d.yaml': '' });
    expect([...steps].map(({ path }) => path)).toEqual(['b/c.yaml', 'b/d.yaml']);
  });

  test('folders nested without end are cut off', () => {
    write({ [`${'d/'.repeat(100)}in.yaml`]: '', [`${'d/'.repeat(101)}out.yaml`]: '' });
    expect(files()).toEqual([`${'d/'.repeat(100)}in.yaml`]);
    expect(problems()).toMatchObject([{ path: 'd/'.repeat(101).slice(0, -1) }]);
  });

  test.skipIf(onWindows)('a FIFO is left out', () => {
    write({ 'a.yaml': '' });
    execFileSync('mkfifo', [join(root, 'fifo.yaml'), join(root, '.gitignore')]);
    expect(files()).toEqual(['a.yaml']);
  });

  test.skipIf(onWindows || isSuperuser)('a folder that may not be listed is a problem, and the rest goes on', () => {
    write({ 'secret/a.yaml': '', 'z.yaml': '' });
    chmodSync(join(root, 'secret'), 0);
    expect([...walk(root)]).toEqual([
      { kind: 'problem', path: 'secret', reason: 'permission denied' },
      { kind: 'file', path: 'z.yaml' },
    ]);
    chmodSync(join(root, 'secret'), 0o700);
  });

  test.skipIf(onWindows)('a backslash and a line break in a name stay what they are', () => {
    write({ 'a\\b.yaml': '', 'c\nd.yaml': '' });
    expect(files()).toEqual(['a\\b.yaml', 'c\nd.yaml']);
  });
});

// Windows lets only some users make symbolic links.
describe.skipIf(onWindows)('symbolic links', () => {
  test('a link to a file inside is listed under its own path', () => {
    write({ 'base/a.yaml': '' });
    link('../base/a.yaml', 'prod/b.yaml');
    expect(files()).toEqual(['base/a.yaml', 'prod/b.yaml']);
  });

  test('a link to a folder inside is walked under its own path', () => {
    write({ 'base/x/a.yaml': '' });
    link('../base', 'prod/base', 'dir');
    expect(files()).toEqual(['base/x/a.yaml', 'prod/base/x/a.yaml']);
  });

  test('links that lead outside are left out, also by way of another link', () => {
    write({ 'secret.yaml': '', 'folder/secret.yaml': '' }, top);
    write({ 'a.yaml': '' });
    link('../secret.yaml', 'file.yaml');
    link('../folder', 'folder', 'dir');
    link('folder/secret.yaml', 'through.yaml');
    link(join(top, 'secret.yaml'), 'absolute.yaml');
    link('/dev/null', 'null.yaml');
    expect([...walk(root)]).toEqual([{ kind: 'file', path: 'a.yaml' }]);
  });

  test('a sibling whose name starts like the root is outside', () => {
    write({ 'a.yaml': '' }, join(top, 'root-2'));
    link('../root-2/a.yaml', 'a.yaml');
    expect(files()).toEqual([]);
  });

  test('loops and broken links are left out', () => {
    write({ 'a/x.yaml': '', 'b/y.yaml': '' });
    link('.', 'self', 'dir');
    link('..', 'a/up', 'dir');
    link('../b', 'a/b', 'dir');
    link('../a', 'b/a', 'dir');
    link('two', 'one');
    link('one', 'two');
    link('nowhere.yaml', 'broken.yaml');
    expect([...walk(root)].map(({ path }) => path)).toEqual(['a/b/y.yaml', 'a/x.yaml', 'b/a/x.yaml', 'b/y.yaml']);
  });

  test('no link leads into .git or node_modules', () => {
    write({ '.git/config': '', 'node_modules/a/x.yaml': '' });
    link('.git/config', 'config.yaml');
    link('node_modules/a', 'a', 'dir');
    expect(files()).toEqual([]);
  });

  test('the root itself may be a link', () => {
    write({ 'a.yaml': '', 'b/c.yaml': '' });
    link('b/c.yaml', 'd.yaml');
    symlinkSync(root, join(top, 'link'), 'dir');
    expect(files(join(top, 'link'))).toEqual(['a.yaml', 'b/c.yaml', 'd.yaml']);
  });

  test('links that multiply come to an end', () => {
    // Each folder links twice to the next: the last can be reached by two to the power of twenty paths.
    for (let i = 0; i < 20; i++) {
      link(`../${i + 1}`, `${i}/left`, 'dir');
      link(`../${i + 1}`, `${i}/right`, 'dir');
    }
    write({ '20/end.yaml': '', 'z.yaml': '' });
    const steps = [...walk(root)];
    expect(steps.length).toBeLessThan(25_000);
    expect(steps.filter(({ kind }) => kind === 'problem')).toMatchObject([
      { reason: 'too much is reached through symbolic links' },
    ]);
    expect(steps.map(({ path }) => path)).toEqual(expect.arrayContaining(['20/end.yaml', 'z.yaml']));
  });
});

describe('.gitignore', () => {
  test('anchored, unanchored, folder and glob patterns', () => {
    write({
      '.gitignore': '# a comment\n\n/top.yaml\nbuild/\n*.tmp\ndocs/*.yaml\n',
      'top.yaml': '',
      'a/top.yaml': '',
      'build/x.yaml': '',
      'a/build/x.yaml': '',
      'a/b.tmp': '',
      'docs/x.yaml': '',
      'docs/sub/x.yaml': '',
    });
    expect(files()).toEqual(['.gitignore', 'a/top.yaml', 'docs/sub/x.yaml']);
  });

  test('a nested file overrules the one above it, within its folder', () => {
    write({
      '.gitignore': '*.gen.yaml\nkeep.txt\n',
      'a/.gitignore': '!*.gen.yaml\n/only-here.yaml\n',
      'a/x.gen.yaml': '',
      'a/b/y.gen.yaml': '',
      'a/only-here.yaml': '',
      'a/b/only-here.yaml': '',
      'b/z.gen.yaml': '',
      'a/keep.txt': '',
    });
    expect(files()).toEqual(['.gitignore', 'a/.gitignore', 'a/b/only-here.yaml', 'a/b/y.gen.yaml', 'a/x.gen.yaml']);
  });

  test('a folder that is taken back below is entered, and what it holds is not ignored', () => {
    write({ '.gitignore': '/a/b/\n', 'a/.gitignore': '!b/\n', 'a/b/c.yaml': '', 'a/b/d/e.yaml': '' });
    expect(files()).toEqual(['.gitignore', 'a/.gitignore', 'a/b/c.yaml', 'a/b/d/e.yaml']);
  });

  test('nothing is taken back from inside an ignored folder', () => {
    write({ '.gitignore': 'out/\n!out/keep.yaml\n', 'out/.gitignore': '!*\n', 'out/keep.yaml': '' });
    expect(files()).toEqual(['.gitignore']);
  });

  test.skipIf(onWindows)('folders whose names are patterns themselves', () => {
    write({ '[a]*/.gitignore': 'x.yaml\n', '[a]*/x.yaml': '', '[a]*/y.yaml': '', 'ab/x.yaml': '' });
    expect(files()).toEqual(['[a]*/.gitignore', '[a]*/y.yaml', 'ab/x.yaml']);
  });

  test.skipIf(onWindows)('line ends, a byte order mark and quoted spaces', () => {
    write({
      'sub/.gitignore': '\ufeffa.yaml\r\nb.yaml  \r\nc\\ \r\n',
      'sub/a.yaml': '',
      'sub/b.yaml': '',
      'sub/c ': '',
      'sub/c': '',
    });
    expect(files()).toEqual(expect.arrayContaining(['sub/.gitignore', 'sub/c']));
    expect(files()).toHaveLength(2);
  });

  test('the exclude file of the clone, which .gitignore overrules', () => {
    write({ '.git/info/exclude': 'a.yaml\nb.yaml\n', '.gitignore': '!b.yaml\n', 'a.yaml': '', 'b.yaml': '', 'c/a.yaml': '' });
    expect(files()).toEqual(['.gitignore', 'b.yaml']);
  });

  test('the files above a folder of a repository hold in it', () => {
    write({ '.git/HEAD': '', '.gitignore': 'rendered/\n/deploy/local.yaml\n', 'deploy/local.yaml': '', 'deploy/x.yaml': '' });
    write({ 'deploy/rendered/y.yaml': '', 'deploy/sub/local.yaml': '' });
    expect(files(join(root, 'deploy'))).toEqual(['sub/local.yaml', 'x.yaml']);
  });

  test('a folder that its repository ignores can be named all the same', () => {
    write({
      '.git/HEAD': '',
      '.gitignore': 'rendered/\n*.tmp\n',
      'rendered/a/b.yaml': '',
      'rendered/.gitignore': 'c.yaml\n',
      'rendered/c.yaml': '',
    });
    expect(files(join(root, 'rendered'))).toEqual(['.gitignore', 'a/b.yaml']);
  });

  test('hostile patterns are passed by, and the rest holds', () => {
    write({
      '.gitignore': [`${'a*'.repeat(12)}b`, 'x'.repeat(600), '**/a/**/a/**/a/**/a/**/b', '[z-a]', '[', '\\', 'gone.yaml'].join(
        '\n',
      ),
      [`${'a'.repeat(60)}.yaml`]: '',
      [`${'a/'.repeat(60)}c.yaml`]: '',
      'gone.yaml': '',
    });
    const start = performance.now();
    expect(files()).toEqual(['.gitignore', `${'a/'.repeat(60)}c.yaml`, `${'a'.repeat(60)}.yaml`]);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
