import { entriesOf, itemsOf } from '../../yaml/tree';
import type { UnknownNode, YamlNode } from '../../yaml/tree';
import { baseNameOf } from '../paths';
import { filled, writtenAs } from '../gitops/written';

/** One set of parameters of an ApplicationSet's generator, by the names under which templates ask for them; what is not known is not in it. */
export type Parameters = ReadonlyMap<string, string>;

/** Every scalar of a tree by its dotted path, as both template languages reach it; items by `[n]`. */
export function flattened(node: YamlNode | undefined, prefix = ''): Parameters {
  const found = new Map<string, string>();
  const seen = new Set<YamlNode>();
  const visit = (at: YamlNode | undefined, name: string): void => {
    if (at?.type === 'scalar') {
      if (at.value !== null && name !== '') found.set(name, String(at.value));
      return;
    }
    // Aliases may make a small text a very large tree.
    if (at === undefined || seen.has(at)) return;
    seen.add(at);
    for (const { key, value } of entriesOf(at)) visit(value, name === '' ? String(key.value) : `${name}.${String(key.value)}`);
    itemsOf(at).forEach((item, i) => {
      visit(item, `${name}[${i}]`);
    });
  };
  visit(node, prefix);
  return found;
}

/**
 * What the git generator says of a directory, or of a file and its directory, in both template languages (argo-cd
 * applicationset/generators/git.go; 3.5).
 */
export function pathParameters(directory: string, file: string | undefined, prefix: string): Map<string, string> {
  const path = prefix === '' ? 'path' : `${prefix}.path`;
  const base = baseNameOf(directory);
  const parameters = new Map([
    [path, directory],
    [`${path}.path`, directory],
    [`${path}.basename`, base],
    [`${path}.basenameNormalized`, normalized(base)],
  ]);
  directory.split('/').forEach((segment, i) => {
    parameters.set(`${path}[${i}]`, segment);
    parameters.set(`${path}.segments[${i}]`, segment);
  });
  if (file !== undefined) {
    parameters.set(`${path}.filename`, baseNameOf(file));
    parameters.set(`${path}.filenameNormalized`, normalized(baseNameOf(file)));
  }
  return parameters;
}

/** A name that DNS takes (applicationset/utils/utils.go SanitizeName). */
export function normalized(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-a-z0-9.]/g, '-')
    .slice(0, 253)
    .replace(/^[-.]+|[-.]+$/g, '');
}

/**
 * Fills parameters into an unknown value: `{{name}}`, or with Go templates `{{ .name }}` and `{{ index .list 0 }}`. Undefined where
 * something else stands in the braces, or a parameter is not known.
 */
export function withParameters(node: UnknownNode, parameters: Parameters, isGo: boolean): YamlNode | undefined {
  const written = writtenAs(node);
  const text = written && textWith(written.text, parameters, isGo);
  return text === undefined ? undefined : filled(node, text);
}

function textWith(text: string, parameters: Parameters, isGo: boolean): string | undefined {
  // A variable of another tool.
  if (text.includes('${')) return undefined;
  let result = '';
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = text.indexOf('}}', open);
    const name = close < 0 ? undefined : nameIn(text.slice(open + 2, close).trim(), isGo);
    const value = name === undefined ? undefined : parameters.get(name);
    if (value === undefined) return undefined;
    result += text.slice(at, open) + value;
    at = close + 2;
  }
  return result + text.slice(at);
}

function nameIn(action: string, isGo: boolean): string | undefined {
  if (!isGo) return action;
  const plain = /^\.([A-Za-z_][\w.-]*)$/.exec(action);
  if (plain !== null) return plain[1];
  const indexed = /^index \.([A-Za-z_][\w.-]*) (?:(\d+)|"([^"]*)")$/.exec(action);
  if (indexed === null) return undefined;
  const [, list = '', number, key] = indexed;
  return number === undefined ? `${list}.${key ?? ''}` : `${list}[${number}]`;
}
