import type { Place } from '../yaml/tree';
import { fingerprint, groupBy } from './statement';
import type { Explanation, Part } from './statement';

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

/** One resource as all its environments have it, or several about which the same is said. */
export interface Section<P = Place> {
  readonly title: string;
  readonly statements: readonly SharedStatement<P>[];
}

/** A section before those that say the same are put together. */
export interface Draft {
  readonly about: string;
  readonly subjects: readonly string[];
  readonly statements: readonly SharedStatement[];
}

/**
 * Puts together what environments say of one resource: a statement that all make stands once, others name their environments.
 * @param among the environments that all of the sections are about; a resource that not all of them have names those that do
 */
export function acrossEnvironments(all: readonly InEnvironment[], among: readonly string[] = []): Draft {
  const environments = names(all);
  const titles = groupBy(all, ({ explanation: { about, subject } }) => `${about}${subject}`);
  const isEverywhere = titles.size === 1 && environments.length >= among.length;
  const subjects = (show: (explanation: Explanation) => string): string[] =>
    [...titles.values()].map((same) => `${show(same[0].explanation)}${isEverywhere ? '' : ` (${names(same).join(', ')})`}`);
  const abouts = new Set(all.map(({ explanation }) => explanation.about));
  const told = all.flatMap(({ environment, explanation }) =>
    explanation.statements.map((statement) => ({ environment, statement })),
  );
  const byTopic = groupBy(told, ({ statement }) => statement.topic);
  const topics = inOrder(all.map(({ explanation }) => explanation.statements.map(({ topic }) => topic)));
  const statements = topics.flatMap((topic) =>
    [...groupBy(byTopic.get(topic) ?? [], ({ statement }) => fingerprint(statement.parts)).values()].map((same) => {
      const users = names(same);
      return { environments: users.length === environments.length ? [] : users, parts: same[0].statement.parts };
    }),
  );
  return abouts.size === 1
    ? { about: all[0]?.explanation.about ?? '', subjects: subjects(({ subject }) => subject), statements }
    : { about: '', subjects: subjects(({ about, subject }) => `${about}${subject}`), statements };
}

/** Subjects that a title names. */
const NAMED = 5;

/** Sections with titles, in the order of the drafts; what says the same of several subjects stands once. */
export function sectionsFrom(drafts: readonly Draft[]): Section[] {
  const alike = groupBy(drafts, ({ about, statements }) =>
    JSON.stringify([about, statements.map((shared) => [shared.environments, fingerprint(shared.parts)])]),
  );
  return [...alike.values()].map((same) => {
    const subjects = same.flatMap((draft) => draft.subjects);
    const more = subjects.length - NAMED;
    const named = `${subjects.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return { title: `${same[0].about}${named}`, statements: same[0].statements };
  });
}

/** Every topic once, in the order of the lists; one that only a later list has stands before what follows it there. */
function inOrder(lists: readonly (readonly string[])[]): string[] {
  const order: string[] = [];
  for (const list of lists) {
    list.forEach((topic, i) => {
      if (order.includes(topic)) return;
      const next = list.slice(i + 1).find((later) => order.includes(later));
      order.splice(next === undefined ? order.length : order.indexOf(next), 0, topic);
    });
  }
  return order;
}

function names(all: readonly { readonly environment: string }[]): string[] {
  return [...new Set(all.map(({ environment }) => environment))];
}
