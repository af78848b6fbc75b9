import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { joined } from '../../../test/support/mesh-samples';
import { meshSettings } from './mesh-settings';

const configMap = (mesh: string, name = 'istio'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: istio-system\ndata:\n  mesh: |\n    ${mesh}\n`;
const operator = (mesh: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  meshConfig: ${mesh}\n`;
const release = (mesh: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\nspec:\n  chart:\n    spec:\n      chart: istiod\n  values:\n    meshConfig: ${mesh}\n`;
const application = (parameter: string, value: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: istiod\n  namespace: argocd\nspec:\n  destination: { namespace: istio-system }\n  source:\n    repoURL: https://charts.example\n    chart: istiod\n    helm:\n      parameters:\n        - { name: ${parameter}, value: "${value}" }\n`;

/** Root namespace, trust domain and auto mTLS, with the places that say them. */
function settings(files: Files): string[] {
  return ask(files, (view) =>
    Object.values(meshSettings(view)).map(
      ({ value, places }: { value: { is: string; value?: unknown }; places: readonly unknown[] }) =>
        `${value.is === 'known' ? String(value.value) : value.is}${places.length === 0 ? '' : ` by ${places.length}`}`,
    ),
  );
}

const ALL = '{ rootNamespace: infra, trustDomain: corp.example, enableAutoMtls: false }';
const SHOWN = ['infra by 1', 'corp.example by 1', 'false by 1'];
const NOTHING = ['absent', 'absent', 'absent'];

describe('settings of the mesh', () => {
  it.each<[string, string, string[]]>([
    ['nowhere', configMap('{}'), NOTHING],
    ['in a ConfigMap', configMap(ALL), SHOWN],
    ['in a ConfigMap of a revision', configMap(ALL, 'istio-canary'), SHOWN],
    ['in a ConfigMap of something else', configMap(ALL, 'mesh'), NOTHING],
    ['in an IstioOperator', operator(ALL), SHOWN],
    ['in the values of a release', release(ALL), SHOWN],
    [
      'as a parameter of a chart',
      application('meshConfig.trustDomain', 'corp.example'),
      ['absent', 'corp.example by 1', 'absent'],
    ],
    ['as a flag among the parameters', application('meshConfig.enableAutoMtls', 'false'), ['absent', 'absent', 'false by 1']],
    [
      'by where Istio is installed',
      release('{}').replace('  values:', '  values:\n    global: { istioNamespace: mesh }'),
      ['mesh by 1', 'absent', 'absent'],
    ],
    [
      'rather than by where Istio is installed',
      release(ALL).replace('  values:', '  values:\n    global: { istioNamespace: mesh }'),
      SHOWN,
    ],
    ['empty', configMap('{ rootNamespace: "", trustDomain: null }'), NOTHING],
    [
      'hidden by a variable',
      operator('{ rootNamespace: "${ROOT}", enableAutoMtls: "${AUTO}" }'),
      ['unknown by 1', 'absent', 'unknown by 1'],
    ],
    ['hidden as a whole', configMap('"{{ mesh }}"'), ['unknown by 1', 'unknown by 1', 'unknown by 1']],
    ['hidden in the values of istiod', release('{ trustDomain: "{{ domain }}" }'), ['absent', 'unknown by 1', 'absent']],
    ['hidden with all of the values of istiod', release('"{{ mesh }}"'), NOTHING],
    ['hidden among the parameters', application('meshConfig.trustDomain', '{{ domain }}'), ['absent', 'unknown by 1', 'absent']],
    ['in the values of a chart by another name', release(ALL).replaceAll('istiod', 'our-mesh'), SHOWN],
    ['twice alike', joined(operator(ALL), configMap(ALL)), ['infra by 2', 'corp.example by 2', 'false by 2']],
    ['in one of two', joined(operator('{}'), configMap(ALL)), SHOWN],
    [
      'in two ways',
      joined(operator('{ rootNamespace: a, enableAutoMtls: true }'), configMap(ALL)),
      ['unknown by 2', 'corp.example by 1', 'unknown by 2'],
    ],
  ])('%s', (_, text, expected) => {
    expect(settings({ 'a.yaml': text })).toEqual(expected);
  });

  it('as configured, whatever manifests say', () => {
    const files = {
      '.mesh-lint.yaml': 'istio:\n  rootNamespace: own\n  trustDomain: own.example\n  enableAutoMtls: true\n',
      'a.yaml': configMap(ALL),
    };
    expect(settings(files)).toEqual(['own', 'own.example', 'true']);
  });

  it('tell the view which namespace is the root', () => {
    expect(ask({ 'a.yaml': operator(ALL) }, (view) => view.rootNamespace())).toEqual({ is: 'known', value: 'infra' });
    expect(ask({ 'a.yaml': operator('{}') }, (view) => view.rootNamespace())).toEqual({ is: 'absent' });
  });
});
