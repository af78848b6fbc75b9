import { describe, expect, it } from 'vitest';
import { parseEmbedded } from './embedded';
import { Manifest } from './manifest';
import { removeItem } from './remove-item';
import { lookup } from './tree';
import type { YamlNode } from './tree';

/** The text without the item of that index of list `a`; undefined where it cannot be removed. */
function without(
  text: string,
  index: number,
  list: (root: YamlNode | undefined) => YamlNode | undefined = (root) => lookup(root, 'a'),
): string | undefined {
  const node = list(new Manifest('a.yaml', text, false).documents[0]?.root);
  const item = node?.type === 'sequence' ? node.items[index] : undefined;
  if (node?.type !== 'sequence' || item === undefined) throw new Error('there is no such item');
  const edit = removeItem(node, item);
  return edit && text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
}

describe('removeItem removes', () => {
  it.each([
    ['the first', 'a:\n  - b: 1\n    c: 2\n  - d\nz: 1\n', 0, 'a:\n  - d\nz: 1\n'],
    ['one in the middle', 'a:\n- b\n- c:\n    d: 1\n- e\n', 1, 'a:\n- b\n- e\n'],
    ['the last', 'a:\n- b\n- c:\n    d: 1\nz: 1\n', 1, 'a:\n- b\nz: 1\n'],
    ['the last of the text', 'a:\n- b\n- c: 1', 1, 'a:\n- b\n'],
    ['and leaves blank lines and comments', 'a:\n  - b\n  - c # own\n\n# next\nz: 1\n', 1, 'a:\n  - b\n\n# next\nz: 1\n'],
    ['with its block text', 'a:\n  - b: |\n      x\n\n      y\n  - c\n', 0, 'a:\n  - c\n'],
    ['with line breaks of Windows', 'a:\r\n- b: 1\r\n  c: 2\r\n- d\r\n', 0, 'a:\r\n- d\r\n'],
  ])('%s', (_title, text, index, result) => {
    expect(without(text, index)).toBe(result);
  });
});

describe('removeItem leaves', () => {
  it.each([
    ['flow style', 'a: [b, c]\n', 0],
    ['the only one', 'a:\n- b\n', 0],
    ['one with an anchor', 'a:\n- &x b\n- *x\n', 0],
    ['an alias', 'z: &x b\na:\n- *x\n- c\n', 0],
  ])('%s', (_title, text, index) => {
    expect(without(text, index)).toBeUndefined();
  });

  it('a list behind a dash', () => {
    expect(
      without('a:\n- - b\n  - c\n', 0, (root) => {
        const list = lookup(root, 'a');
        return list?.type === 'sequence' ? list.items[0] : undefined;
      }),
    ).toBeUndefined();
  });

  it('YAML inside a scalar', () => {
    const text = 'a: |\n  b:\n  - c\n  - d\n';
    expect(
      without(text, 0, (root) => {
        const outer = lookup(root, 'a');
        return outer?.type === 'scalar' ? lookup(parseEmbedded(outer)?.root, 'b') : undefined;
      }),
    ).toBeUndefined();
  });
});
