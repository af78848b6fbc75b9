import type { TreeElement, TreeNode } from './tree';

/**
 * Makes the children of a node say what a tree says, and touches only what differs: the focus, the scroll position and open disclosures stay
 * where they are while somebody edits a manifest beside the page. Text is only ever set as text.
 */
export function patch(parent: Element, nodes: readonly TreeNode[]): void {
  const keyed = new Map<string, Element>();
  for (const child of parent.children) {
    const key = keys.get(child);
    if (key !== undefined) keyed.set(key, child);
  }
  nodes.forEach((node, index) => {
    const present = parent.childNodes.item(index) as ChildNode | null;
    const made = typeof node === 'string' ? textNode(parent, present, node) : elementNode(parent, present, node, keyed);
    if (made !== present) parent.insertBefore(made, present);
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild?.remove();
}

const keys = new WeakMap<Element, string>();

function textNode(parent: Element, present: ChildNode | null, text: string): Node {
  if (present?.nodeType !== TEXT_NODE) return parent.ownerDocument.createTextNode(text);
  if (present.nodeValue !== text) present.nodeValue = text;
  return present;
}

const TEXT_NODE = 3;
const ELEMENT_NODE = 1;

function elementNode(
  parent: Element,
  present: ChildNode | null,
  wanted: TreeElement,
  keyed: ReadonlyMap<string, Element>,
): Element {
  const { key, tag } = wanted;
  const candidate = key === undefined ? present : keyed.get(key);
  const fits = isElement(candidate) && candidate.localName === tag && keys.get(candidate) === key;
  const target = fits ? candidate : parent.ownerDocument.createElement(tag);
  if (key !== undefined) keys.set(target, key);
  setAttributes(target, wanted.attributes ?? {});
  patch(target, wanted.children);
  return target;
}

function isElement(node: ChildNode | null | undefined): node is Element & ChildNode {
  return node?.nodeType === ELEMENT_NODE;
}

function setAttributes(target: Element, attributes: Readonly<Record<string, string>>): void {
  for (const name of target.getAttributeNames()) {
    // Whether a disclosure is open is the reader's, not the summary's.
    if (name !== 'open' && !Object.hasOwn(attributes, name)) target.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes))
    if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}
