import { defineRule } from '../../engine/findings/rule';
import { dayInWords } from '../../engine/mesh/linkerd/day';
import { concernsOf, LINKERD_SUBJECTS, linkerdReferencesOf } from '../../engine/mesh/linkerd/references';
import type { LinkerdPlace } from '../../engine/mesh/linkerd/references';
import { stableReleaseOf } from '../../engine/mesh/linkerd/release-channel';
import { enterpriseTerms, lastOpenStable } from '../../engine/mesh/linkerd/release-table';

const LAST_DAY = dayInWords(lastOpenStable.released);
const ENDED = `the open-source project's stable channel, which ended with ${lastOpenStable.version} on ${LAST_DAY}`;
const ADVICE = `No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below ${enterpriseTerms.freeBelowEmployees} employees.`;

export const rule = defineRule({
  id: 'linkerd/stable-channel',
  severity: 'warning',
  summary: 'A release of Linkerd is named from the stable channel, which the open-source project ended in February 2024.',
  why: 'The open-source project publishes edge releases only: as of 2.15 (21 February 2024) it makes no stable artifacts any more, 2.14.11 and later included. The last one is 2.14.10 of 20 February 2024, so that whatever is installed from `https://helm.linkerd.io/stable` has had no fix since, for its security neither. The licence of the source has not changed: it is and was Apache-2.0.',
  todo: 'Choose one of two ways. Edge releases (`https://helm.linkerd.io/edge`) are free and generally fit for production, and ask for care: they follow no semantic versioning, and the release notes mark some as not recommended. Buoyant Enterprise for Linkerd (`https://helm.buoyant.cloud`) has stable releases; it needs a licence, which is free outside production and, in production, for companies with fewer than 50 employees.',
  kinds: LINKERD_SUBJECTS,
  equivalents: [],
  docs: 'https://linkerd.io/releases/',
  since: '0.1.0',
  tags: ['deprecated'],
  noFix: 'which channel to move to is a decision, and the way there is an upgrade through several releases',
  examples: {
    bad: [
      {
        title: 'Dependencies of a chart',
        files: {
          'Chart.yaml': `apiVersion: v2
name: mesh
version: 1.0.0
dependencies:
  - name: linkerd-crds
    version: 1.8.0
    repository: https://helm.linkerd.io/stable
  - name: linkerd-control-plane
    version: ~1.16
    repository: https://helm.linkerd.io/stable
`,
        },
        findings: [
          {
            at: 'Chart.yaml:6:14',
            text: '1.8.0',
            message:
              "linkerd-crds 1.8.0 is Linkerd 2.14.10, the open-source project's last stable release, of 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
          {
            at: 'Chart.yaml:9:14',
            text: '~1.16',
            message:
              "linkerd-control-plane ~1.16 comes from the open-source project's stable channel, which ended with 2.14.10 on 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
        ],
      },
      {
        title: 'An Argo CD Application',
        files: {
          'linkerd.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: linkerd
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://helm.linkerd.io/stable
    chart: linkerd-control-plane
    targetRevision: 1.16.11
  destination:
    server: https://kubernetes.default.svc
    namespace: linkerd
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:11:21',
            text: '1.16.11',
            message:
              "linkerd-control-plane 1.16.11 is Linkerd 2.14.10, the open-source project's last stable release, of 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
        ],
      },
      {
        title: 'Flux: a repository, and a release that takes an older chart from it',
        files: {
          'linkerd.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: linkerd
  namespace: flux-system
spec:
  interval: 1h
  url: https://helm.linkerd.io/stable
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: linkerd-control-plane
  namespace: flux-system
spec:
  interval: 1h
  targetNamespace: linkerd
  chart:
    spec:
      chart: linkerd-control-plane
      version: 1.12.7
      sourceRef:
        kind: HelmRepository
        name: linkerd
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:8:8',
            text: 'https://helm.linkerd.io/stable',
            message:
              "https://helm.linkerd.io/stable is the open-source project's stable channel, which ended with 2.14.10 on 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
          {
            at: 'linkerd.yaml:21:16',
            text: '1.12.7',
            message:
              "linkerd-control-plane 1.12.7 is Linkerd 2.13.7, from the open-source project's stable channel, which ended with 2.14.10 on 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
        ],
      },
      {
        title: 'A kustomization, and a version that its repository does not have',
        files: {
          'kustomization.yaml': `helmCharts:
  - name: linkerd-viz
    repo: https://helm.linkerd.io/stable
    releaseName: linkerd-viz
    namespace: linkerd-viz
    version: 30.12.11
  - name: linkerd-control-plane
    repo: https://helm.linkerd.io/stable
    releaseName: linkerd
    namespace: linkerd
    version: 2024.11.8
`,
        },
        findings: [
          {
            at: 'kustomization.yaml:6:14',
            text: '30.12.11',
            message:
              "linkerd-viz 30.12.11 is Linkerd 2.14.10, the open-source project's last stable release, of 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
          {
            at: 'kustomization.yaml:8:11',
            text: 'https://helm.linkerd.io/stable',
            message:
              "linkerd-control-plane 2024.11.8 is an edge release, and its repository is the open-source project's stable channel, which ended with 2.14.10 on 20 February 2024: the chart cannot be fetched from there. Take it from https://helm.linkerd.io/edge.",
          },
        ],
      },
      {
        title: 'A helmfile: two releases of one repository, one of them pinned',
        files: {
          'helmfile.yaml': `repositories:
  - name: linkerd
    url: https://helm.linkerd.io/stable
---
releases:
  - name: linkerd-crds
    chart: linkerd/linkerd-crds
  - name: linkerd-viz
    chart: linkerd/linkerd-viz
  - name: linkerd
    chart: linkerd/linkerd-control-plane
    version: 1.9.8
`,
        },
        findings: [
          {
            at: 'helmfile.yaml:3:10',
            text: 'https://helm.linkerd.io/stable',
            message:
              "https://helm.linkerd.io/stable is the open-source project's stable channel, which ended with 2.14.10 on 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
          {
            at: 'helmfile.yaml:12:14',
            text: '1.9.8',
            message:
              "linkerd-control-plane 1.9.8 is Linkerd 2.12.6, from the open-source project's stable channel, which ended with 2.14.10 on 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
        ],
      },
      {
        title: 'Values, rendered images and annotations',
        files: {
          'values.yaml': `linkerdVersion: stable-2.13.4
proxy:
  image:
    version: stable-2.13.4
`,
          'rendered.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: linkerd-destination
  namespace: linkerd
  annotations:
    linkerd.io/created-by: linkerd/helm stable-2.14.10
spec:
  template:
    metadata:
      annotations:
        linkerd.io/proxy-version: stable-2.14.10
    spec:
      containers:
        - name: linkerd-proxy
          image: cr.l5d.io/linkerd/proxy:stable-2.14.10
`,
          'namespace.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    config.linkerd.io/proxy-version: stable-2.11.1
`,
        },
        findings: [
          {
            at: 'namespace.yaml:6:38',
            text: 'stable-2.11.1',
            message:
              "Linkerd stable-2.11.1 comes from the open-source project's stable channel, which ended with 2.14.10 on 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
          {
            at: 'rendered.yaml:16:18',
            text: 'cr.l5d.io/linkerd/proxy:stable-2.14.10',
            message:
              "Image cr.l5d.io/linkerd/proxy:stable-2.14.10 is of the open-source project's last stable release, of 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
          {
            at: 'values.yaml:1:17',
            text: 'stable-2.13.4',
            message:
              "Linkerd stable-2.13.4 comes from the open-source project's stable channel, which ended with 2.14.10 on 20 February 2024. No fix has followed, security fixes included. Move to an edge release, which is free, or to Buoyant Enterprise for Linkerd, which needs a licence and is free in production only below 50 employees.",
          },
        ],
      },
    ],
    good: [
      {
        title: 'The edge channel',
        files: {
          'linkerd.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: linkerd
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://helm.linkerd.io/edge
    chart: linkerd-control-plane
    targetRevision: 2026.8.3
  destination:
    server: https://kubernetes.default.svc
    namespace: linkerd
`,
        },
      },
      {
        title: 'Buoyant’s distribution',
        files: {
          'Chart.yaml': `apiVersion: v2
name: mesh
version: 1.0.0
dependencies:
  - name: linkerd-enterprise-control-plane
    version: 2.20.2
    repository: https://helm.buoyant.cloud
`,
        },
      },
      {
        title: 'The sources of the chart itself',
        files: {
          'linkerd-control-plane/Chart.yaml': `apiVersion: v2
name: linkerd-control-plane
version: 0.0.0-undefined
appVersion: edge-XX.X.X
dependencies:
  - name: partials
    version: 0.1.0
    repository: file://../partials
`,
          'linkerd-control-plane/values.yaml': `linkerdVersion: linkerdVersionValue
controllerImage: cr.l5d.io/linkerd/controller
proxy:
  image:
    version: ""
`,
        },
      },
      {
        title: 'Charts of other projects, with versions that look alike',
        files: {
          'helmfile.yaml': `repositories:
  - name: stable
    url: https://charts.helm.sh/stable
releases:
  - name: metrics
    chart: stable/metrics-server
    version: 2.11.4
  - name: shop
    chart: ./charts/shop
`,
        },
      },
    ],
  },
  *check(subject, view) {
    for (const { place, node, others } of concernsOf(linkerdReferencesOf(subject, view), judge)) {
      yield {
        place: { node },
        message: say(place),
        related: others.map((other) => ({ place: { node: other }, message: 'The stable channel is named here as well' })),
      };
    }
  },
});

function judge({ reference, node, versionNode }: LinkerdPlace): { node: LinkerdPlace['node']; what: true } | undefined {
  const { channel, mismatch } = reference;
  if (mismatch === 'edge-version-in-stable-repository') return { node: node ?? versionNode, what: true };
  return channel === 'stable' || mismatch === 'stable-version-in-edge-repository' ? { node, what: true } : undefined;
}

function say(place: LinkerdPlace): string {
  const { chart, version, mismatch } = place.reference;
  if (mismatch !== 'edge-version-in-stable-repository') return `${lead(place, nameOf(chart, version?.text))} ${ADVICE}`;
  return `${nameOf(chart, version?.text)} is an edge release, and its repository is ${ENDED}: the chart cannot be fetched from there. Take it from https://helm.linkerd.io/edge.`;
}

function nameOf(chart: string | undefined, version: string | undefined): string {
  return [chart ?? 'Linkerd', version].filter((part) => part !== undefined).join(' ');
}

function lead({ reference, by, text }: LinkerdPlace, name: string): string {
  const { chart, version, mismatch } = reference;
  if (by === 'repository') return `${text} is ${ENDED}.`;
  if (by === 'image')
    return `Image ${text} ${version?.text === lastOpenStable.tag ? `is of ${LAST_RELEASE}` : `comes from ${ENDED}`}.`;
  if (chart === undefined)
    return version?.text === lastOpenStable.tag ? `${name} is ${LAST_RELEASE}.` : `${name} comes from ${ENDED}.`;
  const release = version && stableReleaseOf(chart, version.text);
  const missing =
    mismatch === 'stable-version-in-edge-repository'
      ? ' The edge repository does not have it, so the chart cannot be fetched.'
      : '';
  if (release === lastOpenStable.version) return `${name} is Linkerd ${release}, ${LAST_RELEASE}.${missing}`;
  return release === undefined
    ? `${name} comes from ${ENDED}.${missing}`
    : `${name} is Linkerd ${release}, from ${ENDED}.${missing}`;
}

const LAST_RELEASE = `the open-source project's last stable release, of ${LAST_DAY}`;
