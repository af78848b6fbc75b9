import type { Claim, Evidence } from '../../server/protocol';
import type { Action } from '../messages';
import { element } from './tree';
import type { TreeElement, TreeNode } from './tree';

/** Claims as links to their places. It keeps the places in the order of their links, which name them by number in `data-place`. */
export class Links {
  readonly places: Evidence[] = [];

  /** The claim as a link to its first place, and links to the others behind a disclosure. */
  claim({ text, evidence }: Claim): readonly TreeNode[] {
    const [first, ...others] = evidence;
    if (first === undefined) return [element('span', { class: 'claim' }, text)];
    const link = this.link(first, element('span', { class: 'claim' }, text), ' ', place(first));
    if (others.length === 0) return [link];
    const list = bullets(others.map((other) => [this.link(other, place(other))]));
    return [
      link,
      element('details', { class: 'places' }, element('summary', { key: 'summary' }, counted(others.length, 'more place')), list),
    ];
  }

  claims(claims: readonly Claim[], key?: string): TreeElement {
    return bullets(
      claims.map((claim) => this.claim(claim)),
      key,
    );
  }

  private link(to: Evidence, ...children: readonly TreeNode[]): TreeElement {
    this.places.push(to);
    const number = String(this.places.length - 1);
    return element('button', { type: 'button', class: 'link', 'data-place': number }, ...children);
  }
}

function place({ label }: Evidence): TreeElement {
  return element('span', { class: 'place' }, label);
}

/** A part of the page under a heading that names it. */
export function section(title: string, key: string, children: readonly TreeNode[]): TreeElement {
  return element(
    'section',
    { key, class: key, 'aria-labelledby': `title-${key}` },
    element('h2', { key: 'title', id: `title-${key}` }, title),
    ...children,
  );
}

/** What is shown when somebody wants to see it. @param more how many its content leaves out */
export function disclosure(key: string, title: string, count: number, content: readonly TreeElement[], more = 0): TreeElement {
  return element(
    'details',
    { key, class: `group ${key}` },
    element('summary', { key: 'summary' }, element('span', {}, title), ' ', element('span', { class: 'count' }, String(count))),
    ...content,
    ...(more > 0 ? [element('p', { key: 'more', class: 'aside' }, `and ${more} more`)] : []),
  );
}

export function bullets(items: readonly (readonly TreeNode[])[], key = 'list', tag: 'ul' | 'ol' = 'ul'): TreeElement {
  return element(tag, { key }, ...items.map((item) => element('li', {}, ...item)));
}

export function nothing(text: string): TreeElement {
  return element('p', { key: 'nothing', class: 'aside' }, text);
}

/** A table whose rows become lists where there is no room beside each other: each cell then names its column itself. */
export function table(
  key: string,
  labelledBy: string,
  head: readonly string[],
  rows: readonly (readonly [name: readonly TreeNode[], ...cells: readonly (readonly TreeNode[])[]])[],
): TreeElement {
  return element(
    'table',
    { key, 'aria-labelledby': labelledBy },
    element('thead', { key: 'head' }, element('tr', {}, ...head.map((title) => element('th', { scope: 'col' }, title)))),
    element(
      'tbody',
      { key: 'body' },
      ...rows.map(([name, ...cells]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, ...name),
          ...cells.map((cell, i) => element('td', { 'data-column': head[i + 1] ?? '' }, ...cell)),
        ),
      ),
    ),
  );
}

const LABELS: Readonly<Record<Action, string>> = {
  restart: 'Restart Server',
  output: 'Show Output',
  problems: 'Show Problems',
  configure: 'Create Configuration File',
  record: 'Export Decision Record',
};

export function actionButton(action: Action, label = LABELS[action]): TreeElement {
  return element('button', { key: action, type: 'button', class: 'action', 'data-action': action }, label);
}

/** `1 error`, `2 errors`; of the severities only these two and hints can be counted. */
export function counted(count: number, noun: string): string {
  return count === 1 || noun === 'info' ? `${count} ${noun}` : `${count} ${noun}s`;
}
