import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import type { Basis } from '../istio/sidecar-injection';

/** A container that makes Linkerd's injector leave a pod alone. */
export interface ExistingSidecar<C = unknown> {
  readonly mesh: 'linkerd' | 'istio';
  readonly container: C;
  /** Which of its fields gives it away. */
  readonly by: 'name' | 'image';
}

export interface LinkerdInput {
  readonly namespace: {
    /** Absent: the manifest names none, and the pod goes to `default`. */
    readonly name: Tristate<string>;
    /** Label `config.linkerd.io/admission-webhooks`. */
    readonly admissionWebhooks: Tristate<string>;
    /** Annotation `linkerd.io/inject`. */
    readonly inject: Tristate<string>;
  };
  readonly pod: {
    /** Annotation `linkerd.io/inject` of the pod template: the webhook sees no annotation of a Deployment or another owner. */
    readonly inject: Tristate<string>;
    /** Label `linkerd.io/control-plane-component`; its presence counts, whatever it says. */
    readonly controlPlaneComponent: Tristate<string>;
    /** Label `linkerd.io/cni-resource`; its presence counts, whatever it says. */
    readonly cniResource: Tristate<string>;
    readonly hostNetwork: Tristate<boolean>;
    /** From `hasExistingSidecar`. */
    readonly existingSidecar: Tristate<ExistingSidecar>;
    /** The pod's own field; the injector does not read the ServiceAccount's. */
    readonly automountServiceAccountToken: Tristate<boolean>;
  };
  /** Chart value `identity.serviceAccountTokenProjection`. Absent: its default, `true`. */
  readonly tokenProjection: Tristate<boolean>;
}

export type LinkerdDecider =
  | 'excluded-namespace'
  | 'admission-webhooks-label'
  | 'control-plane-label'
  | 'cni-label'
  | 'namespace-annotation'
  | 'pod-annotation'
  | 'no-annotation'
  | 'host-network'
  | 'existing-sidecar'
  | 'service-account-token';

export interface LinkerdDecision {
  readonly injected: 'yes' | 'no' | 'unknown';
  /** In mode `ingress` the proxy routes by header. Only with `yes`. */
  readonly mode?: 'enabled' | 'ingress';
  /** Says nothing when `injected` is `unknown`. */
  readonly basis: Basis;
  /** The input that settled it; when `injected` is `unknown`, the one that leaves it open. */
  readonly decidedBy: LinkerdDecider;
  /** A clause in plain English, without a full stop. */
  readonly reason: string;
}

/** linkerd/linkerd2 charts/linkerd-control-plane/values.yaml proxyInjector.namespaceSelector, edge-26.8.3; so since 2022-02-02 (539bcced3). */
export const excludedNamespaces: readonly string[] = ['kube-system', 'cert-manager'];

const INJECT = 'linkerd.io/inject';
const WEBHOOKS = 'config.linkerd.io/admission-webhooks';
/** Compared exactly: `Enabled` and `true` are invalid. An empty value counts as none. */
const VALID: readonly string[] = ['enabled', 'ingress', 'disabled', ''];

/**
 * Whether Linkerd puts a proxy into a pod that is created with these labels and annotations: the webhook's selectors (linkerd/linkerd2
 * charts/linkerd-control-plane/values.yaml), then the annotations (pkg/inject/report.go disabledByAnnotation), then what forbids it
 * (report.go Injectable), all of edge-26.8.3. Where several say no the first in this order is named, so that `host-network`,
 * `existing-sidecar` and `service-account-token` tell that the pod would, or might, have been injected otherwise.
 *
 * The selectors are the default ones, so a pod that they leave out is `assumed` to be. An unknown input makes the answer unknown only if
 * no other input forbids injection.
 *
 * @returns the answer, with what decided it; never throws
 */
export function decideLinkerd(input: LinkerdInput): LinkerdDecision {
  const { namespace, pod } = input;
  const wish = annotations(namespace.inject, pod.inject);
  const steps = [
    excludedNamespace(namespace.name),
    admissionWebhooks(namespace.admissionWebhooks),
    excludedByLabel(pod.controlPlaneComponent, 'control-plane-label', 'linkerd.io/control-plane-component'),
    excludedByLabel(pod.cniResource, 'cni-label', 'linkerd.io/cni-resource'),
    wish,
    hostNetwork(pod.hostNetwork),
    existingSidecar(pod.existingSidecar),
    serviceAccountToken(pod.automountServiceAccountToken, input.tokenProjection),
  ];
  return steps.find((step) => step?.injected === 'no') ?? steps.find((step) => step?.injected === 'unknown') ?? wish;
}

/** Names and image prefixes that linkerd/linkerd2 pkg/healthcheck/sidecar.go HasExistingSidecars knows, edge-26.8.3. No port counts. */
const proxies = [
  { mesh: 'linkerd', name: 'linkerd-proxy', image: 'cr.l5d.io/linkerd/proxy:' },
  { mesh: 'istio', name: 'istio-proxy', image: 'gcr.io/istio-release/proxyv2:' },
] as const;
const initialisers = [
  { mesh: 'linkerd', name: 'linkerd-init', image: 'cr.l5d.io/linkerd/proxy-init:' },
  { mesh: 'istio', name: 'istio-init', image: 'gcr.io/istio-release/proxy_init:' },
] as const;

/**
 * The container for whose sake Linkerd's injector leaves a pod alone: linkerd/linkerd2 pkg/healthcheck/sidecar.go HasExistingSidecars,
 * edge-26.8.3. Proxies are looked for among containers and init containers, initialisers among init containers alone. Before edge-24.5.1
 * (2.16) a proxy among the init containers, which is what a native sidecar is, went unseen.
 *
 * Istio's usual image, docker.io/istio/proxyv2, is not on the list: its sidecar is told by the name.
 *
 * @param containers a name or image that is undefined cannot be read, and might be any
 * @returns the first such container; unknown if there is none, but a name or an image could not be read
 */
export function hasExistingSidecar<C extends { readonly name: string | undefined; readonly image: string | undefined }>(
  containers: readonly C[],
  initContainers: readonly C[],
): Tristate<ExistingSidecar<C>> {
  const candidates = [
    ...containers.map((container) => ({ container, marks: proxies })),
    ...initContainers.map((container) => ({ container, marks: [...proxies, ...initialisers] })),
  ];
  for (const { container, marks } of candidates) {
    for (const { mesh, name, image } of marks) {
      if (container.name === name) return known({ mesh, container, by: 'name' });
      if (container.image?.startsWith(image) === true) return known({ mesh, container, by: 'image' });
    }
  }
  return candidates.some(({ container }) => container.name === undefined || container.image === undefined) ? unknown : absent;
}

function excludedNamespace(name: Tristate<string>): LinkerdDecision | undefined {
  if (name.is === 'unknown') return undecided('excluded-namespace', 'name of the namespace');
  if (name.is === 'absent' || !excludedNamespaces.includes(name.value)) return undefined;
  return no('excluded-namespace', `Linkerd's injector leaves out namespace ${name.value}`, 'assumed');
}

function admissionWebhooks(label: Tristate<string>): LinkerdDecision | undefined {
  if (label.is === 'unknown') return undecided('admission-webhooks-label', `namespace label ${WEBHOOKS}`);
  if (label.is === 'absent' || label.value !== 'disabled') return undefined;
  return no('admission-webhooks-label', `Namespace label ${WEBHOOKS}=disabled`, 'assumed');
}

function excludedByLabel(label: Tristate<string>, by: LinkerdDecider, key: string): LinkerdDecision | undefined {
  if (label.is === 'unknown') return undecided(by, `pod label ${key}`);
  return label.is === 'known' ? no(by, `Pod label ${key} marks a part of Linkerd itself`, 'assumed') : undefined;
}

/**
 * The two annotations alone. A pod inherits its namespace's value only if it has no annotation of its own, so an empty one keeps it out
 * of mode `ingress` (linkerd/linkerd2 pkg/inject/inject.go AppendNamespaceAnnotations).
 */
function annotations(namespace: Tristate<string>, pod: Tristate<string>): LinkerdDecision {
  const shared = `Namespace annotation ${pair(namespace)}`;
  const own = `Pod annotation ${pair(pod)}`;
  if (isInvalid(namespace))
    return no('namespace-annotation', `${shared} is not a value that Linkerd knows, which turns injection off`);
  if (isInvalid(pod)) return no('pod-annotation', `${own} is not a value that Linkerd knows, which turns injection off`);
  if (isSet(pod, 'disabled')) return no('pod-annotation', own);
  if (namespace.is === 'unknown') return undecided('namespace-annotation', `namespace annotation ${INJECT}`);
  if (pod.is === 'unknown') return undecided('pod-annotation', `pod annotation ${INJECT}`);
  if (isSet(pod, 'ingress')) return yes('pod-annotation', own, 'ingress');
  if (isSet(pod, 'enabled')) return yes('pod-annotation', own, 'enabled');
  if (isSet(namespace, 'enabled')) return yes('namespace-annotation', shared, 'enabled');
  if (isSet(namespace, 'ingress')) return yes('namespace-annotation', shared, pod.is === 'absent' ? 'ingress' : 'enabled');
  if (isSet(namespace, 'disabled')) return no('namespace-annotation', shared);
  return no('no-annotation', `Neither the namespace nor the pod has annotation ${INJECT}`);
}

function hostNetwork(value: Tristate<boolean>): LinkerdDecision | undefined {
  if (value.is === 'unknown') return undecided('host-network', 'hostNetwork of the pod');
  return value.is === 'known' && value.value ? no('host-network', 'The pod uses the host network') : undefined;
}

function existingSidecar(found: Tristate<ExistingSidecar>): LinkerdDecision | undefined {
  if (found.is === 'absent') return undefined;
  if (found.is === 'unknown') return undecided('existing-sidecar', 'presence of another sidecar');
  return no('existing-sidecar', `The pod already has a container of ${found.value.mesh === 'istio' ? 'Istio' : 'Linkerd'}`);
}

/** The token matters only to an installation without projected tokens. */
function serviceAccountToken(automount: Tristate<boolean>, projection: Tristate<boolean>): LinkerdDecision | undefined {
  if (automount.is === 'absent' || projection.is === 'absent') return undefined;
  if (automount.is === 'known' && automount.value) return undefined;
  if (projection.is === 'known' && projection.value) return undefined;
  if (automount.is === 'unknown') return undecided('service-account-token', 'automountServiceAccountToken of the pod');
  if (projection.is === 'unknown') return undecided('service-account-token', 'Helm value identity.serviceAccountTokenProjection');
  return no(
    'service-account-token',
    'The pod sets automountServiceAccountToken: false, and Linkerd is installed without projected tokens',
  );
}

const isInvalid = (value: Tristate<string>): boolean => value.is === 'known' && !VALID.includes(value.value);
const isSet = (value: Tristate<string>, wanted: string): boolean => value.is === 'known' && value.value === wanted;
const pair = (value: Tristate<string>): string => `${INJECT}=${value.is === 'known' && value.value !== '' ? value.value : '""'}`;

const yes = (decidedBy: LinkerdDecider, reason: string, mode: 'enabled' | 'ingress'): LinkerdDecision => ({
  injected: 'yes',
  mode,
  basis: 'shown',
  decidedBy,
  reason,
});
const no = (decidedBy: LinkerdDecider, reason: string, basis: Basis = 'shown'): LinkerdDecision => ({
  injected: 'no',
  basis,
  decidedBy,
  reason,
});
const undecided = (decidedBy: LinkerdDecider, what: string): LinkerdDecision => ({
  injected: 'unknown',
  basis: 'shown',
  decidedBy,
  reason: `The ${what} is unknown`,
});
