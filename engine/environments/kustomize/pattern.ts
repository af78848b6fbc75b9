import { codeOf, parseExpression } from './pattern-parser';
import type { Failure, Node, Range } from './pattern-parser';

/**
 * Regular expressions as kustomize takes them from targets (Go's regexp, RE2 syntax), matched without backtracking: text that a manifest
 * holds never becomes a JavaScript expression, whose matching may take exponential time. An automaton of our own and not a package, since
 * a name is matched and nothing captured: one file does it.
 *
 * Characters, classes, groups, alternatives, repetitions, anchors and the flags `i` and `s` are read. Boundaries of words, Unicode
 * classes and other flags are not.
 */
export class Pattern {
  private readonly automaton: Automaton;

  private constructor(program: Program) {
    this.automaton = new Automaton(program);
  }

  /** Reads an expression; `wrong` for one that Go refuses, `unsupported` for one that is right and not read here. */
  static parse(text: string): Pattern | Failure {
    let known = parsed.get(text);
    if (known === undefined) {
      const node = parseExpression(text);
      const program = typeof node === 'string' ? node : (compile(node) ?? 'unsupported');
      known = typeof program === 'string' ? program : new Pattern(program);
      if (parsed.size >= MOST_PARSED) parsed.clear();
      parsed.set(text, known);
    }
    return known;
  }

  /** Whether all of a text matches. */
  matches(text: string): boolean {
    return this.automaton.run(text, true);
  }

  /** Whether some part of a text matches. */
  occursIn(text: string): boolean {
    return this.automaton.run(text, false);
  }
}

/** The same few expressions are asked about many names. */
const parsed = new Map<string, Pattern | Failure>();
const MOST_PARSED = 500;

/** An expression that takes more steps is left out: matching costs this many for each character. */
const LARGEST_PROGRAM = 4000;

type Step =
  | { readonly is: 'set'; readonly ranges: readonly Range[]; readonly negated: boolean }
  | { readonly is: 'start' | 'end' | 'done' }
  | { is: 'fork'; to: number[] };

type Program = readonly Step[];

/** Thompson's construction: each step leads to the next, a fork to several. Undefined when there would be too many. */
function compile(node: Node): Program | undefined {
  const steps: Step[] = [];
  const emit = (part: Node): boolean => {
    if (steps.length > LARGEST_PROGRAM) return false;
    switch (part.is) {
      case 'nothing':
        return true;
      case 'set':
      case 'start':
      case 'end':
        steps.push(part.is === 'set' ? part : { is: part.is });
        return true;
      case 'sequence':
        return part.parts.every(emit);
      case 'choice':
        return emitChoice(steps, part.parts, emit);
      case 'repeat':
        return emitRepeat(steps, part.part, part.least, part.most, emit);
    }
  };
  if (!emit(node) || steps.length > LARGEST_PROGRAM) return undefined;
  return [...steps, { is: 'done' }];
}

function emitChoice(steps: Step[], parts: readonly Node[], emit: (part: Node) => boolean): boolean {
  const fork = { is: 'fork' as const, to: [] as number[] };
  steps.push(fork);
  const ends: { is: 'fork'; to: number[] }[] = [];
  for (const part of parts) {
    fork.to.push(steps.length);
    if (!emit(part)) return false;
    const end = { is: 'fork' as const, to: [] };
    ends.push(end);
    steps.push(end);
  }
  for (const end of ends) end.to = [steps.length];
  return true;
}

function emitRepeat(steps: Step[], part: Node, least: number, most: number, emit: (part: Node) => boolean): boolean {
  for (let i = 0; i < least; i++) if (!emit(part)) return false;
  if (most === Infinity) {
    const loop = { is: 'fork' as const, to: [] as number[] };
    const start = steps.length;
    steps.push(loop);
    if (!emit(part)) return false;
    steps.push({ is: 'fork', to: [start] });
    loop.to = [start + 1, steps.length];
    return true;
  }
  const skips: { is: 'fork'; to: number[] }[] = [];
  for (let i = least; i < most; i++) {
    const skip = { is: 'fork' as const, to: [steps.length + 1] };
    skips.push(skip);
    steps.push(skip);
    if (!emit(part)) return false;
  }
  for (const skip of skips) skip.to.push(steps.length);
  return true;
}

/** What may have been read so far: the steps at which an expression may be. */
interface State {
  readonly steps: readonly number[];
  /** Whether it matches here, and whether it would if the text ended here. */
  readonly isDone: boolean;
  readonly isDoneAtEnd: boolean;
  readonly next: Map<number, State>;
}

/** Beyond these states what was worked out is forgotten: an expression may have more of them than there is room for. */
const MOST_STATES = 1000;

/**
 * All steps at once, one character after the other; what a character leads to is worked out once. The time is that of the text's length, at
 * worst times the program's.
 */
class Automaton {
  private readonly program: Program;
  private readonly whole = new Map<string, State>();
  private readonly parts = new Map<string, State>();

  constructor(program: Program) {
    this.program = program;
  }

  run(text: string, isWhole: boolean): boolean {
    let state = this.stateOf(this.reached([0], true), isWhole);
    for (const character of text) {
      if (!isWhole && state.isDone) return true;
      if (isWhole && state.steps.length === 0) return false;
      const code = codeOf(character);
      let next = state.next.get(code);
      if (next === undefined) {
        next = this.after(state, code, isWhole);
        state.next.set(code, next);
      }
      state = next;
    }
    return state.isDoneAtEnd;
  }

  private after({ steps }: State, code: number, isWhole: boolean): State {
    const matched = steps.filter((at) => {
      const step = this.program[at];
      return step?.is === 'set' && step.ranges.some(([from, to]) => code >= from && code <= to) !== step.negated;
    });
    // A part may start at any character.
    const starts = [...matched.map((at) => at + 1), ...(isWhole ? [] : [0])];
    return this.stateOf(this.reached(starts, false), isWhole);
  }

  private stateOf(steps: readonly number[], isWhole: boolean): State {
    const states = isWhole ? this.whole : this.parts;
    const key = steps.join(' ');
    let state = states.get(key);
    if (state === undefined) {
      const isDone = (all: readonly number[]): boolean => all.some((at) => this.program[at]?.is === 'done');
      const ends = steps.filter((at) => this.program[at]?.is === 'end').map((at) => at + 1);
      state = {
        steps,
        isDone: isDone(steps),
        isDoneAtEnd: isDone(steps) || isDone(this.reached(ends, false, true)),
        next: new Map(),
      };
      if (states.size >= MOST_STATES) {
        for (const old of states.values()) old.next.clear();
        states.clear();
      }
      states.set(key, state);
    }
    return state;
  }

  /** The steps to which some lead without a character, themselves among them, in order. */
  private reached(starts: readonly number[], isStart: boolean, isEnd = false): number[] {
    const found = new Set<number>();
    const open = [...starts];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      const step = this.program[at];
      if (step?.is === 'fork') open.push(...step.to);
      else if ((step?.is === 'start' && isStart) || (step?.is === 'end' && isEnd)) open.push(at + 1);
    }
    return [...found].sort((a, b) => a - b);
  }
}
