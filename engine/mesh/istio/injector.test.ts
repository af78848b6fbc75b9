import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { joined, marked, namespace, workload } from '../../../test/support/mesh-samples';

const configMap = (config: string, name = 'istio-sidecar-injector'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: istio-system\ndata:\n  config: |\n${config.replace(/^(?=.)/gm, '    ')}`;
const release = (values: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\nspec:\n  chart:\n    spec:\n      chart: istiod\n  values: ${values}\n`;
const operator = (values: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  values: ${values}\n`;

/** Whether the pods of the first Deployment get a sidecar, and what decides it. */
function sidecar(files: Files): string {
  return ask(files, (view) => {
    const [deployment] = view.ofKind('Deployment.apps');
    const joining = deployment && view.membership(deployment)?.sidecar;
    return `${joining?.joins ?? ''}: ${joining?.reason ?? ''}${joining?.evidence.length === 0 ? '' : ` at ${joining?.evidence.length ?? 0}`}`;
  });
}

const injected = marked('shop', 'labels', 'istio-injection: enabled');
const cart = workload('cart', { in: 'shop' });
const CART = '[{ matchLabels: { app: cart } }]';
const OTHER = '[{ matchLabels: { app: web } }, {}, { matchLabels: {} }]';
const never = (list: string): string => `policy: enabled\nneverInjectSelector: ${list}\n`;
const always = (list: string): string => `policy: disabled\nalwaysInjectSelector: ${list}\n`;
const BY_NAMESPACE = 'yes: Namespace label istio-injection=enabled at 1';
const NEVER = 'no: A neverInjectSelector matches the pod at 1';
const DISABLED = 'no: Injection policy autoInject=disabled, and the pod does not ask for a sidecar';

describe('the injector', () => {
  it.each<[string, readonly string[], string]>([
    ['without settings', [configMap('policy: enabled\n')], BY_NAMESPACE],
    ['that never injects such pods', [configMap(never(CART))], NEVER],
    ['of a revision that never injects such pods', [configMap(never(CART), 'istio-sidecar-injector-canary')], NEVER],
    ['that never injects others', [configMap(never(OTHER))], BY_NAMESPACE],
    ['of something else', [configMap(never(CART), 'linkerd-config')], BY_NAMESPACE],
    ['that is told so by values', [release(`{ sidecarInjectorWebhook: { neverInjectSelector: ${CART} } }`)], NEVER],
    ['that is told so by an operator', [operator(`{ sidecarInjectorWebhook: { neverInjectSelector: ${CART} } }`)], NEVER],
    ['with an expression', [configMap(never('[{ matchExpressions: [{ key: app, operator: Exists }] }]'))], NEVER],
    [
      'with a selector that a variable hides',
      [operator('{ sidecarInjectorWebhook: { neverInjectSelector: "${NEVER}" } }')],
      'unknown: The match of neverInjectSelector is unknown at 1',
    ],
    [
      'of which only one never injects such pods',
      [configMap(never(CART)), configMap(never(OTHER), 'istio-sidecar-injector-canary')],
      'unknown: The match of neverInjectSelector is unknown at 2',
    ],
    ['that is off', [configMap('policy: disabled\n')], DISABLED],
    ['that is off by values', [release('{ global: { proxy: { autoInject: disabled } } }')], DISABLED],
    ['that is off, and always injects such pods', [configMap(always(CART))], 'yes: An alwaysInjectSelector matches the pod at 1'],
    ['that is off, and always injects others', [configMap(always(OTHER))], DISABLED],
    [
      'that is on in one place and off in another',
      [configMap('policy: disabled\n'), release('{ global: { proxy: { autoInject: enabled } } }')],
      'unknown: The injection policy is unknown',
    ],
    ['whose values a template hides', [release('"{{ values }}"')], BY_NAMESPACE],
    [
      'whose templates hide its settings from us',
      [
        configMap(
          `${never(CART)}templates:\n  sidecar: |\n    metadata:\n      labels: {{ toJson .ObjectMeta.Labels }}\n    {{- if .Values.x }}\n    spec: {}\n    {{- end }}\n`,
        ),
      ],
      BY_NAMESPACE,
    ],
  ])('%s', (_, documents, expected) => {
    expect(sidecar({ 'a.yaml': joined(injected, cart), 'mesh.yaml': joined(...documents) })).toBe(expected);
  });

  it('does not overrule what a pod says', () => {
    const asks = workload('cart', { in: 'shop', label: 'sidecar.istio.io/inject: "true"' });
    expect(sidecar({ 'a.yaml': joined(injected, asks), 'mesh.yaml': configMap(never(CART)) })).toMatch(/^yes/);
  });

  it('is asked of pods that a webhook matches alone', () => {
    expect(sidecar({ 'a.yaml': joined(namespace('shop'), cart), 'mesh.yaml': configMap(always(CART)) })).toMatch(/^no: Neither/);
  });

  it('has the policy of the configuration', () => {
    const files = {
      '.mesh-lint.yaml': 'istio:\n  autoInject: enabled\n',
      'a.yaml': joined(injected, cart),
      'mesh.yaml': configMap('policy: disabled\n'),
    };
    expect(sidecar(files)).toBe(BY_NAMESPACE);
  });
});
