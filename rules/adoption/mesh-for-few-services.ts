import { usedOfKind } from '../../engine/decision/applications';
import { selection } from '../../engine/decision/count-services';
import { DEFAULT_THRESHOLDS } from '../../engine/decision/thresholds';
import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { INSTALLATION_SUBJECTS, leadingInstallation } from '../../engine/mesh/installations';
import type { MeshView } from '../../engine/mesh/view';
import { showsApplications } from './shown-applications';

const istiod = (values = ''): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\n  namespace: istio-system\nspec:\n  chart:\n    spec:\n      chart: istiod\n      version: 1.30.2\n      sourceRef:\n        kind: HelmRepository\n        name: istio\n${values}`;
const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - port: 80\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n`;
const TEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const SMALL = { 'istio.yaml': istiod(), 'shop.yaml': [service('cart'), service('catalog')].join('---\n') };

export const rule = defineRule({
  id: 'adoption/mesh-for-few-services',
  severity: 'info',
  summary: 'A mesh is installed for fewer services than the guides see one pay for.',
  why:
    'A control plane, a proxy for each pod or node, certificates and upgrades cost the same attention for three services as for thirty. ' +
    'Three published guides (BIPI, BirJob, DevTools Feed) advise against a mesh below 10 services; BIPI tells of a control plane of 22 pods ' +
    'and 8 vCPU in front of 14. What is wanted of it is often to be had for less: NetworkPolicies for isolation, cert-manager for ' +
    'certificates, OpenTelemetry for metrics and traces, Argo Rollouts or Flagger for canaries.\n\n' +
    'Counted are distinct sets of workloads that Services select; those of meshes and add-ons are left out. It is reported once an ' +
    'environment, at the control plane, and only where the files show what runs there: not where charts of applications, or folders that are not ' +
    'here, bring more. Nor is it where policies on who may call whom, virtual machines or linked clusters use the identities that a ' +
    'mesh gives.',
  todo:
    'Ask what the mesh is for. If there is a reason that no file shows, write it into `.mesh-lint.yaml` and the finding goes: ' +
    '`team.mtlsMandated`, `team.needs`, `team.features`, `team.multicluster` or `team.servicesInAYear`. The number is ' +
    '`decision.thresholds.smallServices`.',
  kinds: INSTALLATION_SUBJECTS,
  equivalents: [],
  docs: 'https://istio.io/latest/docs/ops/deployment/performance-and-scalability/',
  since: '0.1.0',
  noFix: 'whether to take a mesh out is a decision for people, and the way out a migration',
  examples: {
    bad: [
      {
        title: 'Istio for two services',
        files: SMALL,
        findings: [
          {
            at: 'istio.yaml:9:14',
            text: 'istiod',
            message:
              'Istio is installed in this environment for 2 services. BIPI, BirJob and DevTools Feed advise against a mesh below 10: control plane, proxies and upgrades cost more than they give. If mutual TLS is mandated, a feature is needed or more services are coming, say so under team: in .mesh-lint.yaml.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Ten services',
        files: { 'istio.yaml': istiod(), 'shop.yaml': TEN.map(service).join('---\n') },
      },
      {
        title: 'A reason that no manifest shows',
        files: { ...SMALL, '.mesh-lint.yaml': 'team:\n  mtlsMandated: true\n' },
      },
      {
        title: 'A chart brings further applications',
        files: { ...SMALL, 'orders.yaml': istiod().replaceAll('istiod', 'orders') },
      },
    ],
  },
  *check(subject, view) {
    const installation = leadingInstallation(subject, view);
    if (installation === undefined) return;
    const { team, thresholds } = view.configuration();
    const limit = thresholds['smallServices'] ?? DEFAULT_THRESHOLDS.smallServices;
    if (hasReason(team, limit) || isSurelyLarge(view, limit)) return;
    const { services } = selection(view);
    if (services.count === 0 || services.count >= limit || usesIdentity(view) || !showsApplications(view)) return;
    const mesh = installation.mesh === 'istio' ? 'Istio' : 'Linkerd';
    const who =
      limit === DEFAULT_THRESHOLDS.smallServices
        ? `BIPI, BirJob and DevTools Feed advise against a mesh below ${limit}`
        : `decision.thresholds.smallServices puts the least number that a mesh pays for at ${limit}`;
    yield {
      place: { node: installation.node },
      message:
        `${mesh} is installed in this environment for ${services.count} ${services.count === 1 ? 'service' : 'services'}. ` +
        `${who}: control plane, proxies and upgrades cost more than they give. ` +
        'If mutual TLS is mandated, a feature is needed or more services are coming, say so under team: in .mesh-lint.yaml.',
      related: services.evidence
        .slice(0, RELATED_LIMIT)
        .map((place) => ({ place, message: 'One of the services that the mesh is for.' })),
    };
  },
});

type Team = ReturnType<MeshView['configuration']>['team'];

function hasReason(team: Team, limit: number): boolean {
  const named = (team.needs?.length ?? 0) + (team.features?.length ?? 0);
  return team.mtlsMandated === true || team.multicluster === true || named > 0 || (team.servicesInAYear ?? 0) >= limit;
}

/** Policies on who may call whom, and what takes identity beyond one cluster's pods: nothing simpler does the same. */
const IDENTITY_KINDS = [
  'AuthorizationPolicy.security.istio.io',
  'RequestAuthentication.security.istio.io',
  'WorkloadEntry.networking.istio.io',
  'ClusterSPIFFEID.spire.spiffe.io',
  'AuthorizationPolicy.policy.linkerd.io',
  'ServerAuthorization.policy.linkerd.io',
  'ExternalWorkload.workload.linkerd.io',
  'Link.multicluster.linkerd.io',
];

/** The meshes' own policies, such as those of Linkerd's extensions, are not the team's. */
function usesIdentity(view: MeshView): boolean {
  return IDENTITY_KINDS.some((kind) => usedOfKind(view, kind).length > 0);
}

/**
 * With so many Service objects their exact count is not worth an edit's time: many may stand over one set of workloads, but not that many.
 */
function isSurelyLarge(view: MeshView, limit: number): boolean {
  return view.ofKind('Service').length > 20 * limit;
}
