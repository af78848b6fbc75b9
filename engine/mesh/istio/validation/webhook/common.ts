import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { portProblem } from '../cel/predicates';
import { placeOf, placeOfKey } from '../problem';
import type { Problem } from '../problem';
import { at, entries, filled, given, isEmptyMap, isWhole, items, keyText, number, text, texts, wordAt } from '../read';
import type { Value } from '../read';
import { MILLISECOND, parseDuration } from '../values/duration';
import { isDnsLabel, wildcardHostFault } from '../values/host';
import { labelKeyFault, labelValueFault } from '../values/labels';
import { LONGEST_EXPRESSION, expressionFault } from '../values/re2';

/**
 * What istiod's webhook checks in many kinds (istio/istio at 86c9f01fd735, 1.32 development: pkg/config/validation/validation.go,
 * agent/validation.go, pkg/config/labels, pkg/config/visibility). Each yields what is certainly wrong; a value that is of a wrong type or
 * hidden is not its business.
 */

export type Problems = Iterable<Problem>;

/** As much of a text as a message shows, in quotes. */
export const shown = (string: string): string => `"${string.length > 60 ? `${string.slice(0, 60)}…` : string}"`;

/** A port of 1 to 65535. */
export function* checkPort(node: Value): Problems {
  const port = number(node);
  if (port !== undefined && node !== undefined && (port < 1 || port > 65535)) yield portProblem(node, port);
}

/** A length of time in whole milliseconds, of at least one. */
export function* checkDuration(node: Value): Problems {
  yield* lengthOfTime(node, false);
}

/** The same where zero is allowed. */
export function* checkDurationOrZero(node: Value): Problems {
  yield* lengthOfTime(node, true);
}

function* lengthOfTime(node: Value, zeroAllowed: boolean): Problems {
  const written = text(node);
  if (written === undefined || node === undefined) return;
  const length = parseDuration(written);
  const place = placeOf(node);
  if (length === undefined) {
    const todo = 'write numbers with units, such as "1.5s", "250ms" or "1h30m"';
    yield { place, what: `${shown(written)} is no length of time`, todo };
  } else if (length < MILLISECOND && !(zeroAllowed && length === 0)) {
    const todo = zeroAllowed ? 'write 0s, or 1ms or more' : 'write 1ms or more, or leave the field out';
    yield { place, what: `${shown(written)} is shorter than a millisecond`, todo };
  } else if (length % MILLISECOND !== 0) {
    yield { place, what: `${shown(written)} has a fraction of a millisecond`, todo: 'write whole milliseconds' };
  }
}

/** A whole number that is not negative. */
export function* checkNotNegative(...nodes: readonly Value[]): Problems {
  for (const node of nodes) {
    const amount = number(node);
    if (node !== undefined && amount !== undefined && amount < 0) {
      yield { place: { node }, what: `${amount} is negative`, todo: 'write 0 or more' };
    }
  }
}

/** Per cent of 0 to 100. */
export function* checkPercent(node: Value): Problems {
  const percent = number(node);
  if (node !== undefined && percent !== undefined && (percent < 0 || percent > 100)) {
    yield { place: { node }, what: `${percent} is no percentage`, todo: 'write 0 to 100' };
  }
}

/** Smaller shares than this Envoy cannot count. */
const SMALLEST_SHARE = 0.0001;

/** A `percentage: { value }` of 0 to 100, of which Envoy counts ten thousandths. */
export function* checkPercentage(node: Value): Problems {
  const value = at(node, 'value');
  const percent = number(value);
  yield* checkPercent(value);
  if (value !== undefined && percent !== undefined && percent > 0 && percent < SMALLEST_SHARE) {
    yield {
      place: { node: value },
      what: `${percent} per cent is less than Envoy can count`,
      todo: `write ${SMALLEST_SHARE} or more`,
    };
  }
}

/** A DNS label, such as the name of a subset. */
export function* checkDnsLabel(node: Value, what: string): Problems {
  const name = text(node);
  if (name === undefined || node === undefined || isDnsLabel(name)) return;
  const fault = name === '' ? 'is empty' : `${shown(name)} is no DNS label`;
  yield { place: placeOf(node), what: `${what} ${fault}`, todo: 'use letters, digits and hyphens inside, up to 63' };
}

/** A host name whose first label may be a wildcard. */
export function* checkWildcardHost(node: Value): Problems {
  const host = text(node);
  const fault = host === undefined ? undefined : wildcardHostFault(host);
  if (node !== undefined && host !== undefined && fault !== undefined) {
    yield { place: placeOf(node), what: `the host ${shown(host)} ${fault}`, todo: 'write the name of a host' };
  }
}

/** Labels with the syntax of Kubernetes. */
export function* checkLabels(node: Value): Problems {
  for (const entry of entries(node)) {
    const key = keyText(entry);
    const value = text(entry.value);
    const keyFault = labelKeyFault(key);
    const valueFault = value === undefined ? undefined : labelValueFault(value);
    if (keyFault !== undefined) {
      yield {
        place: { node: entry.key },
        what: `the label ${shown(key)} ${keyFault}`,
        todo: 'write a key that Kubernetes takes',
      };
    } else if (value !== undefined && valueFault !== undefined) {
      yield {
        place: { node: entry.value },
        what: `the label value ${shown(value)} ${valueFault}`,
        todo: 'write a value that Kubernetes takes',
      };
    }
  }
}

/**
 * The labels of a selector: literal, and some.
 * @param field the selector's field that holds them
 */
export function* checkSelector(selector: Value, field: 'matchLabels' | 'labels'): Problems {
  if (!given(selector)) return;
  const labels = at(selector, field);
  for (const entry of entries(labels)) {
    const key = keyText(entry);
    if (key === '') {
      yield {
        place: { node: entry.key },
        what: 'a label of the selector has an empty key',
        todo: 'write the key, or remove the entry',
      };
    }
    for (const node of [entry.key, entry.value]) {
      if (text(node)?.includes('*') !== true) continue;
      yield {
        place: { node },
        what: `${shown(text(node) ?? '')} has a wildcard`,
        todo: 'write the whole label: selectors compare literally',
      };
    }
  }
  if (isEmptyMap(labels)) {
    yield {
      place: placeOf(selector),
      what: 'the selector names no labels',
      effect: 'it selects all workloads, as none at all would',
      todo: 'name the labels of the workloads that are meant, or remove the selector',
    };
  }
}

/** What a policy can attach to (pkg/config/validation `validatePolicyTargetReferences`), as `group/kind`. */
const TARGETS = new Set([
  '/Service',
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);

/** The selector and targets of a policy. That they exclude each other is the API server's to say. */
export function* checkPolicyTargets(spec: Value): Problems {
  yield* checkSelector(at(spec, 'selector'), 'matchLabels');
  for (const target of [at(spec, 'targetRef'), ...items(at(spec, 'targetRefs'))]) {
    const kindNode = at(target, 'kind');
    const group = wordAt(at(target, 'group'), '');
    const kind = text(kindNode);
    if (kindNode === undefined || kind === undefined || group === undefined || TARGETS.has(`${group}/${kind}`)) continue;
    const right = [...TARGETS].find((one) => one.endsWith(`/${kind}`))?.split('/')[0];
    const wrongGroup = right !== undefined && given(at(target, 'group')) ? at(target, 'group') : undefined;
    yield {
      place: placeOf(wrongGroup ?? kindNode),
      what: `a policy cannot attach to a ${kind}${group === '' ? ' of the core group' : ` of group ${shown(group)}`}`,
      todo:
        right === undefined
          ? 'name a Service, a ServiceEntry, a Gateway or a GatewayClass'
          : `set group to ${right === '' ? '""' : right}, which has the ${kind} that is meant`,
      ...(wrongGroup !== undefined && right !== '' && right !== undefined && group !== '' ? { instead: right } : {}),
    };
  }
}

/** A regular expression of RE2 that Envoy takes. */
export function* checkExpression(node: Value, allowEmpty = false): Problems {
  const expression = text(node);
  if (expression === undefined || node === undefined) return;
  const place = placeOf(node);
  if (expression === '') {
    if (!allowEmpty) yield { place, what: 'the regular expression is empty', todo: 'write one, or match otherwise' };
    return;
  }
  if (expression.length > LONGEST_EXPRESSION) {
    yield {
      place,
      what: `the regular expression has more than ${LONGEST_EXPRESSION} characters`,
      todo: 'shorten it, or spread it over several matches',
    };
    return;
  }
  const fault = expressionFault(expression);
  if (fault !== undefined) {
    yield { place, what: `the regular expression ${shown(expression)} ${fault}`, todo: 'write one in the syntax of RE2' };
  }
}

interface ExportOptions {
  /** `~`, no namespace at all, is allowed. */
  readonly none?: boolean;
  /** No other than the resource's own is allowed: for a DestinationRule that selects workloads. */
  readonly onlyOwn?: boolean;
}

/** The namespace that a resource names; whoever applies it chooses where it names none. */
export function ownNamespace({ header }: Resource): string | undefined {
  return header.namespace.is === 'known' ? header.namespace.value : undefined;
}

/** The namespaces that see a resource. */
export function* checkExportTo(node: Value, resource: Resource, options: ExportOptions = {}): Problems {
  const namespace = ownNamespace(resource);
  const seen = new Map<string, YamlNode>();
  for (const { node: item, value } of texts(node)) {
    const known = value === '.' || value === '*' || (options.none === true && value === '~');
    if (!known && !isDnsLabel(value)) {
      const tilde = value === '~' ? 'only a ServiceEntry can be hidden by "~"' : `${shown(value)} is no namespace`;
      yield { place: placeOf(item), what: tilde, todo: 'write the name of a namespace, "." for the own one, or "*" for all' };
      continue;
    }
    if (options.onlyOwn === true && (value === '*' || (value !== '.' && namespace !== undefined && value !== namespace))) {
      yield {
        place: placeOf(item),
        what: 'a DestinationRule that selects workloads cannot be exported to another namespace',
        todo: 'write ".", or remove the workloadSelector',
      };
    }
    const name = value === '.' && namespace !== undefined ? namespace : value;
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, item);
      continue;
    }
    yield {
      place: placeOf(item),
      what: `${shown(value)} is there twice`,
      todo: 'remove one of them',
      related: [{ place: placeOf(first), message: 'The same namespace is here first' }],
    };
  }
  if (items(node).length < 2) return;
  for (const alone of ['*', '~']) {
    const item = seen.get(alone);
    if (item === undefined || (alone === '~' && options.none !== true)) continue;
    yield {
      place: placeOf(item),
      what:
        alone === '*'
          ? '"*" means all namespaces, and others are named beside it'
          : '"~" means no namespace, and others are named beside it',
      todo: 'keep it alone, or remove it',
    };
  }
}

/** A Go bool, as `strconv.ParseBool` takes it. */
const BOOLS = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;
const DRY_RUN = 'istio.io/dry-run';
/** What only istiod itself may write. */
const INTERNAL = ['webhook-always-reject', 'parents', 'parent-namespace'].map((name) => `internal.istio.io/${name}`);

/** The annotations that the webhook reads on every kind. */
export function* checkAnnotations(resource: Resource): Problems {
  const annotations = resource.at('metadata', 'annotations');
  for (const entry of entries(annotations)) {
    const key = keyText(entry);
    if (INTERNAL.includes(key)) {
      yield { place: { node: entry.key }, what: `the annotation ${key} is for istiod itself`, todo: 'remove it' };
    } else if (key === DRY_RUN) {
      const action = wordAt(resource.at('spec', 'action'), 'ALLOW');
      if (resource.header.kind !== 'AuthorizationPolicy' || (action !== undefined && !['ALLOW', 'DENY'].includes(action))) {
        yield {
          place: { node: entry.key },
          what: `the annotation ${DRY_RUN} is for AuthorizationPolicies with action ALLOW or DENY alone`,
          todo: 'remove it',
        };
      } else if (text(entry.value) !== undefined && !BOOLS.test(text(entry.value) ?? '')) {
        yield {
          place: placeOf(entry.value),
          what: `${shown(text(entry.value) ?? '')} is neither true nor false`,
          todo: 'write "true" or "false"',
        };
      }
    }
  }
}

/** Items of a list that differ in what `name` gives; the later one of a pair is reported. */
export function* checkDistinct(
  nodes: readonly YamlNode[],
  name: (node: YamlNode) => Value,
  problem: (value: string) => Pick<Problem, 'what' | 'todo'>,
): Problems {
  const seen = new Map<string, YamlNode>();
  for (const node of nodes) {
    const own = name(node);
    if (own?.type !== 'scalar' || !filled(own)) continue;
    const value = String(own.value);
    const first = seen.get(value);
    if (first === undefined) seen.set(value, own);
    else
      yield {
        place: placeOf(own),
        ...problem(value),
        related: [{ place: placeOf(first), message: `${shown(value)} is here first` }],
      };
  }
}

/** A list that must not be empty. */
export function* checkSome(parent: YamlNode, field: string, what: string, todo: string): Problems {
  const list = at(parent, field);
  if (isWhole(list) && items(list).length === 0 && (list === undefined || list.type === 'sequence')) {
    yield { place: placeOfKey(parent, field), what, todo };
  }
}
