import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitDocuments } from '../../engine/yaml/split';
import { maskTemplate } from '../../engine/yaml/template';
import { compareParsers } from '../support/fast-parse';
import type { Outcome } from '../support/fast-parse';
import { mutate, mutation } from '../support/yaml';

interface Part {
  /** Where it stands. */
  readonly at: string;
  readonly text: string;
  readonly kind: 'manifest' | 'template' | 'other';
}

/** Every document of every YAML file below a folder. */
function documentsIn(folder: string): Part[] {
  const root = join(import.meta.dirname, '../../../shared', folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.ya?ml$/.test(path));
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const isTemplate = /(^|[\\/])templates[\\/]/.test(file) && text.includes('{{');
    return splitDocuments(isTemplate ? maskTemplate(text).text : text).map(({ start, end }): Part => {
      const part = text.slice(start, end);
      const isManifest = /^apiVersion:/m.test(part) && /^kind:/m.test(part);
      return { at: `${folder}/${file}:${start}`, text: part, kind: isTemplate ? 'template' : isManifest ? 'manifest' : 'other' };
    });
  });
}

function compare(text: string, kind: Part['kind']): Outcome {
  const { text: readable, holes } = kind === 'template' ? maskTemplate(text) : { text, holes: [] };
  return compareParsers(readable, holes);
}

/** The share of their characters that the fast parser reads, in a hundred; each must come out as the package has it. */
function shareRead(documents: readonly Part[]): number {
  const sizes = { equal: 0, 'handed over': 0 };
  for (const { at, text, kind } of documents) {
    const outcome = compare(text, kind);
    if (outcome.is === 'different') expect.fail(`${at}: ${outcome.what}`);
    sizes[outcome.is] += text.length;
  }
  return (sizes.equal / (sizes.equal + sizes['handed over'])) * 100;
}

/** Of every document, so many copies with a few characters put in or taken out. */
const EDITS = 100;

describe.each<[folder: string, leasts: Partial<Record<Part['kind'], number>>]>([
  ['corpus', { manifest: 99, template: 85, other: 50 }],
  ['conformance', { manifest: 99 }],
])('%s', (folder, leasts) => {
  const documents = documentsIn(folder);

  it('is read as the `yaml` package reads it, nearly all of what is a manifest', () => {
    const shares = Object.entries(leasts).map(([kind, least]) => {
      const share = shareRead(documents.filter((document) => document.kind === kind));
      return [kind, share > least];
    });
    expect(Object.fromEntries(shares)).toEqual(Object.fromEntries(Object.keys(leasts).map((kind) => [kind, true])));
  });

  it(`is so after any of ${EDITS} edits of each document`, () => {
    const edits = fc.sample(mutation, { numRuns: 5_000, seed: 20_261_120 });
    for (const [i, { at, text, kind }] of documents.entries()) {
      for (let n = 0; n < EDITS; n++) {
        const edit = edits[(i * EDITS + n) % edits.length];
        const outcome = compare(edit ? mutate(text, edit) : text, kind);
        if (outcome.is === 'different') expect.fail(`${at}, ${JSON.stringify(edit)}: ${outcome.what}`);
      }
    }
  });
});
