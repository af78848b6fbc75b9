import type { ScalarValue } from './tree';

const NULLS = ['~', 'null', 'Null', 'NULL'];
const TRUE = ['true', 'True', 'TRUE'];
const FALSE = ['false', 'False', 'FALSE'];
/** Booleans of YAML 1.1 that Kubernetes' decoder still takes (sigs.k8s.io/yaml by way of goyaml.v2's resolve table). */
const OLD_TRUE = ['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'];
const OLD_FALSE = ['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'];

const tableOf = (...rows: (readonly [words: readonly string[], value: ScalarValue])[]): Map<string, ScalarValue> =>
  new Map(rows.flatMap(([words, value]) => words.map((word) => [word, value] as const)));

const OLD_BOOLEANS = tableOf([OLD_TRUE, true], [OLD_FALSE, false]);
const WORDS = tableOf([NULLS, null], [[...TRUE, ...OLD_TRUE], true], [[...FALSE, ...OLD_FALSE], false]);
const LONGEST_WORD = 5;
const NO_DIGITS = tableOf(
  [['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'], Infinity],
  [['-.inf', '-.Inf', '-.INF'], -Infinity],
  [['.nan', '.NaN', '.NAN'], NaN],
);

/** What YAML 1.1 takes a word for that is a string in YAML 1.2: a boolean, or undefined for every other word. */
export function oldBoolean(word: string): ScalarValue | undefined {
  return OLD_BOOLEANS.get(word);
}

/** `{{ … }}` of ApplicationSets and `${…}` of Flux's postBuild or envsubst: text that something fills in before a cluster sees it. */
export function isUnsubstituted(value: string): boolean {
  const brace = value.indexOf('{{');
  if (brace >= 0 && value.includes('}}', brace)) return true;
  const dollar = value.indexOf('${');
  return dollar >= 0 && value.includes('}', dollar);
}

/** The value of a plain scalar without a tag: YAML 1.2's core schema (10.3.2), and the booleans of YAML 1.1. Never empty. */
export function plainScalarValue(word: string): ScalarValue {
  switch (word.charCodeAt(0)) {
    // + - .
    case 43:
    case 45:
    case 46:
    // 0 to 9
    case 48:
    case 49:
    case 50:
    case 51:
    case 52:
    case 53:
    case 54:
    case 55:
    case 56:
    case 57:
      return numberIn(word) ?? word;
    // F N O T Y f n o t y ~
    case 70:
    case 78:
    case 79:
    case 84:
    case 89:
    case 102:
    case 110:
    case 111:
    case 116:
    case 121:
    case 126: {
      const known = word.length <= LONGEST_WORD ? WORDS.get(word) : undefined;
      return known === undefined ? word : known;
    }
    default:
      return word;
  }
}

function numberIn(word: string): ScalarValue | undefined {
  const first = word.charCodeAt(0);
  const whole = first === 43 || first === 45 ? 1 : 0;
  if (first === 48) {
    const base = word.charCodeAt(1);
    if (base === 0x78) return numberOfBase(word, 16);
    if (base === 0x6f) return numberOfBase(word, 8);
  }
  const point = digitsEnd(word, whole);
  if (point === word.length) return point > whole ? parseInt(word, 10) : undefined;
  const isFraction = word.charCodeAt(point) === 46;
  let end = isFraction ? digitsEnd(word, point + 1) : point;
  // No digit on either side of the point, or none at all.
  if (end - whole === (isFraction ? 1 : 0)) return NO_DIGITS.get(word);
  // e E
  if ((word.charCodeAt(end) | 0x20) === 0x65) {
    const sign = word.charCodeAt(end + 1);
    const exponent = end + (sign === 43 || sign === 45 ? 2 : 1);
    end = digitsEnd(word, exponent);
    if (end === exponent) return undefined;
  }
  return end === word.length ? parseFloat(word) : undefined;
}

function digitsEnd(word: string, from: number): number {
  let at = from;
  while (at < word.length && isDigit(word.charCodeAt(at))) at++;
  return at;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** `0x` and `0o`, without a sign. */
function numberOfBase(word: string, base: 8 | 16): number | undefined {
  for (let i = 2; i < word.length; i++) {
    const c = word.charCodeAt(i);
    const letter = c | 0x20;
    const belongs = base === 16 ? isDigit(c) || (letter >= 0x61 && letter <= 0x66) : c >= 48 && c <= 55;
    if (!belongs) return undefined;
  }
  return word.length > 2 ? parseInt(word.slice(2), base) : undefined;
}
