/** As much of the DOM as the summary's page uses: a browser would be the better judge, and test/vscode has one. */
export class FakeNode {
  parent: FakeElement | undefined;
  readonly nodeType: number = 3;
  nodeValue = '';

  remove(): void {
    this.parent?.detach(this);
  }
}

type Listener = (event: unknown) => void;

export class FakeElement extends FakeNode {
  override readonly nodeType = 1;
  readonly localName: string;
  readonly nodes: FakeNode[] = [];
  readonly attributes = new Map<string, string>();
  readonly ownerDocument = {
    createElement: (tag: string): FakeElement => (tag === 'select' ? new FakeSelect(tag) : new FakeElement(tag)),
    createTextNode: (text: string): FakeNode => Object.assign(new FakeNode(), { nodeValue: text }),
  };
  private readonly listeners = new Map<string, Listener[]>();

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

  get dataset(): Readonly<Record<string, string>> {
    const own = [...this.attributes].flatMap(([name, value]) => (name.startsWith('data-') ? [[name.slice(5), value]] : []));
    return Object.fromEntries(own) as Record<string, string>;
  }

  get textContent(): string {
    return this.nodes.map((node) => (node instanceof FakeElement ? node.textContent : node.nodeValue)).join('');
  }

  set textContent(text: string) {
    this.nodes.splice(0, this.nodes.length, this.ownerDocument.createTextNode(text));
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

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  /** Tells those who listen here what happened to an element within. */
  tell(type: string, target: FakeElement): void {
    for (const listener of this.listeners.get(type) ?? []) listener({ target });
  }

  /** @param selector a tag, an attribute, or both: `select`, `[data-from]`, `option[selected]`; others find nothing */
  querySelectorAll(selector: string): FakeElement[] {
    const [, tag, attribute] = /^(\w*)(?:\[([\w-]+)\])?$/.exec(selector) ?? [];
    if (tag === undefined) return [];
    const fits = (one: FakeElement): boolean =>
      (tag === '' || one.localName === tag) && (attribute === undefined || one.attributes.has(attribute));
    return this.children.flatMap((child) => [...(fits(child) ? [child] : []), ...child.querySelectorAll(selector)]);
  }

  querySelector(selector: string): FakeElement | null {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  override toString(): string {
    const inner = this.nodes.map((node) => (node instanceof FakeElement ? node.toString() : node.nodeValue)).join('');
    return `<${this.localName}${[...this.attributes].map(([name, value]) => ` ${name}=${value}`).join('')}>${inner}`;
  }
}

export class FakeSelect extends FakeElement {
  value = '';
}
