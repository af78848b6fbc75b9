import { defineRule } from '../../engine/findings/rule';
import { dnsCapture } from '../../engine/mesh/istio/dns-capture';
import type { Resource } from '../../engine/resources/resource';
import { isSet, itemsOf, lookup, numberOf, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const entry = (port: string, rest = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: queue\n  namespace: shop\nspec:\n  hosts:\n    - queue.example.com\n  resolution: DNS\n  ports:\n    - number: 5671\n      name: amqps\n${port}${rest}`;
const captured =
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    defaultConfig:\n      proxyMetadata:\n        ISTIO_META_DNS_CAPTURE: "true"\n';

export const rule = defineRule({
  id: 'istio/service-entry-without-address',
  severity: 'warning',
  summary: 'A ServiceEntry has a TCP port, and no address to tell its traffic by.',
  why:
    'What is HTTP or TLS, a proxy tells by the name of the host; plain TCP it tells by address and port. Without an address, sidecars ' +
    'listen for the port at every address: connections to any other host at that port go to this one. istiod does give such entries an ' +
    "address of its own, but an application gets it from no other DNS than the proxy's, which sidecars turn on by " +
    '`ISTIO_META_DNS_CAPTURE` alone. ztunnel always does.',
  todo: 'Name the protocol if it is HTTP or TLS; give `addresses`; or turn on DNS capture in the mesh configuration.',
  kinds: ['ServiceEntry.networking.istio.io'],
  equivalents: ['IST0134'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0134/',
  since: '0.1.0',
  noFix: 'what the port carries and which address is free, nothing here tells',
  examples: {
    bad: [
      {
        title: 'Plain TCP',
        files: { 'queue.yaml': entry('      protocol: TCP\n') },
        findings: [
          {
            at: 'queue.yaml:13:17',
            text: 'TCP',
            message:
              'Port 5671 of ServiceEntry shop/queue is TCP, and the entry has no addresses. Sidecars listen for it at every address, and take what goes to any host at port 5671 for queue.example.com, unless they capture DNS. Write TLS or HTTP if it is, or give addresses.',
          },
        ],
      },
      {
        title: 'No protocol at all',
        files: { 'queue.yaml': entry('') },
        findings: [
          {
            at: 'queue.yaml:11:15',
            text: '5671',
            message:
              'Port 5671 of ServiceEntry shop/queue has no protocol, which makes it TCP, and the entry has no addresses. Sidecars listen for it at every address, and take what goes to any host at port 5671 for queue.example.com, unless they capture DNS. Write TLS or HTTP if it is, or give addresses.',
          },
        ],
      },
    ],
    good: [
      { title: 'TLS, which names its host', files: { 'queue.yaml': entry('      protocol: TLS\n') } },
      { title: 'An address', files: { 'queue.yaml': entry('      protocol: TCP\n', '  addresses: [192.0.2.7]\n') } },
      { title: 'Sidecars capture DNS', files: { 'mesh.yaml': captured, 'queue.yaml': entry('      protocol: TCP\n') } },
    ],
  },
  *check(subject, view) {
    if (hasAddress(subject)) return;
    const ports = itemsOf(subject.at('spec', 'ports')).flatMap((port) => plainPort(port) ?? []);
    if (ports.length === 0 || dnsCapture(view) !== 'no') return;
    const hosts = itemsOf(subject.at('spec', 'hosts'));
    const host = hosts.length === 1 ? (stringOf(hosts[0]) ?? 'its host') : 'its hosts';
    for (const { place, number, isSaid } of ports) {
      yield {
        place: { node: place },
        message: [
          `Port ${number} of ${subject.title} ${isSaid ? 'is TCP' : 'has no protocol, which makes it TCP'}, and the entry has no addresses.`,
          `Sidecars listen for it at every address, and take what goes to any host at port ${number} for ${host}, unless they capture DNS.`,
          'Write TLS or HTTP if it is, or give addresses.',
        ].join(' '),
      };
    }
  },
});

/** As written, or as istiod wrote them into the status of an entry that was read from a cluster. */
function hasAddress(entry: Resource): boolean {
  return [entry.at('spec', 'addresses'), entry.at('status', 'addresses')].some(
    (list) => list?.type === 'unknown' || (list?.type === 'sequence' && (list.open || list.items.length > 0)),
  );
}

interface PlainPort {
  readonly place: YamlNode;
  readonly number: string;
  readonly isSaid: boolean;
}

function plainPort(port: YamlNode): PlainPort | undefined {
  const protocol = lookup(port, 'protocol');
  const number = numberOf(lookup(port, 'number'));
  if (number === undefined) return undefined;
  const said = isSet(protocol) ? stringOf(protocol) : '';
  if (said !== '' && said?.toUpperCase() !== 'TCP') return undefined;
  const place = isSet(protocol) ? protocol : lookup(port, 'number');
  return place === undefined ? undefined : { place, number: String(number), isSaid: said !== '' };
}
