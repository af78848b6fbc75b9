import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { exportScopeOf, scopesMeet } from '../../engine/mesh/istio/export-scope';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { isSet, itemsOf, lookup, numberOf, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const SERVICE_ENTRY = 'ServiceEntry.networking.istio.io';

const entry = (name: string, protocol: string, rest = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${name}\n  namespace: ${name}\nspec:\n  hosts:\n    - api.example.com\n  resolution: DNS\n  ports:\n    - number: 8080\n      name: api\n      protocol: ${protocol}\n${rest}`;

export const rule = defineRule({
  id: 'istio/service-entry-protocol-conflict',
  severity: 'warning',
  summary: 'Two ServiceEntries give one port of one host different protocols.',
  why:
    'A proxy makes one listener for a host and port, and one of the entries decides what it takes the traffic for. What the other one meant ' +
    'fails: HTTP is not routed where TLS is expected, and a TLS connection breaks where HTTP is. Which of them it is may change with every ' +
    'restart of the control plane.',
  todo: 'Agree on one protocol, use another port, or keep each entry to its own namespace with `exportTo: ["."]`.',
  kinds: [SERVICE_ENTRY],
  equivalents: ['IST0177'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0177/',
  since: '0.1.0',
  noFix: 'which of the protocols the host speaks is not to be seen here',
  examples: {
    bad: [
      {
        title: 'HTTP and HTTPS',
        files: { 'bank.yaml': entry('bank', 'HTTPS'), 'shop.yaml': entry('shop', 'HTTP') },
        findings: [
          {
            at: 'bank.yaml:13:17',
            text: 'HTTPS',
            message:
              'Port 8080 of api.example.com is HTTPS here and HTTP in ServiceEntry shop/shop. Proxies that see both take its traffic for one of them, and what is the other fails. Agree on one, or export neither beyond its namespace.',
          },
          {
            at: 'shop.yaml:13:17',
            text: 'HTTP',
            message:
              'Port 8080 of api.example.com is HTTP here and HTTPS in ServiceEntry bank/bank. Proxies that see both take its traffic for one of them, and what is the other fails. Agree on one, or export neither beyond its namespace.',
          },
        ],
      },
    ],
    good: [
      { title: 'The same protocol', files: { 'bank.yaml': entry('bank', 'HTTP'), 'shop.yaml': entry('shop', 'http') } },
      {
        title: 'Each in its own namespace',
        files: {
          'bank.yaml': entry('bank', 'HTTPS', '  exportTo: ["."]\n'),
          'shop.yaml': entry('shop', 'HTTP', '  exportTo: ["."]\n'),
        },
      },
    ],
  },
  *check(subject, view) {
    for (const port of portsOf(subject)) {
      for (const host of itemsOf(subject.at('spec', 'hosts'))) {
        const name = stringOf(host);
        const others = name === undefined ? [] : conflicts(subject, name, port, view);
        const [first] = others;
        if (name === undefined || first === undefined) continue;
        yield {
          place: { node: port.node },
          message: [
            `Port ${port.number} of ${name} is ${port.protocol} here and ${first.port.protocol} in ${first.entry.title}.`,
            'Proxies that see both take its traffic for one of them, and what is the other fails.',
            'Agree on one, or export neither beyond its namespace.',
          ].join(' '),
          related: others.slice(0, RELATED_LIMIT).map((other) => ({
            place: { node: other.port.node },
            message: `${other.entry.title} says ${other.port.protocol}.`,
          })),
        };
        // The same port of a second host of the entry says nothing new.
        break;
      }
    }
  },
});

interface Port {
  readonly number: number;
  /** In upper case; an entry that names none means TCP. */
  readonly protocol: string;
  readonly node: YamlNode;
}

function portsOf(entry: Resource): readonly Port[] {
  return itemsOf(entry.at('spec', 'ports')).flatMap((port): Port[] => {
    const node = lookup(port, 'number');
    const number = numberOf(node);
    const said = lookup(port, 'protocol');
    const protocol = isSet(said) ? stringOf(said) : 'TCP';
    if (node === undefined || number === undefined || protocol === undefined) return [];
    return [{ number, protocol: protocol === '' ? 'TCP' : protocol.toUpperCase(), node: isSet(said) ? said : node }];
  });
}

interface Conflict {
  readonly entry: Resource;
  readonly port: Port;
}

function conflicts(subject: Resource, host: string, port: Port, view: MeshView): readonly Conflict[] {
  const scope = exportScopeOf(subject);
  const byHost = view.index.grouped('istio.serviceEntriesByHostPort', [SERVICE_ENTRY], hostPorts);
  return byHost.get(keyOf(host, port.number)).flatMap((other): Conflict[] => {
    // A second definition of the same entry is an alternative.
    if (other === subject || other.key === subject.key || scopesMeet(scope, exportScopeOf(other)) !== 'yes') return [];
    const theirs = portsOf(other).find(({ number, protocol }) => number === port.number && protocol !== port.protocol);
    return theirs === undefined ? [] : [{ entry: other, port: theirs }];
  });
}

function hostPorts(entry: Resource): readonly string[] {
  const numbers = portsOf(entry).map(({ number }) => number);
  const hosts = itemsOf(entry.at('spec', 'hosts')).flatMap((host) => stringOf(host) ?? []);
  return hosts.flatMap((host) => numbers.map((number) => keyOf(host, number)));
}

function keyOf(host: string, port: number): string {
  return `${host.toLowerCase()}\0${port}`;
}
