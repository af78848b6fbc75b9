import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { controlPlaneParts, istioVersion, parseVersion } from './control-plane';

const istiod = (image: string, namespace = 'istio-system'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\n  namespace: ${namespace}\nspec:\n  template:\n    metadata:\n      labels:\n        app: istiod\n    spec:\n      containers:\n        - name: discovery\n          image: ${image}\n`;
const release = (version: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\n  namespace: flux-system\nspec:\n  targetNamespace: mesh\n  chart:\n    spec:\n      chart: istiod\n      version: "${version}"\n`;
const application =
  'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: istiod\n  namespace: argocd\nspec:\n  destination:\n    namespace: istio-system\n  source:\n    chart: istiod\n    targetRevision: 1.27.1\n';
const operator =
  'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\n  namespace: istio-operator\nspec:\n  namespace: istio-system\n  tag: 1.19.0\n';

describe('controlPlaneParts', () => {
  it('says where istiod runs, which is not where a release of its chart stands', () => {
    const files = {
      'a.yaml': istiod('istio/pilot:1.28.0'),
      'b.yaml': operator,
      'c.yaml': release('1.28.x'),
      'd.yaml': application,
    };
    expect(ask(files, (view) => controlPlaneParts(view).map(({ namespace, version }) => [namespace, version]))).toEqual([
      ['istio-system', '1.28.0'],
      ['istio-system', '1.19.0'],
      ['mesh', '1.28.x'],
      ['istio-system', '1.27.1'],
    ]);
  });

  it('is empty where nothing is installed', () => {
    expect(ask({}, controlPlaneParts)).toEqual([]);
  });
});

describe('istioVersion', () => {
  it.each([
    ['nothing', {}, undefined],
    ['an image', { 'a.yaml': istiod('docker.io/istio/pilot:1.23.1-distroless') }, { major: 1, minor: 23 }],
    [
      'an image of a registry with a port, by digest too',
      { 'a.yaml': istiod('r:5000/pilot:1.23.1@sha256:0a') },
      { major: 1, minor: 23 },
    ],
    ['a digest alone', { 'a.yaml': istiod('r:5000/istio/pilot@sha256:0a') }, undefined],
    [
      'a label beside a digest',
      {
        'a.yaml': istiod('r:5000/istio/pilot@sha256:0a').replace(
          'spec:',
          '  labels:\n    app.kubernetes.io/version: 1.27.3\nspec:',
        ),
      },
      { major: 1, minor: 27 },
    ],
    ['the newest of two', { 'a.yaml': istiod('istio/pilot:1.9.0'), 'b.yaml': release('1.28.0') }, { major: 1, minor: 28 }],
    ['a range that leaves it open', { 'b.yaml': release('>=1.14.0') }, undefined],
    [
      'the configuration first',
      { 'a.yaml': istiod('istio/pilot:1.28.0'), '.mesh-lint.yaml': 'istio:\n  version: "1.22"\n' },
      { major: 1, minor: 22 },
    ],
  ])('%s', (_title, files, version) => {
    expect(ask(files, istioVersion)).toEqual(version);
  });
});

describe('parseVersion', () => {
  it.each(['1.24.2', 'v1.24', '1.24.2-distroless', '1.24.x', '~1.24.0', ' 1.24.*', '1.24.0+build.1', '1.24-alpha.abc'])(
    '%s',
    (text) => {
      expect(parseVersion(text)).toEqual({ major: 1, minor: 24 });
    },
  );

  it.each(['', 'latest', '^1.24.0', '>=1.24.0', '1', '1.x', '*', '1.24.0 || 1.25.0'])('not %s', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});
