import { expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { extensionProviders } from './extension-providers';

const PROVIDERS = '[{ name: spans, zipkin: { service: a, port: 9411 } }, { lightstep: {}, name: old }, { name: nothing }]';
const configMap = (mesh: string, name = 'istio'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: istio-system\ndata:\n  mesh: |\n    ${mesh}\n`;
const operator = `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  meshConfig:\n    extensionProviders: ${PROVIDERS}\n`;
const release = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\nspec:\n  chart:\n    spec:\n      chart: istiod\n  values:\n    meshConfig:\n      extensionProviders: ${PROVIDERS}\n`;

it.each([
  ['a ConfigMap', configMap(`extensionProviders: ${PROVIDERS}`), ['zipkin'], ['lightstep']],
  ['a ConfigMap of a revision', configMap(`extensionProviders: ${PROVIDERS}`, 'istio-canary'), ['zipkin'], ['lightstep']],
  ['an IstioOperator', operator, ['zipkin'], ['lightstep']],
  ['the values of the chart', release, ['zipkin'], ['lightstep']],
  ['a ConfigMap of something else', configMap(`extensionProviders: ${PROVIDERS}`, 'mesh'), [], []],
  ['a list that a variable holds', configMap('extensionProviders: "${PROVIDERS}"'), [], []],
  ['no text that can be read', configMap('extensionProviders: ['), [], []],
])('%s', (_title, text, spans, old) => {
  const sorts = (name: string): string[] =>
    ask({ 'a.yaml': text }, (view) => extensionProviders(view, name).map(({ sort }) => sort));
  expect([sorts('spans'), sorts('old'), sorts('nothing'), sorts('other')]).toEqual([spans, old, [], []]);
});
