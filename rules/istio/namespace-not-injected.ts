import { defineRule } from '../../engine/findings/rule';
import type { Fix } from '../../engine/findings/rule';
import { infrastructureRole, isNeverClient } from '../../engine/mesh/infrastructure';
import { controlPlaneParts } from '../../engine/mesh/istio/control-plane';
import { defaultInjection } from '../../engine/mesh/istio/default-injection';
import { istioUse } from '../../engine/mesh/istio/in-use';
import type { IstioUse, NamespaceLabel } from '../../engine/mesh/istio/in-use';
import { ignoredNamespaces } from '../../engine/mesh/istio/sidecar-injection';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { setString } from '../../engine/yaml/edit';

const LABELS = ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'] as const;
const POD_LABELS = ['sidecar.istio.io/inject', 'istio.io/rev', 'istio.io/dataplane-mode'] as const;

export const rule = defineRule({
  id: 'istio/namespace-not-injected',
  severity: 'info',
  summary: 'A Namespace does not say whether its pods join Istio.',
  why:
    'Where Istio is in use, a Namespace without `istio-injection`, `istio.io/rev` and `istio.io/dataplane-mode` is one whose pods stay out of ' +
    'the mesh: they send and accept plain text, callers that demand mutual TLS refuse them, and no Istio policy or route of theirs has an ' +
    'effect. Nobody can tell from the Namespace whether that is meant.',
  todo:
    'Label the Namespace as the others of the environment are labelled, or with `istio-injection: disabled` to say that it stays out. ' +
    "Namespaces of Kubernetes, of Istio's control plane and of Linkerd are not reported, nor are those whose workloads all decide for " +
    'themselves with a pod label. If the installation injects unlabelled namespaces (`enableNamespacesByDefault`) and ' +
    'no file here shows it, say so in the configuration, as `istio.enableNamespacesByDefault: true`.',
  kinds: ['Namespace'],
  equivalents: ['IST0102'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0102/',
  since: '0.1.0',
  fix: 'labels the Namespace as the others here are, or as one that stays out of the mesh',
  examples: {
    bad: [
      {
        title: 'One namespace of two is labelled',
        files: {
          'namespaces.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: pay\n',
        },
        findings: [
          {
            at: 'namespaces.yaml:11:9',
            text: 'pay',
            message:
              'Namespace pay does not say whether its pods join Istio, which is in use here (Namespace shop has istio-injection=enabled). Its pods stay out of the mesh, assuming that Istio does not inject by default. Label it istio-injection=enabled to bring them in, or istio-injection=disabled to say that they stay out.',
          },
        ],
      },
      {
        title: 'A namespace with workloads, beside one that is in ambient mode',
        files: {
          'namespaces.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/dataplane-mode: ambient\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: pay\n  labels:\n    team: payments\n',
          'ledger.yaml':
            'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ledger\n  namespace: pay\nspec:\n  template:\n    metadata:\n      labels:\n        app: ledger\n    spec:\n      containers:\n        - name: ledger\n          image: ledger:1\n',
        },
        findings: [
          {
            at: 'namespaces.yaml:11:9',
            text: 'pay',
            message:
              'Namespace pay does not say whether its pods join Istio, which is in use here (Namespace shop has istio.io/dataplane-mode=ambient). The pods of Deployment pay/ledger stay out of the mesh, assuming that Istio does not inject by default. Label it istio.io/dataplane-mode=ambient to bring them in, or istio-injection=disabled to say that they stay out.',
          },
        ],
      },
      {
        title: 'A policy for a namespace that joins nothing',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: strict\n  namespace: shop\nspec:\n  mtls:\n    mode: STRICT\n',
          '.mesh-lint.yaml': 'istio:\n  enableNamespacesByDefault: false\n',
        },
        findings: [
          {
            at: 'shop.yaml:4:9',
            text: 'shop',
            message:
              'Namespace shop does not say whether its pods join Istio, which is in use here (PeerAuthentication shop/strict configures it). Its pods stay out of the mesh. Label it istio-injection=enabled or istio.io/dataplane-mode=ambient to bring them in, or istio-injection=disabled to say that they stay out.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Every namespace says what it wants',
        files: {
          'namespaces.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: pay\n  labels:\n    istio.io/rev: canary\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: batch\n  labels:\n    istio-injection: disabled\n',
        },
      },
      {
        title: 'No Istio here',
        files: { 'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n' },
      },
      {
        title: 'A namespace of Linkerd, one of Kubernetes and one of Istio itself',
        files: {
          'namespaces.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: pay\n  annotations:\n    linkerd.io/inject: enabled\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: kube-system\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n',
        },
      },
      {
        title: 'The workloads decide for themselves',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        sidecar.istio.io/inject: "true"\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: backup\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        sidecar.istio.io/inject: "false"\n    spec:\n      containers:\n        - name: backup\n          image: backup:1\n',
        },
      },
    ],
  },
  *check(subject, view) {
    const { name, titlePlace } = subject;
    if (name === undefined || titlePlace === undefined || !isApplicationNamespace(subject, name, view)) return;
    if (LABELS.some((key) => view.namespaceLabel(name, key).value.is !== 'absent')) return;
    const byDefault = defaultInjection(view).value;
    if (byDefault.is === 'unknown' || (byDefault.is === 'known' && byDefault.value)) return;
    const use = istioUse(view);
    if (use === undefined) return;
    const workloads = view.index.workloadsIn(name);
    const left = workloads.filter((workload) => !decidesItself(workload, view));
    if (workloads.length > 0 && left.length === 0) return;

    const join = use.joinedBy ?? { key: 'istio-injection', value: 'enabled' };
    const opening = `${subject.title} does not say whether its pods join Istio, which is in use here (${use.reason}).`;
    const assumption = byDefault.is === 'absent' ? ', assuming that Istio does not inject by default' : '';
    const choice = use.joinedBy === undefined ? `${pair(join)} or istio.io/dataplane-mode=ambient` : pair(join);
    const advice = `Label it ${choice} to bring them in, or ${pair(STAY_OUT)} to say that they stay out.`;
    yield {
      place: { node: titlePlace },
      message: `${opening} ${podsOf(left)} stay out of the mesh${assumption}. ${advice}`,
      related: [...relatedUse(use), ...relatedWorkloads(left)],
      fixes: [labelling(subject, join), labelling(subject, STAY_OUT)],
    };
  },
});

const STAY_OUT: NamespaceLabel = { key: 'istio-injection', value: 'disabled' };

const pair = ({ key, value }: NamespaceLabel): string => `${key}=${value}`;

/** Neither Kubernetes' own, nor Istio's, nor one that belongs to Linkerd. */
function isApplicationNamespace(namespace: Resource, name: string, view: MeshView): boolean {
  const root = view.rootNamespace();
  if (name.startsWith('kube-') || name === 'istio-system' || ignoredNamespaces.includes(name)) return false;
  if (root.is === 'known' && root.value === name) return false;
  if (controlPlaneParts(view).some(({ namespace: home }) => home === name)) return false;
  const keys = [...namespace.labels.keys(), ...namespace.annotations.keys()];
  if (keys.some((key) => key.startsWith('linkerd.io/') || key.startsWith('config.linkerd.io/'))) return false;
  return view.namespaceAnnotation(name, 'linkerd.io/inject').value.is === 'absent';
}

/**
 * Whether a workload's pods say themselves what becomes of them, are in a mesh without their Namespace's help, or are infrastructure that
 * has no call for one: operators, CNI agents, gateways.
 */
function decidesItself(workload: Resource, view: MeshView): boolean {
  const role = infrastructureRole(workload);
  if (role !== undefined && isNeverClient(role)) return true;
  const labels = podTemplateOf(workload)?.labels;
  if (labels === undefined || POD_LABELS.some((key) => labels.get(key).is !== 'absent')) return true;
  const membership = view.membership(workload);
  return (
    membership !== undefined && [membership.sidecar, membership.ambient, membership.linkerd].some(({ joins }) => joins === 'yes')
  );
}

function podsOf(workloads: readonly Resource[]): string {
  const [first] = workloads;
  if (first === undefined) return 'Its pods';
  return workloads.length === 1 ? `The pods of ${first.title}` : `The pods of ${workloads.length} workloads`;
}

function relatedUse(use: IstioUse): readonly { place: IstioUse['place']; message: string }[] {
  return [{ place: use.place, message: `Istio is in use: ${use.reason}.` }];
}

function relatedWorkloads(workloads: readonly Resource[]): readonly { place: IstioUse['place']; message: string }[] {
  return workloads.flatMap((workload) =>
    workload.titlePlace === undefined
      ? []
      : [{ place: { node: workload.titlePlace }, message: `The pods of ${workload.title} stay out of the mesh.` }],
  );
}

/** Not safe: both change what becomes of the pods, or what people take the Namespace for. */
function labelling(namespace: Resource, label: NamespaceLabel): Fix {
  const joins = label !== STAY_OUT;
  return {
    title: `${joins ? 'Bring the pods in' : 'Keep the pods out'}: label ${pair(label)}`,
    safe: false,
    edits: () => {
      const { root } = namespace;
      const edit = root === undefined ? undefined : setString(root, ['metadata', 'labels', label.key], label.value);
      return edit === undefined ? undefined : [edit];
    },
  };
}
