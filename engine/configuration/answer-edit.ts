import { setScalar } from '../yaml/edit';
import type { TextEdit, Written } from '../yaml/edit';
import { Manifest } from '../yaml/manifest';
import { CONFIGURATION_FILE } from './configuration';

/** Why an answer cannot be written: the file does not read as YAML, or what stands there leaves no place for it. */
export type Refusal = 'unreadable' | 'no-place';

/**
 * The edit of a configuration's text with which `team` says one more thing, in the style that is there; comments and all else stay. An
 * answer that is there already gives way.
 *
 * @param text all of the file's; an empty one is a file without settings
 * @param key the question's, as `team` has it
 */
export function answerEdit(text: string, key: string, value: Written): TextEdit | Refusal {
  const { documents } = new Manifest(CONFIGURATION_FILE, text, false);
  if (documents.some(({ problem }) => problem !== undefined)) return 'unreadable';
  const root = documents.find((document) => document.root !== undefined)?.root;
  if (root === undefined || (root.type === 'scalar' && root.start === root.end)) return appended(text, key, value);
  return (root.type === 'map' ? setScalar(root, ['team', key], value) : undefined) ?? 'no-place';
}

/** A file that holds comments at most: what they explain stands above. */
function appended(text: string, key: string, value: Written): TextEdit {
  const feed = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text === '' || text.endsWith('\n') ? '' : feed;
  const newText = `${before}team:${feed}  ${key}: ${String(value)}${feed}`;
  return { file: CONFIGURATION_FILE, start: text.length, end: text.length, newText };
}
