import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { joined, marked, workload } from '../../../test/support/mesh-samples';

const release = (chart: string, values: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${chart}\nspec:\n  chart:\n    spec:\n      chart: ${chart}\n  values: ${values}\n`;
const operator = (values: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  values: ${values}\n`;
const cart = workload('cart', { in: 'shop' });

describe('the CNI agent', () => {
  const cni = (values: string): string => release('cni', values);
  const ambient = (files: Files): string =>
    ask(files, (view) => {
      const [deployment] = view.ofKind('Deployment.apps');
      const joining = deployment && view.membership(deployment)?.ambient;
      return `${joining?.joins ?? ''} ${joining?.basis ?? ''}: ${joining?.reason ?? ''}`;
    });
  const IN = 'yes assumed: Namespace label istio.io/dataplane-mode=ambient';
  it.each<[string, string, string]>([
    [
      'that excludes the namespace',
      cni('{ excludeNamespaces: [kube-system, shop] }'),
      "no shown: Istio's CNI excludes namespace shop",
    ],
    ['that excludes others', cni('{ excludeNamespaces: [kube-system] }'), IN],
    ['that says nothing of it', cni('{}'), IN],
    ['of an operator', operator('{ cni: { excludeNamespaces: [shop] } }'), "no shown: Istio's CNI excludes namespace shop"],
    ['whose list a variable hides', operator('{ cni: { excludeNamespaces: "${LIST}" } }'), IN],
    [
      'of which there are two',
      joined(cni('{ excludeNamespaces: [shop] }'), operator('{ cni: { excludeNamespaces: [pay] } }')),
      IN,
    ],
    ['of another chart', release('istiod', '{ excludeNamespaces: [shop] }'), IN],
  ])('%s', (_, mesh, expected) => {
    const files = { 'a.yaml': joined(marked('shop', 'labels', 'istio.io/dataplane-mode: ambient'), cart), 'mesh.yaml': mesh };
    expect(ambient(files)).toBe(expected);
  });

  const selecting = (list: string): string => cni(`{ ambient: { enablementSelectors: ${list} } }`);
  const YES = "yes assumed: The CNI agent's enablementSelectors match the pod";
  const NO = "no shown: The CNI agent's enablementSelectors do not match the pod";
  it.each<[string, string, string]>([
    ['that selects pods by a label', selecting('[{ podSelector: { matchLabels: { app: cart } } }]'), YES],
    ['that selects other pods', selecting('[{ podSelector: { matchLabels: { app: web } } }]'), NO],
    [
      'that selects Namespaces by a label',
      selecting('[{ namespaceSelector: { matchLabels: { istio.io/dataplane-mode: ambient } } }]'),
      YES,
    ],
    ['that selects other Namespaces', selecting('[{ namespaceSelector: { matchLabels: { mesh: "on" } } }]'), NO],
    [
      'that selects both',
      selecting(
        '[{ podSelector: { matchLabels: { app: web } } }, { podSelector: { matchLabels: { app: cart } }, namespaceSelector: { matchExpressions: [{ key: mesh, operator: DoesNotExist }] } }]',
      ),
      YES,
    ],
    [
      'that selects pods of other Namespaces',
      selecting('[{ podSelector: { matchLabels: { app: cart } }, namespaceSelector: { matchLabels: { mesh: "on" } } }]'),
      NO,
    ],
    ['that selects everything', selecting('[{}]'), YES],
    ['that selects nothing', selecting('[]'), NO],
    [
      'whose selectors a variable hides',
      operator('{ cni: { ambient: { enablementSelectors: "${LIST}" } } }'),
      "unknown shown: The match of the CNI agent's enablementSelectors is unknown",
    ],
  ])('%s', (_, mesh, expected) => {
    const files = { 'a.yaml': joined(marked('shop', 'labels', 'istio.io/dataplane-mode: ambient'), cart), 'mesh.yaml': mesh };
    expect(ambient(files)).toBe(expected);
  });
});
