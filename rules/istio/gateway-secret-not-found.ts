import { nearestName } from '../../engine/configuration/nearest-name';
import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { credentialsOf, secretsAnywhere, secretsNamed } from '../../engine/mesh/istio/gateway-credentials';
import type { Credential } from '../../engine/mesh/istio/gateway-credentials';
import { GATEWAY, gatewayWorkloads } from '../../engine/mesh/istio/gateway-servers';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';

const edge =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: edge\n  namespace: edge\nspec:\n  template:\n    metadata:\n      labels:\n        istio: edge\n      annotations:\n        inject.istio.io/templates: gateway\n    spec:\n      containers:\n        - name: istio-proxy\n          image: auto\n';
const gateway = (secret: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n  selector:\n    istio: edge\n  servers:\n    - port: { number: 443, name: https, protocol: HTTPS }\n      tls:\n        mode: SIMPLE\n        credentialName: ${secret}\n      hosts: [shop.example.com]\n`;
const certificate = (namespace: string, name: string): string =>
  `apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata:\n  name: shop\n  namespace: ${namespace}\nspec:\n  secretName: ${name}\n`;
const secret = (namespace: string, name: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ntype: kubernetes.io/tls\n`;

export const rule = defineRule({
  id: 'istio/gateway-secret-not-found',
  severity: 'error',
  summary: 'A Gateway names a Secret that is not where its proxies are.',
  why:
    "The proxy of a gateway reads the Secrets of its own namespace, not those of the Gateway's. While the Secret is missing, the port " +
    'accepts connections and ends them in the handshake, and other servers of the port wait with it.\n\n' +
    'Secrets seldom stand in a repository. What makes one counts as well: Certificates of cert-manager, ExternalSecrets, SealedSecrets and ' +
    "others. Where neither is shown, the finding is a reminder; where the Secret stands in another namespace than the gateway's pods, a warning.",
  todo: "Put the Secret into the namespace of the gateway's pods, or write the name of one that is there.",
  kinds: [GATEWAY],
  equivalents: ['IST0101'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0101/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the name of a Secret that comes near',
  examples: {
    bad: [
      {
        title: 'In the namespace of the Gateway',
        files: { 'edge.yaml': edge, 'gateway.yaml': gateway('shop-tls'), 'secret.yaml': secret('shop', 'shop-tls') },
        findings: [
          {
            at: 'gateway.yaml:13:25',
            text: 'shop-tls',
            message:
              'Gateway shop/shop names Secret shop-tls, which is in namespace shop, and its pods, those of Deployment edge/edge, read the Secrets of namespace edge. TLS handshakes fail there. Put it into namespace edge as well.',
          },
        ],
      },
      {
        title: 'A misspelt name',
        files: { 'edge.yaml': edge, 'gateway.yaml': gateway('shop-tsl-1'), 'secret.yaml': secret('edge', 'shop-tls-1') },
        findings: [
          {
            at: 'gateway.yaml:13:25',
            text: 'shop-tsl-1',
            message:
              'No file here shows Secret edge/shop-tsl-1, which Gateway shop/shop names. Without it, TLS handshakes fail. Did you mean shop-tls-1?',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Beside the pods',
        files: { 'edge.yaml': edge, 'gateway.yaml': gateway('shop-tls'), 'secret.yaml': secret('edge', 'shop-tls') },
      },
      {
        title: 'Made by cert-manager',
        files: { 'edge.yaml': edge, 'gateway.yaml': gateway('shop-tls'), 'certificate.yaml': certificate('edge', 'shop-tls') },
      },
    ],
  },
  *check(subject, view) {
    const credentials = credentialsOf(subject);
    const workloads = credentials.length === 0 ? [] : (gatewayWorkloads(subject, view)?.certain ?? []);
    const names = new Set<string>();
    for (const credential of credentials) {
      for (const workload of workloads) {
        const { namespace } = workload;
        if (namespace === undefined || secretsNamed(view, namespace, credential.name).length > 0 || names.has(credential.name))
          continue;
        names.add(credential.name);
        yield finding(subject, credential, workload, namespace, view);
      }
    }
  },
});

function finding(subject: Resource, { name, node }: Credential, workload: Resource, namespace: string, view: MeshView): Finding {
  const { plan, partial } = view.scope();
  // What kustomize generates is not among the resources.
  const isWhole = plan.complete && partial.length === 0 && plan.build === undefined;
  const [misplaced] = secretsAnywhere(view, name).filter((secret) => secret.namespace !== undefined);
  const place = misplaced?.titlePlace;
  if (misplaced !== undefined && place !== undefined) {
    return {
      place: { node },
      ...(isWhole ? {} : { severity: 'warning' }),
      message: `${subject.title} names Secret ${name}, which is in namespace ${misplaced.namespace ?? ''}, and its pods, those of ${workload.title}, read the Secrets of namespace ${namespace}. TLS handshakes fail there. Put it into namespace ${namespace} as well.`,
      related: [{ place: { node: place }, message: 'The Secret in another namespace.' }],
    };
  }
  const there = view.index.inNamespace('Secret', namespace).flatMap((secret) => secret.name ?? []);
  const near = nearestName(name, there);
  const scalar = near === undefined ? undefined : replaceable(node);
  const otherwise = isWhole ? 'Add it, or write the name of one that exists.' : 'Make sure that it is there.';
  return {
    place: { node },
    ...(isWhole ? {} : { severity: 'info' }),
    message: [
      isWhole
        ? `There is no Secret ${namespace}/${name}, which ${subject.title} names: TLS handshakes fail.`
        : `No file here shows Secret ${namespace}/${name}, which ${subject.title} names. Without it, TLS handshakes fail.`,
      near === undefined || near === name ? otherwise : `Did you mean ${near}?`,
    ].join(' '),
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near)] }],
  };
}
