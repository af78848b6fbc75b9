import { CompletionItemKind, CompletionItemTag, MarkupKind } from 'vscode-languageserver/node';
import type { ClientCapabilities, CompletionItem, Hover, MarkupContent, Position } from 'vscode-languageserver/node';
import { askField, askSuggestions } from '../engine/answers/fields';
import type { FieldText } from '../engine/fields/field';
import { toRange } from './diagnostics';
import type { Folder } from './folder';
import { literal } from './markdown';
import { visible } from './visible';

type Asked = Pick<Folder, 'workspace' | 'offsetAt' | 'rangeOf'>;

/** What Istio's schemas say of the field under a position; null where they say nothing. @param kind what the client shows */
export function fieldHoverAt(folder: Asked, path: string, position: Position, kind: MarkupKind): Hover | null {
  const offset = folder.offsetAt(path, position);
  const found = offset === undefined ? undefined : askField(folder.workspace, path, offset);
  return found === undefined ? null : { contents: contentsOf(found.field, kind), range: toRange(found.place.range) };
}

/** One below the other, where both say something. The place is that of the first. */
export function together(first: Hover | null, second: Hover | null): Hover | null {
  if (first === null || second === null) return first ?? second;
  const [above, below] = [first.contents as MarkupContent, second.contents as MarkupContent];
  const line = above.kind === MarkupKind.Markdown ? '\n\n---\n\n' : '\n\n';
  return { ...first, contents: { kind: above.kind, value: `${above.value}${line}${below.value}` } };
}

/** The fields and words that may be written at a position by Istio's schemas; none where they name nothing. */
export function completionsAt(folder: Asked, path: string, position: Position, client: ClientCapabilities): CompletionItem[] {
  const offset = folder.offsetAt(path, position);
  const found = offset === undefined ? undefined : askSuggestions(folder.workspace, path, offset);
  if (offset === undefined || found === undefined) return [];
  const range = folder.rangeOf(path, offset - found.before, offset + found.behind);
  const item = client.textDocument?.completion?.completionItem;
  // In the client's order of preference.
  const format = item?.documentationFormat?.[0] ?? MarkupKind.PlainText;
  const struck = item?.tagSupport?.valueSet.includes(CompletionItemTag.Deprecated) === true;
  return found.items.map(({ is, label, insert, field, isDeprecated, isDefault }, i) => ({
    label,
    kind: is === 'field' ? CompletionItemKind.Field : CompletionItemKind.EnumMember,
    ...(field === undefined ? (isDefault ? { detail: 'default' } : {}) : detailsOf(field, format)),
    ...(isDeprecated && struck ? { tags: [CompletionItemTag.Deprecated] } : {}),
    sortText: String(i).padStart(3, '0'),
    filterText: label,
    textEdit: { range, newText: insert },
  }));
}

function detailsOf(field: FieldText, format: MarkupKind): Pick<CompletionItem, 'detail' | 'documentation'> {
  return { detail: typeText(field), documentation: contentsOf(field, format) };
}

function contentsOf(field: FieldText, kind: MarkupKind): MarkupContent {
  return { kind, value: kind === MarkupKind.Markdown ? markdownOf(field) : plainOf(field) };
}

/** The description is Markdown already, and ours; the name may hold keys that the author chose. */
function markdownOf(field: FieldText): string {
  const { name, description, instead, docs } = field;
  const words = typeText(field, (word) => `\`${word}\``);
  const blocks = [`**${literal(name)}**: ${words}`, description];
  if (instead !== undefined) blocks.push(`Deprecated: ${instead}.`);
  blocks.push(`[Istio's reference](${docs})`);
  return blocks.join('\n\n');
}

function plainOf(field: FieldText): string {
  const { name, description, instead, docs } = field;
  const lines = [`${visible(name, NAME)}: ${typeText(field)}`, description];
  if (instead !== undefined) lines.push(`Deprecated: ${instead}.`);
  return [...lines, docs].join('\n').replaceAll('`', '"');
}

/** Nobody reads a path of this length. */
const NAME = 200;

function typeText({ type, values, default: byDefault, isRequired }: FieldText, shown = (word: string): string => word): string {
  const words = values.map(shown);
  const last = words.length > 1 ? ` or ${words.at(-1)}` : '';
  const list = words.length > 1 ? `${words.slice(0, -1).join(', ')}${last}` : words.join('');
  return [
    list === '' ? type : `${type} ${list}`,
    ...(isRequired ? ['required'] : []),
    ...(byDefault === undefined ? [] : [`default ${shown(byDefault)}`]),
  ].join('; ');
}
