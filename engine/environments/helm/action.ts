import type { ScalarNode, ScalarValue, UnknownNode } from '../../yaml/tree';
import { plainScalarValue } from '../../yaml/scalar-value';
import { filled, writtenAs } from '../gitops/written';
import type { Written } from '../gitops/written';
import { valueAt } from './values';
import type { ChartValues } from './values';

/** What an action prints, with the node that decides it where there is one alone. */
interface Printed {
  readonly text: string;
  /** Whether it prints quotes of its own, so that YAML reads a string. */
  readonly quoted: boolean;
  readonly from: ScalarNode | undefined;
}

/**
 * The value that a template's scalar has with given values, where its actions are plain: a path below `.Values`, the release's name or
 * namespace, or a literal, through `default`, `quote`, `squote` and `toString`. Undefined for all else. What one action makes alone stands
 * where the values say so; the rest stands in the template.
 */
export function rendered(node: UnknownNode, values: ChartValues): ScalarNode | undefined {
  const written = actionText(node);
  if (written === undefined) return undefined;
  const parts = partsOf(written.text);
  if (parts === undefined) return undefined;
  const printed = parts.map((part) =>
    typeof part === 'string' ? { text: part, quoted: false, from: undefined } : evaluate(part.action, values),
  );
  if (printed.some((part) => part === undefined)) return undefined;
  const known = printed.flatMap((part) => part ?? []);
  const text = known.map((part) => part.text).join('');
  const [only, ...others] = known;
  if (text.includes('\n') || (others.length > 0 && known.some(({ quoted }) => quoted))) return undefined;
  const value = written.quoted || only?.quoted === true ? text : plainValue(text);
  if (value === undefined) return undefined;
  const scalar = filled(node, value);
  if (others.length === 0 && only?.from !== undefined) scalar.madeBy = only.from;
  return scalar;
}

/** What a plain scalar of this text is; undefined where YAML would read more than a scalar. */
function plainValue(text: string): ScalarValue | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^[\w./@+-][\w./@+ :=-]*$/.test(trimmed) && !/:(?:\s|$)/.test(trimmed) ? plainScalarValue(trimmed) : undefined;
}

/** Longer lines hold no plain action. */
const LONGEST_LINE = 1000;

/** An action that is all of a value leaves an empty node at its line's end: its text starts behind the key. */
function actionText(node: UnknownNode): Written | undefined {
  if (node.end > node.start) return writtenAs(node);
  const { key, source } = node;
  if (key?.source !== source || key.end > node.start) return undefined;
  const feed = source.text.indexOf('\n', key.end);
  const end = feed < 0 ? source.text.length : feed;
  if (end - key.end > LONGEST_LINE) return undefined;
  const text = /^["']?:[ \t]*(\{\{[^{}]*\}\})[ \t]*(?:#.*)?\r?$/.exec(source.slice(key.end, end))?.[1];
  return text === undefined ? undefined : { text, quoted: false };
}

/** Text and actions in turn; undefined for text with a brace that does not close. */
function partsOf(text: string): readonly (string | { readonly action: string })[] | undefined {
  const parts: (string | { readonly action: string })[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = text.indexOf('}}', open);
    if (close < 0) return undefined;
    if (open > at) parts.push(text.slice(at, open));
    parts.push({
      action: text
        .slice(open + 2, close)
        .replace(/^-\s/, '')
        .replace(/\s-$/, '')
        .trim(),
    });
    at = close + 2;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

function evaluate(action: string, values: ChartValues): Printed | undefined {
  const [first, ...steps] = action.split('|').map((step) => step.trim());
  let now = operand(first ?? '', values) ?? prefixed(first ?? '', values);
  for (const step of steps) {
    if (now === undefined) return undefined;
    now = apply(step, now, values);
  }
  return now === undefined || now === 'absent' ? undefined : now;
}

/** `default "x" .Values.a` and `quote .Values.a`: a function before its arguments. */
function prefixed(text: string, values: ChartValues): Operand | undefined {
  const [, call, last] = /^(default\s+\S+|quote|squote|toString)\s+(\S+)$/.exec(text) ?? [];
  const value = last === undefined ? undefined : operand(last, values);
  return call === undefined || value === undefined ? undefined : apply(call, value, values);
}

type Operand = Printed | 'absent';

function apply(step: string, value: Operand, values: ChartValues): Operand | undefined {
  const [, other] = /^default\s+(\S+)$/.exec(step) ?? [];
  if (other !== undefined) return isEmpty(value) ? operand(other, values) : value;
  // A missing value prints as nothing, and is more often one that somebody has to give.
  if (value === 'absent') return undefined;
  if (step === 'toString') return value;
  if (step === 'quote' || step === 'squote') return /["'\\]/.test(value.text) ? undefined : { ...value, quoted: true };
  return undefined;
}

/** What sprig's `default` takes for empty. */
function isEmpty(value: Operand): boolean {
  if (value === 'absent' || value.text === '') return true;
  return value.from !== undefined && (value.from.value === false || value.from.value === 0);
}

function operand(text: string, values: ChartValues): Operand | undefined {
  const literal = /^(?:"([^"\\]*)"|`([^`]*)`|(\d{1,6}|true|false))$/.exec(text);
  if (literal !== null) return { text: literal[1] ?? literal[2] ?? literal[3] ?? '', quoted: false, from: undefined };
  const path = /^\$?\.Values((?:\.[A-Za-z_]\w*)+)$/.exec(text)?.[1];
  if (path !== undefined) {
    const found = valueAt(values, path.slice(1).split('.'));
    return found === 'unknown' ? undefined : found === 'absent' ? found : printedOf(found);
  }
  const release = /^\$?\.Release\.(Name|Namespace)$/.exec(text)?.[1];
  const node = release === 'Name' ? values.name : release === 'Namespace' ? values.namespace : undefined;
  return node?.type === 'scalar' && typeof node.value === 'string' ? printedOf(node) : undefined;
}

/** As Go prints what YAML holds; large numbers and fractions come out in ways of their own. */
function printedOf(node: ScalarNode): Printed | undefined {
  const { value } = node;
  if (typeof value === 'number' && !(Number.isInteger(value) && Math.abs(value) < 1e6)) return undefined;
  return { text: String(value), quoted: false, from: node };
}
