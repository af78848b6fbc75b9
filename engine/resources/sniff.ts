import type { FileText } from '../yaml/pieces';

const API_VERSION = /(?:^|[{,])[\uFEFF \t-]*["']?apiVersion["']?[ \t]*:/m;
const KIND = /(?:^|[{,])[\uFEFF \t-]*["']?kind["']?[ \t]*:/m;

/** Whether a text has an `apiVersion` and a `kind`, at the start of a line or of an entry in flow style: a sniff, not a parse. */
export function looksLikeManifest(text: FileText): boolean {
  const isThere = (pattern: RegExp): boolean =>
    typeof text === 'string' ? pattern.test(text) : text.some((lines) => pattern.test(lines));
  return isThere(API_VERSION) && isThere(KIND);
}
