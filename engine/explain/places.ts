import type { Place } from '../yaml/tree';
import type { Section, SharedStatement } from './across';
import type { Explained } from './at';
import type { Lens } from './lenses';
import type { Part } from './statement';

/** Sections with something else in place of their places: what they are in a file, for those who do not read trees. */
export function mapSections<P>(sections: readonly Section[], to: (place: Place) => P): Section<P>[] {
  const part = (one: Part): Part<P> => (typeof one === 'string' ? one : { text: one.text, place: to(one.place) });
  const shared = ({ environments, parts }: SharedStatement): SharedStatement<P> => ({ environments, parts: parts.map(part) });
  return sections.map(({ title, statements }) => ({ title, statements: statements.map(shared) }));
}

/** The same for an explanation. */
export function mapExplained<P>({ place, sections }: Explained, to: (place: Place) => P): Explained<P> {
  return { place: to(place), sections: mapSections(sections, to) };
}

export function mapLens<P>({ about, place, title, shows }: Lens, to: (place: Place) => P): Lens<P> {
  return { about, title, place: to(place), shows: to(shows) };
}
