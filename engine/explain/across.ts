import { locate } from '../yaml/tree';
import type { Place } from '../yaml/tree';
import type { Explanation, Part, Statement } from './statement';

/** What holds in one environment. */
export interface InEnvironment {
  readonly environment: string;
  readonly explanation: Explanation;
}

/** A statement for people: what it holds for when it does not hold for all. */
export interface SharedStatement<P = Place> {
  /** Empty where all environments that have the resource agree. */
  readonly environments: readonly string[];
  readonly parts: readonly Part<P>[];
}

/** One resource as all its environments have it. */
export interface Section<P = Place> {
  readonly title: string;
  readonly statements: readonly SharedStatement<P>[];
}

/** Puts together what environments say of one resource: a statement that all make stands once, others name their environments. */
export function acrossEnvironments(all: readonly InEnvironment[]): Section {
  const environments = [...new Set(all.map(({ environment }) => environment))];
  const titles = group(all, ({ explanation }) => explanation.title);
  const title =
    titles.size === 1
      ? (all[0]?.explanation.title ?? '')
      : [...titles].map(([text, users]) => `${text} (${names(users).join(', ')})`).join(', ');
  const told = all.flatMap(({ environment, explanation }) =>
    explanation.statements.map((statement) => ({ environment, statement })),
  );
  const byTopic = group(told, ({ statement }) => statement.topic);
  const topics = inOrder(all.map(({ explanation }) => explanation.statements.map(({ topic }) => topic)));
  const statements = topics.flatMap((topic) =>
    [...group(byTopic.get(topic) ?? [], ({ statement }) => fingerprint(statement)).values()].map((same) => {
      const users = names(same);
      return { environments: users.length === environments.length ? [] : users, parts: same[0]?.statement.parts ?? [] };
    }),
  );
  return { title, statements };
}

/** Every topic once; one that only later lists have stands behind what it follows there. */
function inOrder(lists: readonly (readonly string[])[]): string[] {
  const order: string[] = [];
  for (const list of lists) {
    let at = 0;
    for (const topic of list) {
      const known = order.indexOf(topic);
      if (known < 0) order.splice(at, 0, topic);
      at = (known < 0 ? at : known) + 1;
    }
  }
  return order;
}

function names(all: readonly { readonly environment: string }[]): string[] {
  return [...new Set(all.map(({ environment }) => environment))];
}

/** Statements are the same when they read the same and lead to the same places. */
function fingerprint({ parts }: Statement): string {
  return JSON.stringify(parts.map((part) => (typeof part === 'string' ? part : [part.text, locate(part.place)])));
}

function group<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [item]);
    else list.push(item);
  }
  return groups;
}
