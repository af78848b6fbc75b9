import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { defaultInjection } from './default-injection';

const configMap = (values: string, name = 'istio-sidecar-injector'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: istio-system\ndata:\n  values: |\n    ${values}\n`;
const on = '{ "sidecarInjectorWebhook": { "enableNamespacesByDefault": true } }';
const off = on.replace('true', 'false');
const operator = (value: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  values:\n    sidecarInjectorWebhook:\n      enableNamespacesByDefault: ${value}\n`;
const release = (chart: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\nspec:\n  chart:\n    spec:\n      chart: ${chart}\n  values: ${on}\n`;

describe('defaultInjection', () => {
  it.each([
    ['nothing', {}, 'absent', false],
    ['the ConfigMap of the injector', { 'a.yaml': configMap(on) }, true, true],
    ['one of a revision', { 'a.yaml': configMap(on, 'istio-sidecar-injector-canary') }, true, true],
    ['one that turns it off', { 'a.yaml': configMap(off) }, false, true],
    ['one that does not say', { 'a.yaml': configMap('{}') }, 'absent', false],
    ['one of something else', { 'a.yaml': configMap(on, 'sidecar-injector') }, 'absent', false],
    ['text that is no YAML', { 'a.yaml': configMap('{ "sidecarInjectorWebhook": [') }, 'absent', false],
    ['an IstioOperator', { 'a.yaml': operator('true') }, true, true],
    ['a variable', { 'a.yaml': operator('"${BY_DEFAULT}"') }, 'unknown', true],
    ['the values of the chart', { 'a.yaml': release('istiod') }, true, true],
    ['the values of another chart', { 'a.yaml': release('gateway') }, 'absent', false],
    [
      'any that turns it on',
      { 'a.yaml': configMap(off), 'b.yaml': operator('"${BY_DEFAULT}"'), 'c.yaml': release('istiod') },
      true,
      true,
    ],
    [
      'the configuration first',
      { 'a.yaml': configMap(on), '.mesh-lint.yaml': 'istio:\n  enableNamespacesByDefault: false\n' },
      false,
      false,
    ],
  ])('%s', (_title, files, expected, isShown) => {
    const { value, place } = ask(files, defaultInjection);
    expect([value.is === 'known' ? value.value : value.is, place !== undefined]).toEqual([expected, isShown]);
  });

  it('decides on pods in namespaces without a label', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart\n  namespace: probe\nspec:\n  containers: [{ name: a, image: a }]\n';
    const joins = (files: Readonly<Record<string, string>>): unknown =>
      ask({ 'pod.yaml': pod, ...files }, (view) => view.ofKind('Pod').map((it) => view.membership(it)?.sidecar.joins));
    expect(joins({})).toEqual(['no']);
    expect(joins({ 'a.yaml': configMap(on) })).toEqual(['yes']);
    expect(joins({ 'a.yaml': operator('"${BY_DEFAULT}"') })).toEqual(['unknown']);
  });
});
