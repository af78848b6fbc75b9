import { describe, expect, it } from 'vitest';
import type { Example } from '../../engine/findings/rule';
import { Manifest } from '../../engine/yaml/manifest';
import type { YamlNode } from '../../engine/yaml/tree';
import { rules } from '../../rules';
import { workspaceOf } from '../support/lint';
import type { Files } from '../support/lint';
import { show } from './outputs';
import { MARK, PAYLOADS } from './payloads';

/** All of them at once, but what a name of a file cannot hold, and what makes a value one that is not known. */
const ALL = Object.values(PAYLOADS)
  .join(' ')
  .replace(/\0|\$\{|\{\{/g, '');
const FOR_FILES = ALL.replace(/[/\\]/g, '∕').slice(0, 200);

interface Scalar {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

function scalarsOf(node: YamlNode | undefined): Scalar[] {
  if (node === undefined || node.type === 'unknown' || node.madeBy !== undefined) return [];
  if (node.type === 'scalar') {
    const [start, end] = node.source.locate(node.start, node.end);
    return typeof node.value === 'string' && start < end ? [{ file: node.source.file, start, end, value: node.value }] : [];
  }
  const inner = node.type === 'map' ? node.ownEntries.flatMap(({ key, value }) => [key, value]) : node.items;
  return inner.flatMap(scalarsOf);
}

function scalarsIn(files: Files): Scalar[] {
  const manifests = Object.entries(files).map(([path, text]) => new Manifest(path, text, path.includes('templates/')));
  // In templates, what is written is not what is read.
  const plain = manifests.filter(({ text }) => !text.includes('{{') && !text.includes('${'));
  return plain.flatMap((manifest) =>
    manifest.documents.flatMap((document) => (document.problem === undefined ? scalarsOf(document.root) : [])),
  );
}

/** Puts a text behind a word, wherever it stands: in values, in keys, in paths. So what refers to each other goes on to do so. */
function withPayload(files: Files, scalars: readonly Scalar[], word: string): Files {
  const inPaths = Object.keys(files).some((path) => path.split(/[/.]/).includes(word));
  const payload = inPaths ? `${word}${FOR_FILES}` : `${word}${ALL}`;
  const changed: Record<string, string> = {};
  for (const [path, text] of Object.entries(files)) {
    let result = text;
    const own = scalars.filter(({ file, value }) => file === path && hasWord(value, word));
    for (const { start, end, value } of own.sort((a, b) => b.start - a.start)) {
      const line = /\n$/.exec(result.slice(start, end))?.[0] ?? '';
      result = result.slice(0, start) + JSON.stringify(value.split(word).join(payload)) + line + result.slice(end);
    }
    changed[
      path
        .split('/')
        .map((part) => (part.split('.')[0] === word ? part.replace(word, payload) : part))
        .join('/')
    ] = result;
  }
  return changed;
}

const WORD = /[\w-]{3,}/g;

function hasWord(value: string, word: string): boolean {
  return Array.from(value.matchAll(WORD), ([found]) => found).includes(word);
}

/** The words of manifests that somebody gets to see. */
function shownWords(files: Files, scalars: readonly Scalar[]): string[] {
  const seen = new Set<string>(show(workspaceOf(files), files, false).text.match(WORD));
  return [...new Set(scalars.flatMap(({ value }) => value.match(WORD) ?? []))].filter((word) => seen.has(word));
}

/** What decides of what kind an object is, and so whether there is anything to say. */
const STRUCTURE = /^(?:apiVersion|kind|metadata|name|namespace|spec|labels|annotations|template|containers|resources)$/;

let shown = 0;

describe.each(rules.map((rule) => [rule.id, rule.examples.bad] as const))('%s', (_, examples: readonly Example[]) => {
  it.each(examples.map(({ title, files }) => [title, files] as const))('%s: whatever is shown is shown as text', (__, files) => {
    const scalars = scalarsIn(files);
    for (const word of shownWords(files, scalars)) {
      if (STRUCTURE.test(word)) continue;
      const changed = withPayload(files, scalars, word);
      const workspace = workspaceOf(changed);
      const { text, faults } = show(workspace, changed, false);
      expect(faults, word).toEqual([]);
      expect(workspace.faults(), word).toEqual([]);
      if (text.includes(MARK)) shown++;
    }
  });
});

it('much of it is shown at all', () => {
  expect(shown).toBeGreaterThan(2 * rules.length);
});
