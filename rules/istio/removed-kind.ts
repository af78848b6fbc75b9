import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { isOlder, istioVersion } from '../../engine/mesh/istio/control-plane';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { REMOVED_GROUPS } from './removed-kinds.data';
import type { RemovedGroup } from './removed-kinds.data';

const CRD = 'CustomResourceDefinition.apiextensions.k8s.io';
const KINDS = Object.entries(REMOVED_GROUPS).flatMap(([group, { kinds }]) =>
  Object.keys(kinds).map((kind) => `${kind}.${group}`),
);

const role =
  'apiVersion: rbac.istio.io/v1alpha1\nkind: ServiceRole\nmetadata:\n  name: cart-reader\n  namespace: shop\nspec:\n  rules:\n    - services: ["cart.shop.svc.cluster.local"]\n      methods: [GET]\n';
const definition =
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: serviceroles.rbac.istio.io\nspec:\n  group: rbac.istio.io\n  names:\n    kind: ServiceRole\n    plural: serviceroles\n  scope: Namespaced\n';

export const rule = defineRule({
  id: 'istio/removed-kind',
  severity: 'warning',
  summary: 'A kind that Istio once had, and reads no more.',
  why:
    'Istio took its first security policies away with release 1.6, and Mixer with 1.8. A cluster without their CustomResourceDefinitions ' +
    'refuses such resources. Where the definitions are left over from an older installation it keeps them, and nothing happens: what they ' +
    'were to forbid is allowed.',
  todo: 'Say the same with what took their place, then remove the resources and their definitions.',
  kinds: [...KINDS, CRD],
  mentions: ['istio.io'],
  equivalents: ['IST0002'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0002/',
  since: '0.1.0',
  tags: ['deprecated'],
  noFix: 'the kinds that took their place say things in another way',
  examples: {
    bad: [
      {
        title: 'A role of the first access control, and the definition of its kind',
        files: { 'role.yaml': role, 'definition.yaml': definition },
        findings: [
          {
            at: 'definition.yaml:4:9',
            text: 'serviceroles.rbac.istio.io',
            message:
              'Istio has had no ServiceRole since 1.6. With this definition a cluster takes such resources and does nothing with them. Remove it.',
          },
          {
            at: 'role.yaml:2:7',
            text: 'ServiceRole',
            message:
              'Istio has had no ServiceRole since 1.6: the cluster refuses ServiceRole shop/cart-reader, or keeps it without effect. Write an AuthorizationPolicy.',
          },
        ],
      },
      {
        title: 'With an Istio that is known not to read it',
        files: { 'role.yaml': role, '.mesh-lint.yaml': 'istio:\n  version: "1.28"\n' },
        findings: [
          {
            at: 'role.yaml:2:7',
            text: 'ServiceRole',
            message:
              'Istio has had no ServiceRole since 1.6: the cluster refuses ServiceRole shop/cart-reader, or keeps it without effect. Write an AuthorizationPolicy.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'What took its place',
        files: {
          'policy.yaml':
            'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart-reader\n  namespace: shop\nspec:\n  rules:\n    - to:\n        - operation:\n            methods: [GET]\n',
        },
      },
      { title: 'An Istio that reads it', files: { 'role.yaml': role, '.mesh-lint.yaml': 'istio:\n  version: "1.4"\n' } },
    ],
  },
  *check(subject, view) {
    const finding = subject.kind === CRD ? ofDefinition(subject, view) : ofResource(subject, view);
    if (finding !== undefined) yield finding;
  },
});

function ofResource(subject: Resource, view: MeshView): Finding | undefined {
  const removed = REMOVED_GROUPS[subject.group];
  const { kind } = subject.header;
  const node = subject.root?.get('kind');
  if (removed === undefined || node === undefined || isRead(removed, view)) return undefined;
  return {
    place: { node },
    message: `Istio has had no ${kind} since 1.${removed.since}: the cluster refuses ${subject.title}, or keeps it without effect. Write ${removed.kinds[kind] ?? 'what took its place'}.`,
    ...(istioVersion(view) === undefined ? {} : { severity: 'error' as const }),
    // istioctl leaves out resources of kinds that it does not know.
    equivalents: [],
  };
}

function ofDefinition(subject: Resource, view: MeshView): Finding | undefined {
  // `<plural>.<group>`, as Kubernetes wants it: the definitions of others are not read any further.
  const { name, titlePlace } = subject;
  const dot = name?.indexOf('.') ?? -1;
  const group = name?.slice(dot + 1) ?? '';
  const removed = Object.hasOwn(REMOVED_GROUPS, group) ? REMOVED_GROUPS[group] : undefined;
  if (removed === undefined || titlePlace === undefined || isRead(removed, view)) return undefined;
  const kind = Object.keys(removed.kinds).find((one) => pluralOf(one) === name?.slice(0, dot));
  if (kind === undefined) return undefined;
  return {
    place: { node: titlePlace },
    message: `Istio has had no ${kind} since 1.${removed.since}. With this definition a cluster takes such resources and does nothing with them. Remove it.`,
    ...(group === 'rbac.istio.io' ? {} : { equivalents: [] }),
  };
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** Whether the environment's Istio is old enough to read it. */
function isRead({ since }: RemovedGroup, view: MeshView): boolean {
  const version = istioVersion(view);
  return version !== undefined && isOlder(version, { major: 1, minor: since });
}
