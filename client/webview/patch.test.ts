import { beforeEach, expect, it } from 'vitest';
import { FakeElement } from '../../test/support/fake-elements';
import { patch } from './patch';
import { element } from './tree';
import type { TreeElement } from './tree';

let page: FakeElement;
const show = (...nodes: readonly TreeElement[]): string => {
  patch(page as unknown as Element, nodes);
  return page.children.map(String).join(' ');
};

beforeEach(() => {
  page = new FakeElement('main');
});

it('makes what is not there, and takes away what is too much', () => {
  expect(show(element('p', { class: 'a' }, 'one ', element('strong', {}, 'two')), element('p', {}, 'three'))).toBe(
    '<p class=a>one <strong>two <p>three',
  );
  expect(show(element('p', {}, 'four'))).toBe('<p>four');
  expect(show()).toBe('');
});

it('keeps an element that says something else now', () => {
  show(element('p', { title: 'x' }, 'one'));
  const [before] = page.children;
  expect(show(element('p', { class: 'y' }, 'two'))).toBe('<p class=y>two');
  expect(page.children[0]).toBe(before);
});

it('knows an element by its key when others come before it', () => {
  show(element('details', { key: 'warning' }, 'w'));
  const [warning] = page.children;
  warning!.setAttribute('open', '');
  expect(show(element('details', { key: 'error' }, 'e'), element('details', { key: 'warning' }, 'w2'))).toBe(
    '<details>e <details open=>w2',
  );
  expect(page.children[1]).toBe(warning);
});

it('makes an element anew when its tag is another one', () => {
  show(element('p', { key: 'a' }, 'one'));
  expect(show(element('section', { key: 'a' }, 'one'))).toBe('<section>one');
});
