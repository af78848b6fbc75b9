import type { ScalarNode, UnknownNode } from '../../yaml/tree';
import { plainScalarValue } from '../../yaml/scalar-value';
import { filled, writtenAs } from '../gitops/written';

/** The variables of a Kustomization's `postBuild`. */
export interface Substitution {
  readonly values: ReadonlyMap<string, string>;
  /** Whether those are all: else one that is missing may be set by a Secret, or by what no file here holds. */
  readonly isWhole: boolean;
  /** Whether texts are filled in although there is no variable, with the defaults that they have (`substituteStrategy: Always`, Flux 2.9). */
  readonly isAlways: boolean;
}

/**
 * What an unknown value becomes when the variables in it are filled in (fluxcd/pkg kustomize/kustomize_varsub.go, envsubst/parse; Flux
 * 2.9). Undefined where a variable is not known, has no default, or is changed by a function.
 *
 * The text is read as YAML once more, as Flux does. Where that makes a number of what was quoted, the value is left unknown: it depends on
 * how kustomize wrote the quotes.
 */
export function substituted(node: UnknownNode, substitution: Substitution): ScalarNode | undefined {
  // Else Flux leaves the text alone, defaults included.
  if (substitution.values.size === 0 && !substitution.isAlways) return undefined;
  const written = writtenAs(node);
  const text = written && expanded(written.text, substitution);
  if (written === undefined || text === undefined || text.includes('\n')) return undefined;
  const value = text === '' ? null : plainScalarValue(text);
  return written.quoted && typeof value !== 'string' ? undefined : filled(node, value);
}

/** `${name}` and the three spellings of a default that mean the same (`:=`, `:-`, `=`). */
const VARIABLE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(?::=|:-|=)([^${}]*))?\}/;

function expanded(text: string, { values, isWhole }: Substitution): string | undefined {
  // Another tool's marks, which Flux leaves in the text.
  if (text.includes('{{')) return undefined;
  let result = '';
  for (let at = 0; at < text.length;) {
    if (text.startsWith('$$', at)) {
      result += '$';
      at += 2;
    } else if (text.startsWith('${', at)) {
      const [whole, name = '', fallback] = VARIABLE.exec(text.slice(at)) ?? [];
      if (whole === undefined) return undefined;
      const value = values.get(name) ?? (isWhole ? fallback : undefined);
      if (value === undefined) return undefined;
      result += value;
      at += whole.length;
    } else result += text[at++] ?? '';
  }
  return result;
}
