import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareParsers } from '../../../test/support/fast-parse';
import { looseLines, manifestDocument, withActions, withShifts } from '../../../test/support/plain-yaml';
import { mutate, mutation, yamlDocument } from '../../../test/support/yaml';
import { maskTemplate } from '../template';

const edited = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, fc.array(mutation, { minLength: 1, maxLength: 3 })).map(([text, changes]) => changes.reduce(mutate, text));

const characters = fc.string({
  unit: fc.constantFrom(
    ...' \n-:?,[]{}#&*!|>\'"%@`a1\\.~<\r\t\0\ud83d\uFEFF\u0085'.split(''),
    ': ',
    '\n  ',
    '\n- ',
    ' #',
    'a: ',
    '\r\n',
  ),
  maxLength: 30,
});

/** Half a number, most of the time. */
const numbers = fc
  .tuple(
    fc.constantFrom('a: ', '', '- ', '[', 'a: {b: '),
    fc.string({ unit: fc.constantFrom(...'01789afxoEe+-._:~'.split('')), minLength: 1, maxLength: 6 }),
  )
  .map(([before, word]) => `${before}${word}${before === '' ? ': 1' : before === '[' ? ']' : before.endsWith('b: ') ? '}' : ''}`);

/** What is handed over costs nothing but time, so each kind of text says how many of it, in a hundred, must not be. */
const texts: [what: string, accepted: number, texts: fc.Arbitrary<string>, runs: number][] = [
  ['manifests', 50, manifestDocument, 1500],
  ['manifests with an indentation shifted', 25, withShifts(manifestDocument), 1500],
  ['manifests with text put in or taken out', 7, edited(manifestDocument), 1500],
  ['templates', 25, withActions(manifestDocument), 2000],
  ['templates of any lines', 2, withActions(looseLines), 1500],
  ['lines of any kind below each other', 3, looseLines, 3000],
  ['such lines, edited', 2, edited(looseLines), 1500],
  ['documents with all that YAML has', 2, yamlDocument, 1000],
  ['such documents, edited', 1, edited(yamlDocument), 1000],
  ['numbers and what looks like them', 70, numbers, 3000],
  ['indicators and white space', 5, characters, 3000],
];

describe('gives the tree and the ranges of the `yaml` package, or nothing', () => {
  it.each(texts)('of %s', (_, least, arbitrary, numRuns) => {
    let accepted = 0;
    fc.assert(
      fc.property(arbitrary, (text) => {
        const { text: readable, holes } = maskTemplate(text);
        const outcome = compareParsers(readable, holes);
        if (outcome.is === 'different') expect.fail(outcome.what);
        if (outcome.is === 'equal') accepted++;
      }),
      { numRuns },
    );
    expect((accepted / numRuns) * 100).toBeGreaterThan(least);
  });
});
