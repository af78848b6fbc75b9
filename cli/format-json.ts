import type { Report } from '../engine/findings/report';

// JSON allows these in strings as they are; a terminal that shows the output would obey them.
// Line breaks stand between values alone.
const STEERING = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The report as JSON with a line break at its end: pure data, also for a terminal. */
export function formatJson(report: Report): string {
  const json = JSON.stringify(report, undefined, 2);
  return `${json.replace(STEERING, escaped)}\n`;
}

/** One beyond the first plane is two units, escaped one by one. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
