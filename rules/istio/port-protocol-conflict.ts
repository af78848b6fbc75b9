import { defineRule } from '../../engine/findings/rule';
import { portConflicts } from '../../engine/mesh/istio/port-protocol-conflicts';
import type { ServicePort } from '../../engine/mesh/istio/port-protocol';

const shop = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\n';
const cart =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n';
const service = (name: string, port: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector:\n    app: cart\n  ports:\n    - name: ${port}\n      port: 8080\n`;

export const rule = defineRule({
  id: 'istio/port-protocol-conflict',
  severity: 'warning',
  summary: 'Two Services call one port of the same pods HTTP and something else.',
  why:
    'A sidecar makes one listener for a port of its pod, and that listener speaks the protocol that one of the Services names. What clients ' +
    'send by way of the other Service is then read as HTTP when it is not, which ends the connection, or handed on as bytes when it is: ' +
    'without routes, retries, metrics of requests, and rules of an AuthorizationPolicy that ask for paths or methods.',
  todo: 'Name the port after the same protocol in both Services, or lead them to different ports of the pods.',
  kinds: ['workload'],
  equivalents: ['IST0116'],
  docs: 'https://istio.io/latest/docs/ops/deployment/application-requirements/',
  since: '0.1.0',
  noFix: 'which of the two protocols the port speaks is not to be seen in a manifest',
  examples: {
    bad: [
      {
        title: 'One port, two protocols',
        files: {
          'cart.yaml': shop + cart,
          'services.yaml': `${service('cart', 'http')}---\n${service('cart-raw', 'tcp')}`,
        },
        findings: [
          {
            at: 'cart.yaml:11:9',
            text: 'cart',
            message:
              'Port 8080 of the pods of Deployment shop/cart is HTTP for Service shop/cart and TCP for Service shop/cart-raw. The sidecar makes one listener for it, of one protocol, and mistakes what comes by way of the other Service. Name both ports after the protocol that it speaks.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Different names for the same protocol',
        files: {
          'cart.yaml': shop + cart,
          'services.yaml': `${service('cart', 'http')}---\n${service('cart-v1', 'http-web')}`,
        },
      },
      {
        title: 'No sidecar',
        files: {
          'cart.yaml': `${shop.replace('enabled', 'disabled')}${cart}`,
          'services.yaml': `${service('cart', 'http')}---\n${service('cart-raw', 'tcp')}`,
        },
      },
    ],
  },
  *check(subject, view) {
    const { titlePlace } = subject;
    if (titlePlace === undefined || view.membership(subject)?.sidecar.joins !== 'yes') return;
    for (const { target, one, other, differInProtocol } of portConflicts(subject, view)) {
      if (!differInProtocol || one.port !== other.port) continue;
      yield {
        place: { node: titlePlace },
        message: [
          `Port ${target} of the pods of ${subject.title} is ${protocolOf(one)} for ${one.service.title}`,
          `and ${protocolOf(other)} for ${other.service.title}.`,
          'The sidecar makes one listener for it, of one protocol, and mistakes what comes by way of the other Service.',
          'Name both ports after the protocol that it speaks.',
        ].join(' '),
        related: [one, other].map((port) => ({
          place: { node: port.node },
          message: `${port.service.title} says ${protocolOf(port)}.`,
        })),
        // istioctl looks at Deployments.
        ...(subject.kind === 'Deployment.apps' ? {} : { equivalents: [] }),
      };
    }
  },
});

function protocolOf({ protocol }: ServicePort): string {
  return protocol.is === 'known' ? protocol.value : 'of no named protocol';
}
