import { defineRule } from '../../engine/findings/rule';
import { istioVersion, isOlder } from '../../engine/mesh/istio/control-plane';
import { istioUse } from '../../engine/mesh/istio/in-use';
import { stringOf } from '../../engine/yaml/tree';
import { MINIMUMS, READ_FROM } from './gateway-api-too-old.data';

const BUNDLE = 'gateway.networking.k8s.io/bundle-version';

const definition = (plural: string, kind: string, version: string): string =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ${plural}.gateway.networking.k8s.io\n  annotations:\n    ${BUNDLE}: ${version}\nspec:\n  group: gateway.networking.k8s.io\n  names: { kind: ${kind}, plural: ${plural} }\n`;
const shop = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n';

export const rule = defineRule({
  id: 'istio/gateway-api-too-old',
  severity: 'warning',
  summary: 'A definition of the Gateway API is older than Istio reads.',
  why:
    'istiod looks at the release that each CustomResourceDefinition of the Gateway API comes from. One that is too old counts as not installed: ' +
    'the resources of that kind can be applied, and istiod takes no notice of them.',
  todo: 'Install a newer release of the Gateway API.',
  kinds: ['CustomResourceDefinition.apiextensions.k8s.io'],
  equivalents: ['IST0176'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0176/',
  since: '0.1.0',
  noFix: 'the definition as a whole has to be replaced',
  examples: {
    bad: [
      {
        title: 'GRPCRoute of a release before 1.1',
        files: { 'shop.yaml': shop, 'grpcroutes.yaml': definition('grpcroutes', 'GRPCRoute', 'v1.0.0') },
        findings: [
          {
            at: 'grpcroutes.yaml:6:47',
            text: 'v1.0.0',
            message:
              'This definition of GRPCRoute is of Gateway API v1.0.0, and Istio reads those of 1.1 and later. It takes no notice of any GRPCRoute. Install Gateway API 1.1 or later.',
          },
        ],
      },
    ],
    good: [
      { title: 'New enough', files: { 'shop.yaml': shop, 'grpcroutes.yaml': definition('grpcroutes', 'GRPCRoute', 'v1.1.0') } },
      { title: 'No Istio here', files: { 'grpcroutes.yaml': definition('grpcroutes', 'GRPCRoute', 'v1.0.0') } },
    ],
  },
  *check(subject, view) {
    const minimum = MINIMUMS.get(subject.name ?? '');
    const bundle = minimum === undefined ? undefined : subject.annotations.get(BUNDLE);
    if (minimum === undefined || bundle?.is !== 'known') return;
    const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.|$|-)/.exec(bundle.value);
    if (match === null) return;
    const [major, minor] = minimum;
    if (!isOlder({ major: Number(match[1]), minor: Number(match[2]) }, { major, minor })) return;
    if (istioUse(view) === undefined) return;
    const version = istioVersion(view);
    const kind = stringOf(subject.at('spec', 'names', 'kind')) ?? 'this kind';
    const wanted = `${major}.${minor}`;
    yield {
      place: { node: bundle.node },
      // An older istiod may still read it.
      ...(version !== undefined && isOlder(version, READ_FROM) ? { severity: 'info' } : {}),
      message: `This definition of ${kind} is of Gateway API ${bundle.value}, and Istio reads those of ${wanted} and later. It takes no notice of any ${kind}. Install Gateway API ${wanted} or later.`,
    };
  },
});
