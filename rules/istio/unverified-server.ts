import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { istioVersion, isOlder } from '../../engine/mesh/istio/control-plane';
import { at, filled, isTrue, items, text, unset } from '../../engine/mesh/istio/validation/read';
import type { Value } from '../../engine/mesh/istio/validation/read';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import type { YamlNode } from '../../engine/yaml/tree';

const destinationRule = (spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: bank\n  namespace: shop\nspec:\n  host: api.bank.example\n${spec}`;

/**
 * The first release that checks a server's certificate without being told how (istio/istio
 * manifests/helm-profiles/compatibility-version-1.20.yaml turns VERIFY_CERTIFICATE_AT_CLIENT off for those who come from 1.20).
 */
const VERIFYING = { major: 1, minor: 21 };

export const rule = defineRule({
  id: 'istio/unverified-server',
  severity: 'warning',
  summary: 'A DestinationRule asks for TLS and does not say whose certificates to trust.',
  why:
    'With `mode: SIMPLE` or `MUTUAL` a proxy opens TLS to the host itself, and `caCertificates` names the authorities that it accepts. ' +
    'Without it, releases before 1.21 accept any certificate, so that whoever is in between can read along. Later ones accept what the ' +
    "proxy's image trusts: well for public hosts, and no connection at all to one with a certificate of your own authority.",
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
              "DestinationRule shop/bank opens TLS to api.bank.example and names no authority in caCertificates. Istio before 1.21 accepts any certificate then, later releases what the proxy's image trusts. Set caCertificates.",
          },
          {
            at: 'bank.yaml:15:17',
            text: 'SIMPLE',
            message:
              "DestinationRule shop/bank opens TLS to api.bank.example at port 8443 and names no authority in caCertificates. Istio before 1.21 accepts any certificate then, later releases what the proxy's image trusts. Set caCertificates.",
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
              "DestinationRule shop/bank opens TLS to api.bank.example with credentialName. Gateways read that Secret; sidecars do not unless the rule has a workloadSelector, and have no authorities to check the host's certificate by. Add a workloadSelector, or set caCertificates.",
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
  *check(subject, view) {
    const spec = subject.at('spec');
    yield* policyFindings(subject, view, at(spec, 'trafficPolicy'), ['IST0128'], ['IST0129']);
    // istioctl does not look into subsets.
    for (const subset of items(at(spec, 'subsets'))) yield* policyFindings(subject, view, at(subset, 'trafficPolicy'), [], []);
  },
});

function* policyFindings(
  subject: Resource,
  view: MeshView,
  policy: Value,
  codes: readonly string[],
  portCodes: readonly string[],
): Iterable<Finding> {
  const whole = tlsFinding(subject, view, at(policy, 'tls'), '');
  if (whole !== undefined) yield { ...whole, equivalents: codes };
  for (const settings of items(at(policy, 'portLevelSettings'))) {
    const number = at(settings, 'port', 'number');
    const port = number?.type === 'scalar' ? ` at port ${String(number.value)}` : '';
    const one = tlsFinding(subject, view, at(settings, 'tls'), port);
    if (one !== undefined) yield { ...one, equivalents: portCodes };
  }
}

function tlsFinding(subject: Resource, view: MeshView, tls: Value, port: string): Finding | undefined {
  const mode = at(tls, 'mode');
  const word = text(mode);
  if (mode === undefined || (word !== 'SIMPLE' && word !== 'MUTUAL') || !unset(at(tls, 'caCertificates'))) return undefined;
  const opening = `${subject.title} opens TLS to ${text(subject.at('spec', 'host')) ?? 'a host'}${port}`;
  const skip = at(tls, 'insecureSkipVerify');
  if (skip !== undefined && isTrue(skip)) return findingAt(skip, `${opening} and accepts any certificate: ${SKIPPED}`);
  if (skip?.type === 'unknown') return undefined;
  const credential = at(tls, 'credentialName');
  if (!unset(credential)) {
    if (!filled(credential) || !unset(at(subject.at('spec'), 'workloadSelector'))) return undefined;
    return { ...findingAt(credential, `${opening} with credentialName. ${UNREAD}`), severity: 'info' };
  }
  const version = istioVersion(view);
  const isOld = version !== undefined && isOlder(version, VERIFYING);
  const effect = isOld
    ? `Istio ${version.major}.${version.minor}, which is installed here, accepts any certificate then.`
    : "Istio before 1.21 accepts any certificate then, later releases what the proxy's image trusts.";
  const found = findingAt(mode, `${opening} and names no authority in caCertificates. ${effect} Set caCertificates.`);
  return isOld ? found : { ...found, severity: 'info' };
}

const SKIPPED = 'whoever is in between can read along. Remove insecureSkipVerify, and set caCertificates.';
const UNREAD =
  "Gateways read that Secret; sidecars do not unless the rule has a workloadSelector, and have no authorities to check the host's certificate by. Add a workloadSelector, or set caCertificates.";

function findingAt(node: YamlNode, message: string): Finding {
  return { place: { node }, message };
}
