import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readText, readTextInside, SIZE_LIMIT } from './read';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-lint-read-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(content: string | Uint8Array): string {
  const path = join(folder, 'file.yaml');
  writeFileSync(path, content);
  return path;
}

test('text as it stands: empty, with line ends of Windows, beyond the first plane', () => {
  for (const text of ['', 'a: b\r\nc: d', 'name: 🕸 ünïcode\n']) expect(readText(file(text))).toEqual({ text });
});

test('a byte order mark stays in the text, whatever the encoding', () => {
  const text = '\ufeffa: ü🕸\n';
  const littleEndian = Buffer.from(text, 'utf16le');
  expect(readText(file(text))).toEqual({ text });
  expect(readText(file(littleEndian))).toEqual({ text });
  expect(readText(file(Buffer.from(littleEndian).swap16()))).toEqual({ text });
});

test('invalid bytes become replacement characters', () => {
  expect(readText(file(Buffer.from([0x61, 0xff, 0x62, 0xc3])))).toEqual({ text: 'a\ufffdb\ufffd' });
  expect(readText(file(Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x00, 0xd8, 0x62, 0x00])))).toEqual({ text: '\ufeffa\ufffdb' });
  expect(readText(file(Buffer.from([0xfe, 0xff, 0x00, 0x61, 0x62])))).toEqual({ text: '\ufeffa' });
});

test('a NUL among the first bytes means binary; UTF-32 holds some as well', () => {
  expect(readText(file('a\0b'))).toEqual({ binary: true });
  expect(readText(file(`${'a'.repeat(8191)}\0`))).toEqual({ binary: true });
  expect(readText(file(`${'a'.repeat(8192)}\0`))).toHaveProperty('text');
  expect(readText(file(Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])))).toEqual({ binary: true });
});

test('the limit is a size that is still read', () => {
  expect(readText(file('12345'), 5)).toEqual({ text: '12345' });
  expect(readText(file('123456'), 5)).toEqual({ tooLarge: 6 });
  expect(readText(file('x'.repeat(SIZE_LIMIT)))).toHaveProperty('text');
  expect(readText(file('x'.repeat(SIZE_LIMIT + 1)))).toEqual({ tooLarge: SIZE_LIMIT + 1 });
});

test('what is no file is a problem', () => {
  expect(readText(join(folder, 'missing.yaml'))).toEqual({ problem: 'no such file or folder' });
  expect(readText(join(folder, 'bad\0name'))).toHaveProperty('problem');
  expect(readText(folder)).toHaveProperty('problem');
});

test.skipIf(process.platform === 'win32')('a FIFO and a device are problems, without waiting', () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  expect(readText(fifo)).toEqual({ problem: 'is not a regular file' });
  expect(readText('/dev/zero')).toEqual({ problem: 'is not a regular file' });
});

test.skipIf(!existsSync('/proc/self/status'))('a file that claims to be empty is read to its end', () => {
  expect(readText('/proc/self/status')).toMatchObject({ text: expect.stringContaining('Pid:') as string });
  expect(readText('/proc/self/status', 20)).toHaveProperty('tooLarge');
});

test('a file of a folder, by its path there', () => {
  mkdirSync(join(folder, 'root/a'), { recursive: true });
  writeFileSync(join(folder, 'root/a/b.yaml'), '12345');
  expect(readTextInside(join(folder, 'root'), 'a/b.yaml')).toEqual({ text: '12345' });
  expect(readTextInside(join(folder, 'root'), 'a/b.yaml', 4)).toEqual({ tooLarge: 5 });
  expect(readTextInside(join(folder, 'root'), 'a/c.yaml')).toEqual({ problem: 'no such file or folder' });
  expect(readTextInside(join(folder, 'none'), 'a/b.yaml')).toEqual({ problem: 'no such file or folder' });
  expect(readTextInside(join(folder, 'root'), '../file.yaml')).toHaveProperty('problem');
});

// Windows lets only some users make symbolic links.
test.skipIf(process.platform === 'win32')('of what a link in a folder leads to only what is in the folder', () => {
  mkdirSync(join(folder, 'root/.git'), { recursive: true });
  writeFileSync(join(folder, 'secret.yaml'), 'secret');
  writeFileSync(join(folder, 'root/a.yaml'), 'a');
  writeFileSync(join(folder, 'root/.git/config'), 'git');
  for (const [target, path] of [
    ['a.yaml', 'inside.yaml'],
    ['../secret.yaml', 'outside.yaml'],
    ['..', 'up'],
    ['.git/config', 'git.yaml'],
    ['self.yaml', 'self.yaml'],
  ] as const)
    symlinkSync(target, join(folder, 'root', path));
  const read = (path: string): unknown => readTextInside(join(folder, 'root'), path);
  expect(read('inside.yaml')).toEqual({ text: 'a' });
  expect(read('outside.yaml')).toEqual({ problem: 'leads out of the folder' });
  expect(read('up/secret.yaml')).toEqual({ problem: 'leads out of the folder' });
  expect(read('git.yaml')).toEqual({ problem: 'leads into a folder that is not read' });
  expect(read('self.yaml')).toEqual({ problem: 'a loop of symbolic links' });
  symlinkSync(join(folder, 'root'), join(folder, 'link'));
  expect(readTextInside(join(folder, 'link'), 'a.yaml')).toEqual({ text: 'a' });
});
