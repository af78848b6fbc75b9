import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { realPathInside } from './inside';
import { reasonOf } from './reason';

/** Manifests are written by people or by `helm template`; what is larger than this is data. */
export const SIZE_LIMIT = 5 * 1024 * 1024;

/** What a file turned out to be: text, too large (its size in bytes), no text at all, or unreadable for a reason. */
export type ReadResult =
  { readonly text: string } | { readonly tooLarge: number } | { readonly binary: true } | { readonly problem: string };

// Windows has none of these flags. Without the first, opening a FIFO waits for a writer that may never come.
const {
  O_RDONLY,
  O_NONBLOCK = 0,
  O_NOCTTY = 0,
  O_NOFOLLOW = 0,
} = constants as Partial<typeof constants> & Pick<typeof constants, 'O_RDONLY'>;

const SNIFFED = 8 * 1024;

/**
 * Reads a text file: UTF-8, or UTF-16 that starts with a byte order mark. The mark stays in the text, as offsets count it; invalid bytes
 * become U+FFFD. Takes an absolute path and the size in bytes above which the file is left alone. Never throws: what cannot be read, or
 * is no regular file, is a `problem`.
 */
export function readText(path: string, limit: number = SIZE_LIMIT): ReadResult {
  return readOpened(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, limit);
}

/** The same for a file that must be no link itself: what other programs say of where their files are is no reason to follow one. */
export function readTextUnlinked(path: string, limit: number): ReadResult {
  return readOpened(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, limit);
}

/**
 * Reads a file of a folder (absolute; the path relative to it, with `/`), if it stands there now: since it was listed, it or a folder on
 * the way may have come to be a link that leads elsewhere. What does not stand in the folder is a `problem`.
 */
export function readTextInside(folder: string, path: string, limit: number = SIZE_LIMIT): ReadResult {
  const real = realPathInside(folder, path);
  return 'problem' in real ? real : readOpened(real.path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, limit);
}

function readOpened(path: string, flags: number, limit: number): ReadResult {
  let bytes: Buffer | number;
  try {
    const file = openSync(path, flags);
    try {
      // Asked of the open file: between a look at the path and the opening, the path may have come to name another file.
      const stat = fstatSync(file);
      if (stat.isDirectory()) return { problem: 'is a folder' };
      if (!stat.isFile()) return { problem: 'is not a regular file' };
      if (stat.size > limit) return { tooLarge: stat.size };
      bytes = readAll(file, stat.size, limit);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { problem: reasonOf(error) };
  }
  if (typeof bytes === 'number') return { tooLarge: bytes };
  const text = decode(bytes);
  return text === undefined ? { binary: true } : { text };
}

/** The whole content, or a number of bytes above the limit: a file may grow while it is read, and /proc claims a size of 0. */
function readAll(file: number, expected: number, limit: number): Buffer | number {
  let buffer = Buffer.allocUnsafe(Math.min(expected, limit) + 1);
  let length = 0;
  for (;;) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    length += count;
    if (length > limit) return length;
    if (count === 0) return buffer.subarray(0, length);
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(Math.max(length * 2, SNIFFED), limit + 1));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
  }
}

function decode(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) {
    // UTF-32 starts with the same two bytes.
    return bytes[2] === 0 && bytes[3] === 0 ? undefined : decodeUtf16(bytes);
  }
  if (first === 0xfe && second === 0xff) return decodeUtf16(Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16());
  if (bytes.subarray(0, SNIFFED).includes(0)) return undefined;
  return bytes.toString('utf8');
}

function decodeUtf16(littleEndian: Buffer): string {
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(littleEndian);
}
