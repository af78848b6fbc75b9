import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { GATEWAY, gatewayServers, sharing } from '../../engine/mesh/istio/gateway-servers';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { itemsOf, lookup, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const gateway = (name: string, secret: string, selector = 'ingressgateway'): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: ${name}\n  namespace: edge\nspec:\n  selector:\n    istio: ${selector}\n  servers:\n    - port: { number: 443, name: https, protocol: HTTPS }\n      tls: { mode: SIMPLE, credentialName: ${secret} }\n      hosts: [${name}.example.com]\n`;

export const rule = defineRule({
  id: 'istio/certificate-on-several-gateways',
  severity: 'warning',
  summary: 'Two Gateways of the same pods serve one certificate.',
  why:
    'A browser that has a connection for one host uses it for another, if the certificate is good for both and the address is the same ' +
    '(HTTP/2, RFC 9113 section 9.1.1). The proxy chose the routes of that connection when it began, by the first host, and those of a ' +
    'Gateway do not know the hosts of another one: the answer is 404. Which host works depends on which was visited first.',
  todo: 'Put the hosts of the certificate into one Gateway, with a list or a wildcard, or give each Gateway a certificate of its own.',
  kinds: [GATEWAY],
  equivalents: ['IST0138'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0138/',
  since: '0.1.0',
  noFix: 'it takes one Gateway out of two, or another certificate',
  examples: {
    bad: [
      {
        title: 'A wildcard certificate',
        files: { 'api.yaml': gateway('api', 'wildcard'), 'web.yaml': gateway('web', 'wildcard') },
        findings: [
          {
            at: 'api.yaml:11:44',
            text: 'wildcard',
            message:
              'Gateway edge/api and Gateway edge/web serve one certificate, wildcard, on the same pods. Browsers that have a connection to hosts of one use it for those of the other, and get 404. Put the hosts into one Gateway, or take two certificates.',
          },
          {
            at: 'web.yaml:11:44',
            text: 'wildcard',
            message:
              'Gateway edge/web and Gateway edge/api serve one certificate, wildcard, on the same pods. Browsers that have a connection to hosts of one use it for those of the other, and get 404. Put the hosts into one Gateway, or take two certificates.',
          },
        ],
      },
    ],
    good: [
      { title: 'Two certificates', files: { 'api.yaml': gateway('api', 'api'), 'web.yaml': gateway('web', 'web') } },
      {
        title: 'Different pods',
        files: { 'api.yaml': gateway('api', 'wildcard', 'inside'), 'web.yaml': gateway('web', 'wildcard') },
      },
    ],
  },
  *check(subject, view) {
    for (const certificate of certificatesOf(subject)) {
      const others = othersWith(subject, certificate, view);
      const [first] = others;
      if (first === undefined) continue;
      const more = others.length === 1 ? '' : ` So ${others.length === 2 ? 'does' : 'do'} ${others.length - 1} more.`;
      yield {
        place: { node: certificate.node },
        message: `${subject.title} and ${first.gateway.title} serve one certificate, ${certificate.name}, on the same pods.${more} Browsers that have a connection to hosts of one use it for those of the other, and get 404. Put the hosts into one Gateway, or take two certificates.`,
        related: others
          .slice(0, RELATED_LIMIT)
          .map(({ gateway: other, node }) => ({ place: { node }, message: `${other.title} serves it as well.` })),
        ...(certificate.isListed || others.every(({ hasCode }) => !hasCode) ? { equivalents: [] } : {}),
      };
    }
  },
});

interface Certificate {
  readonly key: string;
  /** A Secret, or the path of a file. */
  readonly name: string;
  readonly node: YamlNode;
  /** Whether it is one of a list, of which istioctl knows nothing. */
  readonly isListed: boolean;
}

/** The certificates that a Gateway's servers name, each once. */
function certificatesOf(gateway: Resource): readonly Certificate[] {
  const all = gatewayServers(gateway).flatMap(({ node }): Certificate[] => {
    const tls = lookup(node, 'tls');
    const single = lookup(tls, 'credentialName');
    const named = stringOf(single);
    if (single !== undefined && named !== undefined && named !== '') return [secret(named, single, false)];
    const listed = itemsOf(lookup(tls, 'credentialNames')).flatMap((item) => {
      const name = stringOf(item);
      return name === undefined ? [] : [secret(name, item, true)];
    });
    const file = lookup(tls, 'serverCertificate');
    const path = stringOf(file);
    const key = stringOf(lookup(tls, 'privateKey')) ?? '';
    if (file === undefined || path === undefined || path === '') return listed;
    return [...listed, { key: `file\0${path}\0${key}`, name: path, node: file, isListed: false }];
  });
  return [...new Map(all.map((certificate) => [certificate.key, certificate])).values()];
}

function secret(name: string, node: YamlNode, isListed: boolean): Certificate {
  return { key: `secret\0${name}`, name, node, isListed };
}

interface Other {
  readonly gateway: Resource;
  readonly node: YamlNode;
  /** istioctl names the Gateway whose selector picks all pods of the other one. */
  readonly hasCode: boolean;
}

/** More Gateways than anybody gives one certificate on purpose: the first ones tell. */
const MOST_OTHERS = 50;

/** Other Gateways with a certificate; several definitions of one are alternatives. */
function othersWith(subject: Resource, { key }: Certificate, view: MeshView): readonly Other[] {
  const byCertificate = view.index.grouped('istio.gatewaysByCertificate', [GATEWAY], (gateway) =>
    certificatesOf(gateway).map((certificate) => certificate.key),
  );
  const candidates = byCertificate.get(key).filter((other) => other.key !== undefined && other.key !== subject.key);
  const others = new Map(candidates.slice(0, MOST_OTHERS).map((other) => [other.key, other]));
  return [...others.values()].flatMap((gateway): Other[] => {
    const shared = sharing(subject, gateway, view);
    const theirs = certificatesOf(gateway).find((certificate) => certificate.key === key);
    if (shared === undefined || theirs === undefined) return [];
    return [
      { gateway, node: theirs.node, hasCode: !theirs.isListed && (shared.selector === 'equal' || shared.selector === 'wider') },
    ];
  });
}
