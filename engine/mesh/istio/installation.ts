import type { ResourceIndex } from '../../environments/resource-index';
import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';

const WEBHOOKS = 'MutatingWebhookConfiguration.admissionregistration.k8s.io';

/**
 * The revisions and revision tags whose injection webhooks an environment shows: labels `istio.io/rev` and `istio.io/tag` of the
 * MutatingWebhookConfigurations named `istio-sidecar-injector…` or `istio-revision-tag-…`, and of istiod's own Deployment
 * (istio/istio manifests/charts/istio-control/istio-discovery/templates, 1.32 development).
 *
 * @returns `unknown` when the environment shows no part of a control plane, or one whose revision a template hides: then whatever
 *   revision a label names is assumed to exist
 */
export function shownRevisions(index: ResourceIndex): readonly string[] | 'unknown' {
  const deployments = controlPlaneWorkloads(index).filter(({ kind }) => kind === 'Deployment.apps');
  const parts = [...index.ofKind(WEBHOOKS).filter(isInjector), ...deployments];
  if (parts.length === 0) return 'unknown';
  const revisions = new Set<string>();
  for (const part of parts) {
    for (const key of ['istio.io/rev', 'istio.io/tag']) {
      const label = part.labels.get(key);
      if (label.is === 'unknown') return 'unknown';
      if (label.is === 'known') revisions.add(label.value);
      else if (key === 'istio.io/rev') revisions.add('default');
    }
  }
  return [...revisions].sort();
}

/** The workloads that run istiod, in the environment's order. */
export function controlPlaneWorkloads(index: ResourceIndex): readonly Resource[] {
  return index.grouped('istiod', 'workloads', (workload) => (isControlPlane(workload) ? ISTIOD : [])).get('istiod');
}

const ISTIOD: readonly string[] = ['istiod'];

function isInjector(webhook: Resource): boolean {
  return webhook.name?.startsWith('istio-sidecar-injector') === true || webhook.name?.startsWith('istio-revision-tag') === true;
}

/** istiod's Deployment, by its label `app: istiod` or the image of its `discovery` container. */
export function isControlPlane(workload: Resource): boolean {
  const template = podTemplateOf(workload);
  if (template === undefined) return false;
  const app = template.labels.get('app');
  if (app.is === 'known' && app.value === 'istiod') return true;
  return template.containers.some(
    (container) => container.name === 'discovery' && /\/pilot(?:[:@]|$)/.test(container.image ?? ''),
  );
}
