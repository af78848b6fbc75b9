/** How a tool's patterns read. */
export interface GlobStyle {
  /** Whether `*` and `?` also match `/`. */
  readonly crossesSlash: boolean;
  /** Whether `{a,b}` means one of several. */
  readonly braces: boolean;
}

/** More alternatives than anybody writes: text decides how many braces stand side by side. */
const MOST_ALTERNATIVES = 64;
const LONGEST = 1000;

type Part =
  | 'any'
  | 'one'
  | { readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  | { readonly is: string };

/**
 * Reads a pattern: `*`, `?`, `[a-z]`, `[!a]` or `[^a]`, `\` before a character, and braces where the style has them. The time that a match
 * takes is bounded by the product of both lengths.
 * @returns undefined for a pattern that cannot be read, or that stands for too many
 */
export function globMatcher(pattern: string, style: GlobStyle): ((text: string) => boolean) | undefined {
  if (pattern.length > LONGEST) return undefined;
  const alternatives = style.braces ? withoutBraces(pattern) : [pattern];
  const parts = alternatives?.map(partsOf);
  if (parts === undefined || parts.includes(undefined)) return undefined;
  return (text) => parts.some((each) => each !== undefined && matches(each, text, style.crossesSlash));
}

/** The patterns that one with braces stands for; undefined when they do not close, stand in each other, or are too many. */
function withoutBraces(pattern: string): readonly string[] | undefined {
  let done = [''];
  let at = 0;
  while (at < pattern.length) {
    const open = pattern.indexOf('{', at);
    const plain = pattern.slice(at, open < 0 ? undefined : open);
    done = done.map((start) => start + plain);
    if (open < 0) break;
    const close = pattern.indexOf('}', open);
    const choice = pattern.slice(open + 1, close);
    if (close < 0 || choice.includes('{')) return undefined;
    const choices = choice.split(',');
    if (done.length * choices.length > MOST_ALTERNATIVES) return undefined;
    done = done.flatMap((start) => choices.map((end) => start + end));
    at = close + 1;
  }
  return done;
}

function partsOf(pattern: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at] ?? '';
    if (c === '*') {
      if (parts.at(-1) !== 'any') parts.push('any');
    } else if (c === '?') parts.push('one');
    else if (c === '\\') {
      const next = pattern[++at];
      if (next === undefined) return undefined;
      parts.push({ is: next });
    } else if (c === '[') {
      const close = pattern.indexOf(']', at + 2);
      if (close < 0) return undefined;
      parts.push(classOf(pattern.slice(at + 1, close)));
      at = close;
    } else parts.push({ is: c });
  }
  return parts;
}

function classOf(text: string): Part {
  const negated = text.startsWith('!') || text.startsWith('^');
  const characters = negated ? text.slice(1) : text;
  const ranges: [string, string][] = [];
  for (let at = 0; at < characters.length; at++) {
    const from = characters[at] ?? '';
    const isRange = characters[at + 1] === '-' && at + 2 < characters.length;
    ranges.push([from, isRange ? (characters[at + 2] ?? from) : from]);
    if (isRange) at += 2;
  }
  return { negated, ranges };
}

/** Goes through the text once, with every place of the pattern that it may have come to. */
function matches(parts: readonly Part[], text: string, crossesSlash: boolean): boolean {
  let places = withSkipped(parts, new Set([0]));
  for (const c of text) {
    const next = new Set<number>();
    for (const place of places) {
      const part = parts[place];
      if (part === undefined || !takes(part, c, crossesSlash)) continue;
      next.add(part === 'any' ? place : place + 1);
    }
    if (next.size === 0) return false;
    places = withSkipped(parts, next);
  }
  return places.has(parts.length);
}

/** `*` may match nothing. */
function withSkipped(parts: readonly Part[], places: Set<number>): Set<number> {
  for (const place of places) if (parts[place] === 'any') places.add(place + 1);
  return places;
}

function takes(part: Part, c: string, crossesSlash: boolean): boolean {
  if (typeof part !== 'string' && 'is' in part) return part.is === c;
  if (c === '/' && !crossesSlash) return false;
  if (typeof part === 'string') return true;
  return part.ranges.some(([from, to]) => c >= from && c <= to) !== part.negated;
}
