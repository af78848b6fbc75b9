import { defineRule } from '../../engine/findings/rule';
import { LICENSE_SUBJECTS, licensesIn } from '../../engine/mesh/linkerd/licenses';

export const rule = defineRule({
  id: 'linkerd/license-in-repository',
  severity: 'error',
  summary: 'A licence key of Buoyant Enterprise for Linkerd stands in the repository in plain text.',
  why: 'A licence key is a secret that is issued to you. Whoever can read the repository, a fork of it, a backup or a build log can use it, and removing the line leaves it in the history. Base64 in a Secret hides nothing.',
  todo: 'Ask Buoyant for a new key and have the old one withdrawn. Keep the new one outside the repository, or encrypted (SOPS, Sealed Secrets, External Secrets), in a Secret with the key `license`, and name that Secret in `licenseSecret` (`buoyant-license` by default) instead of setting `license`.',
  kinds: LICENSE_SUBJECTS,
  equivalents: [],
  docs: 'https://docs.buoyant.io/buoyant-enterprise-linkerd/latest/reference/operator',
  since: '0.1.0',
  noFix: 'a key that was committed must be replaced: removing the line leaves it in the history',
  examples: {
    bad: [
      {
        title: 'Values of the chart, beside its own keys',
        files: {
          'values.yaml': `license: bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d
identityTrustAnchorsPEM: ""
`,
        },
        findings: [
          {
            at: 'values.yaml:1:10',
            text: 'bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d',
            message:
              'A licence key of Buoyant Enterprise for Linkerd stands here in plain text: everyone who can read this repository, or its history, can use it. Have the key replaced, keep the new one in a Secret outside the repository, and name that Secret in `licenseSecret`.',
          },
        ],
      },
      {
        title: 'The block of a dependency under its alias',
        files: {
          'Chart.yaml': `apiVersion: v2
name: mesh
version: 1.0.0
dependencies:
  - name: linkerd-enterprise-control-plane
    alias: linkerd
    version: 2.20.2
    repository: https://helm.buoyant.cloud
`,
          'values-prod.yaml': `linkerd:
  license: "bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d"
`,
        },
        findings: [
          {
            at: 'values-prod.yaml:2:12',
            text: '"bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d"',
            message:
              'A licence key of Buoyant Enterprise for Linkerd stands here in plain text: everyone who can read this repository, or its history, can use it. Have the key replaced, keep the new one in a Secret outside the repository, and name that Secret in `licenseSecret`.',
          },
        ],
      },
      {
        title: 'An Argo CD Application: values as text, and a parameter',
        files: {
          'linkerd.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: linkerd
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://helm.buoyant.cloud
    chart: linkerd-enterprise-control-plane
    targetRevision: 2.20.2
    helm:
      values: |
        controllerReplicas: 3
        license: bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d
  destination:
    server: https://kubernetes.default.svc
    namespace: linkerd
`,
          'multicluster.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: multicluster
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://helm.buoyant.cloud
    chart: linkerd-enterprise-multicluster
    targetRevision: 2.20.2
    helm:
      parameters:
        - name: license
          value: bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d
  destination:
    server: https://kubernetes.default.svc
    namespace: linkerd
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:15:18',
            text: 'bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d',
            message:
              'A licence key of Buoyant Enterprise for Linkerd stands here in plain text: everyone who can read this repository, or its history, can use it. Have the key replaced, keep the new one in a Secret outside the repository, and name that Secret in `licenseSecret`.',
          },
          {
            at: 'multicluster.yaml:15:18',
            text: 'bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d',
            message:
              'A licence key of Buoyant Enterprise for Linkerd stands here in plain text: everyone who can read this repository, or its history, can use it. Have the key replaced, keep the new one in a Secret outside the repository, and name that Secret in `licenseSecret`.',
          },
        ],
      },
      {
        title: 'The operator’s ControlPlane, and the Secret in two forms',
        files: {
          'linkerd.yaml': `apiVersion: linkerd.buoyant.io/v1alpha1
kind: ControlPlane
metadata:
  name: linkerd-control-plane
spec:
  components:
    linkerd:
      version: enterprise-2.17.0
      controlPlaneConfig:
        license: bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d
---
apiVersion: v1
kind: Secret
metadata:
  name: buoyant-license
  namespace: linkerd
data:
  license: YkVMMS0zZjlhN2M1ZDJlOGI0YTZmMWMwZDllOGI3YTZmNWM0ZA==
`,
          'secret/kustomization.yaml': `secretGenerator:
  - name: buoyant-license
    namespace: linkerd
    literals:
      - "license=bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d"
`,
        },
        findings: [
          {
            at: 'linkerd.yaml:10:18',
            text: 'bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d',
            message:
              'A licence key of Buoyant Enterprise for Linkerd stands here in plain text: everyone who can read this repository, or its history, can use it. Have the key replaced, keep the new one in a Secret outside the repository, and name that Secret in `licenseSecret`.',
          },
          {
            at: 'linkerd.yaml:18:12',
            text: 'YkVMMS0zZjlhN2M1ZDJlOGI0YTZmMWMwZDllOGI3YTZmNWM0ZA==',
            message:
              'A licence key of Buoyant Enterprise for Linkerd stands here in plain text: everyone who can read this repository, or its history, can use it. Have the key replaced, keep the new one in a Secret outside the repository, and name that Secret in `licenseSecret`.',
          },
          {
            at: 'secret/kustomization.yaml:5:18',
            text: 'bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d',
            message:
              'A licence key of Buoyant Enterprise for Linkerd stands here in plain text: everyone who can read this repository, or its history, can use it. Have the key replaced, keep the new one in a Secret outside the repository, and name that Secret in `licenseSecret`.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A Secret is named instead',
        files: {
          'Chart.yaml': `apiVersion: v2
name: mesh
version: 1.0.0
dependencies:
  - name: linkerd-enterprise-control-plane
    version: 2.20.2
    repository: https://helm.buoyant.cloud
`,
          'values.yaml': `linkerd-enterprise-control-plane:
  licenseSecret: buoyant-license
`,
        },
      },
      {
        title: 'Placeholders, variables and encrypted text',
        files: {
          'values.yaml': `license: <your licence key>
linkerdVersion: enterprise-2.20.2
`,
          'linkerd.yaml': `apiVersion: linkerd.buoyant.io/v1alpha1
kind: ControlPlane
metadata:
  name: linkerd-control-plane
spec:
  components:
    linkerd:
      license: \${BUOYANT_LICENSE}
---
apiVersion: v1
kind: Secret
metadata:
  name: buoyant-license
  namespace: linkerd
stringData:
  license: ENC[AES256_GCM,data:c2VjcmV0,iv:aXY=,tag:dGFn,type:str]
`,
        },
      },
      {
        title: 'Licences of other software',
        files: {
          'values.yaml': `license: bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d
grafana:
  license: bEL1-3f9a7c5d2e8b4a6f1c0d9e8b7a6f5c4d
`,
          'Chart.yaml': `apiVersion: v2
name: shop
version: 1.0.0
annotations:
  license: Apache-2.0
`,
        },
      },
    ],
  },
  *check(subject, view) {
    for (const place of licensesIn(subject, view)) {
      yield {
        place,
        message:
          'A licence key of Buoyant Enterprise for Linkerd stands here in plain text: everyone who can read this repository, or its history, can use it. Have the key replaced, keep the new one in a Secret outside the repository, and name that Secret in `licenseSecret`.',
      };
    }
  },
});
