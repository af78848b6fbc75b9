import { nearestName } from '../../engine/configuration/nearest-name';
import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { isForGateways } from '../../engine/mesh/istio/gateway-scope';
import { policyTarget } from '../../engine/mesh/istio/policy-selector';
import type { PolicyTarget } from '../../engine/mesh/istio/policy-selector';
import { isFilledByChart, isSelectedElsewhere } from '../../engine/mesh/istio/workloads-elsewhere';
import { selectedWorkloads } from '../../engine/mesh/istio/workload-selection';
import type { Reach, Selection } from '../../engine/mesh/istio/workload-selection';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import { Labels } from '../../engine/resources/labels';
import type { Label } from '../../engine/resources/labels';
import { sameNamespace } from '../../engine/resources/resource';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { replaceScalar } from '../../engine/yaml/edit';

const AUTHORIZATION = 'AuthorizationPolicy.security.istio.io';
const SIDECAR = 'Sidecar.networking.istio.io';
const TELEMETRY = 'Telemetry.telemetry.istio.io';

const namespace = (label: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    ${label}\n---\n`;
const cart =
  'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n';
const policy = (selector: string, where = 'shop'): string =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\n  namespace: ${where}\nspec:\n${selector}  rules:\n    - {}\n`;
const selecting = (labels: string): string => `  selector:\n    matchLabels:\n${labels}`;
const MESHED = namespace('istio-injection: enabled');

export const rule = defineRule({
  id: 'istio/policy-without-workload',
  severity: 'warning',
  summary: 'A policy applies to no workload of the mesh.',
  why:
    'Istio takes a policy whose selector matches nothing without a word, and nothing enforces it. That is easily missed, since all goes on ' +
    'working: a misspelt label leaves open what an AuthorizationPolicy was meant to close. Pods outside the mesh have no proxy that could ' +
    'enforce anything either.\n\n' +
    'The workloads looked at are those whose pod templates the environment shows. A policy that names its targets is not meant here, nor ' +
    'one that selects the pods of a gateway, which often come from elsewhere.',
  todo: 'Select labels that the pod template carries, bring the workload into the mesh, or remove the policy.',
  kinds: [
    AUTHORIZATION,
    SIDECAR,
    TELEMETRY,
    'EnvoyFilter.networking.istio.io',
    'PeerAuthentication.security.istio.io',
    'RequestAuthentication.security.istio.io',
    'TrafficExtension.extensions.istio.io',
    'WasmPlugin.extensions.istio.io',
  ],
  equivalents: ['IST0127', 'IST0101'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0127/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the value that pods have in place of one that comes near',
  examples: {
    bad: [
      {
        title: 'A misspelt label',
        files: { 'cart.yaml': MESHED + cart, 'policy.yaml': policy(selecting('      app: carts\n')) },
        findings: [
          {
            at: 'policy.yaml:9:12',
            text: 'carts',
            message:
              'No workload of namespace shop has the label app=carts, so AuthorizationPolicy shop/cart applies to nothing. Did you mean app=cart?',
          },
        ],
      },
      {
        title: 'Pods outside the mesh',
        files: {
          'cart.yaml': namespace('istio-injection: disabled') + cart,
          'policy.yaml': policy(selecting('      app: cart\n')),
        },
        findings: [
          {
            at: 'policy.yaml:9:12',
            text: 'cart',
            message:
              'AuthorizationPolicy shop/cart applies to nothing but pods outside the mesh, those of StatefulSet shop/cart, and no proxy of theirs enforces it. Bring them into the mesh, or remove the policy.',
          },
        ],
      },
      {
        title: 'A namespace whose workloads no file shows',
        files: { 'policy.yaml': policy('') },
        findings: [
          {
            at: 'policy.yaml:4:9',
            text: 'cart',
            message:
              'No file here shows a workload in namespace shop for AuthorizationPolicy shop/cart to apply to. Without one, the policy does nothing. Make sure that there is one.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A workload of the mesh',
        files: { 'cart.yaml': MESHED + cart, 'policy.yaml': policy(selecting('      app: cart\n')) },
      },
      {
        title: 'All workloads, from the root namespace',
        files: { 'cart.yaml': MESHED + cart, 'policy.yaml': policy('', 'istio-system') },
      },
      {
        title: 'A gateway, which is installed elsewhere',
        files: {
          'cart.yaml': MESHED + cart,
          'policy.yaml': policy(selecting('      istio: ingressgateway\n'), 'istio-system'),
        },
      },
    ],
  },
  *check(subject, view) {
    const target = policyTarget(subject, view);
    if (target.is === 'hidden' || target.is === 'targets') return;
    if (target.is === 'all') {
      if (subject.kind === AUTHORIZATION && target.reach === 'namespace') yield* ofNamespace(subject, view);
      return;
    }
    // With a selector, Istio ignores a PeerAuthentication in the root namespace.
    if (subject.kind === 'PeerAuthentication.security.istio.io' && target.reach === 'mesh') return;
    const selection = selectedWorkloads(subject, target.selector, target.reach, view);
    const found = finding(subject, target, selection, view);
    if (found !== undefined) yield { ...found, equivalents: codesOf(subject, selection) };
  },
});

/** A selector that picks every pod. */
const EVERYTHING = new Labels(undefined);

type Selected = Extract<PolicyTarget, { is: 'selected' }>;
type Known = Extract<Label, { is: 'known' }>;

/** istioctl asks whether pods are in the mesh for AuthorizationPolicies alone, and looks for pods at all for two kinds more. */
function codesOf({ kind }: Resource, { certain }: Selection): readonly string[] {
  if (kind === AUTHORIZATION) return ['IST0127'];
  return certain.length === 0 && (kind === SIDECAR || kind === TELEMETRY) ? ['IST0101'] : [];
}

function* ofNamespace(subject: Resource, view: MeshView): Iterable<Finding> {
  const node = subject.titlePlace;
  if (node === undefined) return;
  const selection = selectedWorkloads(subject, EVERYTHING, 'namespace', view);
  if (selection.possible.length > 0 || selection.certain.some((workload) => mayBeMeshed(workload, view))) return;
  const place = { node };
  if (selection.certain.length > 0) yield { place, ...outside(subject, selection, view), equivalents: ['IST0127'] };
  else if (!hasVirtualMachine(subject, EVERYTHING, view) && !isSelectedElsewhere(EVERYTHING, subject.header.namespace, view)) {
    const { title } = subject;
    const isKnown = view.scope().plan.complete && view.scope().partial.length === 0;
    yield {
      place,
      ...(isKnown
        ? {
            message: `There is no workload in ${inNamespace(subject)} for ${title} to apply to. The policy does nothing. Remove it, or move it.`,
          }
        : {
            severity: 'info',
            message: `No file here shows a workload in ${inNamespace(subject)} for ${title} to apply to. Without one, the policy does nothing. Make sure that there is one.`,
          }),
      equivalents: ['IST0127'],
    };
  }
}

function finding(subject: Resource, target: Selected, selection: Selection, view: MeshView): Finding | undefined {
  const { certain, possible } = selection;
  if (certain.some((workload) => mayBeMeshed(workload, view))) return undefined;
  const pairs = target.selector.keys().flatMap((key): [string, Known][] => {
    const label = target.selector.get(key);
    return label.is === 'known' ? [[key, label]] : [];
  });
  const [first] = pairs;
  if (first === undefined) return undefined;
  if (possible.length > 0) return certain.length > 0 ? undefined : unsettled(subject, target, first[1], possible);
  if (certain.length > 0) return { place: { node: first[1].node }, ...outside(subject, selection, view) };
  if (isForGateways(subject, target.path, view) || hasVirtualMachine(subject, target.selector, view)) return undefined;
  if (isSelectedElsewhere(target.selector, target.reach === 'mesh' ? undefined : subject.header.namespace, view))
    return undefined;
  return isOfFlagger(subject, pairs, view) ? undefined : missing(subject, target, pairs, first, view);
}

/**
 * Whether pods with these labels are those that Flagger makes: a second workload beside the one that a Canary names, with `-primary` behind
 * the name and behind the value of its label (docs.flagger.app, "How it works").
 */
function isOfFlagger({ namespace }: Resource, pairs: readonly [string, Known][], view: MeshView): boolean {
  if (namespace === undefined || !pairs.some(([, { value }]) => value.endsWith('-primary'))) return false;
  return view.index.inNamespace('Canary.flagger.app', namespace).length > 0;
}

function mayBeMeshed(workload: Resource, view: MeshView): boolean {
  const membership = view.membership(workload);
  return membership?.sidecar.joins !== 'no' || membership.ambient.joins !== 'no';
}

/** Selectors pick the labels of WorkloadEntries as well, which a WorkloadGroup makes. */
function hasVirtualMachine(subject: Resource, selector: Labels, view: MeshView): boolean {
  const labelled = [
    ...view.ofKind('WorkloadEntry.networking.istio.io').map((entry) => [entry, entry.at('spec', 'labels')] as const),
    ...view.ofKind('WorkloadGroup.networking.istio.io').map((group) => [group, group.at('spec', 'metadata', 'labels')] as const),
  ];
  return labelled.some(
    ([machine, labels]) => sameNamespace(machine, subject) !== 'no' && new Labels(labels).matches(selector) !== 'no',
  );
}

function outside(subject: Resource, { certain }: Selection, view: MeshView): Omit<Finding, 'place'> {
  const [first, ...others] = certain;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    message: `${subject.title} applies to nothing but pods outside the mesh, those of ${first?.title ?? ''}${more}, and no proxy of theirs enforces it. Bring them into the mesh, or remove the policy.`,
    related: certain.slice(0, RELATED_LIMIT).flatMap((workload) => {
      const node = workload.titlePlace;
      const reason = view.membership(workload)?.sidecar.reason;
      return node === undefined || reason === undefined
        ? []
        : [{ place: { node }, message: `${workload.title} has no proxy: ${reason}.` }];
    }),
  };
}

/** Pods that have the labels, and whose manifest leaves the namespace to whoever applies it. */
function unsettled(
  subject: Resource,
  { selector }: Selected,
  { node }: Known,
  possible: readonly Resource[],
): Finding | undefined {
  const { namespace } = subject.header;
  const isSettledByNamespace = (workload: Resource): boolean =>
    workload.header.namespace.is === 'absent' && podTemplateOf(workload)?.labels.matches(selector) === 'yes';
  const [first, ...others] = possible;
  if (namespace.is !== 'known' || first === undefined || !possible.every(isSettledByNamespace)) return undefined;
  const place = first.titlePlace;
  const [named, set, are] =
    others.length === 0 ? [first.title, 'sets', 'it is'] : [`${first.title} and ${others.length} more`, 'set', 'they are'];
  return {
    place: { node },
    severity: 'info',
    message: `${named} ${set} no namespace. ${subject.title}, which is for ${others.length === 0 ? 'its' : 'their'} labels, applies to nothing unless ${are} created in namespace ${namespace.value}. Make sure that ${are}.`,
    related: place === undefined ? [] : [{ place: { node: place }, message: `${first.title} sets no namespace.` }],
  };
}

function missing(
  subject: Resource,
  { selector, reach }: Selected,
  pairs: readonly [string, Known][],
  first: [string, Known],
  view: MeshView,
): Finding {
  const { title } = subject;
  const where = reach === 'mesh' ? 'the mesh' : inNamespace(subject);
  const wanted = `the label${pairs.length === 1 ? '' : 's'} ${pairs.map(([key, { value }]) => `${key}=${value}`).join(', ')}`;
  const there = selectedWorkloads(subject, EVERYTHING, reach, view).certain;
  const { plan, partial } = view.scope();
  if (partial.length > 0 || (!plan.complete && mayStandElsewhere(subject, pairs, reach, there, view))) {
    return {
      place: { node: first[1].node },
      severity: 'info',
      message: `No file here shows a workload of ${where} with ${wanted} for ${title} to apply to. Without one, it does nothing. Make sure that there is one.`,
    };
  }
  const near = nearest(selector, pairs, there);
  const scalar = near === undefined ? undefined : replaceable(near.label.node);
  return {
    place: { node: near?.label.node ?? first[1].node },
    message: `No workload of ${where} has ${wanted}, so ${title} applies to nothing. ${
      near === undefined ? 'Select labels that pods have, or remove it.' : `Did you mean ${near.key}=${near.value}?`
    }`,
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near.value}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near.value)] }],
  };
}

/**
 * Whether files that show some workloads need not show this one: the mesh is wide, charts bring workloads of their own, and labels that none
 * of those here has are those of pods that an operator makes.
 */
function mayStandElsewhere(
  subject: Resource,
  pairs: readonly [string, Known][],
  reach: Reach,
  there: readonly Resource[],
  view: MeshView,
): boolean {
  if (reach === 'mesh' || isFilledByChart(subject.header.namespace, view)) return true;
  return pairs.some(([key]) => there.every((workload) => podTemplateOf(workload)?.labels.get(key).is === 'absent'));
}

interface Near {
  readonly key: string;
  readonly label: Known;
  readonly value: string;
}

/** The one value that keeps the selector from matching, and what comes near it on pods that have the rest. */
function nearest(selector: Labels, pairs: readonly [string, Known][], workloads: readonly Resource[]): Near | undefined {
  for (const [key, label] of pairs) {
    const values = workloads.flatMap((workload) => {
      const labels = podTemplateOf(workload)?.labels;
      const own = labels?.get(key);
      const others = pairs.every(([other, { value }]) => {
        const theirs = other === key ? undefined : labels?.get(other);
        return other === key || (theirs?.is === 'known' && theirs.value === value);
      });
      return own?.is === 'known' && others ? [own.value] : [];
    });
    const value = nearestName(label.value, [...new Set(values)]);
    if (value !== undefined && selector.get(key).is === 'known') return { key, label, value };
  }
  return undefined;
}

function inNamespace({ header: { namespace } }: Resource): string {
  return namespace.is === 'known' ? `namespace ${namespace.value}` : 'its namespace';
}
