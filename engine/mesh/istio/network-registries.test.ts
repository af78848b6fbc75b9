import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { knownRegistries, namedRegistries, NETWORK_HOLDERS } from './network-registries';

const NETWORKS =
  '{ east: { endpoints: [{ fromRegistry: a }, { fromCidr: 10.0.0.0/8 }] }, west: { endpoints: [{ fromRegistry: b }] } }';
const configMap = (text: string, name = 'istio'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: istio-system\ndata:\n  meshNetworks: |\n    ${text}\n`;
const operator = `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  values:\n    global:\n      multiCluster:\n        clusterName: own\n      meshNetworks: ${NETWORKS}\n`;
const secret = (label: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: remote\n  labels:\n    istio/multiCluster: ${label}\ndata:\n  east: e30=\nstringData:\n  west: "{}"\n`;

describe('namedRegistries', () => {
  it.each([
    ['a ConfigMap', configMap(`{ networks: ${NETWORKS} }`), ['east a', 'west b']],
    ['a ConfigMap of a revision', configMap(`{ networks: ${NETWORKS} }`, 'istio-canary'), ['east a', 'west b']],
    ['a ConfigMap without the outer field, as charts write it', configMap(NETWORKS), ['east a', 'west b']],
    ['an IstioOperator', operator, ['east a', 'west b']],
    ['a ConfigMap of something else', configMap(`{ networks: ${NETWORKS} }`, 'networks'), []],
    ['nothing that can be read', configMap('['), []],
    ['a variable', configMap('{ networks: { east: { endpoints: [{ fromRegistry: "${CLUSTER}" }] } } }'), []],
  ])('%s', (_title, text, expected) => {
    const found = ask({ 'a.yaml': text }, (view) =>
      NETWORK_HOLDERS.flatMap((kind) => view.ofKind(kind)).flatMap((holder) =>
        namedRegistries(holder).map(({ network, registry }) => `${network} ${registry}`),
      ),
    );
    expect(found).toEqual(expected);
  });
});

describe('knownRegistries', () => {
  it.each([
    ['its own', {}, ['Kubernetes', 'Mock', 'External'], false],
    ['the keys of Secrets', { 'a.yaml': secret('"true"') }, ['Kubernetes', 'Mock', 'External', 'east', 'west'], true],
    ['not those of other Secrets', { 'a.yaml': secret('"false"') }, ['Kubernetes', 'Mock', 'External'], false],
    ['the name of the own cluster', { 'a.yaml': operator }, ['Kubernetes', 'Mock', 'External', 'own'], false],
  ])('%s', (_title, files, names, showsRemote) => {
    const found = ask(files, knownRegistries);
    expect([[...found.names], found.showsRemote]).toEqual([names, showsRemote]);
  });
});
