/** One condition on labels; `values` are those of `in` and `notin`, and the one of `=` and `!=`. */
export interface LabelCondition {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'greater' | 'less';
  readonly values: readonly string[];
}

/** A key with its optional prefix, and a value, as Kubernetes allows them (apimachinery pkg/util/validation). */
const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
const TOKEN = /\s*(?:([()!,]|==?|!=|>|<)|([^\s()!,=<>]+))/y;

/**
 * Reads a selector in the syntax of kubectl: `app=cart, tier in (web, api), !legacy` (Kubernetes apimachinery pkg/labels/selector.go).
 * @returns undefined for a text that is none; no conditions for an empty one, which selects all
 */
export function parseLabelSelector(text: string): readonly LabelCondition[] | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const conditions: LabelCondition[] = [];
  let at = 0;
  while (at < tokens.length) {
    const found = conditionAt(tokens, at);
    if (found === undefined || !isValid(found.condition)) return undefined;
    conditions.push(found.condition);
    at = found.end;
    if (at === tokens.length) break;
    if (tokens[at] !== ',' || at + 1 === tokens.length) return undefined;
    at++;
  }
  return conditions;
}

const SIGNS: ReadonlyMap<string, LabelCondition['operator']> = new Map([
  ['=', 'in'],
  ['==', 'in'],
  ['!=', 'notin'],
  ['>', 'greater'],
  ['<', 'less'],
]);

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  const whole = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < whole.length) {
    const found = TOKEN.exec(whole);
    if (found === null) return undefined;
    // `!=` comes as one where it stands between a key and a value.
    const [, sign, word = ''] = found;
    if (sign === '=' && tokens.at(-1) === '!') tokens[tokens.length - 1] = '!=';
    else tokens.push(sign ?? word);
  }
  return tokens;
}

function conditionAt(tokens: readonly string[], at: number): { condition: LabelCondition; end: number } | undefined {
  const [first = '', second = ',', third = ''] = tokens.slice(at, at + 3);
  if (first === '!') return { condition: { key: second, operator: 'absent', values: [] }, end: at + 2 };
  if (second === ',') return { condition: { key: first, operator: 'exists', values: [] }, end: at + 1 };
  if (second === 'in' || second === 'notin') {
    const close = tokens.indexOf(')', at);
    if (third !== '(' || close < 0) return undefined;
    const values = valuesIn(tokens.slice(at + 3, close));
    return values === undefined ? undefined : { condition: { key: first, operator: second, values }, end: close + 1 };
  }
  const operator = SIGNS.get(second);
  if (operator === undefined) return undefined;
  // `app=` asks for a label without a value.
  const isEmpty = third === '' || third === ',';
  return { condition: { key: first, operator, values: [isEmpty ? '' : third] }, end: at + (isEmpty ? 2 : 3) };
}

function valuesIn(tokens: readonly string[]): string[] | undefined {
  const values = [''];
  for (const token of tokens) {
    if (token === ',') values.push('');
    else if (values.at(-1) === '') values[values.length - 1] = token;
    else return undefined;
  }
  return values;
}

function isValid({ key, operator, values }: LabelCondition): boolean {
  if (!KEY.test(key) || !values.every((value) => VALUE.test(value))) return false;
  return (operator !== 'greater' && operator !== 'less') || values.every((value) => /^-?[0-9]{1,15}$/.test(value));
}

/** @param valueOf gives the value of a label; undefined where there is none */
export function matchesLabels(conditions: readonly LabelCondition[], valueOf: (key: string) => string | undefined): boolean {
  return conditions.every(({ key, operator, values }) => {
    const value = valueOf(key);
    switch (operator) {
      case 'in':
        return value !== undefined && values.includes(value);
      case 'notin':
        return value === undefined || !values.includes(value);
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      case 'greater':
      case 'less': {
        if (value === undefined || !/^-?[0-9]{1,15}$/.test(value)) return false;
        return operator === 'greater' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]);
      }
    }
  });
}
