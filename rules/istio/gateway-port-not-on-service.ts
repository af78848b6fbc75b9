import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { GATEWAY, gatewayServers, gatewayWorkloads } from '../../engine/mesh/istio/gateway-servers';
import { containerPorts } from '../../engine/mesh/istio/port-protocol-conflicts';
import { selectingServices } from '../../engine/mesh/service-selection';
import { servicePorts } from '../../engine/mesh/istio/port-protocol';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import type { PodTemplate } from '../../engine/resources/workload';
import { isSet, itemsOf, lookup, numberOf } from '../../engine/yaml/tree';

const edge = (service: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: edge\n  namespace: edge\nspec:\n  template:\n    metadata:\n      labels:\n        istio: edge\n      annotations:\n        inject.istio.io/templates: gateway\n    spec:\n      containers:\n        - name: istio-proxy\n          image: auto\n${service}`;
const service = (ports: string): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata:\n  name: edge\n  namespace: edge\nspec:\n  selector:\n    istio: edge\n  ports:\n${ports}`;
const gateway = (port: number): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n  selector:\n    istio: edge\n  servers:\n    - port:\n        number: ${port}\n        name: http\n        protocol: HTTP\n      hosts: [shop.example.com]\n`;
const WEB = '    - { name: http, port: 80, targetPort: 8080 }\n';

export const rule = defineRule({
  id: 'istio/gateway-port-not-on-service',
  severity: 'warning',
  summary: 'A Gateway opens a port that no Service leads to.',
  why:
    'The proxy listens at the port that a server names, or at the port of the pod to which a Service leads from there. Where no Service of ' +
    "the gateway's pods has the port on either side, nothing from outside arrives at it.",
  todo: 'Add the port to the Service of the gateway, or name one that it has.',
  kinds: [GATEWAY],
  equivalents: ['IST0162'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0162/',
  since: '0.1.0',
  reportsUnknown: true,
  noFix: 'whether the Service or the Gateway is wrong, and which port is meant, is for their authors to say',
  examples: {
    bad: [
      {
        title: 'A port that the Service does not have',
        files: { 'edge.yaml': edge(service(WEB)), 'gateway.yaml': gateway(8081) },
        findings: [
          {
            at: 'gateway.yaml:11:17',
            text: '8081',
            message:
              'Gateway shop/shop opens port 8081 on the pods of Deployment edge/edge, and Service edge/edge leads to 80 and 8080 alone. Nothing from outside arrives at port 8081. Add it to the Service, or name one of those.',
          },
        ],
      },
      {
        title: 'Pods without a Service',
        files: { 'edge.yaml': edge(''), 'gateway.yaml': gateway(80) },
        findings: [
          {
            at: 'gateway.yaml:11:17',
            text: '80',
            message:
              'Gateway shop/shop opens port 80 on the pods of Deployment edge/edge, and no Service here leads to them. Without one, nothing from outside arrives at port 80. Make sure that it is there.',
          },
        ],
      },
    ],
    good: [
      { title: 'The port of the Service', files: { 'edge.yaml': edge(service(WEB)), 'gateway.yaml': gateway(80) } },
      { title: 'The port of the pods', files: { 'edge.yaml': edge(service(WEB)), 'gateway.yaml': gateway(8080) } },
    ],
  },
  *check(subject, view) {
    const selection = gatewayWorkloads(subject, view);
    const [first] = selection?.certain ?? [];
    if (selection === undefined || first === undefined || selection.possible.length > 0) return;
    const reached = reachedPorts(selection.certain, view);
    if (reached === undefined) return;
    const asked = new Set<number>();
    for (const { node, port } of gatewayServers(subject)) {
      const place = lookup(node, 'port', 'number');
      if (port === undefined || place === undefined || reached.numbers.has(port) || asked.has(port)) continue;
      asked.add(port);
      yield { place: { node: place }, ...said(subject, port, first, reached) };
    }
  },
});

interface Reached {
  readonly numbers: ReadonlySet<number>;
  readonly services: readonly Resource[];
}

/** The ports, on either side, by which Services lead to some workloads; undefined where one of them cannot be told. */
function reachedPorts(workloads: readonly Resource[], view: MeshView): Reached | undefined {
  const numbers = new Set<number>();
  const all = new Set<Resource>();
  for (const workload of workloads) {
    const template = podTemplateOf(workload);
    // On the network of the node, every port is open.
    if (template === undefined || isSet(lookup(template.spec, 'hostNetwork'))) return undefined;
    for (const port of hostPorts(template)) numbers.add(port);
    const named = containerPorts(template);
    for (const service of selectingServices(workload, template, view)) {
      all.add(service);
      if (hasOpenPorts(service)) return undefined;
      for (const { port, target, transport } of servicePorts(service)) {
        if (port === undefined || target === undefined || transport === undefined) return undefined;
        if (transport !== 'TCP') continue;
        numbers.add(port);
        const number = Number(named.get(target) ?? target);
        if (Number.isInteger(number)) numbers.add(number);
      }
    }
  }
  return all.size > 0 && numbers.size === 0 ? undefined : { numbers, services: [...all] };
}

function hasOpenPorts(service: Resource): boolean {
  const ports = service.at('spec', 'ports');
  return ports?.type === 'unknown' || (ports?.type === 'sequence' && ports.open);
}

function hostPorts({ containers }: PodTemplate): number[] {
  return containers.flatMap(({ node }) =>
    itemsOf(lookup(node, 'ports')).flatMap((port) =>
      isSet(lookup(port, 'hostPort'))
        ? [lookup(port, 'hostPort'), lookup(port, 'containerPort')].flatMap((n) => numberOf(n) ?? [])
        : [],
    ),
  );
}

function said(subject: Resource, port: number, workload: Resource, { services, numbers }: Reached): Omit<Finding, 'place'> {
  const pods = workload.kind === 'Pod' ? workload.title : `the pods of ${workload.title}`;
  const opening = `${subject.title} opens port ${port} on ${pods}, and`;
  const [service, ...others] = services;
  if (service === undefined) {
    return {
      severity: 'info',
      message: `${opening} no Service here leads to them. Without one, nothing from outside arrives at port ${port}. Make sure that it is there.`,
    };
  }
  const named = others.length === 0 ? `${service.title} leads` : `${service.title} and ${others.length} more lead`;
  return {
    message: `${opening} ${named} to ${listed([...numbers].sort((a, b) => a - b))} alone. Nothing from outside arrives at port ${port}. Add it to the Service, or name one of those.`,
    related: services.slice(0, 5).flatMap((each) => {
      const node = each.at('spec', 'ports') ?? each.titlePlace;
      return node === undefined ? [] : [{ place: { node: node.key ?? node }, message: `${each.title} leads to the gateway.` }];
    }),
  };
}

function listed(numbers: readonly number[]): string {
  if (numbers.length > 6) return `${numbers.slice(0, 6).join(', ')} and ${numbers.length - 6} more`;
  return numbers.length < 2 ? numbers.join('') : `${numbers.slice(0, -1).join(', ')} and ${String(numbers.at(-1))}`;
}
