import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { policyTarget } from './policy-selector';

const KINDS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
  EnvoyFilter: 'networking.istio.io/v1alpha3',
  Telemetry: 'telemetry.istio.io/v1',
};

function targetOf(kind: string, namespace: string, spec: string, configuration = ''): string {
  const group = KINDS[kind] ?? '';
  const files = {
    ...(configuration === '' ? {} : { '.mesh-lint.yaml': configuration }),
    'policy.yaml': `apiVersion: ${group}\nkind: ${kind}\nmetadata:\n  name: policy\n${namespace}spec: ${spec}\n`,
  };
  return ask(files, (view) => {
    const [policy] = view.ofKind(`${kind}.${group.replace(/\/.*/, '')}`);
    if (policy === undefined) return 'no policy';
    const target = policyTarget(policy, view);
    if (target.is === 'selected') return `selected in ${target.reach}: ${target.selector.keys().join(' ')}`;
    return target.is === 'all' ? `all in ${target.reach}` : target.is;
  });
}

const SHOP = '  namespace: shop\n';
const ROOT = '  namespace: istio-system\n';

describe('policyTarget', () => {
  it.each([
    ['AuthorizationPolicy', SHOP, '{ selector: { matchLabels: { app: cart } } }', 'selected in namespace: app'],
    ['AuthorizationPolicy', ROOT, '{ selector: { matchLabels: { app: cart } } }', 'selected in mesh: app'],
    ['AuthorizationPolicy', SHOP, '{}', 'all in namespace'],
    ['AuthorizationPolicy', '', '{}', 'all in namespace'],
    ['AuthorizationPolicy', ROOT, '{}', 'all in mesh'],
    ['AuthorizationPolicy', SHOP, '{ selector: {} }', 'all in namespace'],
    ['AuthorizationPolicy', SHOP, '{ selector: { matchLabels: {} } }', 'all in namespace'],
    ['AuthorizationPolicy', SHOP, '{ targetRef: { kind: Gateway, name: web } }', 'targets'],
    ['AuthorizationPolicy', SHOP, '{ targetRefs: [{ kind: Gateway, name: web }] }', 'targets'],
    ['AuthorizationPolicy', SHOP, '{ targetRefs: [] }', 'all in namespace'],
    ['AuthorizationPolicy', SHOP, '{ targetRefs: "${TARGETS}" }', 'hidden'],
    ['AuthorizationPolicy', SHOP, '{ selector: "${SELECTOR}" }', 'hidden'],
    ['AuthorizationPolicy', '  namespace: "${NAMESPACE}"\n', '{}', 'hidden'],
    ['Sidecar', SHOP, '{ workloadSelector: { labels: { app: cart } } }', 'selected in namespace: app'],
    ['EnvoyFilter', SHOP, '{ workloadSelector: { labels: { app: cart } } }', 'selected in namespace: app'],
    ['Sidecar', SHOP, '{ selector: { matchLabels: { app: cart } } }', 'all in namespace'],
    ['Telemetry', SHOP, '{ selector: { matchLabels: { app: cart } } }', 'selected in namespace: app'],
  ])('%s, %j, %s', (kind, namespace, spec, expected) => {
    expect(targetOf(kind, namespace, spec)).toBe(expected);
  });

  it('takes the root namespace from the configuration', () => {
    const configuration = 'istio:\n  rootNamespace: shop\n';
    expect(targetOf('Telemetry', SHOP, '{}', configuration)).toBe('all in mesh');
    expect(targetOf('Telemetry', ROOT, '{}', configuration)).toBe('all in namespace');
  });
});
