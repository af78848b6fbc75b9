import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../../test/support/lint';
import type { Files } from '../../../test/support/lint';
import { locate } from '../../yaml/tree';
import { ciliumSettings } from './settings';
import type { CiliumSetting, CiliumSettings } from './settings';

const configMap = (...data: readonly string[]): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\n  namespace: kube-system\ndata:\n${data.map((line) => `  ${line}\n`).join('')}`;
const release = (version: string, values: string, more = ''): string =>
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: cilium\n  namespace: kube-system\nspec:\n' +
  `  chart:\n    spec:\n      chart: cilium\n      version: ${version}\n      sourceRef: { kind: HelmRepository, name: cilium }\n${more}` +
  `  values: {${values}}\n`;
const application = (version: string, helm: string): string =>
  'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: cilium\nspec:\n  source:\n    repoURL: https://helm.cilium.io\n' +
  `    chart: cilium\n    targetRevision: ${version}\n    helm:\n${helm}  destination: { name: in-cluster, namespace: kube-system }\n`;
const ZTUNNEL = ' encryption: { enabled: true, type: ztunnel } ';

function settingsOf(files: Files | string): CiliumSettings {
  const [view, ...others] = workspaceOf(typeof files === 'string' ? { 'a.yaml': files } : files, []).views();
  if (view === undefined || others.length > 0) throw new Error('one environment is wanted');
  return ciliumSettings(view);
}

/** `ztunnel shown`, `none assumed`, `unknown`, `not shown`. */
function short({ value, basis }: CiliumSetting<unknown>): string {
  return value.is === 'known' ? `${String(value.value)} ${basis}` : value.is === 'absent' ? 'not shown' : 'unknown';
}

const placesOf = ({ evidence }: CiliumSetting<unknown>): string[] =>
  evidence.map((node) => {
    const { file, start, end } = locate({ node });
    return `${file}:${start}-${end}`;
  });

it('nothing is said where nothing shows Cilium', () => {
  const settings = settingsOf('apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n');
  expect(Object.values(settings).map(short)).toEqual(Object.keys(settings).map(() => 'not shown'));
});

describe('encryption', () => {
  it.each<[string, string, string]>([
    ['its ConfigMap', configMap('enable-ztunnel: "true"'), 'ztunnel shown'],
    ['WireGuard in its ConfigMap', configMap('enable-wireguard: "true"'), 'wireguard shown'],
    ['IPsec in its ConfigMap', configMap('enable-ipsec: "true"', 'enable-wireguard: "false"'), 'ipsec shown'],
    ['a ConfigMap that switches it off', configMap('enable-ztunnel: "false"'), 'none shown'],
    ['a ConfigMap without it', configMap('enable-policy: default'), 'none assumed'],
    ['two at once', configMap('enable-ztunnel: "true"', 'enable-wireguard: "true"'), 'unknown'],
    ['a ConfigMap of templates', configMap('enable-ztunnel: "{{ .Values.ztunnel }}"'), 'unknown'],
    ['a variable', configMap('enable-ztunnel: "${ZTUNNEL}"'), 'unknown'],
    ['values of a HelmRelease', release('1.20.0', ZTUNNEL), 'ztunnel shown'],
    ['values of a chart that knows no ztunnel', release('1.18.3', ZTUNNEL), 'none shown'],
    ['values of a range of versions', release('"1.x"', ZTUNNEL), 'ztunnel shown'],
    ['a type that is not switched on', release('1.20.0', ' encryption: { type: ztunnel } '), 'none assumed'],
    ['a type that there is not', release('1.20.0', ' encryption: { enabled: true, type: tls } '), 'none shown'],
    ['no type', release('1.20.0', ' encryption: { enabled: true } '), 'ipsec assumed'],
    ['no values', release('1.20.0', ''), 'none assumed'],
    ['values in a Secret', release('1.20.0', '', '  valuesFrom:\n    - kind: Secret\n      name: v\n'), 'unknown'],
    ['values above a Secret', release('1.20.0', ZTUNNEL, '  valuesFrom:\n    - kind: Secret\n      name: v\n'), 'ztunnel shown'],
    ['extraConfig', release('1.20.0', ' extraConfig: { enable-ztunnel: "true" } '), 'ztunnel shown'],
    [
      'parameters of an Application',
      application(
        '1.20.0',
        '      parameters:\n        - { name: encryption.enabled, value: "true" }\n        - { name: encryption.type, value: wireguard }\n',
      ),
      'wireguard shown',
    ],
    ['a values file of another repository', application('1.20.0', '      valueFiles: [$values/cilium.yaml]\n'), 'unknown'],
    [
      'values that disagree',
      `${release('1.20.0', ZTUNNEL)}---\n${release('1.20.0', '').replaceAll('name: cilium\n', 'name: other\n')}`,
      'unknown',
    ],
    ['its ConfigMap beside values', `${release('1.20.0', '')}---\n${configMap('enable-ztunnel: "true"')}`, 'ztunnel shown'],
    [
      'settings of some nodes',
      `${configMap('enable-ztunnel: "true"')}---\napiVersion: cilium.io/v2\nkind: CiliumNodeConfig\nmetadata:\n  name: n\nspec:\n  defaults:\n    enable-ztunnel: "false"\n`,
      'unknown',
    ],
    [
      'a HelmChartConfig of RKE2',
      'apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata:\n  name: rke2-cilium\n  namespace: kube-system\nspec:\n  valuesContent: |-\n    encryption:\n      enabled: true\n      type: wireguard\n',
      'wireguard shown',
    ],
  ])('%s', (_, text, expected) => {
    expect(short(settingsOf(text).encryption)).toBe(expected);
  });

  it('is where the text says it', () => {
    const text = configMap('enable-ztunnel: "true"');
    const at = text.indexOf('"true"');
    expect(placesOf(settingsOf(text).encryption)).toEqual([`a.yaml:${at}-${at + 6}`]);
  });

  it("is read from a chart's dependency and from the charts of a kustomization", () => {
    const values = 'cilium:\n  encryption:\n    enabled: true\n    type: ztunnel\n';
    const chart = {
      'Chart.yaml':
        'apiVersion: v2\nname: net\nversion: 1.0.0\ndependencies:\n  - name: cilium\n    version: 1.20.0\n    repository: https://helm.cilium.io\n',
      'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n',
    };
    expect(short(settingsOf({ ...chart, 'values.yaml': values }).encryption)).toBe('ztunnel shown');
    expect(short(settingsOf({ ...chart, 'values.yaml': 'a: b\n' }).encryption)).toBe('none assumed');
    const kustomization =
      'resources: [a.yaml]\nhelmCharts:\n  - name: cilium\n    repo: https://helm.cilium.io\n    version: 1.20.0\n    valuesInline: { encryption: { enabled: true, type: wireguard } }\n';
    const a = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
    expect(short(settingsOf({ 'kustomization.yaml': kustomization, 'a.yaml': a }).encryption)).toBe('wireguard shown');
  });
});

/** Defaults by the chart's values.yaml, v1.18.0 and v1.20.0. */
describe('mutual authentication', () => {
  const SPIRE = 'mutual: { spire: { enabled: true } }';
  it.each<[string, string, string, string]>([
    ['switched on', release('1.20.0', ` authentication: { enabled: true, ${SPIRE} } `), 'true shown', 'true shown'],
    ['by default of 1.18', release('1.18.3', ''), 'true assumed', 'false assumed'],
    ['by default of 1.19', release('1.19.0', ''), 'false assumed', 'false assumed'],
    ['with SPIRE in 1.18', release('1.18.3', ` authentication: { ${SPIRE} } `), 'true assumed', 'true shown'],
    ['of no version', release('"*"', ''), 'unknown', 'false assumed'],
    ['in the ConfigMap', configMap('mesh-auth-enabled: "true"', 'mesh-auth-mutual-enabled: "true"'), 'true shown', 'true shown'],
    ['in the ConfigMap without SPIRE', configMap('mesh-auth-enabled: "true"'), 'true shown', 'false assumed'],
    ['not in the ConfigMap', configMap('enable-policy: default'), 'unknown', 'unknown'],
  ])('%s', (_, text, authentication, spire) => {
    const settings = settingsOf(text);
    expect([short(settings.authentication), short(settings.spire)]).toEqual([authentication, spire]);
  });

  it('takes the version that is configured', () => {
    const files = { 'a.yaml': release('"*"', ''), '.mesh-lint.yaml': 'cilium:\n  version: "1.19.2"\n' };
    expect(short(settingsOf(files).authentication)).toBe('false assumed');
  });
});

it('reads the CNI and its policies', () => {
  const values =
    ' policyEnforcementMode: Always, policyAuditMode: true, cni: { chainingMode: aws-cni }, clustermesh: { useAPIServer: true } ';
  const { policyMode, policyAudit, chaining, clusterMesh } = settingsOf(release('1.20.0', values));
  expect([policyMode, policyAudit, chaining, clusterMesh].map(short)).toEqual([
    'always shown',
    'true shown',
    'aws-cni shown',
    'true shown',
  ]);
  const raw = settingsOf(configMap('enable-policy: never', 'policy-audit-mode: "false"', 'cni-chaining-mode: portmap'));
  expect([raw.policyMode, raw.policyAudit, raw.chaining, raw.clusterMesh].map(short)).toEqual([
    'never shown',
    'false shown',
    'portmap shown',
    'not shown',
  ]);
  const target = settingsOf(release('1.20.0', ' cni: { chainingTarget: flannel } ')).chaining;
  expect(short(target)).toBe('generic-veth shown');
});

it('follows an edit of the ConfigMap, of which only the header is kept', () => {
  const workspace = workspaceOf({ 'a.yaml': configMap('enable-ztunnel: "true"') }, []);
  const read = (): string => short(ciliumSettings(workspace.views()[0]!).encryption);
  expect(read()).toBe('ztunnel shown');
  workspace.set('a.yaml', configMap('enable-wireguard: "true"'));
  expect(read()).toBe('wireguard shown');
  workspace.set('b.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n');
  workspace.remove('a.yaml');
  expect(read()).toBe('not shown');
});
