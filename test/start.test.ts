import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rootOf } from '../host';
import { surroundings } from '../scripts/vscode-server.mjs';

/** What `npm start` decides; that it does so, test/vscode/start shows. */
interface Options {
  readonly readOptions: (argv: readonly string[]) => Record<string, unknown>;
  readonly opensEditor: (
    editor: boolean | string,
    surroundings: { readonly isTTY: boolean | undefined; readonly env: NodeJS.ProcessEnv },
  ) => boolean;
}
interface Desktop {
  readonly findDesktop: (machine: object, oldest: string) => Promise<Record<string, unknown>>;
}
interface Folders {
  readonly foldersOf: (paths: readonly string[], from: string) => string[];
}
const script = async (name: string): Promise<unknown> => import(new URL(`../scripts/start/${name}.mjs`, import.meta.url).href);
const { readOptions, opensEditor } = (await script('options')) as Options;
const { findDesktop } = (await script('desktop')) as Desktop;
const { foldersOf } = (await script('folders')) as Folders;

describe('the arguments of npm start', () => {
  it.each<[string[], Record<string, unknown>]>([
    [[], { do: 'start', paths: [], editor: true }],
    [['a', 'b/c.yaml'], { do: 'start', paths: ['a', 'b/c.yaml'], editor: true }],
    [['--no-editor', 'a'], { do: 'start', paths: ['a'], editor: false }],
    [['a', '--editor', 'browser'], { do: 'start', paths: ['a'], editor: 'browser' }],
    [['--editor=desktop'], { do: 'start', paths: [], editor: 'desktop' }],
    [['--', '--no-editor'], { do: 'start', paths: ['--no-editor'], editor: true }],
    [['-h', 'a'], { do: 'help' }],
  ])('%j', (argv, expected) => {
    expect(readOptions(argv)).toEqual(expected);
  });

  it.each([
    ['--edit', "Unknown option '--edit'"],
    ['--format=json', "Unknown option '--format'"],
    ['--editor=emacs', "--editor takes desktop or browser, not 'emacs'"],
    ['--editor', "Option '--editor <value>' argument missing"],
    ['--no-editor --editor=browser', '--editor and --no-editor exclude each other'],
    ['--no-editor=yes', "Option '--no-editor' does not take an argument"],
  ])('%s is refused in one line', (words, reason) => {
    expect(readOptions(words.split(' '))).toEqual({ do: 'refuse', reason: `${reason} (npm start -- --help)` });
  });
});

describe('an editor is opened', () => {
  it.each<[string, boolean, boolean | string, boolean | undefined, NodeJS.ProcessEnv]>([
    ['in a terminal', true, true, true, {}],
    ['not without one', false, true, undefined, {}],
    ['not in CI, which may have one', false, true, true, { CI: 'true' }],
    ['where CI is said not to be', true, true, true, { CI: 'false' }],
    ['not when nobody wants it', false, false, true, {}],
    ['wherever one is asked for by name', true, 'browser', undefined, { CI: '1' }],
  ])('%s', (_, expected, editor, isTTY, env) => {
    expect(opensEditor(editor, { isTTY, env })).toBe(expected);
  });
});

interface Machine {
  readonly platform?: NodeJS.Platform;
  readonly env?: NodeJS.ProcessEnv;
  /** What each program that is there prints when asked for its version; an error when it fails. */
  readonly programs?: Readonly<Record<string, string | Error>>;
}

async function found({ platform = 'linux', env = {}, programs = {} }: Machine): Promise<Record<string, unknown>> {
  const machine = {
    platform,
    env: { DISPLAY: ':0', ...env },
    canRun: (path: string) => path in programs,
    versionOf: async (path: string) => {
      const answer = programs[path] ?? '';
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return findDesktop(machine, '1.91.0');
}

describe("the desktop's VS Code", () => {
  const onPath = { PATH: '/opt/bin::/usr/bin' };
  const version = (number: string): string => `${number}\n0123456789abcdef\nx64\n`;

  it('is the one on the path', async () => {
    expect(await found({ env: onPath, programs: { '/usr/bin/code': version('1.139.1') } })).toEqual({
      command: '/usr/bin/code',
      version: '1.139.1',
    });
  });

  it('is the first that is new enough', async () => {
    const programs = { '/opt/bin/code': version('1.90.2'), '/usr/bin/code': version('1.91.0') };
    expect(await found({ env: onPath, programs })).toMatchObject({ command: '/usr/bin/code' });
  });

  it('is none that is too old, that fails, or that is another program: the reasons are told', async () => {
    const programs = { '/opt/bin/code': version('1.9.100'), '/usr/bin/code': new Error('not as root') };
    expect(await found({ env: onPath, programs })).toEqual({
      reason: '/opt/bin/code is 1.9.100, and the extension needs 1.91.0; /usr/bin/code does not tell its version',
    });
    expect(await found({ env: onPath, programs: { '/usr/bin/code': 'code 2.0' } })).toEqual({
      reason: '/usr/bin/code does not tell its version',
    });
    expect(await found({ env: onPath })).toEqual({ reason: 'no VS Code is on the path or in its usual places' });
  });

  it('is none where nobody could see it', async () => {
    const programs = { '/usr/bin/code': version('1.139.1') };
    expect(await found({ env: { ...onPath, DISPLAY: '' }, programs })).toEqual({ reason: 'there is no display for a desktop' });
    expect(await found({ env: { ...onPath, DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' }, programs })).toHaveProperty('command');
    expect(await found({ env: { ...onPath, VSCODE_IPC_HOOK_CLI: '/run/vscode.sock' }, programs })).toEqual({
      reason: 'this terminal belongs to a remote window of VS Code',
    });
  });

  it('is where installers put it', async () => {
    const inApplications = '/Users/ada/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';
    const mac = { env: { PATH: '/usr/bin', HOME: '/Users/ada', DISPLAY: '' }, programs: { [inApplications]: version('1.95.0') } };
    expect(await found({ platform: 'darwin', ...mac })).toEqual({ command: inApplications, version: '1.95.0' });
    const inPrograms = 'C:\\Users\\ada\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe';
    const windows = { env: { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' }, programs: { [inPrograms]: '' } };
    expect(await found({ platform: 'win32', ...windows })).toEqual({ command: inPrograms });
    const beside = 'D:\\Code\\Code.exe';
    expect(await found({ platform: 'win32', env: { Path: 'C:\\Windows;D:\\Code\\bin' }, programs: { [beside]: '' } })).toEqual({
      command: beside,
    });
  });

  it('is the one that a variable names, or nothing goes on', async () => {
    const env = { ...onPath, MESH_LINT_VSCODE: '/snap/bin/code' };
    expect(await found({ env, programs: { '/snap/bin/code': '' } })).toEqual({ command: '/snap/bin/code' });
    await expect(found({ env, programs: { '/usr/bin/code': version('1.139.1') } })).rejects.toThrow(
      'MESH_LINT_VSCODE names /snap/bin/code, which cannot be run',
    );
  });
});

describe('the folders that are opened', () => {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-lint-folders-')));
  afterAll(() => {
    rmSync(top, { recursive: true });
  });
  for (const path of ['shop/.git', 'shop/base', 'team/apps', 'loose']) mkdirSync(join(top, path), { recursive: true });
  for (const path of ['shop/base/a.yaml', 'team/.mesh-lint.yaml', 'team/apps/a.yaml', 'loose/a.yaml']) {
    writeFileSync(join(top, path), '');
  }

  it.each([
    ['shop', 'shop'],
    ['shop/base', 'shop/base'],
    ['shop/base/a.yaml', 'shop'],
    ['team/apps/a.yaml', 'team'],
    ['loose/a.yaml', 'loose'],
  ])('%s: %s, as the command has it', (path, folder) => {
    expect(foldersOf([path], top)).toEqual([join(top, folder)]);
    expect(rootOf(path, top)).toMatchObject({ folder: join(top, folder) });
  });

  it('each once, and none that is not there', () => {
    expect(foldersOf(['shop/base/a.yaml', 'gone', join(top, 'shop'), 'loose'], top)).toEqual([
      join(top, 'shop'),
      join(top, 'loose'),
    ]);
  });
});

describe('the surroundings of a server', () => {
  it('are ours without what would move it, open it to others, or make it a part of something else', () => {
    const own = { PATH: '/usr/bin', HOME: '/home/ada', LANG: 'C.UTF-8' };
    const strange = ['PORT', 'CODE_SERVER_HOST', 'PASSWORD', 'HASHED_PASSWORD', 'VSCODE_IPC_HOOK_CLI', 'ELECTRON_RUN_AS_NODE'];
    expect(surroundings({ ...own, ...Object.fromEntries(strange.map((name) => [name, '1'])) })).toEqual(own);
  });
});
