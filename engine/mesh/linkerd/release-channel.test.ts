import fc from 'fast-check';
import { licenseLiteral } from './license-literal';
import { describe, expect, it } from 'vitest';
import {
  chartTakesLicense,
  classifyChart,
  classifyCreatedBy,
  classifyImage,
  classifyLinkerdVersion,
  classifyProxyVersion,
  classifyRepository,
  edgeConcern,
  isEnterpriseKind,
  stableReleaseOf,
  type Channel,
  type ChartSource,
  type EdgeConcern,
  type LinkerdReference,
  type Mismatch,
} from './release-channel';
import { parseEdgeVersion, parseVersion, type EdgeVersion, type VersionForm } from './release-version';
import { lastOpenStable, newestEdge, stableCharts, versionLines } from './release-table';

/** What the tables below say of a reference: a channel, Linkerd's without one, or not Linkerd's. */
type Answer = Channel | 'none' | undefined;

function answerOf(found: LinkerdReference | undefined): Answer {
  return found === undefined ? undefined : (found.channel ?? 'none');
}

const stable = 'https://helm.linkerd.io/stable';
const edge = 'https://helm.linkerd.io/edge';
const buoyant = 'https://helm.buoyant.cloud';

describe('classifyRepository', () => {
  it.each<[url: string, answer: Answer]>([
    ['https://helm.linkerd.io/stable', 'stable'],
    ['https://helm.linkerd.io/stable/', 'stable'],
    ['https://helm.linkerd.io/stable//', 'stable'],
    ['http://helm.linkerd.io/stable', 'stable'],
    ['helm.linkerd.io/stable/', 'stable'],
    ['oci://helm.linkerd.io/stable', 'stable'],
    ['HTTPS://Helm.Linkerd.IO/stable', 'stable'],
    ['https://helm.linkerd.io:443/stable', 'stable'],
    ['https://user:word@helm.linkerd.io/stable', 'stable'],
    ['https://helm.linkerd.io./stable', 'stable'],
    ['https://helm.linkerd.io/stable/index.yaml?x=1#y', 'stable'],
    ['  https://helm.linkerd.io/stable ', 'stable'],
    ['https://helm.linkerd.io/edge', 'edge'],
    ['helm.linkerd.io/edge/', 'edge'],
    ['https://helm.linkerd.io', 'none'],
    ['https://helm.linkerd.io/{{ .Values.channel }}', 'none'],
    ['https://helm.linkerd.io/${CHANNEL}', 'none'],
    ['https://helm.linkerd.io/stable-mirror', 'none'],
    ['https://helm.buoyant.cloud', 'enterprise'],
    ['https://helm.buoyant.cloud/', 'enterprise'],
    ['oci://ghcr.io/buoyantio/charts', 'enterprise'],
    ['ghcr.io/buoyantio/charts/', 'enterprise'],
    ['oci://ghcr.io/buoyantio/charts/linkerd-enterprise-windows-cni', 'enterprise'],
    ['https://linkerd.github.io/linkerd-smi', 'smi'],
    ['https://linkerd.github.io/linkerd-smi/', 'smi'],
    ['https://linkerd.github.io/other', undefined],
    ['oci://ghcr.io/buoyantio', undefined],
    ['https://helm.linkerd.io.example.com/stable', undefined],
    ['https://example.com/helm.linkerd.io/stable', undefined],
    ['https://notbuoyant.cloud', undefined],
    ['https://charts.bitnami.com/bitnami', undefined],
    // An alias of `helm repo add` says nothing, whatever it is called.
    ['linkerd', undefined],
    ['linkerd-edge', undefined],
    ['@linkerd', undefined],
    ['alias:linkerd-stable', undefined],
    ['', undefined],
  ])('%s is %s', (url, answer) => {
    expect(answerOf(classifyRepository(url))).toBe(answer);
  });

  it('gives a reference that neither floats nor is an edge concern', () => {
    const found = classifyRepository(edge);
    expect(found).toEqual({ channel: 'edge', artefact: 'repository', floating: false, enterpriseNeedsLicense: false });
    expect(edgeConcern(found!)).toBeUndefined();
  });

  it('says that Buoyant’s needs a licence', () => {
    expect(classifyRepository(buoyant)?.enterpriseNeedsLicense).toBe(true);
  });
});

describe('classifyChart', () => {
  it.each<[source: ChartSource, answer: Answer]>([
    // Open-source stable.
    [{ repository: stable, chart: 'linkerd2', version: '2.11.5' }, 'stable'],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '1.16.11' }, 'stable'],
    [{ repository: stable, chart: 'linkerd-crds', version: '1.8.0' }, 'stable'],
    [{ repository: stable, chart: 'linkerd-control-plane' }, 'stable'],
    [{ chart: 'linkerd2', version: '2.11.5' }, 'stable'],
    [{ chart: 'linkerd2' }, 'stable'],
    [{ chart: 'linkerd-control-plane', version: '1.16.11' }, 'stable'],
    [{ chart: 'linkerd-control-plane', version: 'v1.12.7' }, 'stable'],
    [{ chart: 'linkerd-control-plane', version: '~1.16' }, 'stable'],
    [{ chart: 'linkerd-control-plane', version: '1.x' }, 'stable'],
    [{ chart: 'linkerd-crds', version: '1.4.0' }, 'stable'],
    [{ chart: 'linkerd-viz', version: '30.12.11' }, 'stable'],
    [{ chart: 'linkerd-viz', version: '2.10.2' }, 'stable'],
    [{ chart: 'linkerd-multicluster', version: '30.11.11' }, 'stable'],
    [{ chart: 'linkerd-jaeger', version: '30.12.11' }, 'stable'],
    [{ chart: 'linkerd2-cni', version: '30.12.2' }, 'stable'],
    [{ chart: 'linkerd2-cni', version: '^30' }, 'stable'],
    [{ repository: 'https://charts.example.com', chart: 'linkerd-viz', version: '30.12.11' }, 'stable'],
    [{ chart: 'https://helm.linkerd.io/stable/linkerd-control-plane-1.16.11.tgz' }, 'stable'],
    // Edge.
    [{ repository: edge, chart: 'linkerd-control-plane', version: '2024.11.8' }, 'edge'],
    [{ repository: edge, chart: 'linkerd-control-plane' }, 'edge'],
    [{ chart: 'linkerd-control-plane', version: '2024.11.8' }, 'edge'],
    [{ chart: 'linkerd-control-plane', version: '~2024.11' }, 'edge'],
    [{ chart: 'linkerd-control-plane', version: '1.18.11-edge' }, 'edge'],
    [{ chart: 'linkerd-viz', version: '30.14.11-edge' }, 'edge'],
    [{ chart: 'linkerd2', version: '2.11.0-edge' }, 'edge'],
    [{ chart: 'linkerd-crds', version: 'edge-24.8.2' }, 'edge'],
    [{ repository: edge, chart: 'something-new', version: '2026.8.3' }, 'edge'],
    // The URL decides over an alias that claims another channel.
    [{ repository: edge, chart: 'linkerd/linkerd-multicluster' }, 'edge'],
    [{ repository: edge, chart: 'linkerd-stable/linkerd-viz' }, 'edge'],
    // Buoyant's.
    [{ repository: buoyant, chart: 'linkerd-enterprise-control-plane', version: '2.20.2' }, 'enterprise'],
    [{ repository: buoyant, chart: 'linkerd-buoyant', version: '0.40.1' }, 'enterprise'],
    [{ repository: buoyant, chart: 'linkerd-preview-control-plane', version: '26.8.4' }, 'preview'],
    [{ chart: 'linkerd-enterprise-crds' }, 'enterprise'],
    [{ chart: 'linkerd-enterprise-multicluster', version: '2.17.0' }, 'enterprise'],
    [{ chart: 'linkerd-buoyant/linkerd-enterprise-control-plane' }, 'enterprise'],
    [{ chart: 'oci://ghcr.io/buoyantio/charts/linkerd-enterprise-windows-cni' }, 'enterprise'],
    [{ repository: 'oci://ghcr.io/buoyantio/charts', chart: 'linkerd-enterprise-windows-cni' }, 'enterprise'],
    // The SMI extension.
    [{ repository: 'https://linkerd.github.io/linkerd-smi', chart: 'linkerd-smi', version: '0.2.4' }, 'smi'],
    [{ chart: 'l5d-smi/linkerd-smi' }, 'smi'],
    // Linkerd's, and nothing says which channel.
    [{ chart: 'linkerd-control-plane' }, 'none'],
    [{ chart: 'linkerd/linkerd-control-plane' }, 'none'],
    [{ chart: 'linkerd-edge/linkerd-control-plane' }, 'none'],
    [{ repository: '@linkerd-stable', chart: 'linkerd-control-plane' }, 'none'],
    [{ chart: 'linkerd-control-plane', version: '*' }, 'none'],
    [{ chart: 'linkerd-control-plane', version: '>=1.16.0' }, 'none'],
    [{ chart: 'linkerd-control-plane', version: '${LINKERD_VERSION}' }, 'none'],
    [{ chart: 'linkerd-control-plane', version: '2.17.0' }, 'none'],
    [{ chart: 'linkerd-control-plane', version: '0.0.0-undefined' }, 'none'],
    [{ chart: './charts/linkerd-crds/' }, 'none'],
    // Not Linkerd's.
    [{ chart: 'linkerd', version: '1.0.0' }, undefined],
    [{ chart: 'linkerd-viz-dashboards', version: '30.0.0' }, undefined],
    [{ chart: 'my-linkerd-control-plane', version: '1.16.11' }, undefined],
    [{ chart: 'linkerd/podinfo', version: '6.0.0' }, undefined],
    [{ repository: 'https://charts.example.com', chart: 'istiod', version: '2024.1.1' }, undefined],
    [{ chart: '' }, undefined],
    [{ repository: stable, chart: '' }, undefined],
  ])('%j is %s', (source, answer) => {
    expect(answerOf(classifyChart(source))).toBe(answer);
  });

  it.each<[source: ChartSource, mismatch: Mismatch | undefined]>([
    [{ repository: stable, chart: 'linkerd-control-plane', version: '2024.11.8' }, 'edge-version-in-stable-repository'],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '~2024.11' }, 'edge-version-in-stable-repository'],
    [{ repository: stable, chart: 'linkerd-viz', version: '30.14.11-edge' }, 'edge-version-in-stable-repository'],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '1.16.11' }, 'stable-version-in-edge-repository'],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '~1.16' }, 'stable-version-in-edge-repository'],
    [{ repository: edge, chart: 'linkerd-viz', version: '30.12.11' }, 'stable-version-in-edge-repository'],
    [{ repository: stable, chart: 'linkerd-enterprise-control-plane', version: '2.17.0' }, 'enterprise-chart-in-open-repository'],
    [{ repository: edge, chart: 'linkerd-preview-control-plane', version: '26.8.4' }, 'enterprise-chart-in-open-repository'],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '1.18.11-edge' }, undefined],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '2024.11.8' }, undefined],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '*' }, undefined],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '>=1.0.0' }, undefined],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '{{ .v }}' }, undefined],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '1.16.11' }, undefined],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '2.14.10' }, undefined],
    [{ repository: stable, chart: 'linkerd-smi', version: '0.2.4' }, undefined],
    [{ repository: buoyant, chart: 'linkerd-enterprise-control-plane', version: '2.17.0' }, undefined],
    [{ chart: 'linkerd-control-plane', version: '2024.11.8' }, undefined],
  ])('%j has mismatch %s', (source, mismatch) => {
    expect(classifyChart(source)?.mismatch).toBe(mismatch);
  });

  it.each<[source: ChartSource, floating: boolean]>([
    [{ repository: stable, chart: 'linkerd-control-plane' }, true],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '' }, true],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '~1.16' }, true],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '*' }, true],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '1.16' }, true],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '1.16.x' }, true],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '>=1.16.0 <2' }, true],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '2024.*' }, true],
    [{ repository: edge, chart: 'linkerd-control-plane', version: 'HEAD' }, true],
    [{ repository: edge, chart: 'linkerd-control-plane', version: 'latest' }, true],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '2024.11.8' }, false],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '=2024.11.8' }, false],
    [{ repository: edge, chart: 'linkerd-control-plane', version: '${VERSION}' }, false],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '1.16.11' }, false],
    [{ repository: 'file://../linkerd-crds', chart: 'linkerd-crds' }, false],
    [{ chart: '../charts/linkerd-crds' }, false],
    [{ chart: 'https://helm.linkerd.io/edge/linkerd-crds-2024.11.8.tgz' }, false],
    [{ chart: 'oci://ghcr.io/buoyantio/charts/linkerd-enterprise-crds' }, true],
    [{ chart: 'oci://ghcr.io/buoyantio/charts/linkerd-enterprise-crds:2.17.0' }, false],
    [{ chart: 'oci://ghcr.io/buoyantio/charts/linkerd-enterprise-crds@sha256:0a1b' }, false],
  ])('%j floats: %s', (source, floating) => {
    expect(classifyChart(source)?.floating).toBe(floating);
  });

  it('names the chart without alias, path, repository or version', () => {
    expect(classifyChart({ chart: 'linkerd/linkerd-viz' })?.chart).toBe('linkerd-viz');
    expect(classifyChart({ chart: 'oci://ghcr.io/buoyantio/charts/linkerd-enterprise-crds:2.17.0' })?.chart).toBe(
      'linkerd-enterprise-crds',
    );
    const archive = classifyChart({ chart: 'https://helm.linkerd.io/stable/linkerd2-cni-30.12.2.tgz' });
    expect(archive).toMatchObject({ chart: 'linkerd2-cni', version: { text: '30.12.2' }, channel: 'stable' });
  });

  it.each<[chart: string, needs: boolean, takes: boolean]>([
    ['linkerd-enterprise-control-plane', true, true],
    ['linkerd-enterprise-multicluster', true, true],
    ['linkerd-preview-control-plane', true, true],
    ['linkerd-enterprise-crds', true, false],
    ['linkerd-buoyant', true, false],
    ['linkerd-control-plane', false, false],
    ['linkerd-smi', false, false],
  ])('%s belongs to what needs a licence: %s, reads one: %s', (chart, needs, takes) => {
    expect(classifyChart({ chart })?.enterpriseNeedsLicense).toBe(needs);
    expect(chartTakesLicense(chart)).toBe(takes);
  });

  it.each(
    stableCharts.flatMap(({ release, charts }) =>
      Object.entries(charts).map(([chart, version]) => [chart, version, release] as const),
    ),
  )('%s %s is of stable release %s, and does not belong into the edge repository', (chart, version, release) => {
    expect(stableReleaseOf(chart, version)).toBe(release);
    expect(answerOf(classifyChart({ chart, version }))).toBe('stable');
    expect(classifyChart({ repository: stable, chart, version })?.mismatch).toBeUndefined();
    expect(classifyChart({ repository: edge, chart, version })?.mismatch).toBe('stable-version-in-edge-repository');
  });

  it('knows no release for a version that the matrix lacks', () => {
    expect(stableReleaseOf('linkerd-control-plane', '1.16.10')).toBeUndefined();
    expect(stableReleaseOf('toString', '1.16.11')).toBeUndefined();
  });
});

describe('classifyImage', () => {
  it.each<[image: string, answer: Answer, floating?: boolean]>([
    ['cr.l5d.io/linkerd/proxy:stable-2.14.10', 'stable', false],
    ['cr.l5d.io/linkerd/controller:stable-2.14.10', 'stable', false],
    ['cr.l5d.io/linkerd/policy-controller:edge-24.11.8', 'edge', false],
    ['cr.l5d.io/linkerd/proxy:edge-26.8.3', 'edge', false],
    ['cr.l5d.io/linkerd/metrics-api:edge-25.4.4', 'edge', false],
    ['cr.l5d.io/linkerd/tap:stable-2.13.7', 'stable', false],
    ['cr.l5d.io/linkerd/web:stable-2.12.6', 'stable', false],
    ['cr.l5d.io/linkerd/jaeger-webhook:stable-2.14.10', 'stable', false],
    ['cr.l5d.io/linkerd/debug:edge-24.11.8', 'edge', false],
    ['cr.l5d.io/linkerd/proxy:edge-24.8.2-amd64', 'edge', false],
    ['ghcr.io/linkerd/proxy:stable-2.14.10', 'stable', false],
    ['gcr.io/linkerd-io/proxy:stable-2.8.1', 'stable', false],
    ['gcr.io/linkerd-io/grafana:stable-2.8.1', 'stable', false],
    ['cr.l5d.io/linkerd/proxy:stable-2.14.10@sha256:0a1b2c', 'stable', false],
    // Images with a version line of their own, and references that say no release.
    ['cr.l5d.io/linkerd/proxy-init:v2.4.1', 'none', false],
    ['cr.l5d.io/linkerd/cni-plugin:v1.5.0', 'none', false],
    ['cr.l5d.io/linkerd/extension-init:v0.1.0', 'none', false],
    ['cr.l5d.io/linkerd/something-new:v1', 'none', false],
    ['cr.l5d.io/linkerd/proxy@sha256:0a1b2c', 'none', false],
    ['cr.l5d.io/linkerd/proxy:${TAG}', 'none', false],
    ['cr.l5d.io/linkerd/proxy', 'none', true],
    ['cr.l5d.io/linkerd/proxy:latest', 'none', true],
    ['cr.l5d.io/linkerd/proxy:edge-24.99.1', 'none', false],
    // Buoyant's.
    ['ghcr.io/buoyantio/proxy:enterprise-2.15.2-hazl', 'enterprise', false],
    ['ghcr.io/buoyantio/proxy:enterprise-2.15.7-9', 'enterprise', false],
    ['ghcr.io/buoyantio/controller:enterprise-2.20.0', 'enterprise', false],
    ['ghcr.io/buoyantio/proxy-init:enterprise-2.17.1', 'enterprise', false],
    ['ghcr.io/buoyantio/proxy-init:v2.4.1', 'enterprise', false],
    ['ghcr.io/buoyantio/proxy', 'enterprise', true],
    ['ghcr.io/buoyantio/proxy:preview-26.8.4', 'preview', false],
    ['ghcr.io/buoyantio/some-agent:enterprise-2.17.1', 'enterprise', false],
    // Mirrors.
    ['registry.example.com/linkerd/proxy:stable-2.14.10', 'stable', false],
    ['registry.example.com/cr.l5d.io/linkerd/controller:edge-24.11.8', 'edge', false],
    ['localhost:5000/linkerd/proxy:edge-24.11.8', 'edge', false],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/ghcr/buoyantio/proxy:enterprise-2.17.0', 'enterprise', false],
    ['registry.example.com/linkerd-proxy:edge-24.11.8', 'edge', false],
    ['registry.example.com/mirror-linkerd/proxy:enterprise-2.17.0', 'enterprise', false],
    ['registry.example.com/cr.l5d.io/proxy:edge-24.11.8', 'edge', false],
    // Not Linkerd's.
    ['buoyantio/emojivoto-web:v11', undefined],
    ['docker.l5d.io/buoyantio/emojivoto-web:v11', undefined],
    ['ghcr.io/buoyantio/faces-gui:2.0.0', undefined],
    ['buoyantio/linkerd:1.7.4', undefined],
    ['registry.example.com/team/proxy:stable-2.14.10', undefined],
    ['registry.example.com/team/controller:edge-24.11.8', undefined],
    ['registry.example.com/linkerd-demo/web:1.2.3', undefined],
    ['registry.example.com/linkerd-demo/web:stable-1.2.3', undefined],
    ['registry.example.com/linkerd-demo/shop:stable-2.1.0', undefined],
    ['nginx:stable-alpine', undefined],
    ['nginx', undefined],
    ['docker.io/istio/proxyv2:1.24.0', undefined],
    ['', undefined],
    ['@:/', undefined],
  ])('%s is %s', (image, answer, floating) => {
    const found = classifyImage(image);
    expect(answerOf(found)).toBe(answer);
    expect(found?.floating).toBe(floating);
  });
});

describe('annotations and values', () => {
  it.each<[value: string, answer: Answer, artefact?: string]>([
    ['linkerd/helm stable-2.14.10', 'stable', 'annotation'],
    ['linkerd/cli stable-2.8.1', 'stable', 'cli'],
    ['linkerd/cli edge-24.11.8', 'edge', 'cli'],
    ['linkerd/proxy-injector edge-24.11.8', 'edge', 'annotation'],
    ['linkerd/proxy-injector enterprise-2.17.0', 'enterprise', 'annotation'],
    ['linkerd/helm preview-26.8.4', 'preview', 'annotation'],
    ['linkerd/helm linkerdVersionValue', 'none', 'annotation'],
    ['linkerd/cli dev-undefined', 'none', 'cli'],
    ['linkerd/helm', 'none', 'annotation'],
    ['linkerd/helm {{.Values.linkerdVersion}}', 'none', 'annotation'],
    ['flux/helm stable-2.14.10', undefined],
    ['linkerd', undefined],
    ['stable-2.14.10', undefined],
    ['', undefined],
  ])('created by %s is %s', (value, answer, artefact) => {
    const found = classifyCreatedBy(value);
    expect(answerOf(found)).toBe(answer);
    expect(found?.artefact).toBe(artefact);
  });

  it.each<[value: string, answer: Answer]>([
    ['stable-2.14.10', 'stable'],
    ['edge-24.11.8', 'edge'],
    ['enterprise-2.15.2-hazl', 'enterprise'],
    ['preview-26.8.4', 'preview'],
    ['v2.260.0', 'none'],
    ['2024.11.8', 'none'],
    ['stable-1.0.0', 'none'],
    ['', undefined],
    ['  ', undefined],
  ])('version %s is %s', (value, answer) => {
    expect(answerOf(classifyProxyVersion(value))).toBe(answer);
    expect(answerOf(classifyLinkerdVersion(value))).toBe(answer);
  });

  it('tells an annotation from a value', () => {
    expect(classifyProxyVersion('edge-24.11.8')).toMatchObject({ artefact: 'annotation', floating: false });
    expect(classifyLinkerdVersion('edge-24.11.8')).toMatchObject({ artefact: 'value', floating: false });
  });
});

describe('isEnterpriseKind', () => {
  it.each<[group: string, kind: string, is: boolean]>([
    ['linkerd.buoyant.io', 'ControlPlane', true],
    ['linkerd.buoyant.io', 'DataPlane', true],
    ['linkerd.buoyant.io', 'Server', false],
    ['linkerd.buoyant.io/v1alpha1', 'ControlPlane', false],
    ['policy.linkerd.io', 'Server', false],
    ['', 'ControlPlane', false],
  ])('%s %s: %s', (group, kind, is) => {
    expect(isEnterpriseKind(group, kind)).toBe(is);
  });
});

describe('parseVersion', () => {
  it.each<[text: string, form: VersionForm, numbers: number[], channel: Channel | undefined]>([
    ['stable-2.14.10', 'stable-tag', [2, 14, 10], 'stable'],
    ['stable-2.14', 'stable-tag', [2, 14], 'stable'],
    ['edge-24.2.5', 'edge-tag', [24, 2, 5], 'edge'],
    ['enterprise-2.15.7-9', 'enterprise-tag', [2, 15, 7], 'enterprise'],
    ['enterprise-2.15.2-hazl', 'enterprise-tag', [2, 15, 2], 'enterprise'],
    ['preview-26.8.4', 'preview-tag', [26, 8, 4], 'preview'],
    ['2024.11.8', 'calver', [2024, 11, 8], 'edge'],
    ['v2024.3.1', 'calver', [2024, 3, 1], 'edge'],
    ['1.18.11-edge', 'edge-semver', [1, 18, 11], 'edge'],
    ['30.14.11-edge', 'edge-semver', [30, 14, 11], 'edge'],
    ['1.16.11', 'semver', [1, 16, 11], undefined],
    ['= 1.16.11', 'semver', [1, 16, 11], undefined],
    ['0.0.0-undefined', 'semver', [0, 0, 0], undefined],
    ['~1.16', 'range', [1, 16], undefined],
    ['~> 1.16.0', 'range', [1, 16, 0], undefined],
    ['^1.16.11', 'range', [1, 16, 11], undefined],
    ['1.x.3', 'range', [1], undefined],
    ['2024', 'range', [2024], 'edge'],
    ['~1.18.0-edge', 'range', [1, 18, 0], 'edge'],
    ['*', 'range', [], undefined],
    ['>=1.16.0 <2.0.0', 'range', [], undefined],
    ['1.15.0 || 1.16.0', 'range', [], undefined],
    ['{{ .Values.version }}', 'templated', [], undefined],
    ['edge-${PATCH}', 'templated', [], undefined],
    ['$VERSION', 'templated', [], undefined],
    ['main', 'other', [], undefined],
    ['edge', 'other', [], undefined],
    ['', 'other', [], undefined],
  ])('%s has form %s', (text, form, numbers, channel) => {
    expect(parseVersion(text)).toMatchObject({ text, form, numbers, channel });
  });
});

describe('parseEdgeVersion', () => {
  it.each<[text: string, version: EdgeVersion | undefined]>([
    ['edge-24.2.5', { year: 2024, month: 2, patch: 5 }],
    ['2024.3.1', { year: 2024, month: 3, patch: 1 }],
    ['edge-26.8.3', { year: 2026, month: 8, patch: 3 }],
    ['1.18.11-edge', { year: 2024, month: 2, semver: '1.18.11-edge' }],
    ['edge-24.8.2-amd64', { year: 2024, month: 8, patch: 2 }],
    ['edge-24.8', { year: 2024, month: 8 }],
    ['edge-24.0.1', undefined],
    ['edge-24.13.1', undefined],
    ['edge-16.4.1', undefined],
    ['edge-2024.4.1', undefined],
    ['2024.13.1', undefined],
    ['~2024.3', undefined],
    ['1.16.11', undefined],
    ['stable-2.14.10', undefined],
    ['enterprise-2.17.0', undefined],
    ['', undefined],
  ])('%s', (text, version) => {
    expect(parseEdgeVersion(text)).toEqual(version);
  });

  it('agrees with the month that each line came out in, or the month before', () => {
    for (const line of versionLines) {
      if (line.edge === undefined) continue;
      const version = parseEdgeVersion(line.edge);
      const [year = 0, month = 0] = line.released.split('-').map(Number);
      expect(year * 12 + month - (version!.year * 12 + version!.month)).toBeOneOf([0, 1]);
    }
  });

  it('reads the table’s own newest release', () => {
    expect(parseEdgeVersion(newestEdge.tag)).toEqual({ year: newestEdge.year, month: newestEdge.month, patch: newestEdge.patch });
    expect(newestEdge.released.startsWith(`${newestEdge.year}-0${newestEdge.month}-`)).toBe(true);
    expect(answerOf(classifyProxyVersion(lastOpenStable.tag))).toBe('stable');
  });
});

describe('edgeConcern', () => {
  const plane = (version?: string): ChartSource => ({ repository: edge, chart: 'linkerd-control-plane', version });

  it.each<[source: ChartSource, concern: EdgeConcern | undefined]>([
    [plane(), { kind: 'unpinned' }],
    [plane(''), { kind: 'unpinned' }],
    [plane('*'), { kind: 'unpinned' }],
    [plane('2026.*'), { kind: 'unpinned' }],
    [plane('~1.18.0-edge'), { kind: 'unpinned' }],
    [plane('1.18.11-edge'), { kind: 'before-calver' }],
    [{ repository: edge, chart: 'linkerd-viz', version: '30.14.11-edge' }, { kind: 'before-calver' }],
    [{ repository: edge, chart: 'linkerd2', version: '21.10.3' }, { kind: 'before-calver' }],
    [plane('edge-24.2.5'), { kind: 'before-calver' }],
    [plane('2024.2.9'), { kind: 'before-calver' }],
    [plane('2024.3.1'), { kind: 'old', months: 29, newest: 'edge-26.8.3' }],
    [plane('2024.11.8'), { kind: 'old', months: 21, newest: 'edge-26.8.3' }],
    [plane('2026.1.4'), { kind: 'old', months: 7, newest: 'edge-26.8.3' }],
    // Six months, and by the day perhaps some more: over six months is not shown.
    [plane('2026.2.1'), undefined],
    [plane('2026.8.3'), undefined],
    [plane('2031.1.1'), undefined],
    [plane('${VERSION}'), undefined],
    // A stable version in the edge repository is a mismatch and has no age as an edge release.
    [plane('1.16.11'), undefined],
    [{ chart: 'linkerd-control-plane' }, undefined],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '*' }, undefined],
    [{ repository: stable, chart: 'linkerd-control-plane', version: '2023.1.1' }, undefined],
    [{ repository: buoyant, chart: 'linkerd-enterprise-control-plane' }, undefined],
  ])('%j: %j', (source, concern) => {
    expect(edgeConcern(classifyChart(source)!)).toEqual(concern);
  });

  it('advises against a marked release by tag and by chart version', () => {
    const marked = new Map([['edge-26.7.2', {}]]);
    expect(edgeConcern(classifyChart(plane('2026.7.2'))!, marked)).toEqual({ kind: 'not-recommended' });
    expect(edgeConcern(classifyImage('cr.l5d.io/linkerd/proxy:edge-26.7.2')!, marked)).toEqual({ kind: 'not-recommended' });
    expect(edgeConcern(classifyChart(plane('2026.7.3'))!, marked)).toBeUndefined();
  });

  it('reads tags and annotations the same way', () => {
    expect(edgeConcern(classifyImage('cr.l5d.io/linkerd/proxy:edge-24.2.4')!)).toEqual({ kind: 'before-calver' });
    expect(edgeConcern(classifyImage('cr.l5d.io/linkerd/proxy:edge-26.8.3')!)).toBeUndefined();
    expect(edgeConcern(classifyImage('cr.l5d.io/linkerd/proxy')!)).toBeUndefined();
    expect(edgeConcern(classifyCreatedBy('linkerd/cli edge-18.9.1')!)).toEqual({ kind: 'before-calver' });
    expect(edgeConcern(classifyProxyVersion('edge-25.4.4')!)).toMatchObject({ kind: 'old', months: 16 });
  });
});

describe('licenseLiteral', () => {
  it.each<[value: unknown]>([
    ['eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJl'],
    ['4f1c9a7be0d24c55'],
    ['BUOY-1234-5678'],
    ['Zm9vYmFyYmF6\ncXV4cXV1eA=='],
    ['abc123'],
    [`todo${'a1'.repeat(60)}`],
  ])('%j is one', (value) => {
    expect(licenseLiteral(value)).toBe(true);
  });

  it.each<[value: unknown]>([
    [''],
    ['   '],
    [null],
    [undefined],
    [12],
    [{}],
    ['{{ .Values.license }}'],
    ['${BUOYANT_LICENSE}'],
    ['$(BUOYANT_LICENSE)'],
    ['$BUOYANT_LICENSE'],
    ['((license))'],
    ['#{License}#'],
    ['BUOYANT_LICENSE'],
    ['<...>'],
    ['<your license>'],
    ['<path:secret/data/linkerd#license>'],
    ['[REDACTED]'],
    ['%LICENSE%'],
    ['__LICENSE__'],
    ['@@LICENSE@@'],
    ['***'],
    ['...'],
    ['CHANGEME'],
    ['change-me'],
    ['REPLACE_ME'],
    ['replace-with-your-key'],
    ['your-license-key'],
    ['YOUR LICENSE HERE'],
    ['todo'],
    ['xxxxxxxx'],
    ['license'],
    ['buoyant-license'],
    ['ref+vault://secret/linkerd#license'],
    ['vault:secret/data/linkerd#license'],
    ['op://vault/linkerd/license'],
    ['ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]'],
    ['ENC[PKCS7,Zm9v]'],
    [`AgB${'x'.repeat(700)}`],
  ])('%j is none', (value) => {
    expect(licenseLiteral(value)).toBe(false);
  });
});

describe('any text', () => {
  const fragment = fc.constantFrom(
    ...[
      'https://',
      'oci://',
      'helm.linkerd.io',
      '/stable',
      '/edge',
      'linkerd',
      '/',
      ':',
      '@',
      'sha256:',
      'edge-',
      '24.2.5',
      '2024.',
      '*',
      '~',
    ],
    ...[
      '-edge',
      '1.16.11',
      'proxy',
      'buoyantio',
      'cr.l5d.io',
      'linkerd-enterprise-',
      ' ',
      '.tgz',
      '${',
      '{{',
      'x',
      '\u0000',
      '😀',
      '',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join('')),
  );

  it('is read without throwing, and twice the same', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const read = (): (LinkerdReference | undefined)[] => [
          classifyRepository(a),
          classifyChart({ repository: a, chart: b, version: c }),
          classifyChart({ chart: b }),
          classifyImage(a),
          classifyCreatedBy(a),
          classifyProxyVersion(a),
          classifyLinkerdVersion(a),
        ];
        const found = read();
        expect(read()).toEqual(found);
        for (const one of found) if (one !== undefined) edgeConcern(one);
        parseEdgeVersion(a);
        licenseLiteral(a);
        isEnterpriseKind(a, b);
        stableReleaseOf(a, b);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read in time that grows with its length alone', () => {
    for (const part of ['a', '1.', '-', 'linkerd-', 'edge-', ' ', '/', ':', '@', '~', '_', 'x1', '9']) {
      const long = part.repeat(200_000);
      const start = performance.now();
      classifyRepository(long);
      classifyChart({ repository: long, chart: `https://x/${long}.tgz`, version: long });
      classifyImage(`${long}proxy:edge-24.1.1${long}`);
      classifyCreatedBy(`linkerd/${long}`);
      classifyProxyVersion(`edge-1${long}`);
      licenseLiteral(long);
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });
});
