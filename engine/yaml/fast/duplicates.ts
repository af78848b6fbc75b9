import type { MapEntry } from '../tree';

/** So many keys are compared with each other faster than a set of them is made. */
const FEW = 8;

/** Whether two keys of a map have the same text, as `MapNode.entry` compares them. */
export function hasDuplicate(entries: readonly MapEntry[]): boolean {
  if (entries.length > FEW) return new Set(entries.map(nameOf)).size < entries.length;
  for (const [i, entry] of entries.entries()) {
    const name = nameOf(entry);
    for (let j = 0; j < i; j++) {
      const other = entries[j];
      if (other !== undefined && nameOf(other) === name) return true;
    }
  }
  return false;
}

function nameOf({ key }: MapEntry): string {
  return typeof key.value === 'string' ? key.value : String(key.value);
}
