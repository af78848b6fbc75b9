import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineRule } from '../engine/findings/rule';
import type { Finding, Fix, Rule } from '../engine/findings/rule';
import type { LocatedFinding } from '../engine/findings/collect';
import type { MapNode } from '../engine/yaml/tree';
import type { TextEdit } from '../engine/yaml/edit';
import { removeEntry, replaceScalar } from '../engine/yaml/edit';
import { applyEdits, workspaceOf } from '../test/support/lint';
import { fixAll, MOST_FIXES } from './fix-all';
import type { AsIf } from './fix-all';

const FILE = 'a.yaml';

/** A rule about the labels of Namespaces. */
function labels(name: string, check: (labels: MapNode) => Iterable<Finding>): Rule {
  return defineRule({
    id: `manifest/${name}`,
    severity: 'info',
    summary: '',
    why: '',
    todo: '',
    kinds: ['Namespace'],
    equivalents: [],
    docs: '',
    since: '0.1.0',
    noFix: '',
    examples: { bad: [{ title: '', files: {}, findings: [] }], good: [{ title: '', files: {} }] },
    *check(subject) {
      const node = subject.at('metadata', 'labels');
      if (node?.type === 'map') yield* check(node);
    },
  });
}

const safe = (edits: Fix['edits']): Fix => ({ title: 'Fix', safe: true, edits });

/** A label's value is to be another. */
const renames = (from: string, to: string): Rule =>
  labels(`renames-${from}-${to}`, function* (node) {
    for (const { value } of node.entries) {
      if (value.type !== 'scalar' || value.value !== from) continue;
      yield { place: { node: value }, message: from, fixes: [safe(() => [replaceScalar(value, to)])] };
    }
  });

/** Of two labels one is too much, whichever: each finding offers to remove the one that it stands at. */
const excludes = (one: string, other: string): Rule =>
  labels(`excludes-${one}-${other}`, function* (node) {
    for (const [key, against] of [
      [one, other],
      [other, one],
    ] as const) {
      const entry = node.entry(key);
      if (entry === undefined || node.entry(against) === undefined) continue;
      const edits = (): TextEdit[] | undefined => {
        const edit = removeEntry(node, entry);
        return edit && [edit];
      };
      yield { place: { node: entry.key }, message: key, fixes: [safe(edits)] };
    }
  });

const namespace = (name: string, pairs: Readonly<Record<string, string>>): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n${Object.entries(pairs)
    .map(([key, value]) => `    ${key}: ${value}\n`)
    .join('')}`;

function asIfIn(rules: readonly Rule[], text: string): { asIf: AsIf; asked: () => number } {
  const workspace = workspaceOf({ [FILE]: text }, rules);
  let asked = 0;
  return {
    asked: () => asked,
    asIf: (other, question) => {
      asked++;
      workspace.set(FILE, other);
      try {
        return question(workspace.findingsIn(FILE));
      } finally {
        workspace.set(FILE, text);
      }
    },
  };
}

function run(rules: readonly Rule[], text: string): { text: string; edits: readonly TextEdit[] } {
  const steps = fixAll(FILE, text, asIfIn(rules, text).asIf);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return { text: applyEdits({ [FILE]: text }, step.value)[FILE]!, edits: step.value };
}

/** The same by hand: a fresh look after every fix. */
function byHand(rules: readonly Rule[], text: string): string {
  let current = text;
  for (let i = 0; i < MOST_FIXES; i++) {
    const fix = safeFixes(rules, current)[0];
    if (fix === undefined) break;
    current = applyEdits({ [FILE]: current }, fix.edits() ?? [])[FILE]!;
  }
  return current;
}

function safeFixes(rules: readonly Rule[], text: string): Fix[] {
  const found = workspaceOf({ [FILE]: text }, rules).findings();
  return found.flatMap((finding: LocatedFinding) => finding.fixes.filter((fix) => fix.safe));
}

describe('fix all', () => {
  it('applies what a fix makes possible', () => {
    const rules = [renames('a', 'b'), renames('b', 'c')];
    const text = namespace('x', { one: 'a', two: 'b', three: 'z' });
    const fixed = run(rules, text);
    expect(fixed.text).toBe(namespace('x', { one: 'c', two: 'c', three: 'z' }));
    expect(fixed.edits.map(({ newText }) => newText)).toEqual(['c', 'c']);
  });

  it('takes no fix for what an earlier one has settled', () => {
    const text = namespace('x', { one: 'a', two: 'a', more: 'a' });
    expect(run([excludes('one', 'two')], text).text).toBe(namespace('x', { two: 'a', more: 'a' }));
  });

  it('leaves out fixes that undo each other, and keeps those before them', () => {
    const rules = [renames('a', 'b'), renames('b', 'c'), renames('c', 'b')];
    const once = run(rules, namespace('x', { one: 'a' })).text;
    expect(once).toBe(namespace('x', { one: 'b' }));
    expect(run(rules, once).edits).toEqual([]);
  });

  it('leaves out fixes of other files, unsafe ones, choices, and those without effect or with overlapping edits', () => {
    const fixes = (name: string, of: (node: MapNode) => readonly Fix[]): Rule =>
      labels(name, function* (node) {
        yield { place: { node }, message: name, fixes: of(node) };
      });
    const edit = (newText: string, file = FILE): TextEdit => ({ file, start: 0, end: 10, newText });
    const rules = [
      fixes('elsewhere', () => [safe(() => [edit('x'), edit('y', 'b.yaml')])]),
      fixes('unsafe', () => [{ ...safe(() => [edit('x')]), safe: false }]),
      fixes('choice', () => [safe(() => [edit('x')]), safe(() => [edit('y')])]),
      fixes('void', () => [safe(() => [edit('apiVersion')])]),
      fixes('overlapping', () => [safe(() => [edit('x'), { ...edit('y'), start: 5 }])]),
    ];
    expect(run(rules, namespace('x', { one: 'a' })).edits).toEqual([]);
    const preferred = fixes('preferred', () => [safe(() => [edit('x')]), { ...safe(() => [edit('# y')]), preferred: true }]);
    expect(run([...rules, preferred], namespace('x', { one: 'a' })).text).toMatch(/^# y:/);
  });

  it('stops somewhere', () => {
    const endless = labels('endless', function* (node) {
      const { value } = node.entries[0]!;
      if (value.type === 'scalar')
        yield { place: { node: value }, message: '', fixes: [safe(() => [replaceScalar(value, `${String(value.value)}a`)])] };
    });
    expect(run([endless], namespace('x', { one: 'a' })).text).toContain(`one: a${'a'.repeat(MOST_FIXES)}\n`);
  });

  it('leaves the workspace as it was between its steps, and asks once for each fix', () => {
    const text = namespace('x', { one: 'a', two: 'a' });
    const { asIf, asked } = asIfIn([renames('a', 'b')], text);
    const steps = fixAll(FILE, text, asIf);
    let count = 0;
    while (steps.next().done !== true) count++;
    expect([count, asked()]).toEqual([2, 3]);
  });

  it('does what its fixes do one after another, leaves none, and does nothing the second time', () => {
    const values = ['a', 'b', 'c', 'd', '"a"', "'b'"];
    const keys = ['one', 'two', 'three', 'four'];
    const pairs = fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...values)), {
      selector: ([key]) => key,
      minLength: 1,
    });
    const texts = fc
      .array(pairs, { minLength: 1, maxLength: 3 })
      .map((all) => all.map((one, i) => namespace(`n${i}`, Object.fromEntries(one))).join('---\n'));
    // None makes what another takes away.
    const rules = [renames('a', 'b'), renames('b', 'c'), excludes('one', 'two'), excludes('two', 'three')];
    fc.assert(
      fc.property(texts, fc.subarray(rules), (text, some) => {
        const fixed = run(some, text);
        expect(fixed.text).toBe(byHand(some, text));
        expect(safeFixes(some, fixed.text)).toEqual([]);
        expect(run(some, fixed.text).edits).toEqual([]);
        // Whichever order the rules are in.
        expect(run([...some].reverse(), text).edits).toEqual(fixed.edits);
      }),
      { numRuns: 60 },
    );
  });
});
