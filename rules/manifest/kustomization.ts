import { directoryOf } from '../../engine/environments/paths';
import { locate } from '../../engine/yaml/tree';
import { defineRule } from '../../engine/findings/rule';

const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n';

export const rule = defineRule({
  id: 'manifest/kustomization',
  severity: 'error',
  summary: 'A kustomization cannot be built as it is written.',
  why: 'kustomize stops at the first such fault, so nothing of the directory, nor of the overlays above it, is applied.',
  todo: 'Correct the entry that is named: its path, the cycle, the resource that comes in twice, the patch or the name that matches nothing, or the field that a kustomization does not have.',
  kinds: ['file:kustomization.yaml'],
  equivalents: [],
  docs: 'https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/',
  since: '0.1.0',
  noFix: 'which file or resource was meant is not known',
  examples: {
    bad: [
      {
        title: 'A resource that does not exist',
        files: { 'kustomization.yaml': 'resources:\n  - cart.yaml\n  - crat-service.yaml\n', 'cart.yaml': DEPLOYMENT },
        findings: [
          {
            at: 'kustomization.yaml:3:5',
            text: 'crat-service.yaml',
            message:
              '"crat-service.yaml" does not exist, so kustomize cannot build this directory. Correct the path or remove the entry.',
          },
        ],
      },
      {
        title: 'Two directories that use each other',
        files: { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n' },
        findings: [
          {
            at: 'a/kustomization.yaml:1:13',
            text: '../b',
            message: '"b" uses this directory in turn: kustomize refuses such a cycle. Remove one of the two entries.',
          },
          {
            at: 'b/kustomization.yaml:1:13',
            text: '../a',
            message: '"a" uses this directory in turn: kustomize refuses such a cycle. Remove one of the two entries.',
          },
        ],
      },
      {
        title: 'A patch that matches nothing, and a path out of the repository',
        files: {
          'kustomization.yaml': 'resources:\n  - cart.yaml\n  - ../../../etc/passwd\npatches:\n  - path: patch.yaml\n',
          'cart.yaml': DEPLOYMENT,
          'patch.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: crat\nspec:\n  replicas: 2\n',
        },
        findings: [
          {
            at: 'kustomization.yaml:3:5',
            text: '../../../etc/passwd',
            message: '"../../../etc/passwd" leads out of the repository, so it is not read; what it holds is missing here.',
          },
          {
            at: 'kustomization.yaml:5:11',
            text: 'patch.yaml',
            message: 'No resource of this kustomization is Deployment crat, so kustomize fails to apply the patch.',
          },
        ],
      },
      {
        title: 'A patch for another version of the API',
        files: {
          'kustomization.yaml': 'resources: [cart.yaml]\npatches:\n  - path: patch.yaml\n',
          'cart.yaml': DEPLOYMENT,
          'patch.yaml': 'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  replicas: 2\n',
        },
        findings: [
          {
            at: 'kustomization.yaml:3:11',
            text: 'patch.yaml',
            message:
              'Deployment cart is here with the API version apps/v1 and not extensions/v1beta1, so kustomize fails to apply the patch.',
          },
        ],
      },
      {
        title: 'Replicas of nothing, a map that exists already, and a field that does not',
        files: {
          'kustomization.yaml':
            'resource: [cart.yaml]\nresources: [cart.yaml]\nreplicas:\n  - name: crat\n    count: 3\nconfigMapGenerator:\n  - name: cart\n    literals: [colour=red]\n  - name: cart\n    literals: [colour=blue]\n',
          'cart.yaml': DEPLOYMENT,
        },
        findings: [
          {
            at: 'kustomization.yaml:1:1',
            text: 'resource',
            message: 'A kustomization has no field "resource", so kustomize refuses to read the file. Correct or remove it.',
          },
          {
            at: 'kustomization.yaml:4:11',
            text: 'crat',
            message:
              'Nothing called "crat" is a Deployment, ReplicationController, ReplicaSet or StatefulSet, so kustomize fails. Correct the name or remove the entry.',
          },
          {
            at: 'kustomization.yaml:9:11',
            text: 'cart',
            message:
              'ConfigMap cart is there already: kustomize refuses to generate it again without "behavior: merge" or "replace".',
          },
        ],
      },
      {
        title: 'A patch listed by its bare name',
        files: {
          'kustomization.yaml': 'resources: [cart.yaml]\npatches:\n  - patch.yaml\n',
          'cart.yaml': DEPLOYMENT,
          'patch.yaml': DEPLOYMENT,
        },
        findings: [
          {
            at: 'kustomization.yaml:3:5',
            text: 'patch.yaml',
            message: 'A patch must be a map with "path" or "patch": kustomize refuses a bare file name here. Write "- path: …".',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A base and an overlay',
        files: {
          'base/kustomization.yaml': 'resources: [cart.yaml]\n',
          'base/cart.yaml': DEPLOYMENT,
          'prod/kustomization.yaml':
            'namespace: shop\nresources: [../base]\npatches:\n  - patch: |\n      kind: Deployment\n      apiVersion: apps/v1\n      metadata:\n        name: cart\n      spec:\n        replicas: 3\n',
        },
      },
      {
        title: 'A component patches what its user has',
        files: {
          'component/kustomization.yaml':
            'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\npatches:\n  - path: patch.yaml\n',
          'component/patch.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  replicas: 2\n',
          'prod/kustomization.yaml': 'resources: [cart.yaml]\ncomponents: [../component]\n',
          'prod/cart.yaml': DEPLOYMENT,
        },
      },
      {
        title: 'A Flux Kustomization shares the name and is none of kustomize',
        files: {
          'kustomization.yaml':
            'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\nspec:\n  path: ./apps\n',
        },
      },
    ],
  },
  *check(subject, view) {
    // The same fault comes up in every overlay that uses a component.
    const told = new Set<string>();
    for (const problem of view.kustomizeProblems(directoryOf(subject.file))) {
      const { start } = locate(problem.place);
      const key = `${start} ${problem.message}`;
      if (told.has(key)) continue;
      told.add(key);
      yield problem;
    }
  },
});
