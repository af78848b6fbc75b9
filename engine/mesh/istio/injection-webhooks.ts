import { matchesSelector } from '../../resources/label-selector';
import type { Answer } from '../../resources/labels';
import type { Resource } from '../../resources/resource';
import { absent, known } from '../../tristate';
import { isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';

/** The kind whose webhooks inject. */
export const MUTATING = 'MutatingWebhookConfiguration.admissionregistration.k8s.io';

/** One webhook of Istio's injector. */
export interface InjectionWebhook {
  readonly configuration: Resource;
  /** The item of `webhooks`. */
  readonly node: YamlNode;
  readonly name: string;
}

/** Two webhooks that both match some pod. */
export interface WebhookOverlap {
  readonly other: InjectionWebhook;
  /** A namespace and a pod that both match, as a clause that follows "a pod". */
  readonly pod: string;
}

type LabelSet = ReadonlyMap<string, string>;

const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';
const INJECT = 'sidecar.istio.io/inject';
const INJECTOR = 'istio';

/**
 * The webhooks of a configuration, if one of them is Istio's: by its name, which ends in `istio.io`, or by a selector that asks for a
 * revision (istio/istio pkg/config/analysis/analyzers/webhook/webhook.go, 1.32 development).
 */
export function injectionWebhooks(configuration: Resource): readonly InjectionWebhook[] {
  const webhooks = itemsOf(configuration.at('webhooks')).flatMap((node): InjectionWebhook[] => {
    const name = stringOf(lookup(node, 'name'));
    return name === undefined ? [] : [{ configuration, node, name }];
  });
  const isIstios = webhooks.some(({ name, node }) => name.endsWith('istio.io') || revisionsIn(node).length > 0);
  return isIstios ? webhooks : [];
}

/**
 * The other webhooks of an environment that match a pod which this one matches as well: the injector is then called twice. Selectors are
 * tried on all namespaces and pods that differ in Istio's own labels; whatever a template hides matches nothing for sure. Alternatives that
 * define one configuration are not compared, nor are configurations whose names are hidden.
 */
export function overlapsOf(webhook: InjectionWebhook, view: MeshView): readonly WebhookOverlap[] {
  const configurations = view.index.grouped('istio.injectionWebhooks', [MUTATING], (configuration) =>
    injectionWebhooks(configuration).length > 0 ? [INJECTOR] : [],
  );
  const { configuration } = webhook;
  const others = configurations
    .get(INJECTOR)
    .filter((other) => other === configuration || (other.key ?? configuration.key) !== configuration.key)
    .flatMap((other) => injectionWebhooks(other))
    .filter(({ node }) => node !== webhook.node);
  return others.flatMap((other) => {
    const pod = commonPod(webhook.node, other.node);
    return pod === undefined ? [] : [{ other, pod }];
  });
}

function commonPod(one: YamlNode, other: YamlNode): string | undefined {
  // Conditions in CEL may tell apart what selectors do not.
  if ([one, other].some((webhook) => isSet(lookup(webhook, 'matchConditions')))) return undefined;
  const revisions = [...new Set([...revisionsIn(one), ...revisionsIn(other)])];
  for (const namespace of labelSets(INJECTION, ['enabled', 'disabled'], revisions)) {
    if (!matchesBoth(one, other, 'namespaceSelector', namespace)) continue;
    for (const pod of labelSets(INJECT, ['true', 'false'], revisions)) {
      if (matchesBoth(one, other, 'objectSelector', pod)) return `with ${shown(pod)} in a namespace with ${shown(namespace)}`;
    }
  }
  return undefined;
}

function matchesBoth(one: YamlNode, other: YamlNode, selector: string, labels: LabelSet): boolean {
  return [one, other].every((webhook) => selectorMatches(lookup(webhook, selector), labels) === 'yes');
}

/** Nothing, each value of the one label, and each revision with and without it. */
function labelSets(key: string, values: readonly string[], revisions: readonly string[]): readonly LabelSet[] {
  const firsts: (readonly [string, string][])[] = [[], ...values.map((value): [string, string][] => [[key, value]])];
  const seconds: (readonly [string, string][])[] = [[], ...revisions.map((value): [string, string][] => [[REVISION, value]])];
  return firsts.flatMap((first) => seconds.map((second) => new Map([...first, ...second])));
}

function shown(labels: LabelSet): string {
  return labels.size === 0 ? 'no label of Istio' : [...labels].map(([key, value]) => `${key}=${value}`).join(' and ');
}

/** The revisions that the selectors of a webhook name. */
function revisionsIn(webhook: YamlNode): string[] {
  return ['namespaceSelector', 'objectSelector'].flatMap((field) => {
    const selector = lookup(webhook, field);
    const plain = stringOf(lookup(selector, 'matchLabels', REVISION));
    const listed = itemsOf(lookup(selector, 'matchExpressions'))
      .filter((expression) => stringOf(lookup(expression, 'key')) === REVISION)
      .flatMap((expression) => itemsOf(lookup(expression, 'values')).flatMap((value) => stringOf(value) ?? []));
    return plain === undefined ? listed : [plain, ...listed];
  });
}

/**
 * Whether a label selector matches a set of labels, as Kubernetes reads it: one that is not set matches everything.
 *
 * @returns unknown where a template hides what decides
 */
export function selectorMatches(selector: YamlNode | undefined, labels: LabelSet): Answer {
  if (!isSet(selector)) return 'yes';
  return matchesSelector(selector, (key) => {
    const value = labels.get(key);
    return value === undefined ? absent : known(value);
  });
}

const VALIDATING = 'ValidatingWebhookConfiguration.admissionregistration.k8s.io';

/** The kinds whose webhooks lead to a control plane. */
export const WEBHOOK_KINDS: readonly string[] = [MUTATING, VALIDATING];

/**
 * The webhooks of a configuration that calls Istio's control plane, told by its name
 * (istio/istio pkg/config/analysis/analyzers/externalcontrolplane/externalcontrolplane.go, 1.32 development); none for others'.
 */
export function controlPlaneWebhooks(configuration: Resource): readonly YamlNode[] {
  const { kind, name = '' } = configuration;
  const isIstios =
    kind === MUTATING
      ? name.startsWith('istio-sidecar-injector')
      : kind === VALIDATING && (name === 'istiod-default-validator' || name.startsWith('istio-validator'));
  return isIstios ? itemsOf(configuration.at('webhooks')).filter(({ type }) => type === 'map') : [];
}
