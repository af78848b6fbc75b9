import { parseFast } from './fast/parser';
import { parseWithPackage } from './package-parser';
import type { ParsedSource } from './package-parser';
import type { TemplateHole } from './template';
import type { Source } from './tree';

export type { SyntaxProblem } from './ast';
export type { ParsedSource } from './package-parser';

/**
 * Parses one document. Never throws: broken text gives what could be read and the first problem.
 * @param source receives the nodes; its `text` must have the length of `text`
 * @param text what to parse: the source's own text, or that with template actions masked
 * @param holes the masked template actions, in offsets of `text`
 */
export function parseSource(source: Source, text: string, holes: readonly TemplateHole[] = []): ParsedSource {
  const fast = parseFast(source, text, holes);
  return fast === undefined ? parseWithPackage(source, text, holes) : { ...fast, problem: undefined, looksTemplated: false };
}
