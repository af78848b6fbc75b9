import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../engine/configuration/configuration';
import { readConfiguration } from '../../engine/configuration/read';
import { FAMILIES } from '../../engine/findings/rule';
import { Manifest } from '../../engine/yaml/manifest';
import { rules } from '../../rules';
import { configurationSchema } from '../../schemas/configuration';
import { workspaceOf } from '../support/lint';

/** As much of a JSON Schema as the configuration's uses. A keyword that is not here is one that this test has to learn. */
interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: 'object' | 'array' | 'string' | 'boolean' | 'integer' | 'number';
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly pattern?: string;
}

const KEYWORDS: readonly string[] = [
  '$schema', 'title', 'description', 'default', 'type', 'enum', 'properties', 'additionalProperties', 'propertyNames', 'items', 'allOf', 'uniqueItems', 'minLength', 'maxLength', 'maxItems', 'minimum', 'maximum', 'exclusiveMinimum', 'pattern',
]; // prettier-ignore

// Rules are all alike here.
const schema = configurationSchema(rules.slice(0, 3)) as Schema;

/** Texts of which every form that the schema asks for has one that fits, and one that does not. */
const TEXTS = ['shop', 'overlays/prod', '1.30.1', '../out', 'latest', '*a'.repeat(11), '**/a/**/b/**/c/**/d'];

const patternsOf = ({ pattern, allOf = [] }: Schema): string[] => [
  ...(pattern === undefined ? [] : [pattern]),
  ...allOf.flatMap(patternsOf),
];
// The schema's own patterns, which are no text of manifests.
const fits = (text: string, pattern: string): boolean => new RegExp(pattern, 'u').test(text);

function fitting(of: Schema): string {
  const found = TEXTS.find((text) => patternsOf(of).every((pattern) => fits(text, pattern)));
  if (found === undefined) throw new Error(`no text here fits ${JSON.stringify(of)}: add one`);
  return found;
}

/** A value of YAML that a schema takes. */
function right(of: Schema, nth = 0): unknown {
  // Not the first: a severity is not to be `off`, which would silence what is looked for.
  if (of.enum !== undefined) return of.enum.at(-1 - nth);
  switch (of.type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return 1;
    case 'array':
      return [right(of.items ?? {}), right(of.items ?? {}, 1)];
    case 'object':
      return {
        ...Object.fromEntries(Object.entries(of.properties ?? {}).map(([key, inner]) => [key, right(inner)])),
        ...(typeof of.additionalProperties === 'object' && { prod: right(of.additionalProperties) }),
      };
    default:
      return fitting(of) + (nth === 0 ? '' : `-${nth}`);
  }
}

/** A way to write something wrong, and which part of it a finding must cover: the key, the value, or a text in it. */
interface Wrong {
  readonly what: string;
  readonly written: string;
  readonly at: 'key' | 'value' | { readonly text: string };
  /** What is left of the value; nothing when absent. */
  readonly leaves?: unknown;
}

const scalar = (what: string, written: string): Wrong => ({ what, written, at: 'value' });
const LISTS_AND_MAPS: readonly Wrong[] = [
  { what: 'a list', written: '[a, 1]', at: 'key' },
  { what: 'a map', written: '{ a: b }', at: 'key' },
];
const ANYWHERE: readonly Wrong[] = [
  { what: 'null', written: 'null', at: 'key' },
  { what: 'nothing', written: '', at: 'key' },
  { what: 'a template', written: '{{ .Values.x }}', at: 'key' },
  { what: 'a template in quotes', written: '"{{ .Values.x }}"', at: 'key' },
  { what: 'an alias of something else', written: '*other', at: 'key' },
  { what: 'an alias of nothing', written: '*nowhere', at: 'key' },
];

function wrongs(of: Schema): Wrong[] {
  if (of.enum !== undefined) return [...ANYWHERE, ...LISTS_AND_MAPS, scalar('an unknown value', 'nonsense'), scalar('a number', '7'), scalar('a value in other letters', (of.enum.at(-1) ?? '').toUpperCase())]; // prettier-ignore
  switch (of.type) {
    case 'boolean':
      return [
        ...ANYWHERE,
        ...LISTS_AND_MAPS,
        scalar('a word in quotes', '"true"'),
        scalar('a number', '1'),
        scalar('a word', 'nonsense'),
      ];
    case 'integer':
    case 'number':
      return [...ANYWHERE, ...LISTS_AND_MAPS, ...outOfRange(of), scalar('a text', '"1"'), scalar('a truth', 'true'), scalar('no number', '.nan'), scalar('endless', '.inf'), scalar('too large', '1e999')]; // prettier-ignore
    case 'string':
      return [...ANYWHERE, ...LISTS_AND_MAPS, ...wrongTexts(of).map(([what, text]) => scalar(what, JSON.stringify(text))), scalar('a number', '7'), scalar('a truth', 'true'), scalar('a date that is none', '1.5')]; // prettier-ignore
    case 'array':
      return [...ANYWHERE, ...wrongLists(of)];
    case 'object':
      // An alias of a map loses what is wrong in the map.
      return [...ANYWHERE.map((wrong) => (wrong.written === '*other' ? { ...wrong, leaves: {} } : wrong)), scalar('a text', 'nonsense'), scalar('a number', '7'), { what: 'a list', written: '[a]', at: 'key' }]; // prettier-ignore
    default:
      throw new Error(`what is wrong with ${JSON.stringify(of)}?`);
  }
}

function outOfRange({ type, minimum, maximum, exclusiveMinimum }: Schema): Wrong[] {
  return [
    ...(minimum === undefined ? [] : [scalar('too small', String(minimum - 1))]),
    ...(maximum === undefined ? [] : [scalar('too large', String(maximum + 1))]),
    ...(exclusiveMinimum === undefined ? [] : [scalar('at the limit', String(exclusiveMinimum))]),
    ...(type === 'integer' ? [scalar('a fraction', '1.5')] : []),
  ];
}

function wrongTexts(of: Schema): (readonly [what: string, text: string])[] {
  const { minLength = 0, maxLength } = of;
  expect(maxLength, 'a text without a limit').toBeDefined();
  const unfit = patternsOf(of).map((pattern) => ['another form', TEXTS.find((text) => !fits(text, pattern)) ?? ''] as const);
  return [...(minLength > 0 ? [['empty', ''] as const] : []), ['too long', 'x'.repeat((maxLength ?? 0) + 1)], ...unfit];
}

function wrongLists({ items = {}, maxItems = 0 }: Schema): Wrong[] {
  const [one, two] = [right(items), right(items, 1)];
  const leaves = [one, two];
  const write = (...all: readonly string[]): string => `[${[JSON.stringify(one), ...all, JSON.stringify(two)].join(', ')}]`;
  const item = (what: string, written: string): Wrong => ({ what, written: write(written), at: { text: written }, leaves });
  const texts = items.enum === undefined ? wrongTexts(items) : [];
  return [
    scalar('a text', 'nonsense'),
    scalar('a number', '7'),
    { what: 'a map', written: '{ a: b }', at: 'key' },
    { what: 'too long', written: `[${Array.from({ length: maxItems + 1 }, (_, i) => `x${i}`).join(', ')}]`, at: 'key' },
    item('with a number in it', '77'),
    item('with a list in it', '[xx]'),
    item('with a map in it', '{ x: y }'),
    item('with null in it', 'null'),
    item('with a template in it', '"{{ .Values.y }}"'),
    ...texts.map(([what, text]) => item(`with a text in it that is ${what}`, JSON.stringify(text))),
    ...(items.enum === undefined ? [] : [item('with an unknown value in it', 'nonsense')]),
    {
      what: 'with one item twice',
      written: `[${JSON.stringify(one)}, ${JSON.stringify(one)}]`,
      at: { text: `, ${JSON.stringify(one)}` },
      leaves: [one],
    },
    { what: 'with two that are wrong', written: write('77', '78'), at: { text: '78' }, leaves },
  ];
}

/** Each key of the configuration by its path, with what its schema says. */
function keysOf(of: Schema, path: readonly string[] = []): (readonly [path: readonly string[], schema: Schema])[] {
  for (const keyword of Object.keys(of)) expect(KEYWORDS, `a keyword of ${path.join('.')}`).toContain(keyword);
  const inner = [
    ...Object.entries(of.properties ?? {}),
    ...(typeof of.additionalProperties === 'object' ? [['prod', of.additionalProperties] as const] : []),
  ];
  return inner.flatMap(([key, below]) => [[[...path, key], below] as const, ...keysOf(below, [...path, key])]);
}

const ANCHORS = '# "other" is never what a key takes: it is a map of one list.\nanchors: &other\n  nested: [[x]]\n';

interface Written {
  readonly text: string;
  readonly key: readonly [number, number];
  readonly value: readonly [number, number];
}

/** The whole configuration in block style, with something else at one path; a line of its own for each key. */
function write(value: unknown, path: readonly string[], written: string): Written {
  let text = ANCHORS;
  let found: Pick<Written, 'key' | 'value'> = { key: [0, 0], value: [0, 0] };
  const visit = (map: Readonly<Record<string, unknown>>, at: readonly string[]): void => {
    for (const [name, inner] of Object.entries(map)) {
      const here = [...at, name];
      const isMap = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && Object.keys(inner).length > 0;
      const isIt = here.join('\0') === path.join('\0');
      text += '  '.repeat(at.length);
      const from = text.length;
      const key = JSON.stringify(name);
      const shown = isIt ? written : isMap ? '' : JSON.stringify(inner);
      text += `${key}: `;
      if (isIt) found = { key: [from, from + key.length], value: [text.length, text.length + shown.length] };
      text += `${shown}\n`;
      if (isMap && !isIt) visit(inner as Record<string, unknown>, here);
    }
  };
  visit(value as Record<string, unknown>, []);
  return { text, ...found };
}

const known = new Set<string>([...FAMILIES, ...rules.map(({ id }) => id)]);
const configurationOf = (text: string): Configuration =>
  readConfiguration(new Manifest('.mesh-lint.yaml', text, false).documents[0]?.root, known).configuration;

function withPath(value: unknown, [step, ...rest]: readonly string[], leaves: unknown): unknown {
  // A key may be `__proto__`.
  const copy = Object.assign(Object.create(null), value) as Record<string, unknown>;
  if (step === undefined) return leaves;
  if (rest.length > 0) copy[step] = withPath(copy[step], rest, leaves);
  else if (leaves === undefined) Reflect.deleteProperty(copy, step);
  else copy[step] = leaves;
  return copy;
}

/** What the findings in the configuration cover, but for the anchors, which are no setting. */
function covered(text: string): (readonly [start: number, end: number])[] {
  const findings = workspaceOf({ '.mesh-lint.yaml': text }).findings();
  expect(findings.every(({ reported }) => reported.file === '.mesh-lint.yaml')).toBe(true);
  return findings.filter(({ start }) => start >= ANCHORS.length).map(({ start, end }) => [start, end] as const);
}

const whole = right(schema);
const keys = keysOf(schema);

it('the configuration that is spoilt here uses every key, and is right', () => {
  const { text } = write(whole, ['none'], '');
  expect(covered(text)).toEqual([]);
  expect(keys.length).toBeGreaterThan(50);
});

describe.each(keys.map(([path, of]) => [path.join(' › '), path, of] as const))('%s', (_, path, of) => {
  it.each(wrongs(of).map((wrong) => [wrong.what, wrong] as const))('written as %s', (__, { written, at, leaves }) => {
    const { text, key, value } = write(whole, path, written);
    const inside = typeof at === 'object' ? value[0] + written.lastIndexOf(at.text) : 0;
    const range =
      at === 'key'
        ? key
        : at === 'value'
          ? value
          : ([inside + (at.text.startsWith(', ') ? 2 : 0), inside + at.text.length] as const);
    const found = covered(text);
    expect(found).toContainEqual(range);
    // Nothing else is found, but that the syntax is wrong as well, or another item of the same list.
    expect(found.filter(([start, end]) => start < key[0] || end > value[1])).toEqual([]);
    expect(configurationOf(text)).toEqual(configurationOf(write(withPath(whole, path, leaves), [], '').text));
  });

  it('standing twice', () => {
    const { text, key } = write(whole, path, 'null');
    const indent = '  '.repeat(path.length - 1);
    const valid = JSON.stringify(path.reduce((map: unknown, step) => (map as Record<string, unknown>)[step], whole));
    const twice = `${text.slice(0, text.indexOf('\n', key[0]) + 1)}${indent}${JSON.stringify(path.at(-1))}: ${valid}\n${text.slice(text.indexOf('\n', key[0]) + 1)}`;
    const again = twice.indexOf(JSON.stringify(path.at(-1)), key[1]);
    expect(covered(twice)).toContainEqual([again, again + key[1] - key[0]]);
    expect(configurationOf(twice)).toEqual(configurationOf(write(whole, [], '').text));
  });

  it.skipIf(of.type !== 'object')('with a key that there is not', () => {
    const unknown = of.additionalProperties === false;
    for (const name of ['nonsense', '__proto__', 'constructor', '7']) {
      const added = withPath(whole, [...path, name], 'off');
      const { text, key, value } = write(added, [...path, name], 'off');
      expect(covered(text)).toEqual([unknown ? key : value]);
      expect(configurationOf(text)).toEqual(configurationOf(write(whole, [], '').text));
    }
  });

  it.skipIf(of.propertyNames?.maxLength === undefined)('with a name that is empty, or too long', () => {
    for (const name of ['', 'x'.repeat((of.propertyNames?.maxLength ?? 0) + 1)]) {
      const { text, key } = write(withPath(whole, [...path, name], {}), [...path, name], '{}');
      expect(covered(text)).toEqual([key]);
      expect(configurationOf(text)).toEqual(configurationOf(write(whole, [], '').text));
    }
  });
});

it('a key at the top that there is not', () => {
  const { text, key } = write({ ...(whole as object), nonsense: 1 }, ['nonsense'], '1');
  expect(covered(text)).toEqual([key]);
});

it.each(['just text', '[a, b]', '7', '- a\n- b', '"x"'])('what is no map: %s', (text) => {
  const [finding, ...others] = workspaceOf({ '.mesh-lint.yaml': `${text}\n` }).findings();
  expect(finding?.rule.id).toBe('manifest/configuration');
  expect(others).toEqual([]);
  expect(`${text}\n`.slice(finding?.start, finding?.end).trim()).toBe(text);
});
