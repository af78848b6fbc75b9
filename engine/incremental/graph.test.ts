import { describe, expect, it } from 'vitest';
import { Graph } from './graph';
import type { Computed } from './graph';

/** How often the cells of a label ran since the last call. */
function runsOf(graph: Graph, label: string): number {
  const runs = graph.runCounts().get(label) ?? 0;
  graph.resetRunCounts();
  return runs;
}

describe('a computed cell', () => {
  it('runs when first asked and not again', () => {
    const graph = new Graph();
    const cell = graph.computed('cell', () => [1]);
    expect(runsOf(graph, 'cell')).toBe(0);
    expect(cell.get()).toBe(cell.get());
    expect(runsOf(graph, 'cell')).toBe(1);
  });

  it('runs again when an input that it read changes, and only when asked', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const cell = graph.computed('cell', () => input.get() * 2);
    expect(cell.get()).toBe(2);
    input.set(5);
    input.set(6);
    expect(runsOf(graph, 'cell')).toBe(1);
    expect(cell.get()).toBe(12);
    expect(runsOf(graph, 'cell')).toBe(1);
  });

  it('does not run for an input set to an equal value', () => {
    const graph = new Graph();
    const input = graph.input<readonly string[]>(['a']);
    const cell = graph.computed('cell', () => input.get().length);
    cell.get();
    input.set(['a']);
    cell.get();
    expect(runsOf(graph, 'cell')).toBe(1);
    expect(input.peek()).toEqual(['a']);
  });

  it('does not run when what it read ran again to the same answer', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const parity = graph.computed('parity', () => ({ odd: input.get() % 2 === 1 }));
    const reader = graph.computed('reader', () => (parity.get().odd ? 'odd' : 'even'));
    expect(reader.get()).toBe('odd');
    graph.resetRunCounts();
    input.set(3);
    expect(reader.get()).toBe('odd');
    expect(Object.fromEntries(graph.runCounts())).toEqual({ parity: 1 });
    input.set(4);
    expect(reader.get()).toBe('even');
  });

  it('keeps the object that it answered with when the new one is equal', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const cell = graph.computed('cell', () => ({ positive: input.get() > 0 }));
    const before = cell.get();
    input.set(2);
    expect(cell.get()).toBe(before);
  });

  it('counts undefined as an answer', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const found = graph.computed('found', () => [10, 20].find((item) => item === input.get()));
    const reader = graph.computed('reader', () => found.get() ?? 'none');
    reader.get();
    input.set(2);
    expect(reader.get()).toBe('none');
    expect(runsOf(graph, 'reader')).toBe(1);
  });

  it('runs once for a diamond', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const left = graph.computed('left', () => input.get() + 1);
    const right = graph.computed('right', () => input.get() * 10);
    const bottom = graph.computed('bottom', () => left.get() + right.get());
    expect(bottom.get()).toBe(12);
    input.set(2);
    expect(bottom.get()).toBe(23);
    expect(Object.fromEntries(graph.runCounts())).toEqual({ left: 2, right: 2, bottom: 2 });
  });

  it('forgets what its last run did not read', () => {
    const graph = new Graph();
    const useFirst = graph.input(true);
    const first = graph.input('a');
    const second = graph.input('b');
    const cell = graph.computed('cell', () => (useFirst.get() ? first : second).get());
    cell.get();
    second.set('c');
    expect(cell.get()).toBe('a');
    expect(runsOf(graph, 'cell')).toBe(1);
    useFirst.set(false);
    expect(cell.get()).toBe('c');
    first.set('z');
    expect(cell.get()).toBe('c');
    expect(runsOf(graph, 'cell')).toBe(1);
  });

  it('does not bring up to date what the changed part before it no longer wants', () => {
    const graph = new Graph();
    const divisor = graph.input(2);
    const isSafe = graph.computed('safe', () => divisor.get() !== 0);
    const quotient = graph.computed('quotient', () => {
      if (divisor.get() === 0) throw new Error('divided by zero');
      return 10 / divisor.get();
    });
    const cell = graph.computed('cell', () => (isSafe.get() ? quotient.get() : undefined));
    expect(cell.get()).toBe(5);
    divisor.set(0);
    expect(cell.get()).toBeUndefined();
    expect(graph.runCounts().get('quotient')).toBe(1);
  });

  it('that asks for itself throws, also by way of another, and can be asked again', () => {
    const graph = new Graph();
    const isBroken = graph.input(true);
    const self: Computed<number> = graph.computed('self', () => (isBroken.get() ? self.get() : 1));
    expect(() => self.get()).toThrow('the query self asks for itself');
    const there: Computed<number> = graph.computed('there', () => back.get());
    const back: Computed<number> = graph.computed('back', () => (isBroken.get() ? there.get() : 2));
    expect(() => there.get()).toThrow('the query there asks for itself');
    isBroken.set(false);
    expect(self.get()).toBe(1);
    expect(there.get()).toBe(2);
  });
});

describe('an exception in a run', () => {
  it('reaches whoever asks; the next one to ask runs it again', () => {
    const graph = new Graph();
    const input = graph.input(0);
    const cell = graph.computed('cell', () => {
      if (input.get() === 0) throw new Error('nothing there');
      return input.get();
    });
    const reader = graph.computed('reader', () => cell.get() + 1);
    expect(() => reader.get()).toThrow('nothing there');
    expect(() => reader.get()).toThrow('nothing there');
    input.set(4);
    expect(reader.get()).toBe(5);
    input.set(0);
    expect(() => reader.get()).toThrow('nothing there');
    input.set(4);
    expect(reader.get()).toBe(5);
  });

  it('leaves a watched cell able to be reported stale', () => {
    const graph = new Graph();
    const input = graph.input(0);
    const cell = graph.computed('cell', () => {
      if (input.get() === 0) throw new Error('nothing there');
      return input.get();
    });
    const watched = graph.watched('watched', { compute: () => cell.get() });
    expect(graph.takeStale()).toEqual([watched]);
    expect(() => watched.get()).toThrow();
    expect(graph.takeStale()).toEqual([]);
    input.set(1);
    expect(graph.takeStale()).toEqual([watched]);
    expect(watched.get()).toBe(1);
  });

  it('can be lived with by a reader, who hears when it is gone', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const cell = graph.computed('cell', () => {
      if (input.get() === 0) throw new Error('nothing there');
      return 'fine';
    });
    const reader = graph.computed('reader', () => {
      try {
        return cell.get();
      } catch {
        return 'caught';
      }
    });
    const top = graph.computed('top', () => reader.get());
    expect(top.get()).toBe('fine');
    input.set(0);
    expect(top.get()).toBe('caught');
    // The answer is what it was before the exception; the reader must not take that for unchanged.
    input.set(1);
    expect(top.get()).toBe('fine');
  });

  it('leaves no family cell behind', () => {
    const graph = new Graph();
    const input = graph.input(0);
    const family = graph.family('family', (key: string) => {
      if (input.get() === 0) throw new Error(key);
      return key;
    });
    expect(() => family('a')).toThrow('a');
    input.set(1);
    expect(family('a')).toBe('a');
    expect(family('a')).toBe('a');
    expect(runsOf(graph, 'family')).toBe(3);
  });
});

describe('watched cells', () => {
  it('are stale from the start, and once for any number of changes', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const shared = graph.computed('shared', () => input.get());
    const one = graph.watched('one', { compute: () => shared.get() });
    const other = graph.watched('other', { compute: () => 0 });
    expect(graph.takeStale()).toEqual([one, other]);
    one.get();
    other.get();
    input.set(2);
    input.set(3);
    expect(graph.takeStale()).toEqual([one]);
    expect(graph.takeStale()).toEqual([]);
    expect(one.get()).toBe(3);
    input.set(4);
    expect(graph.takeStale()).toEqual([one]);
  });

  it('that were released are never reported, and let go of what they read', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const family = graph.family('family', (key: string) => `${key}${input.get()}`);
    const first = graph.watched('first', { compute: () => family('a') + family('b') });
    const second = graph.watched('second', { compute: () => family('b') });
    graph.takeStale();
    first.get();
    second.get();
    input.set(2);
    first.dispose();
    expect(graph.takeStale()).toEqual([second]);
    expect(second.get()).toBe('b2');
    graph.resetRunCounts();
    // `b` is still held by the second; nobody holds `a`, so each question from outside runs it.
    expect([family('b'), family('a'), family('a')]).toEqual(['b2', 'a2', 'a2']);
    expect(runsOf(graph, 'family')).toBe(2);
    input.set(3);
    expect(graph.takeStale()).toEqual([second]);
  });
});

describe('a family', () => {
  it('has one cell a key, shared by all that read it', () => {
    const graph = new Graph();
    const factor = graph.input(2);
    const family = graph.family('family', (key: number) => key * factor.get());
    const sum = graph.computed('sum', () => family(1) + family(2) + family(1));
    const same = graph.computed('same', () => family(1));
    expect([sum.get(), same.get()]).toEqual([8, 2]);
    expect(runsOf(graph, 'family')).toBe(2);
  });

  it('compares keys that are objects by identity', () => {
    const graph = new Graph();
    const family = graph.family('family', (key: { name: string }) => key.name);
    const key = { name: 'a' };
    const cell = graph.computed('cell', () => family(key) + family({ name: 'a' }) + family(key));
    expect(cell.get()).toBe('aaa');
    expect(runsOf(graph, 'family')).toBe(2);
  });

  it('drops, along a chain, the cells that nobody reads any more', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const alive = new Set<string>();
    const inner = graph.family('inner', (key: string) => {
      alive.add(key);
      return `${key}${input.get()}`;
    });
    const outer = graph.family('outer', (key: string) => inner(`${key}/inner`));
    const wanted = graph.input('a');
    const cell = graph.watched('cell', { compute: () => outer(wanted.get()) });
    for (const key of ['a', 'b', 'c', 'a', 'b']) {
      wanted.set(key);
      expect(cell.get()).toBe(`${key}/inner1`);
    }
    // Each key was dropped when the next was asked for: coming back to one runs it again.
    expect(Object.fromEntries(graph.runCounts())).toEqual({ cell: 5, outer: 5, inner: 5 });
    graph.resetRunCounts();
    input.set(2);
    cell.get();
    expect(Object.fromEntries(graph.runCounts())).toEqual({ cell: 1, outer: 1, inner: 1 });
    expect(alive.size).toBe(3);
  });

  it('keeps a cell that the next run reads again', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const family = graph.family('family', (key: string) => key.length);
    const cell = graph.computed('cell', () => family('steady') + input.get());
    cell.get();
    input.set(2);
    cell.get();
    expect(runsOf(graph, 'family')).toBe(1);
  });
});

describe('what rests on nothing', () => {
  it('is computed once for an object that is its key, and nobody depends on it', () => {
    const graph = new Graph();
    const length = graph.family('length', (key: { readonly text: string }) => key.text.length);
    const key = { text: 'mesh' };
    const twice = graph.computed('twice', () => length(key) + length(key));
    expect(twice.get()).toBe(8);
    expect(twice.isConstant).toBe(true);
    expect(length(key)).toBe(4);
    expect(graph.runCounts().get('length')).toBe(1);
  });

  it('is no more than its key says: one that reads an input runs again', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const sum = graph.family('sum', (key: { readonly number: number }) => key.number + input.get());
    const key = { number: 1 };
    const cell = graph.computed('cell', () => sum(key));
    expect(cell.get()).toBe(2);
    input.set(2);
    expect(cell.get()).toBe(3);
  });

  it('is told and leaves no cell when it is started, and one when it read something', () => {
    const graph = new Graph();
    const input = graph.input('a');
    const told: string[] = [];
    const answered = (value: string): unknown => told.push(value);
    expect(graph.started('constant', { compute: () => 'for ever', answered })).toBeUndefined();
    const cell = graph.started('reads', { compute: () => input.get(), answered });
    expect(told).toEqual(['for ever', 'a']);
    expect(graph.takeStale()).toEqual([]);
    input.set('b');
    expect(graph.takeStale()).toEqual([cell]);
    cell?.refresh();
    expect(told).toEqual(['for ever', 'a', 'b']);
  });
});
