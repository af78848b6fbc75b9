/**
 * Edits as somebody makes them, the same ones for everything that is measured.
 * @typedef {{ start: number, end: number, insert: string }} Edit offsets into the text as the edits before have left it
 */
import { randomFrom } from './random.mjs';

const WORD = '-new';

/** Applies one edit. */
export function applyEdit(text, { start, end, insert }) {
  return text.slice(0, start) + insert + text.slice(end);
}

/**
 * Typing in a text: at lines chosen all over it a word letter by letter, then a line with a comment below, and then both are taken back.
 * After a whole round of six edits the text is what it was.
 * @param {number} count
 * @returns {Edit[]}
 */
export function typing(text, count) {
  const random = randomFrom(7);
  const edits = [];
  while (edits.length < count) {
    const near = random.integer(0, text.length - 1);
    const feed = text.indexOf('\n', near);
    const end = feed < 0 ? text.length : text[feed - 1] === '\r' ? feed - 1 : feed;
    const comment = '\n# later';
    for (let i = 0; i < WORD.length; i++) edits.push({ start: end + i, end: end + i, insert: WORD[i] });
    edits.push({ start: end + WORD.length, end: end + WORD.length, insert: comment });
    edits.push({ start: end, end: end + WORD.length + comment.length, insert: '' });
  }
  return edits.slice(0, count);
}

/**
 * The next step of a toggle: one of its texts gives way to the other.
 * @param {string} text the file's text as it is now
 * @param {readonly [string, string]} texts
 * @returns {Edit}
 */
export function toggling(text, [first, second]) {
  const [from, to] = text.includes(first) ? [first, second] : [second, first];
  const start = text.indexOf(from);
  if (start < 0) throw new Error(`nothing to toggle: neither ${first} nor ${second} is there`);
  return { start, end: start + from.length, insert: to };
}
