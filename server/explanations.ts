import { MarkupKind } from 'vscode-languageserver/node';
import type { CodeLens, Hover, Position } from 'vscode-languageserver/node';
import { askExplanation } from '../engine/answers/explanation';
import { askLenses } from '../engine/answers/lenses';
import { toRange } from './diagnostics';
import type { Folder } from './folder';
import { EXPLAIN, SHOW_PLACE } from './lenses';
import { toMarkdown, toPlainText } from './markdown';
import { visible } from './visible';

type Asked = Pick<Folder, 'workspace' | 'offsetAt' | 'uriOf'>;

/**
 * What the text under a position does, in each environment; null where there is nothing to say.
 * @param kind what the client shows
 */
export function hoverAt(folder: Asked, path: string, position: Position, kind: MarkupKind = MarkupKind.Markdown): Hover | null {
  const explained = explainedAt(folder, path, position);
  if (explained === undefined) return null;
  const value =
    kind === MarkupKind.Markdown ? toMarkdown(explained.sections, (file) => folder.uriOf(file)) : toPlainText(explained.sections);
  return { contents: { kind, value }, range: toRange(explained.place.range) };
}

/** The same as plain text by itself; undefined where there is nothing to say. */
export function explanationAt(folder: Asked, path: string, position: Position): string | undefined {
  const explained = explainedAt(folder, path, position);
  return explained && toPlainText(explained.sections);
}

function explainedAt(folder: Asked, path: string, position: Position): ReturnType<typeof askExplanation> {
  const offset = folder.offsetAt(path, position);
  return offset === undefined ? undefined : askExplanation(folder.workspace, path, offset);
}

/**
 * The lenses of a file: above each workload and Service its membership, its mutual TLS and its environments.
 * @param leads whether the client can be led to what decides; else it is told what there is to say
 */
export function lensesIn(folder: Pick<Folder, 'workspace' | 'settings' | 'uriOf'>, path: string, leads: boolean): CodeLens[] {
  if (!folder.settings.codeLens) return [];
  return askLenses(folder.workspace, path).map(({ place, title, shows }) => {
    const range = toRange(place.range);
    const command = leads
      ? { command: SHOW_PLACE, arguments: [folder.uriOf(shows.file), toRange(shows.range)] }
      : { command: EXPLAIN, arguments: [folder.uriOf(path), range.start] };
    return { range, command: { title: visible(title), ...command } };
  });
}
