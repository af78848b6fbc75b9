import { defineRule } from '../../engine/findings/rule';
import { dayInWords } from '../../engine/mesh/linkerd/day';
import { concernsOf, LINKERD_SUBJECTS, linkerdReferencesOf } from '../../engine/mesh/linkerd/references';
import type { LinkerdPlace } from '../../engine/mesh/linkerd/references';
import { edgeConcern } from '../../engine/mesh/linkerd/release-channel';
import type { EdgeConcern } from '../../engine/mesh/linkerd/release-channel';
import { newestEdge } from '../../engine/mesh/linkerd/release-table';

const NEWEST = `${newestEdge.tag} of ${dayInWords(newestEdge.released)}`;
const NEWEST_CHART = `${newestEdge.year}.${newestEdge.month}.${newestEdge.patch}`;

export const rule = defineRule({
  id: 'linkerd/edge-channel',
  severity: 'info',
  summary: 'An edge release of Linkerd is not pinned, is old, or is one that the project advises against.',
  why: 'Edge releases are how the open-source project ships Linkerd, and are generally fit for production. They follow no semantic versioning: behaviour may change from one to the next, and some are marked as not recommended after they came out. What is not pinned changes by itself at the next install; and a fix is only ever in a newer release, so that an old one gathers known faults.',
  todo: 'Pin one exact version, read the release notes up to it, and move on every few months. Ages are counted from the newest release that this version of Mesh Lint knows, not from today.',
  kinds: LINKERD_SUBJECTS,
  equivalents: [],
  docs: 'https://linkerd.io/releases/',
  since: '0.1.0',
  noFix: 'which release to run is a choice, made with its release notes',
  examples: {
    bad: [
      {
        title: 'No version at all, and a range',
        files: {
          'Chart.yaml': `apiVersion: v2
name: mesh
version: 1.0.0
dependencies:
  - name: linkerd-crds
    version: 2026.x
    repository: https://helm.linkerd.io/edge
`,
          'kustomization.yaml': `helmCharts:
  - name: linkerd-control-plane
    repo: https://helm.linkerd.io/edge
    releaseName: linkerd
    namespace: linkerd
`,
        },
        findings: [
          {
            at: 'Chart.yaml:6:14',
            text: '2026.x',
            message:
              'linkerd-crds 2026.x is a range of the edge channel: each install takes the release that is then the newest, and behaviour may change from one edge release to the next. Pin one; 2026.8.3 (edge-26.8.3 of 21 August 2026) is the newest that Mesh Lint knows.',
          },
          {
            at: 'kustomization.yaml:2:11',
            text: 'linkerd-control-plane',
            message:
              'linkerd-control-plane comes from the edge channel without a version: each install takes the release that is then the newest, and behaviour may change from one edge release to the next. Pin one; 2026.8.3 (edge-26.8.3 of 21 August 2026) is the newest that Mesh Lint knows.',
          },
        ],
      },
      {
        title: 'A chart from before calendar versions',
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
    targetRevision: 1.18.11-edge
  destination:
    server: https://kubernetes.default.svc
    namespace: linkerd
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:11:21',
            text: '1.18.11-edge',
            message:
              'linkerd-control-plane 1.18.11-edge is an edge release from before March 2024, and fixes come only in newer ones. Upgrade step by step; edge-26.8.3 of 21 August 2026 is the newest that Mesh Lint knows.',
          },
        ],
      },
      {
        title: 'A release that is more than half a year behind',
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
    targetRevision: 2025.4.4
  destination:
    server: https://kubernetes.default.svc
    namespace: linkerd
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:11:21',
            text: '2025.4.4',
            message:
              'linkerd-control-plane 2025.4.4 is 16 months older than edge-26.8.3 of 21 August 2026, the newest edge release that Mesh Lint knows, and fixes come only in newer ones. Plan the upgrade.',
          },
        ],
      },
      {
        title: 'Values and a rendered image',
        files: {
          'values.yaml': `linkerdVersion: edge-24.11.8
`,
          'rendered.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  template:
    metadata:
      annotations:
        config.linkerd.io/proxy-version: edge-24.2.1
    spec:
      containers:
        - name: linkerd-proxy
          image: cr.l5d.io/linkerd/proxy:edge-24.2.1
`,
        },
        findings: [
          {
            at: 'rendered.yaml:13:18',
            text: 'cr.l5d.io/linkerd/proxy:edge-24.2.1',
            message:
              'Linkerd edge-24.2.1 is an edge release from before March 2024, and fixes come only in newer ones. Upgrade step by step; edge-26.8.3 of 21 August 2026 is the newest that Mesh Lint knows.',
          },
          {
            at: 'values.yaml:1:17',
            text: 'edge-24.11.8',
            message:
              'Linkerd edge-24.11.8 is 21 months older than edge-26.8.3 of 21 August 2026, the newest edge release that Mesh Lint knows, and fixes come only in newer ones. Plan the upgrade.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Pinned and recent',
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
        title: 'The repository alone, and a version that a variable holds',
        files: {
          'linkerd.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: linkerd
  namespace: linkerd
spec:
  interval: 1h
  url: https://helm.linkerd.io/edge
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: linkerd
  namespace: linkerd
spec:
  interval: 1h
  chart:
    spec:
      chart: linkerd-control-plane
      version: \${linkerd_version}
      sourceRef:
        kind: HelmRepository
        name: linkerd
`,
        },
      },
      {
        title: 'The sources of the chart itself',
        files: {
          'linkerd-viz/Chart.yaml': `apiVersion: v1
name: linkerd-viz
version: 0.0.0-undefined
appVersion: edge-XX.X.X
`,
          'linkerd-viz/requirements.yaml': `dependencies:
  - name: partials
    version: 0.1.0
    repository: file://../../../charts/partials
`,
          'linkerd-viz/values.yaml': `linkerdVersion: linkerdVersionValue
`,
        },
      },
      {
        title: 'Other software with calendar versions',
        files: {
          'Chart.yaml': `apiVersion: v2
name: tools
version: 1.0.0
dependencies:
  - name: authentik
    version: 2024.2.2
    repository: https://charts.goauthentik.io
`,
        },
      },
    ],
  },
  *check(subject, view) {
    for (const { place, node, what, others } of concernsOf(linkerdReferencesOf(subject, view), judge)) {
      yield {
        place: { node },
        message: say(place, what),
        related: others.map((other) => ({
          place: { node: other },
          message: 'An edge release with the same weakness is named here',
        })),
      };
    }
  },
});

function judge({ reference, versionNode }: LinkerdPlace): { node: LinkerdPlace['node']; what: EdgeConcern } | undefined {
  // A stable version in the edge repository is the stable channel's matter.
  const what = reference.mismatch === undefined ? edgeConcern(reference) : undefined;
  return what && { node: versionNode, what };
}

function say({ reference, text }: LinkerdPlace, concern: EdgeConcern): string {
  const { chart, version } = reference;
  const name = chart === undefined ? `Linkerd ${version?.text ?? text}` : [chart, version?.text].filter(Boolean).join(' ');
  switch (concern.kind) {
    case 'unpinned': {
      const how =
        version === undefined
          ? `${name} comes from the edge channel without a version`
          : `${name} is a range of the edge channel`;
      return `${how}: each install takes the release that is then the newest, and behaviour may change from one edge release to the next. Pin one; ${NEWEST_CHART} (${NEWEST}) is the newest that Mesh Lint knows.`;
    }
    case 'before-calver':
      return `${name} is an edge release from before March 2024, and fixes come only in newer ones. Upgrade step by step; ${NEWEST} is the newest that Mesh Lint knows.`;
    case 'not-recommended':
      return `${name} is an edge release that the project marks as not recommended. Take a later one; ${NEWEST} is the newest that Mesh Lint knows.`;
    case 'old':
      return `${name} is ${concern.months} months older than ${NEWEST}, the newest edge release that Mesh Lint knows, and fixes come only in newer ones. Plan the upgrade.`;
  }
}
