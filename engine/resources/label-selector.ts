import type { Tristate } from '../tristate';
import { entriesOf, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import type { Answer } from './labels';

/**
 * Whether a label selector (`matchLabels` and `matchExpressions`) matches what has these labels, as Kubernetes reads it (apimachinery
 * pkg/apis/meta/v1 LabelSelectorAsSelector). One without any requirement matches everything; what one that is not set means is for the
 * caller to know.
 *
 * @param label the value of a label of what is matched
 * @param isGiven whether what `matchLabels` asks of a key holds whatever it says
 * @returns unknown where a template hides what decides
 */
export function matchesSelector(
  selector: YamlNode,
  label: (key: string) => Tristate<string>,
  isGiven: (key: string) => boolean = () => false,
): Answer {
  if (selector.type === 'unknown') return 'unknown';
  const pairs = lookup(selector, 'matchLabels');
  const expressions = lookup(selector, 'matchExpressions');
  const answers = [
    ...entriesOf(pairs).map(({ key, value }): Answer => {
      const name = String(key.value);
      return isGiven(name) ? 'yes' : isAmong(label(name), [value], true);
    }),
    ...itemsOf(expressions).map((expression) => meets(expression, label)),
  ];
  if (answers.includes('no')) return 'no';
  return [selector, pairs, expressions].some(isHidden) || answers.includes('unknown') ? 'unknown' : 'yes';
}

function meets(expression: YamlNode, label: (key: string) => Tristate<string>): Answer {
  const key = stringOf(lookup(expression, 'key'));
  if (key === undefined) return 'unknown';
  const own = label(key);
  const values = lookup(expression, 'values');
  switch (stringOf(lookup(expression, 'operator'))) {
    case 'In':
      return isAmong(own, itemsOf(values), !isHidden(values));
    case 'NotIn':
      return opposite(isAmong(own, itemsOf(values), !isHidden(values)));
    case 'Exists':
      return own.is === 'unknown' ? 'unknown' : own.is === 'known' ? 'yes' : 'no';
    case 'DoesNotExist':
      return own.is === 'unknown' ? 'unknown' : own.is === 'known' ? 'no' : 'yes';
    default:
      return 'unknown';
  }
}

/** @param isWhole whether there are no other values than these */
function isAmong(own: Tristate<string>, wanted: readonly YamlNode[], isWhole: boolean): Answer {
  if (own.is !== 'known') return own.is === 'absent' ? 'no' : 'unknown';
  const texts = wanted.map(stringOf);
  if (texts.includes(own.value)) return 'yes';
  return isWhole && !texts.includes(undefined) ? 'no' : 'unknown';
}

function opposite(answer: Answer): Answer {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'unknown';
}

function isHidden(node: YamlNode | undefined): boolean {
  return node?.type === 'unknown' || ((node?.type === 'map' || node?.type === 'sequence') && node.open);
}
