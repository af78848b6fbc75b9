import { defineRule } from '../../engine/findings/rule';
import { dayInWords } from '../../engine/mesh/linkerd/day';
import { concernsOf, isEnterpriseChannel, LINKERD_SUBJECTS, linkerdReferencesOf } from '../../engine/mesh/linkerd/references';
import type { LinkerdPlace } from '../../engine/mesh/linkerd/references';
import { enterpriseTerms } from '../../engine/mesh/linkerd/release-table';

const PRODUCT = 'Buoyant Enterprise for Linkerd';
const TERMS = `runs with a licence key from Buoyant: free of charge outside production, and in production for companies with fewer than ${enterpriseTerms.freeBelowEmployees} employees (terms since ${dayInWords(enterpriseTerms.since)}). Make sure that you have one; the edge releases of the open-source project need none.`;

export const rule = defineRule({
  id: 'linkerd/enterprise-license',
  severity: 'info',
  summary: 'A reference is to Buoyant Enterprise for Linkerd, which needs a licence.',
  why: 'Buoyant builds its own distribution of Linkerd, with stable releases. Its charts and images are public, but it runs with a licence key. Its use is free outside production and, since 21 May 2024, in production for companies with fewer than 50 employees; everybody else needs a paid licence. Once a licence has expired the mesh goes on running with warnings, and the operator stops upgrading it. Linkerd itself is Apache-2.0, and the edge releases of the open-source project need no licence.',
  todo: 'Know which terms hold for you, and put the key into a Secret that no repository holds; `licenseSecret` names it. Or take the edge releases of the open-source project. Where the licence is settled, switch this rule off.',
  kinds: LINKERD_SUBJECTS,
  equivalents: [],
  docs: 'https://docs.buoyant.io/buoyant-enterprise-linkerd/latest/faq',
  since: '0.1.0',
  noFix: 'a licence is a matter between you and Buoyant',
  examples: {
    bad: [
      {
        title: 'A dependency of a chart',
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
        findings: [
          {
            at: 'Chart.yaml:7:17',
            text: 'https://helm.buoyant.cloud',
            message:
              'linkerd-enterprise-control-plane is part of Buoyant Enterprise for Linkerd, which runs with a licence key from Buoyant: free of charge outside production, and in production for companies with fewer than 50 employees (terms since 21 May 2024). Make sure that you have one; the edge releases of the open-source project need none.',
          },
        ],
      },
      {
        title: 'Flux: an OCI artifact, and the preview channel',
        files: {
          'linkerd.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: windows-cni
  namespace: flux-system
spec:
  interval: 1h
  url: oci://ghcr.io/buoyantio/charts/linkerd-enterprise-windows-cni
  ref:
    tag: 2.20.2
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
      chart: linkerd-preview-control-plane
      version: 26.8.4
      sourceRef:
        kind: HelmRepository
        name: buoyant
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:8:8',
            text: 'oci://ghcr.io/buoyantio/charts/linkerd-enterprise-windows-cni',
            message:
              'linkerd-enterprise-windows-cni is part of Buoyant Enterprise for Linkerd, which runs with a licence key from Buoyant: free of charge outside production, and in production for companies with fewer than 50 employees (terms since 21 May 2024). Make sure that you have one; the edge releases of the open-source project need none.',
          },
          {
            at: 'linkerd.yaml:21:14',
            text: 'linkerd-preview-control-plane',
            message:
              'linkerd-preview-control-plane is part of the preview channel, not meant for production, of Buoyant Enterprise for Linkerd, which runs with a licence key from Buoyant: free of charge outside production, and in production for companies with fewer than 50 employees (terms since 21 May 2024). Make sure that you have one; the edge releases of the open-source project need none.',
          },
        ],
      },
      {
        title: 'The operator’s ControlPlane, and a rendered image',
        files: {
          'linkerd.yaml': `apiVersion: linkerd.buoyant.io/v1alpha1
kind: ControlPlane
metadata:
  name: linkerd-control-plane
spec:
  components:
    linkerd:
      version: enterprise-2.17.0
---
apiVersion: v1
kind: Pod
metadata:
  name: cart
spec:
  containers:
    - name: linkerd-proxy
      image: ghcr.io/buoyantio/proxy:enterprise-2.17.0
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:8:16',
            text: 'enterprise-2.17.0',
            message:
              'enterprise-2.17.0 is a release of Buoyant Enterprise for Linkerd, which runs with a licence key from Buoyant: free of charge outside production, and in production for companies with fewer than 50 employees (terms since 21 May 2024). Make sure that you have one; the edge releases of the open-source project need none.',
          },
          {
            at: 'linkerd.yaml:17:14',
            text: 'ghcr.io/buoyantio/proxy:enterprise-2.17.0',
            message:
              'Image ghcr.io/buoyantio/proxy:enterprise-2.17.0 is part of Buoyant Enterprise for Linkerd, which runs with a licence key from Buoyant: free of charge outside production, and in production for companies with fewer than 50 employees (terms since 21 May 2024). Make sure that you have one; the edge releases of the open-source project need none.',
          },
        ],
      },
      {
        title: 'From the open-source project’s repository, which does not have it',
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
    chart: linkerd-enterprise-control-plane
    targetRevision: 2.17.0
  destination:
    server: https://kubernetes.default.svc
    namespace: linkerd
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:10:12',
            text: 'linkerd-enterprise-control-plane',
            message:
              "linkerd-enterprise-control-plane cannot be fetched from this repository, which is the open-source project's: it is part of Buoyant Enterprise for Linkerd, which runs with a licence key from Buoyant: free of charge outside production, and in production for companies with fewer than 50 employees (terms since 21 May 2024). Make sure that you have one; the edge releases of the open-source project need none.",
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
        title: 'Buoyant’s demo application',
        files: {
          'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: docker.io/buoyantio/emojivoto-web:v11
`,
        },
      },
      {
        title: 'The operator’s namesake in another group',
        files: {
          'plane.yaml': `apiVersion: example.com/v1
kind: ControlPlane
metadata:
  name: mine
spec:
  components:
    linkerd:
      version: enterprise-2.17.0
`,
        },
      },
    ],
  },
  *check(subject, view) {
    for (const { place, node, others } of concernsOf(linkerdReferencesOf(subject, view), judge)) {
      yield {
        place: { node },
        message: `${lead(place)}, which ${TERMS}`,
        related: others.map((other) => ({ place: { node: other }, message: `${PRODUCT} is named here as well` })),
      };
    }
  },
});

function judge({ reference, node }: LinkerdPlace): { node: LinkerdPlace['node']; what: true } | undefined {
  return isEnterpriseChannel(reference.channel) ? { node, what: true } : undefined;
}

function lead({ reference, by, text }: LinkerdPlace): string {
  const { channel, chart, version, mismatch } = reference;
  const product = channel === 'preview' ? `the preview channel, not meant for production, of ${PRODUCT}` : PRODUCT;
  if (mismatch !== undefined) {
    return `${chart ?? text} cannot be fetched from this repository, which is the open-source project's: it is part of ${product}`;
  }
  if (chart !== undefined) return `${chart} is part of ${product}`;
  if (by === 'repository') return `${text} serves ${product}`;
  if (by === 'kind') return `${text} is a kind of the operator of ${product}`;
  return by === 'image' ? `Image ${text} is part of ${product}` : `${version?.text ?? text} is a release of ${product}`;
}
