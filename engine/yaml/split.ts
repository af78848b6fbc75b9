/** A document's slice of a stream: `start` (offset in the file) up to the next document, its `---` line included. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

const BYTE_ORDER_MARK = 0xfeff;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DASH = 45;
const DOT = 46;

/**
 * Cuts a YAML stream at `---` lines and after `...` lines. A marker at column 0 always ends a document, inside block scalars too
 * (YAML 1.2.2, 9.1.2), so no parsing is needed. A byte order mark stays outside. Slices cover the rest of the text; many may be empty.
 */
export function splitDocuments(text: string): Slice[] {
  const slices: Slice[] = [];
  let start = streamStart(text);
  for (const line of markerLines(text, start)) {
    if (text.charCodeAt(line) === DASH) {
      // Comments and directives above a marker belong to the document that it starts.
      if (line <= start || isProlog(text, start, line)) continue;
      slices.push({ start, end: line });
      start = line;
    } else {
      // An end that follows an end closes nothing more: it stays with the document above.
      const before = isProlog(text, start, line) ? slices.pop() : undefined;
      const end = nextLine(text, line);
      slices.push({ start: before?.start ?? start, end });
      start = end;
    }
  }
  if (start < text.length || slices.length === 0) slices.push({ start, end: text.length });
  return slices;
}

/** Where the first document starts: behind a byte order mark. */
export function streamStart(text: string): number {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
}

/** The starts of the lines that are `---` or `...`, in order. Searched for, rather than each line looked at: few of many are. */
function* markerLines(text: string, from: number): Iterable<number> {
  if (isMarker(text, from, DASH) || isMarker(text, from, DOT)) yield from;
  let dashes = text.indexOf('\n---', from);
  let dots = text.indexOf('\n...', from);
  while (dashes >= 0 || dots >= 0) {
    const isDashes = dots < 0 || (dashes >= 0 && dashes < dots);
    const line = (isDashes ? dashes : dots) + 1;
    if (isMarker(text, line, isDashes ? DASH : DOT)) yield line;
    if (isDashes) dashes = text.indexOf('\n---', line);
    else dots = text.indexOf('\n...', line);
  }
}

/** Whether a line that starts a document, `---`, stands at an offset. */
export function isDocumentStart(text: string, at: number): boolean {
  return isMarker(text, at, DASH);
}

function nextLine(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  return feed < 0 ? text.length : feed + 1;
}

function isMarker(text: string, at: number, mark: number): boolean {
  if (text.charCodeAt(at) !== mark || text.charCodeAt(at + 1) !== mark || text.charCodeAt(at + 2) !== mark) return false;
  const after = text.charCodeAt(at + 3);
  return Number.isNaN(after) || after === 32 || after === 9 || after === LINE_FEED || after === CARRIAGE_RETURN;
}

/** Whether lines hold comments and directives alone. */
function isProlog(text: string, start: number, end: number): boolean {
  for (let line = start; line < end; line = nextLine(text, line)) {
    let at = line;
    while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
    const first = text[at];
    if (first !== undefined && at < end && first !== '#' && first !== '%' && first !== '\n' && first !== '\r') return false;
  }
  return true;
}
