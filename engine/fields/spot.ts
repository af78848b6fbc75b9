/**
 * Where in a document of block YAML a position is, told from the text alone, line by line: while somebody types, the document is seldom one
 * that parses as it is meant.
 */
export interface Spot {
  /** The keys that lead to the map or the list at the position; `[]` stands for an item of a list. */
  readonly path: readonly string[];
  /** The key whose value is being written; undefined where a key, or an item that is no map, is. */
  readonly key: string | undefined;
  /** What has been written of the word, up to the position. */
  readonly typed: string;
  /** What of the word stands behind the position. */
  readonly rest: string;
  /** Whether a colon follows: the key is only to be replaced. */
  readonly hasColon: boolean;
  /** The other keys of the same map. */
  readonly siblings: readonly string[];
  /** Whether the position stands directly behind a dash: an item may be a map or a scalar. */
  readonly startsItem: boolean;
}

/** One line, as far as its structure goes. */
interface Line {
  /** The columns of the dashes that it begins with. */
  readonly dashes: readonly number[];
  /** Where its content begins. */
  readonly column: number;
  readonly key: string | undefined;
  /** What follows the colon of the key, trimmed. */
  readonly value: string;
}

/** Lines above a position that are looked at; further up no resource goes. */
const MOST_LINES = 20_000;
/** What of a line is looked at: no structure stands further to the right. */
const LONGEST_LINE = 2000;

/**
 * @param text of one document
 * @param offset within it
 * @returns undefined inside flow collections, quotes, comments and block scalars, and where indentation makes no sense
 */
export function spotAt(text: string, offset: number): Spot | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const nextBreak = text.indexOf('\n', offset);
  if (offset - lineStart > LONGEST_LINE) return undefined;
  const before = text.slice(lineStart, offset);
  const after = text.slice(offset, nextBreak < 0 ? text.length : nextBreak).replace(/\r$/, '');
  const { dashes, column } = read(before);
  const word = before.slice(column);
  if (before.includes('\t') || /[#{}[\]"'|>&*!%@`]/.test(word)) return undefined;
  const above = text.slice(0, lineStart).split('\n').slice(0, -1);
  const climbed = climb(above, dashes, column);
  if (climbed === undefined) return undefined;
  const below = nextBreak < 0 ? [] : text.slice(nextBreak + 1).split('\n', MOST_LINES);
  const siblings = [...climbed.siblings, ...siblingsBelow(below, column)];
  const colon = /^([^\s:]+):(?:\s+(.*))?$/.exec(word);
  if (colon !== null) {
    const [, key = '', typed] = colon;
    // A value needs a space behind the colon, and has none in it: words have not.
    if (typed === undefined || /\s/.test(typed)) return undefined;
    return place(climbed.path, key, typed, /^\S*/.exec(after)?.[0] ?? '', after, siblings, false);
  }
  if (/\s/.test(word)) return undefined;
  const rest = /^[^\s:]*/.exec(after)?.[0] ?? '';
  return place(climbed.path, undefined, word, rest, after, siblings, dashes.length > 0);
}

function place(
  path: readonly string[],
  key: string | undefined,
  typed: string,
  rest: string,
  after: string,
  siblings: readonly string[],
  startsItem: boolean,
): Spot {
  return { path, key, typed, rest, hasColon: after.slice(rest.length).startsWith(':'), siblings, startsItem };
}

function read(whole: string): Line {
  const line = whole.slice(0, LONGEST_LINE);
  let column = 0;
  const dashes: number[] = [];
  for (;;) {
    while (line[column] === ' ') column++;
    const isDash =
      line[column] === '-' && (line[column + 1] === ' ' || line[column + 1] === undefined || line[column + 1] === '\r');
    if (!isDash) break;
    dashes.push(column++);
  }
  const content = line.slice(column).replace(/\r$/, '');
  const found = /^(?:"([^"\\]*)"|'([^']*)'|([^\s"'#{}[\],&*!|>%@`:][^\s:]*))\s*:(?:\s+(.*))?$/.exec(content);
  if (found === null) return { dashes, column, key: undefined, value: content.trim() };
  return { dashes, column, key: found[1] ?? found[2] ?? found[3], value: (found[4] ?? '').replace(/(?:^|\s)#.*$/, '').trim() };
}

const isSkipped = (line: string): boolean => /^\s*(?:#|\r?$)/.test(line);
const isBoundary = (line: string): boolean => line.startsWith('---') || line.startsWith('%');

/** Follows the indentation upwards to the root of the document. */
function climb(
  above: readonly string[],
  dashes: readonly number[],
  column: number,
): { readonly path: readonly string[]; readonly siblings: readonly string[] } | undefined {
  const climber = new Climber(dashes, column);
  for (let i = above.length - 1, left = MOST_LINES; i >= 0 && left > 0; i--, left--) {
    const line = above[i] ?? '';
    if (isSkipped(line)) continue;
    if (isBoundary(line)) break;
    if (!climber.takes(read(line))) return undefined;
  }
  return climber.isAtRoot ? climber : undefined;
}

class Climber {
  readonly path: string[] = [];
  readonly siblings: string[] = [];
  /** What is looked for: the beginning of the map at this column, or, in a list, the key that holds the list of dashes at it. */
  private at: number;
  private inList = false;
  /** Whether the map at that column is the one that the position is in. */
  private isOwnMap: boolean;

  constructor(dashes: readonly number[], column: number) {
    this.at = column;
    this.isOwnMap = dashes.length === 0;
    this.leaveItems(dashes);
  }

  get isAtRoot(): boolean {
    return !this.inList && this.at === 0;
  }

  /** Takes the next line above; false where it makes no sense there. */
  takes({ dashes, column, key, value }: Line): boolean {
    if ((dashes[0] ?? column) > this.at) return true;
    if (this.inList && dashes.includes(this.at)) {
      this.leaveItems(dashes.filter((dash) => dash < this.at));
      return true;
    }
    if (!this.inList && column === this.at) {
      if (key !== undefined && this.isOwnMap) this.siblings.push(key);
      if (dashes.length > 0) this.isOwnMap = false;
      this.leaveItems(dashes);
      return true;
    }
    // An item of a list that stands at the column of its key: an earlier key of the map has it.
    if (!this.inList && dashes.includes(this.at)) return true;
    // A parent's value is what stands below it, and no scalar.
    if (column > this.at || key === undefined || !/^(?:|&\S+|!\S+)$/.test(value)) return false;
    this.path.unshift(key);
    this.at = column;
    this.inList = false;
    this.isOwnMap = false;
    this.leaveItems(dashes);
    return true;
  }

  private leaveItems(dashes: readonly number[]): void {
    for (const dash of [...dashes].reverse()) {
      this.path.unshift('[]');
      this.at = dash;
      this.inList = true;
    }
  }
}

/** The keys of the same map on the lines below. */
function siblingsBelow(below: readonly string[], column: number): readonly string[] {
  const found: string[] = [];
  for (const line of below) {
    if (isSkipped(line)) continue;
    const { dashes, column: indent, key } = read(line);
    if (isBoundary(line) || (dashes[0] ?? indent) < column) break;
    if (indent === column && dashes.length === 0 && key !== undefined) found.push(key);
  }
  return found;
}
