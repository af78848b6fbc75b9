import { entriesOf, isSet, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';

/**
 * A text that is the same for matches that say the same, their names apart: of keys in whatever order, and without those that are null.
 *
 * @returns undefined where a template hides a part
 */
export function matchIdentity(match: YamlNode): string | undefined {
  return identityOf(match, true);
}

/**
 * Whether whatever meets one match of an HTTP route meets another one as well: every condition of `earlier` holds where those of `later`
 * do. `false` where it cannot be told, as with regular expressions that differ and what a template hides.
 * @param later undefined for a match that takes every request
 */
export function coversMatch(earlier: YamlNode, later: YamlNode | undefined): boolean {
  if (earlier.type !== 'map' || earlier.open) return false;
  return earlier.entries.every(({ key, value }) => {
    const field = String(key.value);
    if (!isSet(value) || IGNORED.has(field)) return true;
    const other = lookup(later, field);
    const implied = CONDITIONS.get(field);
    return (
      implied !== undefined &&
      implied(value, isSet(other) ? other : undefined) &&
      (field !== 'uri' || comparesCase(earlier, later))
    );
  });
}

/** Whether istioctl says the same of a pair for which `coversMatch` holds and which are not the same: see `isShorterPrefix`. */
export function isShorterPrefix(earlier: YamlNode, later: YamlNode): boolean {
  const prefixes = [earlier, later].map((match) => stringOf(lookup(match, 'uri', 'prefix')));
  const ports = [earlier, later].map((match) => identityOf(lookup(match, 'port')));
  // It takes a match without a method for one of GET (pkg/config/validation/virtualservice.go, 1.32 development).
  const methods = [earlier, later].map((match) => identityOf(lookup(match, 'method')) ?? GET);
  return prefixes.every((prefix) => prefix !== undefined) && ports[0] === ports[1] && methods[0] === methods[1];
}

/** Say nothing of which requests are meant. */
const IGNORED = new Set(['name', 'statPrefix', 'ignoreUriCase']);
const GET = '{"exact":"GET"}';

type Implied = (earlier: YamlNode, later: YamlNode | undefined) => boolean;

const isSame: Implied = (earlier, later) => {
  const identity = identityOf(earlier);
  return identity !== undefined && identity === identityOf(later);
};

/** `exact`, `prefix` or `regex`; without any of them, that there is a value. */
const isStringImplied: Implied = (earlier, later) => {
  if (later === undefined || earlier.type !== 'map' || earlier.open) return false;
  const [condition] = earlier.entries;
  if (condition === undefined) return true;
  if (isSame(earlier, later)) return true;
  const prefix = stringOf(lookup(earlier, 'prefix'));
  const text = stringOf(lookup(later, 'exact')) ?? stringOf(lookup(later, 'prefix'));
  return prefix !== undefined && text?.startsWith(prefix) === true;
};

/** Each entry of the earlier map has its like in the later one. */
const isEachImplied =
  (implied: Implied): Implied =>
  (earlier, later) =>
    earlier.type === 'map' &&
    !earlier.open &&
    earlier.entries.every(({ key, value }) => implied(value, lookup(later, String(key.value))));

/** The gateways of the later one are among those of the earlier. */
const isAmongThem: Implied = (earlier, later) => {
  if (earlier.type !== 'sequence' || later?.type !== 'sequence' || later.open || later.items.length === 0) return false;
  const names = new Set(earlier.items.map(stringOf));
  return later.items.every((item) => stringOf(item) !== undefined && names.has(stringOf(item)));
};

const CONDITIONS: ReadonlyMap<string, Implied> = new Map<string, Implied>([
  ['uri', (earlier, later) => isAnyPath(earlier) || isStringImplied(earlier, later)],
  ['scheme', isStringImplied],
  ['method', isStringImplied],
  ['authority', isStringImplied],
  ['headers', isEachImplied(isStringImplied)],
  ['queryParams', isEachImplied(isStringImplied)],
  ['withoutHeaders', isEachImplied(isSame)],
  ['port', isSame],
  ['sourceLabels', isEachImplied(isSame)],
  ['sourceNamespace', isSame],
  ['gateways', isAmongThem],
]);

/** Every path begins with a slash. */
function isAnyPath(uri: YamlNode): boolean {
  const [condition, ...others] = entriesOf(uri);
  return condition?.key.value === 'prefix' && stringOf(condition.value) === '/' && others.length === 0;
}

/** With capitals that do not count, only the very same path is compared. */
function comparesCase(earlier: YamlNode, later: YamlNode | undefined): boolean {
  const flags = [earlier, later].map((match) => identityOf(lookup(match, 'ignoreUriCase')) ?? 'false');
  return (
    flags.every((flag) => flag === 'false') ||
    (flags[0] === flags[1] && isSame(lookup(earlier, 'uri') ?? earlier, lookup(later, 'uri')))
  );
}

/** Deeper than any match: a chain of aliases may be as deep as it likes. */
const DEEPEST = 8;

function identityOf(node: YamlNode | undefined, isMatch = false, depth = 0): string | undefined {
  if (node === undefined || depth > DEEPEST) return undefined;
  if (node.type === 'scalar') return JSON.stringify(node.value);
  if (node.type === 'unknown' || node.open) return undefined;
  if (node.type === 'sequence') {
    const items = node.items.map((item) => identityOf(item, false, depth + 1));
    return items.every((item) => item !== undefined) ? `[${items.join(',')}]` : undefined;
  }
  const fields: string[] = [];
  for (const { key, value } of node.entries) {
    if (!isSet(value) || (isMatch && key.value === 'name')) continue;
    const text = identityOf(value, false, depth + 1);
    if (text === undefined) return undefined;
    fields.push(`${JSON.stringify(String(key.value))}:${text}`);
  }
  return `{${fields.sort().join(',')}}`;
}
