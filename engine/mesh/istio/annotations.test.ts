import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../../test/support/lint';
import { isAnalyzed, isInPlace, istioAnnotations, meantBy } from './annotations';
import { ANNOTATIONS, LABELS } from './annotations.data';

describe('the table', () => {
  const names = [...ANNOTATIONS.keys()];

  it('stands in order, and names each annotation once', () => {
    expect(names).toEqual([...new Set(names)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  });

  it('names annotations that exist as what took the place of others', () => {
    for (const [name, { renamed, instead }] of ANNOTATIONS) {
      if (renamed !== undefined) expect(ANNOTATIONS.get(renamed)?.instead, name).toBeUndefined();
      if (renamed !== undefined) expect(instead, name).toContain(renamed);
    }
  });

  it('takes nothing for a label and an annotation but what Istio itself writes as both', () => {
    expect(names.filter((name) => LABELS.has(name))).toEqual(['istio.io/rev']);
  });

  // istio/api annotation/annotations.yaml, v1.31.1.
  it.each([
    ['sidecar.istio.io/inject', ['Pod'], 'beta', true],
    ['proxy.istio.io/config', ['Pod'], 'beta', false],
    ['networking.istio.io/traffic-distribution', ['Namespace', 'Service', 'ServiceEntry'], 'alpha', false],
    ['kubernetes.io/ingress.class', ['Ingress'], 'stable', false],
    ['galley.istio.io/analyze-suppress', [], 'alpha', false],
    ['traffic.sidecar.istio.io/kubevirtInterfaces', ['Pod'], 'alpha', true],
  ])('%s', (name, on, stage, isDeprecated) => {
    const facts = ANNOTATIONS.get(name);
    expect([facts?.on, facts?.stage, facts?.instead !== undefined]).toEqual([on, stage, isDeprecated]);
  });
});

describe('istioAnnotations', () => {
  const found = (text: string): unknown => {
    const chart = { 'chart/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n' };
    const workspace = workspaceOf({ ...chart, 'chart/templates/it.yaml': text }, []);
    const view = workspace.view(workspace.environmentNames()[0] ?? '');
    return view?.index
      .workloads()
      .flatMap((resource) =>
        istioAnnotations(resource).map((one) => [one.name, one.on, isInPlace(one), isAnalyzed(one, resource)]),
      );
  };
  const deployment = (annotations: string, ofPods: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n  annotations: ${annotations}\nspec:\n  template:\n    metadata:\n      annotations: ${ofPods}\n    spec: {}\n`;

  it('tells a workload from its pods', () => {
    expect(found(deployment('{ sidecar.istio.io/logLevel: debug }', '{ sidecar.istio.io/logLevel: debug }'))).toEqual([
      ['sidecar.istio.io/logLevel', 'Deployment.apps', false, true],
      ['sidecar.istio.io/logLevel', 'Pod', true, true],
    ]);
  });

  it('leaves out what is of others, and what a template hides', () => {
    const ofPods =
      '\n        myistio.io/a: b\n        example.com/istio.io: b\n        {{- toYaml .Values.annotations | nindent 8 }}';
    expect(found(deployment('{ a: b, notistio.io/b: c, kubernetes.io/ingress.clas: d }', ofPods))).toEqual([]);
  });

  it('knows that istioctl reads neither other workloads nor Ingresses, and leaves some names alone', () => {
    const statefulSet = deployment('{ istio.io/a: b }', '{ istio.io/a: b, sidecar.istio.io/status: "{}" }');
    expect(found(statefulSet.replace('kind: Deployment', 'kind: StatefulSet'))).toEqual([
      ['istio.io/a', 'StatefulSet.apps', false, false],
      ['istio.io/a', 'Pod', false, true],
      ['sidecar.istio.io/status', 'Pod', true, false],
    ]);
  });

  it("takes nobody else's Service for one of Kubernetes", () => {
    const knative =
      'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata:\n  name: a\n  annotations: { networking.istio.io/exportTo: "." }\nspec:\n  template: { spec: {} }\n';
    expect(found(knative)).toEqual([['networking.istio.io/exportTo', 'Service.serving.knative.dev', false, false]]);
  });
});

describe('meantBy', () => {
  it.each([
    ['networking.istio.io/exportThree', 'networking.istio.io/exportTo'],
    ['networking.istio.io/exportto', 'networking.istio.io/exportTo'],
    ['sidecar.istio.io/proxyCpu', 'sidecar.istio.io/proxyCPU'],
    ['sidecar.istio.io/injection', 'sidecar.istio.io/inject'],
    ['istio.io/ingress.class', 'kubernetes.io/ingress.class'],
    // The name is right and the prefix is not.
    ['sidecar.istio.io/excludeOutboundPorts', 'traffic.sidecar.istio.io/excludeOutboundPorts'],
    ['traffic.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/includeInboundPorts'],
    ['proxy.istio.io/cofnig', 'proxy.istio.io/config'],
    // A prefix in common makes no likeness.
    ['networking.istio.io/foo', undefined],
    ['sidecar.istio.io/x', undefined],
    ['auth.istio.io/8080', undefined],
    ['istio.io/', undefined],
    [`istio.io/${'x'.repeat(10_000)}`, undefined],
  ])('%s', (name, expected) => {
    const meant = meantBy(name);
    expect(meant?.is === 'label' ? undefined : meant?.name).toBe(expected);
  });

  it('knows labels', () => {
    expect(meantBy('istio.io/use-waypoint')).toEqual({
      is: 'label',
      name: 'istio.io/use-waypoint',
      on: ['Namespace', 'Pod', 'Service', 'ServiceEntry', 'WorkloadEntry'],
    });
  });
});
