import { visibleLine } from '../visible';

// What means something in Markdown or HTML; a point and a dash do so at the start of a line alone, where no text of a manifest stands.
const MEANINGFUL = /[\\`*_{}[\]<>|#~$&@]/g;

/** A text as Markdown that shows it, and nothing else: on one line, without links, HTML or emphasis of its own. */
export function inline(text: string): string {
  return visibleLine(text)
    .replace(MEANINGFUL, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : `\\${character}`))
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/www\./gi, (start) => `${start.slice(0, -1)}\\.`);
}

/** A text as code within a line. */
export function code(text: string): string {
  const shown = visibleLine(text);
  if (shown === '') return '` `';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  // A bar would end the cell of a table, even within code.
  return `${fence}${pad}${shown.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** A link to a line of a file, from the place that paths are relative to. */
export function lineLink(file: string, line: number): string {
  // Half a surrogate pair is in no URL.
  const whole = file.replace(/\p{Cs}/gu, '\ufffd');
  const target = encodeURIComponent(whole)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `[${code(`${file}:${line}`)}](${target}#L${line})`;
}

/** A table whose cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}
