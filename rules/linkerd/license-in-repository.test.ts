import { describe, expect, it } from 'vitest';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './license-in-repository';

const KEY = 'bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d';
const CHART = '{ name: linkerd-enterprise-control-plane, repo: https://helm.buoyant.cloud, version: 2.20.2';

function found(files: Files): string[] {
  return workspaceOf(files, [rule])
    .findings()
    .map((finding) => {
      expect(JSON.stringify(finding.reported)).not.toContain(KEY);
      expect(coveredText(files, finding)).toContain(KEY);
      return startOf(finding);
    });
}

describe('a key in a value file', () => {
  it('is known by the chart that uses the file', () => {
    const files = {
      'kustomization.yaml': `helmCharts:\n  - ${CHART}, valuesFile: values-prod.yaml }\n`,
      'values-prod.yaml': `license: ${KEY}\n`,
    };
    expect(found(files)).toEqual(['values-prod.yaml:1:10']);
  });

  it('is told once where the file is known by itself too', () => {
    const values = `identityTrustDomain: cluster.local\nlicense: ${KEY}\n`;
    const files = {
      'kustomization.yaml': `helmCharts:\n  - ${CHART}, valuesFile: values-prod.yaml }\n`,
      'values-prod.yaml': values,
    };
    expect(found(files)).toEqual(['values-prod.yaml:2:10']);
  });

  it('is told once beside a Chart.yaml', () => {
    const files = {
      'Chart.yaml':
        'name: mesh\ndependencies:\n  - { name: linkerd-enterprise-control-plane, version: 2.20.2, repository: https://helm.buoyant.cloud }\n',
      'values.yaml': `linkerd-enterprise-control-plane:\n  license: ${KEY}\n`,
    };
    expect(found(files)).toEqual(['values.yaml:2:12']);
  });
});

describe('a key in a ConfigMap or a Secret', () => {
  it('is found through the release that takes the ConfigMap', () => {
    const files = {
      'release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: linkerd, namespace: linkerd }
spec:
  chart: { spec: { chart: linkerd-enterprise-control-plane, sourceRef: { kind: HelmRepository, name: buoyant } } }
  valuesFrom: [{ kind: ConfigMap, name: linkerd }]
`,
      'map.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: linkerd, namespace: linkerd }\ndata:\n  values.yaml: |\n    license: ${KEY}\n`,
    };
    expect(found(files)).toEqual(['map.yaml:6:14']);
  });

  it('is seen in the text of a Secret, and an edit is followed', () => {
    const secret = (value: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: buoyant-license\n  namespace: linkerd\nstringData:\n  license: ${value}\n`;
    const workspace = workspaceOf({ 'secret.yaml': secret('"<key>"') }, [rule]);
    expect(workspace.findings()).toEqual([]);
    workspace.set('secret.yaml', secret(KEY));
    expect(workspace.findings().map(startOf)).toEqual(['secret.yaml:7:12']);
  });

  it.each(['CHANGEME', 'REPLACE_ME', 'PGtleT4=', '"{{ .Values.license }}"', '${LICENSE}', 'ENC[AES256_GCM,data:eA==]'])(
    'is not %s',
    (value) => {
      const secret = `apiVersion: v1\nkind: Secret\nmetadata: { name: buoyant-license }\ndata:\n  license: ${value}\n`;
      expect(found({ 'secret.yaml': secret })).toEqual([]);
    },
  );

  it('is nothing of a Secret of another name', () => {
    const secret = `apiVersion: v1\nkind: Secret\nmetadata: { name: grafana-license }\nstringData:\n  license: ${KEY}\n`;
    expect(found({ 'secret.yaml': secret })).toEqual([]);
  });
});
