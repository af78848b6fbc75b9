import { defineRule } from '../../engine/findings/rule';
import { infrastructureRole } from '../../engine/mesh/infrastructure';
import { istioUse } from '../../engine/mesh/istio/in-use';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import type { Container, PodTemplate } from '../../engine/resources/workload';
import { isSet, lookup, numberOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

/** The user that Istio's proxy runs as (istio/istio manifests/charts/istio-control/istio-discovery/files, 1.32 development). */
const PROXY_USER = 1337;

const shop = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\n';
const cart = (pod: string, container: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n${pod}      containers:\n        - name: cart\n          image: cart:1\n${container}`;

export const rule = defineRule({
  id: 'istio/proxy-user-id',
  severity: 'warning',
  summary: "A container runs as user 1337, whose traffic Istio's sidecar lets pass.",
  why:
    "The sidecar's rules in the kernel send all outgoing connections of the pod to the proxy, except for those of the proxy itself, which " +
    'they know by its user: 1337. A container that runs as the same user goes around the proxy: no mutual TLS, no routes, no retries, no ' +
    'metrics, and servers that demand mutual TLS refuse it.',
  todo: 'Let the container run as another user. Init containers may keep it: until the proxy is there, that is how they reach the network.',
  kinds: ['workload'],
  mentions: ['1337'],
  equivalents: ['IST0144'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0144/',
  since: '0.1.0',
  noFix: 'whose files the container needs is not to be seen in a manifest',
  examples: {
    bad: [
      {
        title: 'For the pod',
        files: { 'cart.yaml': shop + cart('      securityContext:\n        runAsUser: 1337\n', '') },
        findings: [
          {
            at: 'cart.yaml:20:20',
            text: '1337',
            message:
              "Container cart of Deployment shop/cart runs as user 1337, as Istio's proxy does: the sidecar lets its connections pass, so that they leave the pod without mutual TLS and without any route or policy of the mesh. Choose another user.",
          },
        ],
      },
      {
        title: 'For a container, where a sidecar may be injected',
        files: {
          'cart.yaml': cart('', '          securityContext:\n            runAsUser: 1337\n'),
          'gateway.yaml':
            'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n  servers: []\n',
        },
        findings: [
          {
            at: 'cart.yaml:16:24',
            text: '1337',
            message:
              "Container cart of Deployment shop/cart runs as user 1337, as Istio's proxy does: a sidecar lets its connections pass, so that they leave the pod without mutual TLS and without any route or policy of the mesh. Choose another user.",
          },
        ],
      },
    ],
    good: [
      {
        title: 'Another user for the container',
        files: {
          'cart.yaml':
            shop +
            cart(
              '      securityContext:\n        runAsUser: 1337\n',
              '          securityContext:\n            runAsUser: 1000\n',
            ),
        },
      },
      {
        title: 'No sidecar',
        files: {
          'cart.yaml': shop.replace('enabled', 'disabled') + cart('      securityContext:\n        runAsUser: 1337\n', ''),
        },
      },
    ],
  },
  *check(subject, view) {
    const template = podTemplateOf(subject);
    if (template === undefined) return;
    const places = proxyUsers(template);
    if (places.size === 0 || isOfIstio(subject)) return;
    const joins = view.membership(subject)?.sidecar.joins;
    if (joins === 'no' || (joins !== 'yes' && istioUse(view) === undefined)) return;
    for (const [node, containers] of places) {
      const names = containers.map(({ name }) => name ?? '(unnamed)');
      const isOne = names.length === 1;
      yield {
        place: { node },
        message: [
          `${isOne ? 'Container' : 'Containers'} ${names.join(', ')} of ${subject.title} ${isOne ? 'runs' : 'run'} as user ${PROXY_USER},`,
          `as Istio's proxy does: ${joins === 'yes' ? 'the' : 'a'} sidecar lets ${isOne ? 'its' : 'their'} connections pass,`,
          'so that they leave the pod without mutual TLS and without any route or policy of the mesh. Choose another user.',
        ].join(' '),
        // istioctl looks at Pods and Deployments.
        ...(subject.kind === 'Pod' || subject.kind === 'Deployment.apps' ? {} : { equivalents: [] }),
      };
    }
  },
});

/** Where it is set, with the containers that it holds for. */
function proxyUsers(template: PodTemplate): ReadonlyMap<YamlNode, readonly Container[]> {
  const ofPod = lookup(template.spec, 'securityContext', 'runAsUser');
  const places = new Map<YamlNode, Container[]>();
  for (const container of template.containers) {
    // Istio's own, which are meant to.
    if (container.name === 'istio-proxy' || container.name === 'istio-operator') continue;
    const own = lookup(container.node, 'securityContext', 'runAsUser');
    const user = isSet(own) ? own : ofPod;
    if (user !== undefined && numberOf(user) === PROXY_USER) places.set(user, [...(places.get(user) ?? []), container]);
  }
  return places;
}

/** Its control plane, CNI plugin and gateways, by the labels that istioctl knows them by or by what they run. */
function isOfIstio(subject: Resource): boolean {
  const release = subject.labels.get('release');
  if (subject.labels.get('istio').is !== 'absent' || (release.is === 'known' && release.value === 'istio')) return true;
  const role = infrastructureRole(subject);
  return role === 'ztunnel' || role?.startsWith('istio-') === true;
}
