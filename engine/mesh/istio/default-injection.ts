import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { booleanOf, isSet, lookup } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { valuesInText } from '../helm/values';
import type { MeshView } from '../view';
import { injectorConfigMaps } from './injector';
import { installationValues } from './istiod-values';

/** Whether the injector takes namespaces without a label, and where a manifest says so. */
export interface DefaultInjection {
  /** Absent: neither the configuration nor a manifest says anything. */
  readonly value: Tristate<boolean>;
  /** Undefined where the configuration says it, and where nothing does. */
  readonly place: YamlNode | undefined;
}

const SETTING = ['sidecarInjectorWebhook', 'enableNamespacesByDefault'];
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
  const said = [...inConfigMaps(view), ...installationValues(view, 'istiod', ...SETTING)].flatMap((node) =>
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
  return injectorConfigMaps(view).map((map) => lookup(valuesInText(map.at('data', 'values')), ...SETTING));
}
