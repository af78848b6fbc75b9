import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint } from '../cli/lint';
import { WorkspaceLinter } from '../cli/workspace-linter';
import { rules } from '../rules';
import { NOW } from './support/lint';

const root = join(import.meta.dirname, '..', 'examples');

/** What each repository is there to show: every finding, by rule and start. */
const EXPECTED: Readonly<Record<string, readonly (readonly [rule: string, at: string])[]>> = {
  // base/namespaces.yaml has one more, which is suppressed there: were it gone, manifest/unused-suppression would say so.
  bookshop: [
    ['istio/strict-mtls-before-meshed', 'components/istio/mtls.yaml:8:11'],
    ['linkerd/misplaced-inject', 'overlays/dev/recommendations.yaml:8:5'],
    ['coexistence/double-injection', 'overlays/prod/namespace.yaml:6:22'],
    ['coexistence/double-injection', 'overlays/prod/payment.yaml:12:28'],
    ['adoption/ambient-candidate', 'overlays/staging/namespace.yaml:7:22'],
    ['istio/conflicting-injection-labels', 'overlays/staging/namespace.yaml:8:5'],
    ['linkerd/stable-channel', 'platform/linkerd/Chart.yaml:8:14'],
    ['linkerd/stable-channel', 'platform/linkerd/Chart.yaml:11:14'],
  ],
  'half-migrated': [
    ['adoption/ambient-candidate', 'namespaces.yaml:7:22'],
    ['adoption/ambient-candidate', 'namespaces.yaml:14:22'],
    ['coexistence/double-injection', 'namespaces.yaml:21:22'],
    ['coexistence/double-injection', 'namespaces.yaml:23:24'],
    ['adoption/two-meshes', 'namespaces.yaml:31:24'],
  ],
  // Few services, and nothing that looks at them: each cluster is told of both at its control plane.
  'linkerd-flux': [
    ['adoption/mesh-for-few-services', 'clusters/coast/linkerd/releases.yaml:27:14'],
    ['adoption/mesh-unobserved', 'clusters/coast/linkerd/releases.yaml:27:14'],
    ['linkerd/misplaced-inject', 'clusters/inland/apps/radar.yaml:15:9'],
    ['linkerd/stable-channel', 'clusters/inland/linkerd/releases.yaml:11:16'],
    ['adoption/mesh-for-few-services', 'clusters/inland/linkerd/releases.yaml:27:14'],
    ['adoption/mesh-unobserved', 'clusters/inland/linkerd/releases.yaml:27:14'],
    ['linkerd/stable-channel', 'clusters/inland/linkerd/releases.yaml:28:16'],
    ['linkerd/stable-channel', 'clusters/inland/linkerd/source.yaml:15:8'],
    ['linkerd/enterprise-license', 'clusters/research/linkerd/releases.yaml:10:14'],
    ['adoption/mesh-for-few-services', 'clusters/research/linkerd/releases.yaml:27:14'],
    ['adoption/mesh-unobserved', 'clusters/research/linkerd/releases.yaml:27:14'],
    ['linkerd/enterprise-license', 'clusters/research/linkerd/releases.yaml:27:14'],
    ['linkerd/enterprise-license', 'clusters/research/linkerd/source.yaml:15:8'],
  ],
  // Nothing about the webhook: its port is excepted.
  'mesh-wide-strict': [
    ['istio/strict-mtls-before-meshed', 'istio-system/mtls.yaml:8:11'],
    ['adoption/ambient-candidate', 'parking/namespace.yaml:6:22'],
  ],
};

const ENVIRONMENTS: Readonly<Record<string, readonly string[]>> = {
  bookshop: ['dev', 'prod', 'staging'],
  'half-migrated': ['live'],
  'linkerd-flux': ['coast', 'inland', 'research'],
  'mesh-wide-strict': ['.'],
};

it('every example is listed here', () => {
  expect(readdirSync(root).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(Object.entries(EXPECTED))('examples/%s', (name, expected) => {
  const { roots, problems } = lint([name], undefined, root, () => new WorkspaceLinter({ rules, now: NOW }));
  const report = roots[0]?.report;

  it('has exactly the findings it is meant to have', () => {
    const found = report?.findings.map(({ rule, file, range: { start } }) => [rule, `${file}:${start.line}:${start.column}`]);
    expect(found).toEqual(expected);
  });

  it('is read whole, and parted as meant', () => {
    expect(problems).toEqual([]);
    expect(report?.environments.map((environment) => environment.name)).toEqual(ENVIRONMENTS[name]);
    expect(report?.environments.flatMap(({ partial }) => partial)).toEqual([]);
    expect(report?.stats.skipped).toBe(0);
  });
});
