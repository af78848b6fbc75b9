import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { policyTarget } from '../../engine/mesh/istio/policy-selector';
import { selectingPolicies } from '../../engine/mesh/istio/selecting-policies';
import { selectedWorkloads } from '../../engine/mesh/istio/workload-selection';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';

const SIDECAR = 'Sidecar.networking.istio.io';
const TELEMETRY = 'Telemetry.telemetry.istio.io';
const CODES: ReadonlyMap<string, readonly string[]> = new Map([
  [SIDECAR, ['IST0110']],
  [TELEMETRY, ['IST0159']],
]);

const cart =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n        version: v1\n    spec: {}\n';
const sidecar = (name: string, label: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  workloadSelector:\n    labels:\n      ${label}\n  egress:\n    - hosts: ["./*"]\n`;

export const rule = defineRule({
  id: 'istio/overlapping-selectors',
  severity: 'error',
  summary: 'Two Sidecars, or two Telemetries, select the same pods.',
  why:
    'A pod gets one Sidecar and one Telemetry of those that select it: they are not merged. The other does nothing for these pods, and nobody ' +
    'says so. Which one it is, Istio leaves open.',
  todo: 'Make one of them, or narrow the selectors until no pod fits both.',
  kinds: [SIDECAR, TELEMETRY],
  equivalents: ['IST0110', 'IST0159'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0110/',
  since: '0.1.0',
  noFix: 'which of them is meant for the pods is for their author to say',
  examples: {
    bad: [
      {
        title: 'Two labels of one pod',
        files: { 'cart.yaml': cart, 'app.yaml': sidecar('app', 'app: cart'), 'version.yaml': sidecar('version', 'version: v1') },
        findings: [
          {
            at: 'app.yaml:9:12',
            text: 'cart',
            message:
              'Sidecar shop/app and Sidecar shop/version both select the pods of Deployment shop/cart. One of the two counts for them, and the other does nothing. Make one of them, or narrow a selector.',
          },
          {
            at: 'version.yaml:9:16',
            text: 'v1',
            message:
              'Sidecar shop/version and Sidecar shop/app both select the pods of Deployment shop/cart. One of the two counts for them, and the other does nothing. Make one of them, or narrow a selector.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Other pods',
        files: { 'cart.yaml': cart, 'app.yaml': sidecar('app', 'app: cart'), 'version.yaml': sidecar('version', 'version: v2') },
      },
    ],
  },
  *check(subject, view) {
    const target = policyTarget(subject, view);
    if (target.is !== 'selected') return;
    const overlaps = findOverlaps(
      subject,
      selectedWorkloads(subject, target.selector, 'namespace', view).certain,
      target.path,
      view,
    );
    const label = target.selector.get(target.selector.keys()[0] ?? '');
    const node = label.is === 'known' ? label.node : subject.titlePlace;
    if (node === undefined) return;
    for (const { rival, workloads } of overlaps) {
      const [first, ...others] = workloads;
      const pods = `${first?.title ?? ''}${others.length === 0 ? '' : ` and ${others.length} more`}`;
      yield {
        place: { node },
        message: `${subject.title} and ${rival.title} both select the pods of ${pods}. One of the two counts for them, and the other does nothing. Make one of them, or narrow a selector.`,
        related: [rival, ...workloads].slice(0, RELATED_LIMIT).flatMap((resource) => {
          const place = resource.titlePlace;
          return place === undefined
            ? []
            : [
                {
                  place: { node: place },
                  message: `${resource.title} ${resource === rival ? 'selects them as well' : 'is selected by both'}.`,
                },
              ];
        }),
        equivalents: CODES.get(subject.kind) ?? [],
      };
    }
  },
});

interface Overlap {
  readonly rival: Resource;
  readonly workloads: readonly Resource[];
}

/**
 * Others that select some of the workloads; several definitions of one are alternatives. That one counts: istio/api
 * networking/v1alpha3/sidecar.proto and telemetry/v1alpha1/telemetry.proto, v1.31.1.
 */
function findOverlaps(
  subject: Resource,
  workloads: readonly Resource[],
  path: readonly string[],
  view: MeshView,
): readonly Overlap[] {
  const overlaps = new Map<string, { rival: Resource; workloads: Resource[] }>();
  for (const workload of workloads) {
    for (const rival of selectingPolicies(subject.kind, path, workload, view)) {
      if (rival.key === undefined || rival.key === subject.key) continue;
      const overlap = overlaps.get(rival.key) ?? { rival, workloads: [] };
      overlaps.set(rival.key, overlap);
      overlap.workloads.push(workload);
    }
  }
  return [...overlaps.values()];
}
