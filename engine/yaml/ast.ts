import { Composer, Lexer, Parser, Schema } from 'yaml';
import type { ParsedNode } from 'yaml';

/** The first thing wrong with a document's syntax; offsets are those of the source. */
export interface SyntaxProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** What the `yaml` package makes of one document. */
export interface Ast {
  /** Null for an empty document. */
  readonly contents: ParsedNode | null;
  readonly problem: SyntaxProblem | undefined;
}

/** Deeper nesting than any manifest has. What reads trees recurses, the parser's own composer first. */
export const DEPTH_LIMIT = 400;

/** YAML 1.2, whatever a `%YAML` directive says, and without the tags (`!!binary`, `!!timestamp`) whose values are no JSON. */
const SCHEMA = new Schema({ schema: 'core', resolveKnownTags: false });

/**
 * Parses one document. Never throws: broken text gives what could be read and the first problem. Keys that stand twice are not looked for:
 * the package compares each key with each.
 */
export function parseAst(text: string): Ast {
  let tooDeep: number | undefined;
  const tokens = cutBelow(DEPTH_LIMIT, text, (offset) => {
    tooDeep = offset;
  });
  const composer = new Composer({ schema: SCHEMA, uniqueKeys: false, strict: true });
  const [document, second] = withoutTraces(() => {
    const [first, other] = composer.compose(tokens, true, text.length);
    return [first, other] as const;
  });
  const contents = document?.contents && !isEmpty(document.contents) ? document.contents : null;
  if (tooDeep !== undefined) {
    return { contents, problem: { message: `nested deeper than ${DEPTH_LIMIT} levels`, start: tooDeep, end: tooDeep + 1 } };
  }
  // The parser counts comments after an empty nested value into the next key's length, and no manifest has a key of 1,024 characters.
  const error = document?.errors.find(({ code }) => code !== 'KEY_OVER_1024_CHARS');
  if (error !== undefined) {
    const [start, end] = error.pos;
    return { contents, problem: { message: explain(error.code, error.message), start, end: Math.max(start, end) } };
  }
  return {
    contents,
    problem: second && { message: 'a second document starts here', start: second.range[0], end: second.range[1] },
  };
}

/**
 * Work that makes many errors and throws none: the package notes one for each word that is out of place, of which the first is told, and
 * where each was made takes longer to find out than all else (V8 alone does that, and knows the limit).
 */
function withoutTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * The tokens of a text up to where it is nested too deeply. The composer recurses on them, and near the end of the stack it takes more than
 * an exception: the process itself ends when a regular expression is compiled there.
 */
function* cutBelow(depth: number, text: string, onCut: (offset: number) => void): ReturnType<Parser['parse']> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length <= depth) continue;
    onCut(parser.offset);
    break;
  }
  yield* parser.end();
}

/** The parser makes a null of a document that holds nothing but markers and comments. */
function isEmpty(contents: ParsedNode): boolean {
  return contents.range[0] === contents.range[1] && contents.tag === undefined && !('anchor' in contents);
}

/** The parser's own words, except where they send a reader of manifests the wrong way. */
function explain(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab is used as indentation; YAML allows only spaces there';
  const first = message.split('\n', 1)[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}
