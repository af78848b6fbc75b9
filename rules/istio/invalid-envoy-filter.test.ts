import { describe, expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-envoy-filter';

const ALWAYS =
  'info: EnvoyFilter | An EnvoyFilter changes configuration that Istio generates and may generate otherwise in the next release.';
/** All but what is said of each of them. */
const says = (spec: string): string[] => {
  const [always, ...others] = refusals(rule, istioDocument('EnvoyFilter', spec));
  expect(always).toBe(ALWAYS);
  return others;
};
const patch = (patch: string): string[] => says(`configPatches: [${patch}]`);
const HCM = 'envoy.filters.network.http_connection_manager';
const ADD = 'patch: { operation: ADD, value: { typed_config: {} } }';
const filter = (applyTo: string, filter: string): string[] =>
  patch(`{ applyTo: ${applyTo}, match: { listener: { filterChain: { filter: ${filter} } } }, ${ADD} }`);

describe('patches', () => {
  it.each([
    [`{ applyTo: CLUSTER, ${ADD} }`, []],
    [`{ ${ADD} }`, ['patch | The patch does not say what it is applied to.']],
    [`{ applyTo: INVALID, ${ADD} }`, ['applyTo | The patch does not say what it is applied to.']],
    ['{ applyTo: CLUSTER }', ['applyTo | The entry has no patch.']],
    ['{ applyTo: CLUSTER, patch: { value: {} } }', ['patch | The patch does not say what it does.']],
    ['{ applyTo: CLUSTER, patch: { operation: MERGE } }', ['MERGE | MERGE has no value.']],
    ['{ applyTo: CLUSTER, patch: { operation: REMOVE } }', []],
    ['{ applyTo: "${WHAT}", patch: { operation: "${HOW}" } }', []],
    ['{ match: { context: WAYPOINT, waypoint: {} } }', []],
    [
      '{ applyTo: HTTP_FILTER, patch: { operation: INSERT_BEFORE, value: { name: a } } }',
      ['warning: value | The filter has no "typed_config".'],
    ],
    ['{ applyTo: HTTP_FILTER, patch: { operation: MERGE, value: { name: a } } }', []],
    ['{ applyTo: NETWORK_FILTER, patch: { operation: INSERT_BEFORE, value: { name: a, config_discovery: {} } } }', []],
    ['{ applyTo: HTTP_FILTER, patch: { operation: ADD, value: "${FILTER}" } }', []],
  ])('%s', (spec, expected) => {
    expect(patch(spec)).toEqual(expected);
  });
});

describe('matches', () => {
  it.each([
    [`{ applyTo: CLUSTER, match: { cluster: {}, proxy: { proxyVersion: '^1\\.28.*' } }, ${ADD} }`, []],
    [`{ applyTo: CLUSTER, match: { listener: {} }, ${ADD} }`, ['listener | A patch of CLUSTER is matched by "listener".']],
    [
      `{ applyTo: LISTENER, match: { routeConfiguration: {} }, ${ADD} }`,
      ['routeConfiguration | A patch of LISTENER is matched by "routeConfiguration".'],
    ],
    [`{ applyTo: VIRTUAL_HOST, match: { cluster: {} }, ${ADD} }`, ['cluster | A patch of VIRTUAL_HOST is matched by "cluster".']],
    [`{ applyTo: BOOTSTRAP, match: { cluster: {} }, ${ADD} }`, []],
    [
      `{ applyTo: CLUSTER, match: { proxy: { proxyVersion: "(" } }, ${ADD} }`,
      ['"(" | The expression for versions, "(", has no closing ")".'],
    ],
    [
      `{ applyTo: LISTENER_FILTER, match: { listener: { listenerFilter: envoy.listener.tls_inspector } }, ${ADD} }`,
      [
        'info: envoy.listener.tls_inspector | "envoy.listener.tls_inspector" is a name that a filter had in old releases of Envoy.',
      ],
    ],
  ])('%s', (spec, expected) => {
    expect(patch(spec)).toEqual(expected);
  });

  it.each([
    ['HTTP_FILTER', `{ name: ${HCM}, subFilter: { name: envoy.filters.http.router } }`, []],
    ['NETWORK_FILTER', `{ name: ${HCM} }`, []],
    ['NETWORK_FILTER', '{}', ['filter | The filter that is matched has no name.']],
    ['LISTENER', `{ name: ${HCM} }`, ['warning: filter | A patch of LISTENER is matched by a filter.']],
    [
      'NETWORK_FILTER',
      `{ name: ${HCM}, subFilter: { name: a } }`,
      ['subFilter | A patch of NETWORK_FILTER is matched by a filter inside a filter.'],
    ],
    [
      'HTTP_FILTER',
      '{ name: envoy.filters.network.tcp_proxy, subFilter: { name: a } }',
      ['envoy.filters.network.tcp_proxy | "envoy.filters.network.tcp_proxy" holds no HTTP filters.'],
    ],
    ['HTTP_FILTER', `{ name: ${HCM}, subFilter: {} }`, ['subFilter | The inner filter that is matched has no name.']],
    [
      'HTTP_FILTER',
      `{ name: ${HCM}, subFilter: { name: envoy.router } }`,
      ['info: envoy.router | "envoy.router" is a name that a filter had in old releases of Envoy.'],
    ],
  ])('%s: %s', (applyTo, spec, expected) => {
    expect(filter(applyTo, spec)).toEqual(expected);
  });
});

describe('selectors', () => {
  it.each([
    ['{ workloadSelector: { labels: { app: a } } }', []],
    ['{ workloadSelector: {} }', ['warning: workloadSelector | The selector names no labels.']],
    ['{ workloadSelector: { labels: { "*": a } } }', ['"*" | "*" has a wildcard.']],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });
});
