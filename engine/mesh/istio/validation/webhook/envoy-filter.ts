import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, entries, filled, given, items, keyText, missing, text, unset, wordAt } from '../read';
import type { Value } from '../read';
import { LONGEST_EXPRESSION, expressionFault } from '../values/re2';
import { checkAnnotations, checkPolicyTargets, checkSelector, shown } from './common';
import type { Problems } from './common';

const HTTP_CONNECTION_MANAGER = 'envoy.filters.network.http_connection_manager';

/**
 * Names that old releases of Envoy had for filters, with those of today. That Istio's webhook warns of deprecated names is known
 * (pkg/config/validation/envoyfilter, 1.32 development), and so are the names of today (istio/api networking/v1alpha3/envoy_filter.proto,
 * v1.31.1; docs.cilium.io 1.20, "L7 Traffic Management"). Which release dropped an old one is not: a finding about one is an info.
 */
const OLD_NAMES = new Map([
  ['envoy.ext_authz', 'envoy.filters.http.ext_authz'],
  ['envoy.grpc_web', 'envoy.filters.http.grpc_web'],
  ['envoy.http_connection_manager', HTTP_CONNECTION_MANAGER],
  ['envoy.listener.proxy_protocol', 'envoy.filters.listener.proxy_protocol'],
  ['envoy.listener.tls_inspector', 'envoy.filters.listener.tls_inspector'],
  ['envoy.lua', 'envoy.filters.http.lua'],
  ['envoy.mongo_proxy', 'envoy.filters.network.mongo_proxy'],
  ['envoy.router', 'envoy.filters.http.router'],
  ['envoy.tcp_proxy', 'envoy.filters.network.tcp_proxy'],
]);

/** What each `applyTo` is found by. */
const FOUND_BY = new Map([
  ...['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER', 'LISTENER_FILTER'].map((word) => [word, 'listener'] as const),
  ...['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'].map((word) => [word, 'routeConfiguration'] as const),
  ['CLUSTER', 'cluster'] as const,
]);

/** What istiod's webhook says of an EnvoyFilter, apart from the Envoy configuration in its patches. */
export function* checkEnvoyFilter(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const kind = resource.root?.get('kind');
  if (kind !== undefined) {
    yield {
      place: placeOf(kind),
      what: 'an EnvoyFilter changes configuration that Istio generates and may generate otherwise in the next release',
      effect: 'an upgrade can leave it without effect, or break the traffic of the proxies that it is for',
      todo: "use an API of Istio's where there is one, and test this filter with each upgrade",
      isMinor: true,
    };
  }
  const spec = resource.at('spec');
  yield* checkSelector(at(spec, 'workloadSelector'), 'labels');
  yield* checkPolicyTargets(spec);
  for (const patch of items(at(spec, 'configPatches'))) yield* checkPatch(patch);
}

function* checkPatch(config: YamlNode): Problems {
  const match = at(config, 'match');
  // Istio's own validation leaves patches for waypoints out.
  if (wordAt(at(match, 'context'), 'ANY') === 'WAYPOINT' || config.type !== 'map') return;
  const applyTo = text(at(config, 'applyTo'));
  if (isUnnamed(at(config, 'applyTo'))) {
    yield { place: placeOfKey(config, 'applyTo'), what: 'the patch does not say what it is applied to', todo: 'set applyTo' };
  }
  yield* checkOperation(config);
  yield* checkAddedFilter(at(config, 'patch'), applyTo);
  yield* checkProxyVersion(at(match, 'proxy', 'proxyVersion'));
  yield* checkMatchedClass(match, applyTo);
  yield* checkFilterMatch(at(match, 'listener'), applyTo);
}

/** Whether a word is certainly left out, or the one that protobuf has for it. */
const isUnnamed = (node: Value): boolean => missing(node) || text(node) === 'INVALID';

function* checkOperation(config: YamlNode): Problems {
  const patch = at(config, 'patch');
  if (missing(patch)) {
    if (config.type === 'map' && !config.open)
      yield { place: placeOf(config), what: 'the entry has no patch', todo: 'set patch' };
    return;
  }
  if (!given(patch)) return;
  const operation = at(patch, 'operation');
  if (isUnnamed(operation)) {
    yield { place: placeOfKey(patch, 'operation'), what: 'the patch does not say what it does', todo: 'set operation' };
  } else if (
    operation !== undefined &&
    text(operation) !== undefined &&
    text(operation) !== 'REMOVE' &&
    missing(at(patch, 'value'))
  ) {
    yield { place: placeOf(operation), what: `${text(operation) ?? ''} has no value`, todo: 'set value' };
  }
}

/** Operations after which the value stands there as a filter of its own. */
const PUTS = new Set(['ADD', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST', 'REPLACE']);
/** Where Envoy reads which filter it is: from a message, or from a server that sends one. */
const TYPES = ['typed_config', 'typedConfig', 'config_discovery', 'configDiscovery'];

function* checkAddedFilter(patch: Value, applyTo: string | undefined): Problems {
  const value = at(patch, 'value');
  if ((applyTo !== 'HTTP_FILTER' && applyTo !== 'NETWORK_FILTER') || !PUTS.has(text(at(patch, 'operation')) ?? '')) return;
  if (value?.type !== 'map' || !TYPES.every((field) => missing(at(value, field)))) return;
  yield {
    place: placeOf(value),
    what: 'the filter has no "typed_config"',
    effect: 'Envoy does not know which filter it is, and refuses the configuration',
    todo: 'set typed_config with its "@type"',
  };
}

function* checkProxyVersion(node: Value): Problems {
  const expression = text(node);
  if (node === undefined || expression === undefined || expression === '') return;
  if (expression.length > LONGEST_EXPRESSION) {
    yield {
      place: placeOf(node),
      what: `the expression for versions has more than ${LONGEST_EXPRESSION} characters`,
      effect: 'Istio may refuse it in a later release',
      todo: 'shorten it',
    };
  }
  const fault = expressionFault(expression);
  if (fault !== undefined)
    yield {
      place: placeOf(node),
      what: `the expression for versions, ${shown(expression)}, ${fault}`,
      todo: 'write one in the syntax of RE2',
    };
}

function* checkMatchedClass(match: Value, applyTo: string | undefined): Problems {
  const wanted = FOUND_BY.get(applyTo ?? '');
  if (match === undefined || wanted === undefined) return;
  for (const entry of entries(match)) {
    const by = keyText(entry);
    if (!['listener', 'routeConfiguration', 'cluster'].includes(by) || by === wanted || entry.value.type === 'unknown') continue;
    yield { place: { node: entry.key }, what: `a patch of ${applyTo ?? ''} is matched by "${by}"`, todo: `match by "${wanted}"` };
  }
}

function* checkFilterMatch(listener: Value, applyTo: string | undefined): Problems {
  const filter = at(listener, 'filterChain', 'filter');
  const listenerFilter = at(listener, 'listenerFilter');
  yield* checkName(listenerFilter);
  if (!given(filter)) return;
  const name = at(filter, 'name');
  if (unset(name) && filter.type === 'map' && !filter.open) {
    yield { place: placeOf(filter), what: 'the filter that is matched has no name', todo: 'set name' };
  }
  yield* checkName(name);
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') {
    yield {
      place: placeOf(filter),
      what: `a patch of ${applyTo} is matched by a filter`,
      effect: 'the match on the filter has no effect',
      todo: 'remove it, or apply the patch to NETWORK_FILTER',
    };
  }
  const inner = at(filter, 'subFilter');
  if (!given(inner)) return;
  const outer = text(name);
  if (applyTo !== undefined && applyTo !== 'HTTP_FILTER') {
    yield {
      place: placeOf(inner),
      what: `a patch of ${applyTo} is matched by a filter inside a filter`,
      todo: 'set applyTo to HTTP_FILTER, or remove it',
    };
  } else if (
    outer !== undefined &&
    outer !== '' &&
    outer !== HTTP_CONNECTION_MANAGER &&
    OLD_NAMES.get(outer) !== HTTP_CONNECTION_MANAGER
  ) {
    yield {
      place: placeOf(name ?? inner),
      what: `${shown(outer)} holds no HTTP filters`,
      todo: `write ${HTTP_CONNECTION_MANAGER}`,
    };
  }
  if (unset(at(inner, 'name')) && inner.type === 'map' && !inner.open) {
    yield { place: placeOf(inner), what: 'the inner filter that is matched has no name', todo: 'set name' };
  }
  yield* checkName(at(inner, 'name'));
}

function* checkName(node: Value): Problems {
  const name = text(node);
  const today = name === undefined ? undefined : OLD_NAMES.get(name);
  if (node === undefined || name === undefined || today === undefined || !filled(node)) return;
  yield {
    place: placeOf(node),
    what: `${shown(name)} is a name that a filter had in old releases of Envoy`,
    effect: 'from which release on it finds no filter any more, is not known here',
    todo: `write ${today}`,
    isMinor: true,
    instead: today,
  };
}
