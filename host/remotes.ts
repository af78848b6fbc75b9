import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readTextUnlinked } from './read';

/** What git writes there is a few kilobytes, however many branches there are. */
const LARGEST_CONFIG = 1024 * 1024;
/** A line with a path. */
const LARGEST_POINTER = 8 * 1024;
const MOST_URLS = 100;

/**
 * The addresses of a repository's remotes as git has them written down, to fetch from and to push to. Takes the absolute path of its top
 * folder; none for a folder without `.git`, and where something there is not as git makes it. Runs nothing, and opens no link: what is
 * read is `.git`, or what a worktree's `.git` file names, and no more than the file `config` there (git 2.51 gitrepository-layout,
 * git-config). Includes are not followed.
 */
export function remotesOf(folder: string): readonly string[] {
  const directory = gitDirectoryOf(folder);
  const config = directory === undefined ? undefined : textOf(join(directory, 'config'), LARGEST_CONFIG);
  return config === undefined ? [] : [...new Set(urlsIn(config))].slice(0, MOST_URLS);
}

/** Where the configuration is: a worktree has a directory of its own, which names the one that it shares with the others. */
function gitDirectoryOf(folder: string): string | undefined {
  const top = join(folder, '.git');
  if (kindOf(top) === 'directory') return hasHead(top) ? top : undefined;
  const written = textOf(top, LARGEST_POINTER);
  const own = written === undefined ? undefined : /^gitdir: ([^\r\n]+)/.exec(written)?.[1];
  if (own === undefined) return undefined;
  const directory = resolve(folder, own);
  if (!hasHead(directory)) return undefined;
  const shared = textOf(join(directory, 'commondir'), LARGEST_POINTER)?.split(/\r?\n/, 1)[0];
  if (shared === undefined || shared === '') return directory;
  const common = resolve(directory, shared);
  return hasHead(common) ? common : undefined;
}

/** What every directory of git has. */
function hasHead(directory: string): boolean {
  return kindOf(join(directory, 'HEAD')) === 'file';
}

function kindOf(path: string): 'file' | 'directory' | undefined {
  // A folder on the way may not be searched, and a path may be no path.
  try {
    const stat = lstatSync(path);
    return stat.isDirectory() ? 'directory' : stat.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

function textOf(path: string, limit: number): string | undefined {
  const read = readTextUnlinked(path, limit);
  return 'text' in read ? read.text : undefined;
}

const SECTION = /^\s*\[\s*([A-Za-z0-9.-]+)(?:\s+"(?:[^"\\]|\\.)*")?\s*\]/;
const URL_KEY = /^\s*(?:push)?url\s*=/i;

function urlsIn(config: string): string[] {
  const urls: string[] = [];
  let isRemote = false;
  // A backslash at a line's end continues it.
  for (const line of config.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    const [header, name = ''] = SECTION.exec(line) ?? [];
    if (header !== undefined) isRemote = /^remote(?:\.|$)/i.test(name);
    const entry = line.slice(header?.length ?? 0);
    const [key] = URL_KEY.exec(entry) ?? [];
    const url = isRemote && key !== undefined ? valueOf(entry.slice(key.length)) : '';
    if (url !== '') urls.push(url);
  }
  return urls;
}

/** A value without its quotes, escapes and comment. */
function valueOf(written: string): string {
  let value = '';
  let isQuoted = false;
  let end = 0;
  for (let i = 0; i < written.length; i++) {
    const character = written[i] ?? '';
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '#' || character === ';')) break;
    else if (character === '\\') value += written[++i] ?? '';
    // White space counts between other text only.
    else if (isQuoted || /\S/.test(character) || value !== '') value += character;
    if (isQuoted || /\S/.test(character)) end = value.length;
  }
  return value.slice(0, end);
}
