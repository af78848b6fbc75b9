import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { at, filled, isTrue, items, text, unset } from '../../engine/mesh/istio/validation/read';
import type { Value } from '../../engine/mesh/istio/validation/read';
import type { Resource } from '../../engine/resources/resource';
import type { YamlNode } from '../../engine/yaml/tree';

const destinationRule = (spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: bank\n  namespace: shop\nspec:\n  host: api.bank.example\n${spec}`;

export const rule = defineRule({
  id: 'istio/unverified-server',
  severity: 'warning',
  summary: 'A DestinationRule asks for TLS and does not say whose certificates to trust.',
  why:
    'With `mode: SIMPLE` or `MUTUAL` a proxy opens TLS to the host itself, and `caCertificates` names the authorities that it accepts. ' +
    "Without it, Istio 1.31 accepts what the proxy's operating system trusts: well for public hosts, and no connection at all to one with " +
    'a certificate of your own authority. Older releases may accept any certificate, so that whoever is in between can read along; which ' +
    'release was the first to check is not known here, so that this is an info.',
  todo:
    'Set `caCertificates` to the file with the authorities in the proxy. A gateway, or workloads that a `workloadSelector` picks, can ' +
    'take them from the Secret that `credentialName` names.',
  kinds: ['DestinationRule.networking.istio.io'],
  equivalents: ['IST0128', 'IST0129'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0128/',
  since: '0.1.0',
  noFix: 'which authorities sign for the host, the files do not show',
  examples: {
    bad: [
      {
        title: 'For all ports, and for one',
        files: {
          'bank.yaml': destinationRule(
            '  trafficPolicy:\n    tls:\n      mode: SIMPLE\n    portLevelSettings:\n      - port:\n          number: 8443\n        tls:\n          mode: SIMPLE\n',
          ),
        },
        findings: [
          {
            at: 'bank.yaml:10:13',
            text: 'SIMPLE',
            message:
              "DestinationRule shop/bank opens TLS to api.bank.example and names no authority in caCertificates. Istio 1.31 accepts what the proxy's operating system trusts then, older releases may accept any certificate. Set caCertificates.",
          },
          {
            at: 'bank.yaml:15:17',
            text: 'SIMPLE',
            message:
              "DestinationRule shop/bank opens TLS to api.bank.example at port 8443 and names no authority in caCertificates. Istio 1.31 accepts what the proxy's operating system trusts then, older releases may accept any certificate. Set caCertificates.",
          },
        ],
      },
      {
        title: 'A Secret that sidecars do not read',
        files: { 'bank.yaml': destinationRule('  trafficPolicy:\n    tls:\n      mode: SIMPLE\n      credentialName: bank\n') },
        findings: [
          {
            at: 'bank.yaml:11:23',
            text: 'bank',
            message:
              'DestinationRule shop/bank opens TLS to api.bank.example with credentialName. Gateways read that Secret; sidecars do so only where the rule has a workloadSelector, and send plain text else. Add a workloadSelector, or set caCertificates.',
          },
        ],
      },
      {
        title: 'Any certificate',
        files: {
          'bank.yaml': destinationRule('  trafficPolicy:\n    tls:\n      mode: SIMPLE\n      insecureSkipVerify: true\n'),
        },
        findings: [
          {
            at: 'bank.yaml:11:27',
            text: 'true',
            message:
              'DestinationRule shop/bank opens TLS to api.bank.example and accepts any certificate: whoever is in between can read along. Remove insecureSkipVerify, and set caCertificates.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'With authorities',
        files: {
          'bank.yaml': destinationRule(
            '  trafficPolicy:\n    tls:\n      mode: SIMPLE\n      caCertificates: /etc/ssl/certs/ca-certificates.crt\n',
          ),
        },
      },
      {
        title: 'A Secret for the workloads that are selected',
        files: {
          'bank.yaml': destinationRule(
            '  workloadSelector:\n    matchLabels:\n      app: pay\n  trafficPolicy:\n    tls:\n      mode: SIMPLE\n      credentialName: bank\n',
          ),
        },
      },
      {
        title: 'TLS of the mesh',
        files: { 'bank.yaml': destinationRule('  trafficPolicy:\n    tls:\n      mode: ISTIO_MUTUAL\n') },
      },
    ],
  },
  *check(subject) {
    const spec = subject.at('spec');
    yield* policyFindings(subject, at(spec, 'trafficPolicy'), ['IST0128'], ['IST0129']);
    // istioctl does not look into subsets.
    for (const subset of items(at(spec, 'subsets'))) yield* policyFindings(subject, at(subset, 'trafficPolicy'), [], []);
  },
});

function* policyFindings(
  subject: Resource,
  policy: Value,
  codes: readonly string[],
  portCodes: readonly string[],
): Iterable<Finding> {
  const whole = tlsFinding(subject, at(policy, 'tls'), '');
  if (whole !== undefined) yield { ...whole, equivalents: codes };
  for (const settings of items(at(policy, 'portLevelSettings'))) {
    const number = at(settings, 'port', 'number');
    const port = number?.type === 'scalar' ? ` at port ${String(number.value)}` : '';
    const one = tlsFinding(subject, at(settings, 'tls'), port);
    if (one !== undefined) yield { ...one, equivalents: portCodes };
  }
}

function tlsFinding(subject: Resource, tls: Value, port: string): Finding | undefined {
  const mode = at(tls, 'mode');
  const word = text(mode);
  if (mode === undefined || (word !== 'SIMPLE' && word !== 'MUTUAL') || !unset(at(tls, 'caCertificates'))) return undefined;
  const opening = `${subject.title} opens TLS to ${text(subject.at('spec', 'host')) ?? 'a host'}${port}`;
  const skip = at(tls, 'insecureSkipVerify');
  if (skip !== undefined && isTrue(skip)) return findingAt(skip, `${opening} and accepts any certificate: ${SKIPPED}`);
  if (skip?.type === 'unknown') return undefined;
  const credential = at(tls, 'credentialName');
  if (!unset(credential)) {
    const isRead = !unset(at(subject.at('spec'), 'workloadSelector')) || text(credential)?.startsWith(CONFIG_MAP) === true;
    if (!filled(credential) || isRead) return undefined;
    return { ...findingAt(credential, `${opening} with credentialName. ${UNREAD}`), severity: 'info' };
  }
  return { ...findingAt(mode, `${opening} and names no authority in caCertificates. ${UNKNOWN}`), severity: 'info' };
}

const CONFIG_MAP = 'configmap://';
const SKIPPED = 'whoever is in between can read along. Remove insecureSkipVerify, and set caCertificates.';
/**
 * istio/istio pilot/pkg/networking/core/cluster_tls.go, buildUpstreamClusterTLSContext (1.32 development): without a selector a sidecar
 * builds no TLS at all; a ConfigMap it reads all the same.
 */
const UNREAD =
  'Gateways read that Secret; sidecars do so only where the rule has a workloadSelector, and send plain text else. Add a workloadSelector, or set caCertificates.';
/** istio/api networking/v1alpha3/destination_rule.proto, v1.31.1; that older releases check nothing, istioctl says (IST0128), not which. */
const UNKNOWN =
  "Istio 1.31 accepts what the proxy's operating system trusts then, older releases may accept any certificate. Set caCertificates.";

function findingAt(node: YamlNode, message: string): Finding {
  return { place: { node }, message };
}
