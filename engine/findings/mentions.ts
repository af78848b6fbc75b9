import { isFileSubject } from '../resources/file-subject';
import type { Resource } from '../resources/resource';

/**
 * Whether a resource may hold one of some texts, told without reading it: by the text of its document, unless transformations have put
 * something in that stands elsewhere. A text that is spelt with escapes is not found.
 */
export function mayMention(subject: Resource, texts: readonly string[]): boolean {
  if (isFileSubject(subject)) return true;
  const { text } = subject.source;
  return texts.some((one) => text.includes(one)) || (!subject.isSkimmed && subject.root?.madeBy !== undefined);
}
