import { describe, expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './unverified-server';

/** Severity, text and codes of what is found. */
function told(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );
}

const destinationRule = (spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: r }\nspec: { host: a.example.com, ${spec} }\n`;
const tls = (text: string): string => `trafficPolicy: { tls: ${text} }`;

/** Which codes: those of istioctl's own cases (facts 1.4, destinationrule.CaCertificate), made smaller. */
describe('TLS', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['without authorities', tls('{ mode: SIMPLE }'), ['info SIMPLE IST0128']],
    ['of both sides', tls('{ mode: MUTUAL, clientCertificate: /a, privateKey: /b }'), ['info MUTUAL IST0128']],
    [
      'at a port',
      'trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: SIMPLE } }] }',
      ['info SIMPLE IST0129'],
    ],
    [
      'both',
      'trafficPolicy: { tls: { mode: MUTUAL }, portLevelSettings: [{ tls: { mode: SIMPLE } }] }',
      ['info MUTUAL IST0128', 'info SIMPLE IST0129'],
    ],
    ['of a subset', `subsets: [{ name: v1, ${tls('{ mode: SIMPLE }')} }]`, ['info SIMPLE']],
    ['with authorities', tls('{ mode: SIMPLE, caCertificates: /a }'), []],
    ['with an empty name of authorities', tls('{ mode: SIMPLE, caCertificates: "" }'), ['info SIMPLE IST0128']],
    ['with authorities that a template names', tls('{ mode: SIMPLE, caCertificates: "{{ a }}" }'), []],
    ['whose mode a template writes', tls('{ mode: "{{ a }}" }'), []],
    ['of the mesh', tls('{ mode: ISTIO_MUTUAL }'), []],
    ['that is off', tls('{ mode: DISABLE }'), []],
    ['with a Secret', tls('{ mode: SIMPLE, credentialName: a }'), ['info a IST0128']],
    // Facts of mTLS, 3.2: of credentials, a sidecar without a selector reads ConfigMaps alone.
    ['with a ConfigMap', tls('{ mode: SIMPLE, credentialName: "configmap://a" }'), []],
    ['with a Secret that a template names', tls('{ mode: SIMPLE, credentialName: "{{ a }}" }'), []],
    [
      'with a Secret for the workloads that are selected',
      `workloadSelector: { matchLabels: { app: a } }, ${tls('{ mode: SIMPLE, credentialName: a }')}`,
      [],
    ],
    [
      'with authorities for the workloads that are selected',
      `workloadSelector: { matchLabels: { app: a } }, ${tls('{ mode: SIMPLE }')}`,
      ['info SIMPLE IST0128'],
    ],
    ['that accepts anything', tls('{ mode: SIMPLE, insecureSkipVerify: true }'), ['warning true IST0128']],
  ])('%s', (_title, spec, expected) => {
    expect(told({ 'a.yaml': destinationRule(spec) })).toEqual(expected);
  });

  it.each([
    // Which release is the first to check is in no document that is known here.
    '1.20.3',
    '1.31.0',
  ])('is no more than an info with Istio %s', (version) => {
    const files = { '.mesh-lint.yaml': `istio:\n  version: ${version}\n`, 'a.yaml': destinationRule(tls('{ mode: SIMPLE }')) };
    expect(told(files)).toEqual(['info SIMPLE IST0128']);
  });
});
