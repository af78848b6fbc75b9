import { matchesSelector } from '../../resources/label-selector';
import type { Answer, Labels } from '../../resources/labels';
import type { Resource } from '../../resources/resource';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { valuesInText } from '../helm/values';
import { tristateOf } from '../namespaces';
import type { MeshView } from '../view';
import { installationValues, isWritten } from './istiod-values';

const INJECTOR = 'istio-sidecar-injector';

/** What the injectors of an environment are told of pods that do not ask for a sidecar or refuse one themselves. */
export interface InjectorSettings {
  /** `policy`, or the chart's `global.proxy.autoInject`. Absent: nothing says it, and it is `enabled`. */
  readonly policy: Tristate<string>;
  /** The lists of label selectors, one for each place that sets one. */
  readonly neverInject: readonly YamlNode[];
  readonly alwaysInject: readonly YamlNode[];
}

/**
 * The injector's settings: in the ConfigMap `istio-sidecar-injector`, with a revision behind it or not, in an IstioOperator, or in the values of
 * the chart `istiod` that makes it (istio/istio manifests/charts/istio-control/istio-discovery/templates/istiod-injector-configmap.yaml, 1.32
 * development). The configuration overrules the policy. A memoised query.
 */
export function injectorSettings(view: MeshView): InjectorSettings {
  const query = view.extension('istio.injector', (graph) => graph.computed('istio.injector', () => find(view)));
  return query.get();
}

function find(view: MeshView): InjectorSettings {
  const configs = injectorConfigMaps(view).flatMap((map) => valuesInText(map.at('data', 'config')) ?? []);
  const said = (field: string, ...path: readonly string[]): readonly YamlNode[] => [
    // The templates in a ConfigMap's text are Go's, as those of a chart: they hide what they stand in, and need not hide a setting.
    ...configs.flatMap((config) => lookup(config, field) ?? []).filter((node) => isSet(node) && isWritten(node, field)),
    ...installationValues(view, 'istiod', ...path).filter((node) => isSet(node) && isWritten(node, ...path)),
  ];
  const configured = view.configuration().istio.autoInject;
  return {
    policy: configured === undefined ? agreed(said('policy', 'global', 'proxy', 'autoInject')) : known(configured),
    neverInject: said('neverInjectSelector', 'sidecarInjectorWebhook', 'neverInjectSelector'),
    alwaysInject: said('alwaysInjectSelector', 'sidecarInjectorWebhook', 'alwaysInjectSelector'),
  };
}

/** The ConfigMaps of the injectors, of whatever revision. */
export function injectorConfigMaps(view: MeshView): readonly Resource[] {
  const maps = view.index.grouped('istio.injectorConfigMaps', ['ConfigMap'], (map) => (isInjectors(map) ? [INJECTOR] : []));
  return maps.get(INJECTOR);
}

function isInjectors({ name }: Resource): boolean {
  return name === INJECTOR || name?.startsWith(`${INJECTOR}-`) === true;
}

function agreed(nodes: readonly YamlNode[]): Tristate<string> {
  const [text, ...others] = new Set(nodes.map(stringOf));
  if (nodes.length === 0) return absent;
  return text === undefined || others.length > 0 ? unknown : known(text);
}

/**
 * Whether one of a list's selectors matches a pod: one without any requirement is passed over (istio/istio pkg/kube/inject/inject.go
 * injectRequired, 1.32 development). Where several places set a list, the injectors may differ.
 *
 * @returns absent where there is no list
 */
export function someSelectorMatches(lists: readonly YamlNode[], labels: Labels): Tristate<boolean> {
  if (lists.length === 0) return absent;
  const [answer, ...others] = new Set(lists.map((list) => matchIn(list, labels)));
  return others.length > 0 || answer === undefined || answer === 'unknown' ? unknown : known(answer === 'yes');
}

function matchIn(list: YamlNode, labels: Labels): Answer {
  const answers = itemsOf(list).map((selector): Answer =>
    isEmpty(selector) ? 'no' : matchesSelector(selector, (key) => tristateOf(labels.get(key))),
  );
  if (answers.includes('yes')) return 'yes';
  const isHidden = list.type === 'unknown' || (list.type === 'sequence' && list.open);
  return isHidden || answers.includes('unknown') ? 'unknown' : 'no';
}

function isEmpty(selector: YamlNode): boolean {
  if (selector.type !== 'map' || selector.open) return false;
  const [labels, expressions] = [lookup(selector, 'matchLabels'), lookup(selector, 'matchExpressions')];
  const isOpen = [labels, expressions].some(
    (node) => node?.type === 'unknown' || ((node?.type === 'map' || node?.type === 'sequence') && node.open),
  );
  return !isOpen && entriesOf(labels).length === 0 && itemsOf(expressions).length === 0;
}
