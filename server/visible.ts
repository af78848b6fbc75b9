import { visibleLine } from '../engine/visible';

/** What is longer is cut: a name may be a megabyte long, and stand in every finding. */
const LONGEST = 2000;

/** Text of manifests on one line, to be shown as it is, with what hides in it made visible and its end cut off beyond a length. */
export function visible(text: string, longest: number = LONGEST): string {
  return visibleLine(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
