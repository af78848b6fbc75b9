import { absent, known } from '../../tristate';
import type { Tristate } from '../../tristate';

/** `shown`: text in the environment says so. `assumed`: only a default installation says so. */
export type Basis = 'shown' | 'assumed';

/** The installation that injects, and what its selectors make of this pod. */
export interface SidecarMesh {
  /**
   * The revisions and tags that the environment shows, `default` for the empty revision and for whichever revision an installation makes
   * the default. `unknown`: it shows no installation, and any revision that a label names is assumed to exist.
   */
  readonly revisions: readonly string[] | 'unknown';
  /** Absent: nothing shows it, and the default of `false` is assumed. */
  readonly enableNamespacesByDefault: Tristate<boolean>;
  /** Chart value `global.proxy.autoInject`. Absent: its default, `enabled`. */
  readonly policy: Tristate<string>;
  /** Whether one of `neverInjectSelector` matches the pod. Absent: there is none. */
  readonly neverInject: Tristate<boolean>;
  /** Whether one of `alwaysInjectSelector` matches the pod. Absent: there is none. */
  readonly alwaysInject: Tristate<boolean>;
}

export interface SidecarInput {
  readonly namespace: {
    /** Absent: the manifest names none, and the pod goes to `default`. */
    readonly name: Tristate<string>;
    /** Label `istio-injection`. */
    readonly injectionLabel: Tristate<string>;
    /** Label `istio.io/rev`. */
    readonly revisionLabel: Tristate<string>;
  };
  readonly pod: {
    /** Label `sidecar.istio.io/inject`. */
    readonly injectLabel: Tristate<string>;
    /** Annotation `sidecar.istio.io/inject`. */
    readonly injectAnnotation: Tristate<string>;
    /** Label `istio.io/rev`. */
    readonly revisionLabel: Tristate<string>;
    readonly hostNetwork: Tristate<boolean>;
  };
  readonly mesh: SidecarMesh;
}

export type SidecarDecider =
  | 'namespace-label'
  | 'namespace-revision'
  | 'pod-label'
  | 'pod-annotation'
  | 'pod-revision'
  | 'host-network'
  | 'ignored-namespace'
  | 'no-label'
  | 'default-injection'
  | 'missing-revision'
  | 'policy'
  | 'never-inject-selector'
  | 'always-inject-selector';

export interface SidecarDecision {
  readonly injected: 'yes' | 'no' | 'unknown';
  /** Whose sidecar it is: the revision or tag, `default` for the default one. Only with `yes`. */
  readonly revision?: string;
  /** Says nothing when `injected` is `unknown`. */
  readonly basis: Basis;
  /** The input that settled it; when `injected` is `unknown`, the one that leaves it open. */
  readonly decidedBy: SidecarDecider;
  /** A clause in plain English, without a full stop. */
  readonly reason: string;
}

/** What `istioctl install` or the Helm charts give without any option. */
export const defaultSidecarMesh: SidecarMesh = {
  revisions: 'unknown',
  enableNamespacesByDefault: absent,
  policy: absent,
  neverInject: absent,
  alwaysInject: absent,
};

/** istio/istio pkg/kube/inject/initializer.go IgnoredNamespaces, 1.32 development. The root namespace is not among them. */
export const ignoredNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

/**
 * Whether Istio puts a sidecar into a pod that is created with these labels. Two stages must both say yes: a webhook whose selectors match
 * (istio/istio manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml and revision-tags-mwc.yaml), then the
 * injector itself (istio/istio pkg/kube/inject/inject.go injectRequired), both as of 1.32 development. Where both say no, the first is
 * named: a `host-network` or `policy` decision tells that a webhook matches, or may.
 *
 * An unknown input makes the answer unknown only if some value of it would inject and another would not.
 *
 * Empty values follow the selectors' operators. `istio-injection: ""` is a value other than `enabled`: the key exists, so nothing injects.
 * `istio.io/rev: ""` exists as well, which shuts out the webhooks for unlabelled namespaces and pods, and names no revision.
 * `sidecar.istio.io/inject: ""` is not "false" and not "true": a labelled namespace still injects, an unlabelled one does not.
 *
 * @returns the answer, with what decided it; never throws
 */
export function decideSidecar(input: SidecarInput): SidecarDecision {
  const { injectLabel } = input.pod;
  if (valueOf(injectLabel) === 'false') return no('pod-label', `Pod label ${pair(INJECT, 'false')}`);
  if (injectLabel.is !== 'unknown') return bothStages(input);
  // The remaining possible value, "false", injects nowhere: what the others agree on is all there is to find out.
  const others = [absent, known('true'), known('')];
  return acrossValues(
    others.map((value) => bothStages({ ...input, pod: { ...input.pod, injectLabel: value } })),
    'pod-label',
    `pod label ${INJECT}`,
  );
}

const INJECT = 'sidecar.istio.io/inject';
const REVISION = 'istio.io/rev';
const INJECTION = 'istio-injection';

/** A pod whose label `sidecar.istio.io/inject` is known and not "false". */
function bothStages(input: SidecarInput): SidecarDecision {
  const matched = webhook(input);
  if (matched.injected === 'no') return matched;
  const required = injectRequired(input);
  if (required.injected === 'no') return required;
  if (matched.injected === 'unknown') return matched;
  if (required.injected === 'unknown') return required;
  return required.decidedBy === 'policy' ? matched : { ...matched, decidedBy: required.decidedBy, reason: required.reason };
}

/** Stage 1: which webhook's selectors match. */
function webhook(input: SidecarInput): SidecarDecision {
  const { namespace, mesh } = input;
  const injection = namespace.injectionLabel;
  if (injection.is === 'unknown') {
    const values = [absent, known('enabled'), known('disabled')];
    const decisions = values.map((injectionLabel) => webhook({ ...input, namespace: { ...namespace, injectionLabel } }));
    return acrossValues(decisions, 'namespace-label', `namespace label ${INJECTION}`);
  }
  if (injection.is === 'known') {
    const reason = `Namespace label ${pair(INJECTION, injection.value)}`;
    return injection.value === 'enabled' ? defaultRevision(mesh, 'namespace-label', reason) : no('namespace-label', reason);
  }

  const revision = namespace.revisionLabel;
  if (revision.is === 'known') return namedRevision(mesh, 'namespace-revision', 'Namespace', revision.value);
  if (revision.is === 'absent') return unlabelledNamespace(input);
  const decisions = possibleRevisions(mesh).map((revisionLabel) =>
    webhook({ ...input, namespace: { ...namespace, revisionLabel } }),
  );
  return acrossValues(decisions, 'namespace-revision', `namespace label ${REVISION}`);
}

/** A namespace with neither label: the pod's own labels count, then `enableNamespacesByDefault`. */
function unlabelledNamespace(input: SidecarInput): SidecarDecision {
  const { pod, mesh } = input;
  const revision = pod.revisionLabel;
  if (revision.is === 'known') return namedRevision(mesh, 'pod-revision', 'Pod', revision.value);
  if (revision.is === 'unknown') {
    const decisions = possibleRevisions(mesh).map((revisionLabel) =>
      unlabelledNamespace({ ...input, pod: { ...pod, revisionLabel } }),
    );
    return acrossValues(decisions, 'pod-revision', `pod label ${REVISION}`);
  }

  const label = pod.injectLabel;
  if (label.is === 'known') {
    const reason = `Pod label ${pair(INJECT, label.value)}`;
    if (label.value === 'true') return defaultRevision(mesh, 'pod-label', reason);
    return no('pod-label', `${reason} is not "true", which an unlabelled namespace needs`);
  }

  const byDefault = mesh.enableNamespacesByDefault;
  const unlabelled = no(
    'no-label',
    'Neither the namespace nor the pod has an injection label',
    byDefault.is === 'absent' ? 'assumed' : 'shown',
  );
  if (byDefault.is === 'absent' || valueOf(byDefault) === false) return unlabelled;
  const injecting = defaultRevision(mesh, 'default-injection', 'enableNamespacesByDefault injects unlabelled namespaces');
  return byDefault.is === 'known'
    ? injecting
    : acrossValues([unlabelled, injecting], 'default-injection', 'setting enableNamespacesByDefault');
}

/** A revision or tag that a label names. */
function namedRevision(mesh: SidecarMesh, by: SidecarDecider, whose: 'Namespace' | 'Pod', revision: string): SidecarDecision {
  const label = `${whose} label ${pair(REVISION, revision)}`;
  if (revision === '') return no('missing-revision', `${label} names no revision`);
  if (mesh.revisions === 'unknown') return { injected: 'yes', revision, basis: 'assumed', decidedBy: by, reason: label };
  if (mesh.revisions.includes(revision)) return { injected: 'yes', revision, basis: 'shown', decidedBy: by, reason: label };
  return no('missing-revision', `${label} names a revision or tag that is not installed`);
}

/** The webhooks that name no revision stand in the default revision, or in the tag `default`, alone. */
function defaultRevision(mesh: SidecarMesh, by: SidecarDecider, reason: string): SidecarDecision {
  if (mesh.revisions === 'unknown' || mesh.revisions.includes('default')) {
    return { injected: 'yes', revision: 'default', basis: 'shown', decidedBy: by, reason };
  }
  // Only assumed: `istioctl tag set default` leaves no trace in a manifest.
  return no('missing-revision', `${reason}, but no installed revision or tag is the default`, 'assumed');
}

/** Stands for every value of an unknown `istio.io/rev`: none, one that does not exist, one that does. */
function possibleRevisions(mesh: SidecarMesh): readonly Tristate<string>[] {
  const existing = mesh.revisions === 'unknown' ? 'default' : mesh.revisions[0];
  return existing === undefined ? [absent, known('')] : [absent, known(''), known(existing)];
}

/** Stage 2. A `yes` by `policy` adds nothing to the webhook's; a `yes` by anything else is what overcame a disabled policy. */
function injectRequired(input: SidecarInput): SidecarDecision {
  const checks = [hostNetwork(input.pod.hostNetwork), ignoredNamespace(input.namespace.name)];
  const wish = injectionIntent(input);
  return (
    checks.find((check) => check?.injected === 'no') ??
    (wish.injected === 'no' ? wish : undefined) ??
    checks.find((check) => check?.injected === 'unknown') ??
    wish
  );
}

function hostNetwork(value: Tristate<boolean>): SidecarDecision | undefined {
  if (value.is === 'unknown') return undecided('host-network', 'hostNetwork of the pod');
  return valueOf(value) === true ? no('host-network', 'The pod uses the host network') : undefined;
}

function ignoredNamespace(name: Tristate<string>): SidecarDecision | undefined {
  if (name.is === 'unknown') return undecided('ignored-namespace', 'name of the namespace');
  if (name.is === 'absent' || !ignoredNamespaces.includes(name.value)) return undefined;
  return no('ignored-namespace', `Istio never injects into namespace ${name.value}`);
}

/** What the pod asks for, what the selectors say of a pod that asks for nothing, and what the policy makes of it. */
function injectionIntent({ pod, mesh }: SidecarInput): SidecarDecision {
  const policy = mesh.policy.is === 'absent' ? known('enabled') : mesh.policy;
  const ruling = policy.is === 'known' ? `Injection policy ${pair('autoInject', policy.value)}` : '';
  if (policy.is === 'known' && policy.value !== 'enabled' && policy.value !== 'disabled') return no('policy', ruling);

  const byLabel = pod.injectLabel.is === 'known';
  const wish = byLabel ? pod.injectLabel : pod.injectAnnotation;
  const by = byLabel ? 'pod-label' : 'pod-annotation';
  const where = `${byLabel ? 'Pod label' : 'Pod annotation'} ${pair(INJECT, valueOf(wish) ?? '')}`;
  if (wish.is === 'unknown') return undecided(by, `pod annotation ${INJECT}`);
  if (valueOf(wish) === 'false') return no(by, where);
  if (valueOf(wish) === 'true') {
    if (policy.is === 'unknown') return undecided('policy', 'injection policy');
    return policy.value === 'disabled' ? yes(by, where) : yes('policy', ruling);
  }

  if (valueOf(mesh.neverInject) === true) return no('never-inject-selector', 'A neverInjectSelector matches the pod');
  const unasked = unaskedInjection(policy, ruling, mesh.alwaysInject);
  if (unasked.injected === 'no' || mesh.neverInject.is !== 'unknown') return unasked;
  return undecided('never-inject-selector', 'match of neverInjectSelector');
}

function unaskedInjection(policy: Tristate<string>, ruling: string, alwaysInject: Tristate<boolean>): SidecarDecision {
  if (policy.is !== 'known') return undecided('policy', 'injection policy');
  if (policy.value === 'enabled') return yes('policy', ruling);
  if (alwaysInject.is === 'unknown') return undecided('always-inject-selector', 'match of alwaysInjectSelector');
  if (valueOf(alwaysInject) === true) return yes('always-inject-selector', 'An alwaysInjectSelector matches the pod');
  return no('policy', `${ruling}, and the pod does not ask for a sidecar`);
}

/**
 * The decisions for the values that an unknown input may take. One of them never injects, so they can agree on `no` alone.
 * @param what names the input within a sentence
 */
function acrossValues(decisions: readonly SidecarDecision[], by: SidecarDecider, what: string): SidecarDecision {
  const [first] = decisions;
  if (first === undefined || decisions.some((decision) => decision.injected !== 'no')) return undecided(by, what);
  const basis: Basis = decisions.some((decision) => decision.basis === 'assumed') ? 'assumed' : 'shown';
  const sameWay = decisions.every((decision) => decision.decidedBy === first.decidedBy);
  return sameWay ? { ...first, basis } : no(by, `No value of the ${what} leads to a sidecar here`, basis);
}

const yes = (decidedBy: SidecarDecider, reason: string): SidecarDecision => ({
  injected: 'yes',
  basis: 'shown',
  decidedBy,
  reason,
});
const no = (decidedBy: SidecarDecider, reason: string, basis: Basis = 'shown'): SidecarDecision => ({
  injected: 'no',
  basis,
  decidedBy,
  reason,
});
const undecided = (decidedBy: SidecarDecider, what: string): SidecarDecision => ({
  injected: 'unknown',
  basis: 'shown',
  decidedBy,
  reason: `The ${what} is unknown`,
});

const valueOf = <T>(input: Tristate<T>): T | undefined => (input.is === 'known' ? input.value : undefined);
const pair = (key: string, value: string): string => `${key}=${value === '' ? '""' : value}`;
