import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { istioUse } from '../../engine/mesh/istio/in-use';
import { servicePorts } from '../../engine/mesh/istio/port-protocol';
import type { ServicePort } from '../../engine/mesh/istio/port-protocol';
import type { Resource } from '../../engine/resources/resource';
import { setString } from '../../engine/yaml/edit';
import { lookup, stringOf } from '../../engine/yaml/tree';

const shop = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n';
const service = (ports: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: bank\n  namespace: shop\nspec:\n  type: ExternalName\n  externalName: api.bank.example\n  ports:\n${ports}`;

export const rule = defineRule({
  id: 'istio/external-name-port',
  severity: 'warning',
  summary: 'A port of an ExternalName Service is named so that Istio takes it for plain TCP.',
  why:
    'An ExternalName Service has no address of its own. What is HTTP or TLS, a proxy tells by the name of the host; for plain TCP it has ' +
    'nothing but the port, and the listener that it makes may take connections to other hosts at that port as well, and send them to the ' +
    'host that the Service names.',
  todo: 'Name the port after what it carries: `http`, `https` or `tls`, with a suffix or without.',
  kinds: ['Service'],
  equivalents: ['IST0150'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0150/',
  since: '0.1.0',
  fix: 'names the port after TLS, HTTP or HTTPS',
  examples: {
    bad: [
      {
        title: 'Named tcp',
        files: { 'shop.yaml': shop, 'bank.yaml': service('    - name: tcp\n      port: 443\n') },
        findings: [
          {
            at: 'bank.yaml:10:13',
            text: 'tcp',
            message:
              'Port 443 of ExternalName Service shop/bank is named tcp. The Service has no address, so that proxies can tell plain TCP to it by the port alone, and may send it what goes to other hosts at port 443. Name it tls, https or http, after what api.bank.example speaks.',
          },
        ],
      },
      {
        title: 'No protocol in the name',
        files: { 'shop.yaml': shop, 'bank.yaml': service('    - name: api\n      port: 8080\n') },
        findings: [
          {
            at: 'bank.yaml:10:13',
            text: 'api',
            message:
              'Port 8080 of ExternalName Service shop/bank does not say which protocol it carries. The Service has no address, so that proxies can tell plain TCP to it by the port alone, and may send it what goes to other hosts at port 8080. Name it http, https or tls, after what api.bank.example speaks.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A protocol that names its host',
        files: { 'shop.yaml': shop, 'bank.yaml': service('    - name: tls-api\n      port: 443\n') },
      },
      { title: 'No Istio here', files: { 'bank.yaml': service('    - name: tcp\n      port: 443\n') } },
    ],
  },
  *check(subject, view) {
    if (stringOf(subject.at('spec', 'type')) !== 'ExternalName') return;
    const ports = servicePorts(subject).filter(isPlain);
    if (ports.length > 0 && istioUse(view) !== undefined) for (const port of ports) yield finding(subject, port);
  },
});

/** As istioctl has it: a protocol that is not known, or the very name `tcp`. */
function isPlain({ name, protocol, transport, port }: ServicePort): boolean {
  return transport === 'TCP' && port !== undefined && (protocol.is === 'absent' || name === 'tcp');
}

function finding(subject: Resource, serving: ServicePort): Finding {
  const { node, name, port } = serving;
  const named = lookup(node, 'name');
  const number = String(port);
  const choices = port === 443 || number.endsWith('443') ? ['tls', 'https', 'http'] : ['http', 'https', 'tls'];
  const host = stringOf(subject.at('spec', 'externalName')) ?? 'the host';
  const title = `Port ${number} of ExternalName ${subject.title}`;
  return {
    place: { node: stringOf(named) && named !== undefined ? named : (lookup(node, 'port') ?? node) },
    message: [
      name === 'tcp' ? `${title} is named tcp.` : `${title} does not say which protocol it carries.`,
      'The Service has no address, so that proxies can tell plain TCP to it by the port alone,',
      `and may send it what goes to other hosts at port ${number}.`,
      `Name it ${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}, after what ${host} speaks.`,
    ].join(' '),
    fixes: choices.map((choice, i) => naming(subject, serving, choice, i === 0)),
  };
}

/** Not safe: what the host speaks is not to be seen here. */
function naming(subject: Resource, { node, name, port, appProtocol }: ServicePort, protocol: string, preferred: boolean): Fix {
  // Where appProtocol says something else, no name is heard; istioctl's dislike of "tcp" is one of the name.
  const isSaid = appProtocol !== undefined && name !== 'tcp';
  const text = isSaid || servicePorts(subject).length === 1 ? protocol : `${protocol}-${String(port)}`;
  return {
    title: isSaid ? `Set appProtocol to ${text}` : `Name the port ${text}`,
    safe: false,
    preferred,
    edits: () => {
      const edit = node.type === 'map' ? setString(node, [isSaid ? 'appProtocol' : 'name'], text) : undefined;
      return edit === undefined ? undefined : [edit];
    },
  };
}
