import { defineRule } from '../../engine/findings/rule';
import { portConflicts } from '../../engine/mesh/istio/port-protocol-conflicts';
import type { ServicePort } from '../../engine/mesh/istio/port-protocol';

const shop = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\n';
const cart =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n';
const service = (name: string, portName: string, port: number, target = 8080): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector:\n    app: cart\n  ports:\n    - name: ${portName}\n      port: ${port}\n      targetPort: ${target}\n`;

export const rule = defineRule({
  id: 'istio/port-number-conflict',
  severity: 'warning',
  summary: 'Two Services lead from different ports to one port of the same pods.',
  why:
    'A sidecar makes one listener for a port of its pod, and names it after one of the Services. Where both speak the same protocol, traffic ' +
    'arrives either way, and what the proxy counts and logs for it may name the other Service. Where one says HTTP and the other does not, ' +
    'what comes by way of one of them is handled wrongly.',
  todo: 'Let the Services lead to different ports of the pods, or say the same protocol and mind the metrics.',
  kinds: ['workload'],
  equivalents: ['IST0137'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0137/',
  since: '0.1.0',
  noFix: 'which Service is to lead elsewhere, only its users can tell',
  examples: {
    bad: [
      {
        title: 'Two ports, two protocols, one port of the pods',
        files: {
          'cart.yaml': shop + cart,
          'services.yaml': `${service('cart', 'http', 80)}---\n${service('cart-raw', 'tcp', 9000)}`,
        },
        findings: [
          {
            at: 'cart.yaml:11:9',
            text: 'cart',
            message:
              'Services shop/cart (port 80, HTTP) and shop/cart-raw (port 9000, TCP) both lead to port 8080 of the pods of Deployment shop/cart. The sidecar makes one listener for it, of one protocol, and mistakes what comes by way of the other Service. Lead them to different ports of the pods, or name both ports after the protocol that it speaks.',
          },
        ],
      },
      {
        title: 'The same protocol',
        files: {
          'cart.yaml': shop + cart,
          'services.yaml': `${service('cart', 'http', 80)}---\n${service('cart-v1', 'http', 8080)}`,
        },
        findings: [
          {
            at: 'cart.yaml:11:9',
            text: 'cart',
            message:
              'Services shop/cart (port 80, HTTP) and shop/cart-v1 (port 8080, HTTP) both lead to port 8080 of the pods of Deployment shop/cart. The sidecar makes one listener for it, on behalf of one of them: metrics and logs of the proxy may name that one for both.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Different ports of the pods',
        files: {
          'cart.yaml': shop + cart,
          'services.yaml': `${service('cart', 'http', 80)}---\n${service('cart-raw', 'tcp', 9000, 9000)}`,
        },
      },
    ],
  },
  *check(subject, view) {
    const { titlePlace } = subject;
    if (titlePlace === undefined || view.membership(subject)?.sidecar.joins !== 'yes') return;
    for (const { target, one, other, differInProtocol } of portConflicts(subject, view)) {
      if (one.port === other.port) continue;
      yield {
        place: { node: titlePlace },
        severity: differInProtocol ? 'warning' : 'info',
        message: `${bothOf(one, other)} lead to port ${target} of the pods of ${subject.title}. ${differInProtocol ? MISTAKEN : NAMED}`,
        related: [one, other].map((port) => ({
          place: { node: port.node },
          message: `${port.service.title} leads from port ${String(port.port)}.`,
        })),
        // istioctl looks at Deployments.
        ...(subject.kind === 'Deployment.apps' ? {} : { equivalents: [] }),
      };
    }
  },
});

const MISTAKEN =
  'The sidecar makes one listener for it, of one protocol, and mistakes what comes by way of the other Service. Lead them to different ports of the pods, or name both ports after the protocol that it speaks.';
const NAMED =
  'The sidecar makes one listener for it, on behalf of one of them: metrics and logs of the proxy may name that one for both.';

function bothOf(one: ServicePort, other: ServicePort): string {
  if (one.service === other.service) return `Ports ${shown(one)} and ${shown(other)} of ${one.service.title} both`;
  const [first, second] = [one, other].map(
    (port) => `${port.service.title.replace(/^Service /, '')} (port ${shown(port, ', ')})`,
  );
  return `Services ${first ?? ''} and ${second ?? ''} both`;
}

function shown({ port, protocol }: ServicePort, separator?: string): string {
  const name = protocol.is === 'known' ? protocol.value : undefined;
  if (name === undefined) return String(port);
  return separator === undefined ? `${String(port)} (${name})` : `${String(port)}${separator}${name}`;
}
