import type { Place } from '../yaml/tree';
import type { SharedStatement } from './across';
import type { Explained } from './at';
import type { Lens } from './lenses';
import type { Part } from './statement';

/** An explanation with something else in place of its places: what they are in a file, for those who do not read trees. */
export function mapExplained<P>({ place, sections }: Explained, to: (place: Place) => P): Explained<P> {
  const part = (one: Part): Part<P> => (typeof one === 'string' ? one : { text: one.text, place: to(one.place) });
  const shared = ({ environments, parts }: SharedStatement): SharedStatement<P> => ({ environments, parts: parts.map(part) });
  return {
    place: to(place),
    sections: sections.map(({ title, statements }) => ({ title, statements: statements.map(shared) })),
  };
}

export function mapLens<P>({ about, place, title, shows }: Lens, to: (place: Place) => P): Lens<P> {
  return { about, title, place: to(place), shows: to(shows) };
}
