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
  private readonly program: Program;

  private constructor(program: Program) {
    this.program = program;
  }

  /** Reads an expression; `wrong` for one that Go refuses, `unsupported` for one that is right and not read here. */
  static parse(text: string): Pattern | Failure {
    const node = parseExpression(text);
    if (typeof node === 'string') return node;
    const program = compile(node);
    return program === undefined ? 'unsupported' : new Pattern(program);
  }

  /** Whether all of a text matches. */
  matches(text: string): boolean {
    return run(this.program, text, true);
  }

  /** Whether some part of a text matches. */
  occursIn(text: string): boolean {
    return run(this.program, text, false);
  }
}

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

/** All states at once, one character after the other: the time is that of the text's length times the program's. */
function run(program: Program, text: string, isWhole: boolean): boolean {
  const characters = Array.from(text);
  let states = new Set<number>();
  for (let at = 0; at <= characters.length; at++) {
    if (at === 0 || !isWhole) follow(program, 0, at, characters.length, states);
    if (!isWhole || at === characters.length) {
      for (const state of states) if (program[state]?.is === 'done') return true;
    }
    const character = characters[at];
    if (character === undefined) break;
    const value = codeOf(character);
    const next = new Set<number>();
    for (const state of states) {
      const step = program[state];
      if (step?.is === 'set' && step.ranges.some(([from, to]) => value >= from && value <= to) !== step.negated)
        follow(program, state + 1, at + 1, characters.length, next);
    }
    states = next;
  }
  return false;
}

/** Adds a state, and those to which it leads without a character. */
function follow(program: Program, start: number, at: number, length: number, states: Set<number>): void {
  const open = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (states.has(state)) continue;
    states.add(state);
    const step = program[state];
    if (step?.is === 'fork') open.push(...step.to);
    else if ((step?.is === 'start' && at === 0) || (step?.is === 'end' && at === length)) open.push(state + 1);
  }
}
