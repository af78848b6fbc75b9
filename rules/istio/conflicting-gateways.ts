import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { GATEWAY, gatewayServers, sharing } from '../../engine/mesh/istio/gateway-servers';
import type { GatewayHost, GatewayServer, Sharing } from '../../engine/mesh/istio/gateway-servers';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';

const gateway = (name: string, port: string, host: string, rest = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: ${name}\n  namespace: edge\nspec:\n  selector:\n    istio: ingressgateway\n  servers:\n    - port: { name: web, ${port} }\n      hosts:\n        - ${host}\n${rest}`;
const HTTPS = 'number: 443, protocol: HTTPS';
const TLS = (secret: string): string => `      tls: { mode: SIMPLE, credentialName: ${secret} }\n`;

export const rule = defineRule({
  id: 'istio/conflicting-gateways',
  severity: 'error',
  summary: 'Two Gateways serve the same host at the same port of the same pods.',
  why:
    'At one port a proxy has one protocol, and with TLS one server for a host. Where two Gateways for the same pods each have one, one of ' +
    'the two is without effect there. No file shows which, and it may change when one of them is made anew. What becomes of plain HTTP at ' +
    'two Gateways is not known here, and an info: routes that are bound to one of them may answer for the other.',
  todo: 'Serve each host at one Gateway, or tell the servers apart by port, by `bind`, or by the pods that they select.',
  kinds: [GATEWAY],
  equivalents: ['IST0145'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0145/',
  since: '0.1.0',
  noFix: 'which of the two is to keep the host is for their authors to say',
  examples: {
    bad: [
      {
        title: 'A host with TLS',
        files: {
          'api.yaml': gateway('api', HTTPS, 'shop.example.com', TLS('api')),
          'web.yaml': gateway('web', HTTPS, 'shop.example.com', TLS('web')),
        },
        findings: [
          {
            at: 'api.yaml:12:11',
            text: 'shop.example.com',
            message:
              'Gateway edge/api and Gateway edge/web both serve shop.example.com at port 443 of the same pods. A proxy can answer there with one of the two servers only; which, no file shows. Serve the host at one of them, or at different ports.',
          },
          {
            at: 'web.yaml:12:11',
            text: 'shop.example.com',
            message:
              'Gateway edge/web and Gateway edge/api both serve shop.example.com at port 443 of the same pods. A proxy can answer there with one of the two servers only; which, no file shows. Serve the host at one of them, or at different ports.',
          },
        ],
      },
      {
        title: 'Plain HTTP',
        files: {
          'api.yaml': gateway('api', 'number: 80, protocol: HTTP', '"*"'),
          'web.yaml': gateway('web', 'number: 80, protocol: HTTP', '"*"'),
        },
        findings: [
          {
            at: 'api.yaml:12:11',
            text: '"*"',
            message:
              'Gateway edge/api and Gateway edge/web both serve * at port 80 of the same pods. What a proxy makes of that with plain HTTP is not known here: routes that are bound to one of them may answer for the other. Serve the host at one of them.',
          },
          {
            at: 'web.yaml:12:11',
            text: '"*"',
            message:
              'Gateway edge/web and Gateway edge/api both serve * at port 80 of the same pods. What a proxy makes of that with plain HTTP is not known here: routes that are bound to one of them may answer for the other. Serve the host at one of them.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Different hosts',
        files: {
          'api.yaml': gateway('api', HTTPS, 'api.example.com', TLS('api')),
          'web.yaml': gateway('web', HTTPS, 'shop.example.com', TLS('web')),
        },
      },
      {
        title: 'Different pods',
        files: {
          'api.yaml': gateway('api', HTTPS, 'shop.example.com', TLS('api')).replace('istio: ingressgateway', 'istio: inside'),
          'web.yaml': gateway('web', HTTPS, 'shop.example.com', TLS('web')),
        },
      },
    ],
  },
  *check(subject, view) {
    for (const server of gatewayServers(subject)) {
      const [worst, ...others] = rivalsOf(subject, server, view);
      if (worst !== undefined) yield finding(subject, server, worst, others);
    }
  },
});

interface Rival {
  readonly gateway: Resource;
  readonly server: GatewayServer;
  readonly sharing: Sharing;
  /** The subject's hosts that the rival has as well. */
  readonly hosts: readonly GatewayHost[];
  readonly outcome: (typeof OUTCOMES)[number];
}

/** More Gateways than anybody has at one host on purpose: the first ones tell. */
const MOST_RIVALS = 50;

/**
 * The Gateways that serve hosts of a server, one server of each, those that certainly conflict first; several definitions of one are
 * alternatives.
 */
function rivalsOf(subject: Resource, server: GatewayServer, view: MeshView): readonly Rival[] {
  const byHost = view.index.grouped('istio.gatewaysByHost', [GATEWAY], (gateway) => gatewayServers(gateway).flatMap(keysOf));
  const others = new Map<string, Resource>();
  for (const key of keysOf(server)) {
    for (const other of byHost.get(key)) {
      if (other.key !== undefined && other.key !== subject.key && others.size < MOST_RIVALS) others.set(other.key, other);
    }
  }
  const rivals = [...others.values()].flatMap((gateway): Rival[] => {
    const shared = sharing(subject, gateway, view);
    const theirs =
      shared === undefined ? undefined : gatewayServers(gateway).find((other) => sharedHosts(server, other).length > 0);
    if (shared === undefined || theirs === undefined) return [];
    return [
      {
        gateway,
        server: theirs,
        sharing: shared,
        hosts: sharedHosts(server, theirs),
        outcome: outcomeOf(server, theirs, shared),
      },
    ];
  });
  return rivals.sort((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome));
}

function sharedHosts(server: GatewayServer, other: GatewayServer): readonly GatewayHost[] {
  if (server.port !== other.port || server.bind !== other.bind) return [];
  return server.hosts.filter(({ full }) => other.hosts.some((host) => host.full === full));
}

const OUTCOMES = ['error', 'warning', 'info'] as const;

/**
 * A host at a port twice is an error to istioctl, and a warning to Kiali, whatever the protocol (IST0145 in istio/istio
 * pkg/config/analysis/msg/messages.yaml, 1.32 development; KIA0301). That a port has one protocol and a TLS name one server is in its
 * nature; of plain HTTP nothing of the kind is known.
 */
function outcomeOf(one: GatewayServer, other: GatewayServer, { isShown }: Sharing): (typeof OUTCOMES)[number] {
  if (one.sort === 'http' && other.sort === 'http') return 'info';
  return one.sort === 'unknown' || other.sort === 'unknown' || !isShown ? 'warning' : 'error';
}

function keysOf({ port, bind, hosts }: GatewayServer): readonly string[] {
  return port === undefined || bind === undefined ? [] : hosts.map(({ full }) => `${port}\0${bind}\0${full}`);
}

const RESULTS: Readonly<Record<Rival['outcome'], string>> = {
  error:
    'A proxy can answer there with one of the two servers only; which, no file shows. Serve the host at one of them, or at different ports.',
  warning:
    'A proxy that serves both may answer there with one of the two servers only; which, no file shows. Serve the host at one of them, or at different ports.',
  info: 'What a proxy makes of that with plain HTTP is not known here: routes that are bound to one of them may answer for the other. Serve the host at one of them.',
};

function finding(subject: Resource, server: GatewayServer, rival: Rival, others: readonly Rival[]): Finding {
  const [first, ...further] = rival.hosts;
  const hosts = further.length === 0 ? '' : ` and ${further.length} more host${further.length === 1 ? '' : 's'}`;
  const gateways = `${subject.title} and ${rival.gateway.title}`;
  const result = RESULTS[rival.outcome];
  const more = others.length === 0 ? '' : ` So ${others.length === 1 ? 'does' : 'do'} ${others.length} more.`;
  return {
    place: { node: first?.node ?? server.node },
    severity: rival.outcome,
    message: `${gateways} both serve ${first?.text ?? 'a host'}${hosts} at port ${String(server.port)} of the same pods.${more} ${result}`,
    related: [rival, ...others].slice(0, RELATED_LIMIT).flatMap(({ gateway, server: theirs, hosts: shared }) =>
      theirs.hosts
        .filter(({ full }) => shared.some((host) => host.full === full))
        .slice(0, 1)
        .map(({ node }) => ({ place: { node }, message: `${gateway.title} serves it as well.` })),
    ),
    ...([rival, ...others].some(hasCode) ? {} : { equivalents: [] }),
  };
}

/** istioctl compares Gateways of one selector, and of two of which one narrows the other where a pod has both. */
function hasCode({ sharing: { selector, isShown } }: Rival): boolean {
  return selector !== 'different' && isShown;
}
