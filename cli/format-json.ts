import type { Report } from '../engine/findings/report';

// JSON allows these in strings as they are; a terminal that shows the output would obey them.
const STEERING = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The report as JSON with a line break at its end: pure data, also for a terminal. */
export function formatJson(report: Report): string {
  const json = JSON.stringify(report, undefined, 2);
  return `${json.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
