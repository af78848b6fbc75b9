import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { credentialsOf } from '../../engine/mesh/istio/gateway-credentials';
import type { Credential } from '../../engine/mesh/istio/gateway-credentials';
import { GATEWAY, gatewayWorkloads } from '../../engine/mesh/istio/gateway-servers';
import { hasAuthority, materialFault } from '../../engine/mesh/istio/secret-material';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';

const edge =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: edge\n  namespace: edge\nspec:\n  template:\n    metadata:\n      labels:\n        istio: edge\n      annotations:\n        inject.istio.io/templates: gateway\n    spec:\n      containers:\n        - name: istio-proxy\n          image: auto\n';
const gateway = (mode: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: shop\n  namespace: edge\nspec:\n  selector:\n    istio: edge\n  servers:\n    - port: { number: 443, name: https, protocol: HTTPS }\n      tls:\n        mode: ${mode}\n        credentialName: shop-tls\n      hosts: [shop.example.com]\n`;
const secret = (data: string): string => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop-tls\n  namespace: edge\n${data}`;
const PAIR =
  'stringData:\n  tls.crt: "-----BEGIN CERTIFICATE-----\\nMAMCAQE=\\n-----END CERTIFICATE-----\\n"\n  tls.key: "-----BEGIN PRIVATE KEY-----\\nMAMCAQE=\\n-----END PRIVATE KEY-----\\n"\n';

export const rule = defineRule({
  id: 'istio/gateway-secret-unusable',
  severity: 'error',
  summary: 'The Secret of a Gateway does not hold what its server needs.',
  why:
    'istiod takes certificate and key from `tls.crt` and `tls.key`, or from `cert` and `key`, and what clients are checked by from `ca.crt` or ' +
    '`cacert` of the same Secret, or of another one with `-cacert` behind the name. What it cannot read it does not hand on, and the proxy ' +
    'ends each connection in the handshake.',
  todo: 'Put certificate and private key into the Secret, in PEM: `kubectl create secret tls` does.',
  kinds: [GATEWAY],
  equivalents: ['IST0161'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0161/',
  since: '0.1.0',
  noFix: 'a certificate is not made by an editor',
  examples: {
    bad: [
      {
        title: 'No key',
        files: {
          'edge.yaml': edge,
          'gateway.yaml': gateway('SIMPLE'),
          'secret.yaml': secret(PAIR.replace(/ {2}tls.key.*\n/, '')),
        },
        findings: [
          {
            at: 'gateway.yaml:13:25',
            text: 'shop-tls',
            message:
              'Secret edge/shop-tls, which Gateway edge/shop serves TLS with, has no tls.key. TLS handshakes fail. Put certificate and private key into it, in PEM.',
          },
        ],
      },
      {
        title: 'Something else',
        files: {
          'edge.yaml': edge,
          'gateway.yaml': gateway('SIMPLE'),
          'secret.yaml': secret('data:\n  tls.crt: c2hvcA==\n  tls.key: c2hvcA==\n'),
        },
        findings: [
          {
            at: 'gateway.yaml:13:25',
            text: 'shop-tls',
            message:
              'tls.crt of Secret edge/shop-tls, which Gateway edge/shop serves TLS with, is no readable certificate. TLS handshakes fail. Put certificate and private key into it, in PEM.',
          },
        ],
      },
      {
        title: 'Nothing to check clients by',
        files: { 'edge.yaml': edge, 'gateway.yaml': gateway('MUTUAL'), 'secret.yaml': secret(PAIR) },
        findings: [
          {
            at: 'gateway.yaml:13:25',
            text: 'shop-tls',
            message:
              'Secret edge/shop-tls, which Gateway edge/shop checks clients by, has no ca.crt, and there is no Secret edge/shop-tls-cacert. TLS handshakes fail. Put the certificate of the authority into one of the two.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Certificate and key',
        files: { 'edge.yaml': edge, 'gateway.yaml': gateway('SIMPLE'), 'secret.yaml': secret(PAIR) },
      },
      {
        title: 'Encrypted by sops',
        files: {
          'edge.yaml': edge,
          'gateway.yaml': gateway('SIMPLE'),
          'secret.yaml': secret('data:\n  tls.crt: ENC[x]\nsops: { version: 3.9.0 }\n'),
        },
      },
    ],
  },
  *check(subject, view) {
    const credentials = credentialsOf(subject);
    const workloads = credentials.length === 0 ? [] : (gatewayWorkloads(subject, view)?.certain ?? []);
    const namespaces = [...new Set(workloads.flatMap(({ namespace }) => namespace ?? []))];
    for (const credential of credentials) {
      for (const namespace of namespaces) {
        const [secret, ...alternatives] = view.index.named('Secret', namespace, credential.name);
        const found =
          secret === undefined || alternatives.length > 0 ? undefined : finding(subject, credential, secret, namespace, view);
        if (found !== undefined) yield found;
      }
    }
  },
});

function finding(
  { title }: Resource,
  { name, node, isMutual }: Credential,
  secret: Resource,
  namespace: string,
  view: MeshView,
): Finding | undefined {
  const fault = materialFault(secret);
  const place = secret.titlePlace;
  const related = place === undefined ? [] : [{ place: { node: place }, message: 'The Secret.' }];
  const named = `Secret ${namespace}/${name}, which ${title}`;
  const remedy = 'TLS handshakes fail. Put certificate and private key into it, in PEM.';
  if (fault?.is === 'missing') {
    const isEmpty = secret.at('data') === undefined && secret.at('stringData') === undefined;
    return {
      place: { node },
      // Something may fill it in the cluster.
      ...(isEmpty ? { severity: 'warning' } : {}),
      message: `${named} serves TLS with, has no ${fault.keys.join(' and no ')}. ${remedy}`,
      related,
    };
  }
  if (fault !== undefined) {
    return {
      place: { node },
      message: `${fault.key} of ${named} serves TLS with, is no readable ${fault.wanted}. ${remedy}`,
      related: [...related, { place: { node: fault.node.key ?? fault.node }, message: `This is no ${fault.wanted}.` }],
    };
  }
  if (!isMutual || secret.at('sops') !== undefined || hasAuthority(secret)) return undefined;
  if (view.index.named('Secret', namespace, `${name}-cacert`).length > 0) return undefined;
  return {
    place: { node },
    // A Secret of that name may come from elsewhere.
    ...(view.scope().plan.complete ? {} : { severity: 'warning' }),
    message: `${named} checks clients by, has no ca.crt, and there is no Secret ${namespace}/${name}-cacert. TLS handshakes fail. Put the certificate of the authority into one of the two.`,
    related,
  };
}
