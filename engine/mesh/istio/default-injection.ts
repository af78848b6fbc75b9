import type { Resource } from '../../resources/resource';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { booleanOf, isSet, lookup } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { helmValue } from '../helm-references';
import { valuesInText } from '../helm/values';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';

/** Whether the injector takes namespaces without a label, and where a manifest says so. */
export interface DefaultInjection {
  /** Absent: neither the configuration nor a manifest says anything. */
  readonly value: Tristate<boolean>;
  /** Undefined where the configuration says it, and where nothing does. */
  readonly place: YamlNode | undefined;
}

const SETTING = ['sidecarInjectorWebhook', 'enableNamespacesByDefault'];
const INJECTOR = 'istio-sidecar-injector';
const NOT_SAID: DefaultInjection = { value: absent, place: undefined };

/**
 * Whether Istio injects into namespaces without a label (`enableNamespacesByDefault`): as configured, else as the environment's
 * installations say: the values of the chart `istiod` or of an IstioOperator, or the ConfigMap that either makes, `istio-sidecar-injector`
 * with a revision behind it or not (istio/istio manifests/charts/istio-control/istio-discovery, 1.32 development). One that turns it on is
 * enough. A memoised query.
 */
export function defaultInjection(view: MeshView): DefaultInjection {
  const query = view.extension('istio.defaultInjection', (graph) => graph.computed('istio.defaultInjection', () => find(view)));
  return query.get();
}

function find(view: MeshView): DefaultInjection {
  const configured = view.configuration().istio.enableNamespacesByDefault;
  if (configured !== undefined) return { value: known(configured), place: undefined };
  const said = [...inConfigMaps(view), ...inOperators(view), ...inCharts(view)].flatMap((node) =>
    isSet(node) ? [stateOf(node)] : [],
  );
  return (
    said.find(({ value }) => value.is === 'known' && value.value) ??
    said.find(({ value }) => value.is === 'unknown') ??
    said[0] ??
    NOT_SAID
  );
}

function stateOf(place: YamlNode): DefaultInjection {
  const value = booleanOf(place);
  return { value: value === undefined ? unknown : known(value), place };
}

function inConfigMaps(view: MeshView): (YamlNode | undefined)[] {
  const maps = view.index.grouped('istio.injectorConfigMaps', ['ConfigMap'], (map) => (isInjectors(map) ? [INJECTOR] : []));
  return maps.get(INJECTOR).map((map) => lookup(valuesInText(map.at('data', 'values')), ...SETTING));
}

function isInjectors({ name }: Resource): boolean {
  return name === INJECTOR || name?.startsWith(`${INJECTOR}-`) === true;
}

function inOperators(view: MeshView): (YamlNode | undefined)[] {
  return view.ofKind('IstioOperator.install.istio.io').map((operator) => operator.at('spec', 'values', ...SETTING));
}

function inCharts(view: MeshView): (YamlNode | undefined)[] {
  return installedCharts(view).flatMap(([, reference]) =>
    /(?:^|\/)istiod$/.test(reference.chart?.text ?? '') ? [helmValue(reference, ...SETTING)] : [],
  );
}
