import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remotesOf } from './remotes';

let top: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-lint-remotes-')));
});

afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
}

const HEAD = 'ref: refs/heads/main\n';
const URL = 'https://git.example/shop/deploy.git';
const CONFIG = `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${URL}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;
const repository = (config: string): Record<string, string> => ({ '.git/HEAD': HEAD, '.git/config': config });

describe('the remotes of a repository', () => {
  it('that git made, and of a worktree of it', () => {
    const git = (...argv: string[]): unknown =>
      execFileSync('git', argv, { cwd: join(top, 'main'), env: { PATH: process.env['PATH'], HOME: top }, stdio: 'ignore' });
    mkdirSync(join(top, 'main'));
    git('init');
    expect(remotesOf(join(top, 'main'))).toEqual([]);
    git('remote', 'add', 'origin', 'git@git.example:me/deploy.git');
    git('remote', 'add', 'upstream', URL);
    git('remote', 'set-url', '--push', 'origin', 'ssh://git@git.example:2222/me/it;has#marks');
    const urls = ['git@git.example:me/deploy.git', 'ssh://git@git.example:2222/me/it;has#marks', URL];
    expect(remotesOf(join(top, 'main'))).toEqual(urls);
    git('-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '--allow-empty', '-m', 'first');
    git('worktree', 'add', '../other');
    expect(remotesOf(join(top, 'other'))).toEqual(urls);
  });

  it.each([
    ['one', CONFIG, [URL]],
    ['on one line, in the old spelling, in capitals', `[REMOTE.origin] URL=${URL}`, [URL]],
    ['quoted, with a comment behind', `[remote "a"]\nurl = "${URL}" ; ours`, [URL]],
    ['continued', '[remote "a"]\nurl = https://git.example/\\\nshop', ['https://git.example/shop']],
    ['with escapes', '[remote "a\\"]"]\nurl = C:\\\\srv\\\\it', ['C:\\srv\\it']],
    ['with line ends of Windows', CONFIG.replaceAll('\n', '\r\n'), [URL]],
    [
      'of nothing else',
      `[branch "main"]\nurl = x\n[remotes]\nurl = x\n[url "${URL}"]\ninsteadOf = x\n[remote "a"]\nurls = x`,
      [],
    ],
    ['none that is empty', '[remote "a"]\nurl\nurl =\nurl = ""\nurl = # x', []],
    ['at most a hundred', `[remote "a"]\n${Array.from({ length: 200 }, (_, i) => `url = x${i}\n`).join('')}`, 'a hundred'],
  ])('%s', (_, config, urls) => {
    write(repository(config));
    const found = remotesOf(top);
    expect(urls === 'a hundred' ? found.length : found).toEqual(urls === 'a hundred' ? 100 : urls);
  });

  it('stand where a file says: of a submodule, and of a worktree', () => {
    write({
      'modules/m/HEAD': HEAD,
      'modules/m/config': CONFIG,
      'm/.git': 'gitdir: ../modules/m\n',
      'modules/m/worktrees/w/HEAD': HEAD,
      'modules/m/worktrees/w/commondir': '../..\n',
      'w/.git': `gitdir: ${join(top, 'modules/m/worktrees/w')}\r\n`,
    });
    expect([remotesOf(join(top, 'm')), remotesOf(join(top, 'w'))]).toEqual([[URL], [URL]]);
  });
});

describe('nothing is told of', () => {
  const none = (files: Readonly<Record<string, string>>): void => {
    write(files);
    expect(remotesOf(top)).toEqual([]);
  };

  it('a folder that is none of git, or is not there', () => {
    none({});
    expect(remotesOf(join(top, 'nowhere'))).toEqual([]);
    expect(remotesOf(join(top, 'a\0b'))).toEqual([]);
  });

  it('a directory that is not as git makes it', () => {
    none({ '.git/config': CONFIG });
  });

  it.each([
    ['nothing', ''],
    ['words', 'gone fishing\n'],
    ['a NUL', 'gitdir: a\0b\n'],
    ['a directory that is not there', 'gitdir: ../nowhere\n'],
    ['a directory that is not of git', 'gitdir: plain\n'],
    ['too much', `gitdir: g\n${' '.repeat(10_000)}`],
  ])('a file that holds %s', (_, text) => {
    none({ '.git': text, 'plain/config': CONFIG, 'g/HEAD': HEAD, 'g/config': CONFIG });
  });

  it.each([
    ['that is no directory of git', 'plain'],
    ['of no path', 'a\0b'],
  ])('a worktree that shares something %s', (_, commondir) => {
    none({ '.git': 'gitdir: w\n', 'w/HEAD': HEAD, 'w/commondir': commondir, 'w/plain/config': CONFIG, 'w/config': '' });
  });

  it('a configuration that is too large, or no text', () => {
    none(repository(`${CONFIG}${'#'.repeat(1024 * 1024)}`));
    none(repository(`${CONFIG}\0`));
  });

  it('what a link leads to', () => {
    write({ 'elsewhere/HEAD': HEAD, 'elsewhere/config': CONFIG });
    const to = join(top, 'elsewhere');
    mkdirSync(join(top, 'whole'));
    symlinkSync(to, join(top, 'whole/.git'));
    mkdirSync(join(top, 'part/.git'), { recursive: true });
    writeFileSync(join(top, 'part/.git/HEAD'), HEAD);
    symlinkSync(join(to, 'config'), join(top, 'part/.git/config'));
    mkdirSync(join(top, 'head/.git'), { recursive: true });
    writeFileSync(join(top, 'head/.git/config'), CONFIG);
    symlinkSync(join(to, 'HEAD'), join(top, 'head/.git/HEAD'));
    expect(['whole', 'part', 'head'].flatMap((folder) => remotesOf(join(top, folder)))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('a pipe that nobody writes to', () => {
    write({ '.git/HEAD': HEAD });
    execFileSync('mkfifo', [join(top, '.git/config')]);
    expect(remotesOf(top)).toEqual([]);
  });

  it('text of any kind, in time', () => {
    const start = performance.now();
    for (const text of [
      '[remote "',
      '[remote "a"]\nurl = "',
      '[remote "a"]\nurl = \\',
      `[remote "${'\\'.repeat(500_000)}`,
      `[remote "a"]\n${'url'.repeat(300_000)}`,
      ' '.repeat(1_000_000),
      '['.repeat(1_000_000),
    ])
      none(repository(text));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
