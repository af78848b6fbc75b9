import { nearestName } from '../../engine/configuration/nearest-name';
import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { controlPlaneParts } from '../../engine/mesh/istio/control-plane';
import { injectionWebhooks, MUTATING } from '../../engine/mesh/istio/injection-webhooks';
import type { InjectionWebhook } from '../../engine/mesh/istio/injection-webhooks';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import { replaceScalar } from '../../engine/yaml/edit';
import { lookup, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const webhook = (service: string, namespace = 'istio-system'): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata:\n  name: istio-sidecar-injector\nwebhooks:\n  - name: namespace.sidecar-injector.istio.io\n    clientConfig:\n      service:\n        name: ${service}\n        namespace: ${namespace}\n    namespaceSelector:\n      matchLabels:\n        istio-injection: enabled\n`;
const istiod =
  '---\napiVersion: v1\nkind: Service\nmetadata:\n  name: istiod\n  namespace: istio-system\nspec:\n  ports:\n    - name: https-webhook\n      port: 443\n';

export const rule = defineRule({
  id: 'istio/webhook-without-service',
  severity: 'error',
  summary: "A webhook of Istio's injector calls a Service that does not exist.",
  why:
    'The API server asks the injector before it creates a pod. When nobody answers, the pod is refused, unless the webhook says ' +
    '`failurePolicy: Ignore`: then it starts without a sidecar.',
  todo: 'Name the Service of the control plane, with its namespace, or remove the webhook of a control plane that is gone.',
  kinds: [MUTATING],
  mentions: ['istio.io'],
  equivalents: ['IST0139'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0139/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the name of a Service of that namespace that comes near',
  examples: {
    bad: [
      {
        title: 'A misspelt name',
        files: { 'webhook.yaml': webhook('istiodd') + istiod },
        findings: [
          {
            at: 'webhook.yaml:9:15',
            text: 'istiodd',
            message:
              'Webhook namespace.sidecar-injector.istio.io calls Service istio-system/istiodd, which does not exist. No pod that it matches can be created. Did you mean istiod?',
          },
        ],
      },
      {
        title: 'A namespace whose Services no file shows',
        files: { 'webhook.yaml': webhook('istiod', 'mesh') },
        findings: [
          {
            at: 'webhook.yaml:9:15',
            text: 'istiod',
            message:
              'Webhook namespace.sidecar-injector.istio.io calls Service mesh/istiod, which no file here defines. Without it, no pod that the webhook matches can be created. Make sure that it is there.',
          },
        ],
      },
    ],
    good: [{ title: 'The Service is there', files: { 'webhook.yaml': webhook('istiod') + istiod } }],
  },
  *check(subject, view) {
    for (const webhook of injectionWebhooks(subject)) {
      const service = lookup(webhook.node, 'clientConfig', 'service');
      const node = lookup(service, 'name');
      const name = stringOf(node);
      const namespace = stringOf(lookup(service, 'namespace'));
      if (node === undefined || name === undefined || namespace === undefined) continue;
      if (view.index.named('Service', namespace, name).length > 0 || isMadeByChart(namespace, view)) continue;
      yield finding(webhook, view, node, namespace, name);
    }
  },
});

/** What a chart or an IstioOperator puts into the cluster has its Service with it. */
function isMadeByChart(namespace: string, view: MeshView): boolean {
  return controlPlaneParts(view).some(
    (part) => part.resource.kind !== 'Deployment.apps' && (part.namespace === undefined || part.namespace === namespace),
  );
}

function finding(webhook: InjectionWebhook, view: MeshView, node: YamlNode, namespace: string, name: string): Finding {
  const { plan, partial } = view.scope();
  const there = view.index.inNamespace('Service', namespace).flatMap((service) => service.name ?? []);
  const opening = `Webhook ${webhook.name} calls Service ${namespace}/${name},`;
  const ignores = stringOf(lookup(webhook.node, 'failurePolicy')) === 'Ignore';
  if (partial.length > 0 || (there.length === 0 && !plan.complete)) {
    const result = ignores
      ? 'pods that the webhook matches start without a sidecar'
      : 'no pod that the webhook matches can be created';
    return {
      place: { node },
      severity: 'info',
      message: `${opening} which no file here defines. Without it, ${result}. Make sure that it is there.`,
    };
  }
  const near = nearestName(name, there);
  const scalar = near === undefined ? undefined : replaceable(node);
  const result = ignores ? 'Pods that it matches start without a sidecar.' : 'No pod that it matches can be created.';
  return {
    place: { node },
    message: `${opening} which does not exist. ${result} ${near === undefined ? 'Name the Service of the control plane.' : `Did you mean ${near}?`}`,
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near)] }],
  };
}
