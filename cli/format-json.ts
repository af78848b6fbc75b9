import { replaceUnseen } from '../engine/visible';

/** A report, its environments alone, or decisions, as JSON with a line break at its end: pure data, also for a terminal. */
export function formatJson(report: object): string {
  const json = JSON.stringify(report, undefined, 2);
  // JSON allows these in strings as they are; who shows the output would obey them. Line breaks stand between values alone.
  return `${replaceUnseen(json, (character) => (character === '\n' ? character : escaped(character)))}\n`;
}

/** One beyond the first plane is two units, escaped one by one. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
