import type { TextDocumentsConfiguration } from 'vscode-languageserver/node';
import { PiecedText } from '../engine/yaml/pieces';
import type { TextChange, TextPosition } from '../engine/yaml/pieces';
import { isRecord } from './settings';

/** A document that is open in the editor, as the last edit that the client told of has left it. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: PiecedText;
}

/** How open documents follow their edits. */
export const OPEN_DOCUMENTS: TextDocumentsConfiguration<OpenDocument> = {
  create: (uri, _language, version, text) => ({ uri, version, text: PiecedText.of(text) }),
  update: ({ uri, text }, changes, version) => ({ uri, version, text: text.edited(changes.map(checked)) }),
};

/** What comes from outside may be anything: an edit of which one change is none leaves the document as it was. */
function checked(change: unknown): TextChange {
  if (isRecord(change) && typeof change['text'] === 'string') {
    const { text, range } = change;
    if (range === undefined) return { text };
    if (isRecord(range) && isPosition(range['start']) && isPosition(range['end'])) {
      return { text, range: { start: range['start'], end: range['end'] } };
    }
  }
  throw new TypeError('This is no change of a document.');
}

function isPosition(value: unknown): value is TextPosition {
  return isRecord(value) && Number.isInteger(value['line']) && Number.isInteger(value['character']);
}
