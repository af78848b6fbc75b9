import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Manifest } from '../yaml/manifest';
import { PiecedText } from '../yaml/pieces';
import { commentSuppressions } from './suppressions';

const coversOf = (text: string): string[] =>
  commentSuppressions(new Manifest('a.yaml', text, false)).map(({ covers: [start, end] }) => text.slice(start, end));

describe('a suppressing comment', () => {
  it.each<[what: string, text: string, covered: string[]]>([
    ['covers the line below', 'a: 1\n# mesh-lint-disable-next-line x\nb: 1\nc: 1\n', ['b: 1']],
    ['covers the last line', 'a: 1\n# mesh-lint-disable-next-line x\nb: 1', ['b: 1']],
    ['covers nothing at the end', 'a: 1\n# mesh-lint-disable-next-line x', ['']],
    ['covers the first line of the next document', 'a: 1\n# mesh-lint-disable-next-line x\n--- # b\nb: 1\n', ['--- # b']],
    ['covers the line behind an end', 'a: 1\n... # c\n# mesh-lint-disable-next-line x\nb: 1\n', ['b: 1']],
    ['covers its document', 'a: 1\n---\n# mesh-lint-disable x\nb: 1\n---\nc: 1\n', ['---\n# mesh-lint-disable x\nb: 1\n']],
    ['covers nothing below content', 'a: 1\n# mesh-lint-disable x\nb: 1\n', ['']],
    ['counts behind a byte order mark', '\uFEFF# mesh-lint-disable x\na: 1\n', ['# mesh-lint-disable x\na: 1\n']],
  ])('%s', (_, text, covered) => {
    expect(coversOf(text)).toEqual(covered);
  });

  it('stands after any edits where it would be found anew', () => {
    const line = fc.constantFrom(
      '---\n',
      '...\n',
      'a: 1\n',
      '# mesh-lint-disable x\n',
      ' # mesh-lint-disable-next-line x\n',
      '\n',
    );
    const lines = fc.array(line, { maxLength: 12 });
    const edit = fc.record({ from: fc.nat(12), to: fc.nat(12), text: lines.map((some) => some.slice(0, 2).join('')) });
    fc.assert(
      fc.property(lines, fc.array(edit, { maxLength: 6 }), (before, edits) => {
        let text = PiecedText.of(before.join(''));
        const manifest = new Manifest('a.yaml', text, false);
        for (const { from, to, text: put } of edits) {
          commentSuppressions(manifest);
          text = text.edited([{ range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } }, text: put }]);
          manifest.update(text);
        }
        expect(commentSuppressions(manifest)).toEqual(commentSuppressions(new Manifest('a.yaml', String(text), false)));
      }),
      { numRuns: 400 },
    );
  });
});
