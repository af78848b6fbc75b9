import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import { rule as unusedSuppression } from '../../rules/manifest/unused-suppression';
import type { Workspace } from '../workspace';
import { PiecedText } from '../yaml/pieces';
import type { TextPosition } from '../yaml/pieces';
import type { LocatedFinding } from './located';
import { defineRule } from './rule';
import type { Finding } from './rule';

/** Says of every Service that others of the same name are there, with a place in each. */
const onName = defineRule({
  id: 'istio/on-name',
  severity: 'warning',
  summary: 'For tests.',
  why: 'For tests.',
  todo: 'Nothing.',
  kinds: ['Service'],
  equivalents: [],
  docs: 'https://example.com/',
  since: '0.1.0',
  noFix: 'for tests',
  examples: { bad: [{ title: 'none', files: {}, findings: [] }], good: [{ title: 'none', files: {} }] },
  *check(subject, view): Iterable<Finding> {
    const node = subject.titlePlace;
    if (node === undefined) return;
    const others = view.repository.paths().flatMap((path) => view.repository.resources(path));
    const related = others.flatMap((other) => {
      const place = other.name === subject.name ? other.titlePlace : undefined;
      return place === undefined ? [] : [{ place: { node: place }, message: `about ${other.title}` }];
    });
    yield { place: { node }, message: `about ${subject.title}`, related };
  },
});

const RULES = [onName, unusedSuppression];
const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;
const TEXT = ['cart', 'web', 'cart'].map(service).join('---\n');

const found = (workspace: Workspace): unknown =>
  workspace.findings().map(({ reported, start, end }) => ({ reported, start, end }));

/** A file that is open in an editor, and what is found in it and in another. */
class Editing {
  readonly workspace: Workspace;
  text: PiecedText;
  readonly others: Readonly<Record<string, string>>;

  constructor(text: string, others: Readonly<Record<string, string>> = {}) {
    this.others = others;
    this.workspace = workspaceOf(others, RULES);
    this.text = PiecedText.of(text);
    this.workspace.set('a.yaml', this.text);
  }

  findings(path = 'a.yaml'): readonly LocatedFinding[] {
    return this.workspace.findingsIn(path);
  }

  type(start: TextPosition, end: TextPosition, text: string): void {
    this.text = this.text.edited([{ range: { start, end }, text }]);
    this.workspace.set('a.yaml', this.text);
  }

  /** What is found where nobody has seen an earlier text. */
  afresh(): unknown {
    const workspace = workspaceOf(this.others, RULES);
    workspace.set('a.yaml', String(this.text));
    return found(workspace);
  }
}

const at = (line: number, character: number): TextPosition => ({ line, character });
const sayings = (findings: readonly LocatedFinding[]): unknown[] => findings.map(({ reported }) => reported);

describe('what is reported', () => {
  it('stays the same object where an edit moves it within its line count', () => {
    const editing = new Editing(TEXT, { 'b.yaml': service('web') });
    const [first, second, third] = editing.findings();
    const [other] = editing.findings('b.yaml');
    editing.type(at(1, 13), at(1, 13), ' # more');
    expect(sayings(editing.findings()).every((one, i) => one === sayings([first!, second!, third!])[i])).toBe(true);
    expect(editing.findings()[0]!.start).toBe(first!.start + 7);
    expect(editing.findings('b.yaml')[0]).toBe(other);
    expect(found(editing.workspace)).toEqual(editing.afresh());
  });

  it('is another where its lines, or those of a place beside it, are others', () => {
    const editing = new Editing(TEXT, { 'b.yaml': service('web') });
    const [first, second] = editing.findings();
    const [other] = editing.findings('b.yaml');
    editing.type(at(4, 3), at(4, 3), '\n# more');
    const [now, moved] = editing.findings();
    // The first one is where it was, and names the third, which is not.
    expect(now!.start).toBe(first!.start);
    expect(now!.reported).not.toBe(first!.reported);
    expect(moved!.reported.range.start.line).toBe(second!.reported.range.start.line + 1);
    expect(editing.findings('b.yaml')[0]!.reported).not.toBe(other!.reported);
    expect(found(editing.workspace)).toEqual(editing.afresh());
  });

  it('is another where the configuration has another severity for it', () => {
    const editing = new Editing(TEXT);
    const before = sayings(editing.findings());
    editing.workspace.set('.mesh-lint.yaml', 'rules:\n  istio: error\n');
    expect(editing.findings().map(({ reported }) => reported.severity)).toEqual(['error', 'error', 'error']);
    editing.workspace.remove('.mesh-lint.yaml');
    expect(sayings(editing.findings())).toEqual(before);
  });

  it('equals after any edits what is found afresh', () => {
    const position = fc.record({ line: fc.nat(20), character: fc.nat(16) });
    const texts = ['', 'x', '\n', '---\n', '# more\n', '# mesh-lint-disable-next-line istio\n', `${service('web')}---\n`, ' '];
    const edit = fc.record({ start: position, length: fc.nat(3), lines: fc.nat(2), text: fc.constantFrom(...texts) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.nat(3), (edits, looked) => {
        const editing = new Editing(TEXT, { 'b.yaml': service('web') });
        edits.forEach(({ start, length, lines, text }, i) => {
          if (i % 4 >= looked) editing.findings();
          editing.type(start, at(start.line + lines, lines === 0 ? start.character + length : length), text);
        });
        expect(found(editing.workspace)).toEqual(editing.afresh());
      }),
      { numRuns: 150 },
    );
  });
});
