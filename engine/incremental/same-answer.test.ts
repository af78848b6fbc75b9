import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameAnswer } from './same-answer';

class Thing {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

const thing = new Thing(1);
const compute = (): number => 1;

describe('sameAnswer', () => {
  it.each<[what: string, a: unknown, b: unknown]>([
    ['a number', 1, 1],
    ['NaN', NaN, NaN],
    ['undefined', undefined, undefined],
    ['arrays', [1, ['a', null]], [1, ['a', null]]],
    ['objects', { a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 }],
    ['objects without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['Maps', new Map([['a', { b: 1 }]]), new Map([['a', { b: 1 }]])],
    ['Sets', new Set(['a', thing]), new Set(['a', thing])],
    ['one object of a class', { thing }, { thing }],
    ['one function', [compute], [compute]],
  ])('is yes for %s of equal content', (_, a, b) => {
    expect(sameAnswer(a, b)).toBe(true);
    expect(sameAnswer(b, a)).toBe(true);
  });

  it.each<[what: string, a: unknown, b: unknown]>([
    ['numbers', 1, 2],
    ['a number and its text', 1, '1'],
    ['null and undefined', null, undefined],
    ['null and an object', null, {}],
    ['arrays of other lengths', [1], [1, undefined]],
    ['arrays in another order', [1, 2], [2, 1]],
    ['an array and an object', [], {}],
    ['an absent key and one that is undefined', {}, { a: undefined }],
    ['other keys of as many', { a: undefined }, { b: undefined }],
    ['an inherited key', { toString: 1 }, { a: 1 }],
    ['two objects of a class', new Thing(1), new Thing(1)],
    ['an object of a class and a plain one', new Thing(1), { value: 1 }],
    ['Maps of other values', new Map([['a', 1]]), new Map([['a', 2]])],
    ['Maps of other keys', new Map([['a', undefined]]), new Map([['b', undefined]])],
    ['Maps of other sizes', new Map([['a', 1]]), new Map()],
    ['Sets of other items', new Set(['a']), new Set(['b'])],
    ['Sets of equal objects', new Set([{}]), new Set([{}])],
    ['a Map and a Set', new Map(), new Set()],
    ['a Map and an object', new Map(), {}],
  ])('is no for %s', (_, a, b) => {
    expect(sameAnswer(a, b)).toBe(false);
    expect(sameAnswer(b, a)).toBe(false);
  });

  it('sees the order of Maps and Sets, as their readers do', () => {
    expect(sameAnswer(new Set(['a', 'b']), new Set(['b', 'a']))).toBe(false);
    expect(sameAnswer(new Map(Object.entries({ a: 1, b: 2 })), new Map(Object.entries({ b: 2, a: 1 })))).toBe(false);
  });

  it('agrees with the JSON text of plain values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        expect(sameAnswer(a, structuredClone(a))).toBe(true);
        if (sameAnswer(a, b)) expect(b).toStrictEqual(a);
        else expect(JSON.stringify(a) === JSON.stringify(b) && !JSON.stringify(a).includes('0')).toBe(false);
      }),
    );
  });
});
