import { visible } from '../visible';

/** An element to be shown, as plain data: what a page says can be tested without one, and nothing here can hold HTML. */
export interface TreeElement {
  readonly tag: Tag;
  /** Names the element among its siblings, so that it stays the same element when others come and go before it. */
  readonly key?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children: readonly TreeNode[];
}

export type TreeNode = TreeElement | string;

/** The elements that a summary is made of; none of them loads or runs anything. */
export type Tag =
  | 'section'
  | 'h2'
  | 'h3'
  | 'p'
  | 'ul'
  | 'ol'
  | 'li'
  | 'button'
  | 'details'
  | 'summary'
  | 'span'
  | 'strong'
  | 'table'
  | 'thead'
  | 'tbody'
  | 'tr'
  | 'th'
  | 'td'
  | 'form'
  | 'label'
  | 'input'
  | 'select'
  | 'option';

/**
 * An element with its texts made visible (`visible`), wherever they come from.
 * @param attributes `key` is the element's key, not an attribute
 */
export function element(
  tag: Tag,
  attributes: Readonly<Record<string, string>> & { readonly key?: string },
  ...children: readonly (TreeNode | readonly TreeNode[])[]
): TreeElement {
  const { key, ...rest } = attributes;
  return {
    tag,
    ...(key !== undefined && { key }),
    attributes: rest,
    children: children.flat().map((child) => (typeof child === 'string' ? visible(child) : child)),
  };
}
