const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const HASH = 35;
/**
 * The filler must make a plain scalar wherever it stands, and no broken escape behind a backslash: a letter that is a hexadecimal digit
 * and an escape of its own (`\a`, `\uaaaa`).
 */
const FILLER = 97;
const CHUNK = 8192;

/** A text to paint over without moving anything in it. */
export class Canvas {
  private readonly units: Uint16Array;

  constructor(text: string) {
    this.units = new Uint16Array(text.length);
    for (let i = 0; i < text.length; i++) this.units[i] = text.charCodeAt(i);
  }

  /** Makes everything white space; line breaks stay. */
  blank(start: number, end: number): void {
    for (let i = start; i < end; i++) {
      const isBreak = this.units[i] === LINE_FEED || (this.units[i] === CARRIAGE_RETURN && this.units[i + 1] === LINE_FEED);
      if (!isBreak) this.units[i] = SPACE;
    }
  }

  /** Makes everything part of one plain scalar, line breaks too. */
  fill(start: number, end: number): void {
    this.units.fill(FILLER, start, end);
  }

  /** Fills what stands at `column` and behind it on each of the blank lines. */
  fillFrom(column: number, start: number, end: number): void {
    let lineStart = start;
    for (let i = start; i < end; i++) {
      if (this.units[i] === LINE_FEED) lineStart = i + 1;
      else if (i - lineStart >= column && this.units[i] === SPACE) this.units[i] = FILLER;
    }
  }

  startComment(at: number): void {
    this.units[at] = HASH;
  }

  isBlank(start: number, end: number): boolean {
    for (let i = start; i < end; i++) {
      const unit = this.units[i];
      if (unit !== SPACE && unit !== LINE_FEED && unit !== CARRIAGE_RETURN && unit !== 9) return false;
    }
    return true;
  }

  toString(): string {
    const parts: string[] = [];
    for (let i = 0; i < this.units.length; i += CHUNK) parts.push(String.fromCharCode(...this.units.subarray(i, i + CHUNK)));
    return parts.join('');
  }
}
