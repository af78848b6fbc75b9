import { existsSync, lstatSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readText } from './read';

export const GITIGNORE = '.gitignore';

// `ignore` turns each line into a regular expression. These bounds keep the slowest of them fast on any path that the walk can meet;
// no line that people write comes near.
const LONGEST_LINE = 500;
const MOST_STARS = 10;
const MOST_GLOBSTARS = 3;
const LARGEST_FILE = 1024 * 1024;

// Git's default for `core.ignorecase` where file systems usually fold case.
const IGNORE_CASE = process.platform === 'win32' || process.platform === 'darwin';

/** The ignore rules that hold in one folder: those of the folders above it, overruled by its own. Immutable. */
export class IgnoreRules {
  static readonly none = new IgnoreRules(undefined);

  private readonly matcher: Ignore | undefined;

  private constructor(matcher: Ignore | undefined) {
    this.matcher = matcher;
  }

  /**
   * These rules and, overruling them, those of a file in `folder` (relative to the top, '' or ending with `/`).
   *
   * Rules of nested files are rewritten to be relative to the top, so that one list decides: asked on its own, the matcher of an upper
   * file would still hold a folder ignored that a lower file has taken back.
   */
  with(folder: string, text: string): IgnoreRules {
    const lines: string[] = [];
    for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
      const pattern = rebase(line, folder);
      if (pattern !== undefined && compiles(pattern)) lines.push(pattern);
    }
    if (lines.length === 0) return this;
    const matcher = newMatcher();
    if (this.matcher !== undefined) matcher.add(this.matcher);
    return new IgnoreRules(matcher.add(lines));
  }

  /** Whether git would leave this path out; takes it relative to the top, without a `/` at its end. */
  ignores(path: string, isFolder: boolean): boolean {
    if (this.matcher === undefined || path === '') return false;
    return this.matcher.ignores(isFolder ? `${path}/` : path);
  }
}

/** The rules that hold in a folder before its own `.gitignore`, and the folder's own path (see `IgnoreRules.ignores`). */
export interface InheritedRules {
  readonly rules: IgnoreRules;
  /** '' or ending with `/`: what to put before a path below the folder to have it relative to the top. */
  readonly base: string;
}

/**
 * What a folder's repository says above it: the exclude file of the clone and the `.gitignore` of each folder from the repository's top
 * down to the folder's parent. A folder outside any repository inherits nothing; neither does one that its repository ignores, as
 * someone who names it wants it read.
 */
export function inheritedRules(folder: string): InheritedRules {
  const top = repositoryTop(folder);
  if (top === undefined) return { rules: IgnoreRules.none, base: '' };
  let rules = withFile(IgnoreRules.none, '', join(top, '.git', 'info', 'exclude'));
  if (top === folder) return { rules, base: '' };
  const segments = relative(top, folder).split(sep);
  let at = '';
  for (const segment of segments) {
    rules = withFile(rules, at, join(top, at, GITIGNORE));
    at += `${segment}/`;
  }
  return rules.ignores(segments.join('/'), true) ? { rules: IgnoreRules.none, base: '' } : { rules, base: at };
}

/** The rules and those of a file, when it is there; a symbolic link is not followed, as git does not follow it. */
export function withFile(rules: IgnoreRules, folder: string, file: string): IgnoreRules {
  if (!isPlainFile(file)) return rules;
  const read = readText(file, LARGEST_FILE);
  return 'text' in read ? rules.with(folder, read.text) : rules;
}

function isPlainFile(path: string): boolean {
  // Where `.git` is a file (a worktree, a submodule), asking for something below it is an error.
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

function repositoryTop(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

function newMatcher(): Ignore {
  return ignore({ allowRelativePaths: true, ignoreCase: IGNORE_CASE });
}

/** A line as a pattern relative to the top; undefined for one that holds none or is out of bounds. */
function rebase(line: string, folder: string): string | undefined {
  if (line.length > LONGEST_LINE || line.startsWith('#')) return undefined;
  if (count(line, /\*/g) > MOST_STARS || count(line, /\*\*+/g) > MOST_GLOBSTARS) return undefined;
  if (folder === '') return line;
  const negated = line.startsWith('!');
  const pattern = trimTrailingSpaces(negated ? line.slice(1) : line);
  const slash = pattern.indexOf('/');
  if (pattern === '' || pattern === '/') return undefined;
  // A slash before the last character ties a pattern to the folder of its file; without one it holds at any depth.
  const anchored = slash >= 0 && slash < pattern.length - 1;
  const rest = anchored ? pattern.slice(slash === 0 ? 1 : 0) : `**/${pattern}`;
  return `${negated ? '!' : ''}/${folder.replace(/[\\*?[\]]/g, '\\$&')}${rest}`;
}

/** Spaces at a line's end do not count, unless a backslash quotes them. */
function trimTrailingSpaces(pattern: string): string {
  let end = pattern.length;
  while (end > 0 && pattern[end - 1] === ' ' && pattern[end - 2] !== '\\') end--;
  return pattern.slice(0, end);
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

/** The library compiles a pattern when it is first asked; one that makes no regular expression would fail there for every path. */
function compiles(pattern: string): boolean {
  try {
    newMatcher().add([pattern]).ignores('any/path');
    return true;
  } catch {
    return false;
  }
}
