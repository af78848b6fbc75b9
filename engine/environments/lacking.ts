/**
 * Why something is not known in full: what it lacks, in the plural, and of what. A text, so that the same reason is one wherever it comes
 * from. What it lacks is in our own words: what manifests say stands behind the colon.
 */
export function lacking(what: string, of: string): string {
  return `${what}${BETWEEN}${of}`;
}

const BETWEEN = ': ';
/** Of those that lack the same. */
const NAMED = 3;
/** A path or a title that is longer is cut: addresses have no end. */
const LONGEST = 100;

/** Reasons as they are read: those that lack the same together, the first few named and the others counted. */
export function toldTogether(reasons: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const reason of reasons) {
    const at = reason.indexOf(BETWEEN);
    const what = at < 0 ? reason : reason.slice(0, at);
    const group = groups.get(what) ?? [];
    groups.set(what, group);
    if (at >= 0) group.push(reason.slice(at + BETWEEN.length));
  }
  return [...groups].map(([what, all]) => {
    const named = all.slice(0, NAMED).map(shortened).join(', ');
    const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
    return all.length === 0 ? what : `${what}${BETWEEN}${named}${more}`;
  });
}

/** No character is cut in two. */
function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
