import { beforeEach, expect, it } from 'vitest';
import { patch } from './patch';
import { element } from './tree';
import type { TreeElement } from './tree';

/** As much of the DOM as patching uses: a browser would be the better judge, and test/vscode has one. */
class FakeNode {
  parent: FakeElement | undefined;
  readonly nodeType: number = 3;
  nodeValue = '';

  remove(): void {
    this.parent?.detach(this);
  }
}

class FakeElement extends FakeNode {
  override readonly nodeType = 1;
  readonly localName: string;
  readonly nodes: FakeNode[] = [];
  readonly attributes = new Map<string, string>();
  readonly ownerDocument = {
    createElement: (tag: string) => new FakeElement(tag),
    createTextNode: (text: string) => Object.assign(new FakeNode(), { nodeValue: text }),
  };

  constructor(tag: string) {
    super();
    this.localName = tag;
  }

  get children(): FakeElement[] {
    return this.nodes.filter((node) => node instanceof FakeElement);
  }

  get childNodes(): { readonly length: number; item(index: number): FakeNode | null } {
    return { length: this.nodes.length, item: (index) => this.nodes[index] ?? null };
  }

  get lastChild(): FakeNode | undefined {
    return this.nodes.at(-1);
  }

  detach(node: FakeNode): void {
    this.nodes.splice(this.nodes.indexOf(node), 1);
  }

  insertBefore(node: FakeNode, before: FakeNode | null): void {
    node.parent?.detach(node);
    node.parent = this;
    this.nodes.splice(before === null ? this.nodes.length : this.nodes.indexOf(before), 0, node);
  }

  getAttributeNames(): string[] {
    return [...this.attributes.keys()];
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  override toString(): string {
    const inner = this.nodes.map((node) => (node instanceof FakeElement ? node.toString() : node.nodeValue)).join('');
    return `<${this.localName}${[...this.attributes].map(([name, value]) => ` ${name}=${value}`).join('')}>${inner}`;
  }
}

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
