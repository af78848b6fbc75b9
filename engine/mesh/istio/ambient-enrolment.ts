import type { Tristate } from '../../tristate';
import type { Basis, SidecarDecision } from './sidecar-injection';

export interface AmbientInput {
  readonly namespace: {
    /** Absent: the manifest names none, and the pod goes to `default`. */
    readonly name: Tristate<string>;
    /** Label `istio.io/dataplane-mode`. */
    readonly dataplaneMode: Tristate<string>;
  };
  readonly pod: {
    /** Label `istio.io/dataplane-mode`. */
    readonly dataplaneMode: Tristate<string>;
    readonly hostNetwork: Tristate<boolean>;
    /** Annotation `sidecar.istio.io/status`; its presence counts, whatever it says. Only rendered manifests have it. */
    readonly sidecarStatus: Tristate<string>;
  };
  /** Whether the pod gets a sidecar: Istio's injector does not look at the ambient label. */
  readonly sidecar: SidecarDecision;
  /** Chart value `excludeNamespaces` of istio-cni. `unknown`: no environment shows it, and its default is assumed. */
  readonly excludedNamespaces: readonly string[] | 'unknown';
  /** Whether the CNI agent's enablement selectors match, where an installation sets them. Absent: those of the chart hold. */
  readonly enablement: Tristate<boolean>;
}

export interface AmbientDecision {
  readonly enrolled: 'yes' | 'no' | 'unknown';
  /** Says nothing when `enrolled` is `unknown`. */
  readonly basis: Basis;
  /** The input that settled it; when `enrolled` is `unknown`, the one that leaves it open. */
  readonly decidedBy:
    | 'excluded-namespace'
    | 'host-network'
    | 'sidecar-annotation'
    | 'sidecar'
    | 'pod-label'
    | 'namespace-label'
    | 'no-label'
    | 'enablement-selectors';
  /** A clause in plain English, without a full stop. */
  readonly reason: string;
}

/** istio/istio manifests/charts/istio-cni/values.yaml excludeNamespaces, 1.32 development. */
export const defaultExcludedNamespaces: readonly string[] = ['kube-system'];

/**
 * Whether the ambient data plane (ztunnel) captures a pod: istio/istio cni/pkg/util/enablement_selector.go Matches, with the enablement
 * selectors that manifests/charts/istio-cni/values.yaml has by default, 1.32 development. An excluded namespace, the host network and a
 * sidecar each keep a pod out, in this order; then the pod's label decides, then its namespace's. A pod label other than `ambient` and
 * `none`, empty or not, leaves the matter to the namespace. Selectors that an installation sets take the place of the labels.
 *
 * Whatever rests on the absence of a sidecar is as certain as that: its basis is the sidecar decision's.
 *
 * @returns the answer, with what decided it; never throws
 */
export function decideAmbient(input: AmbientInput): AmbientDecision {
  const obstacles = [
    excludedNamespace(input),
    hostNetwork(input.pod.hostNetwork),
    sidecarStatus(input.pod.sidecarStatus),
    sidecar(input.sidecar),
  ];
  const selected = selection(input);
  return (
    obstacles.find((obstacle) => obstacle?.enrolled === 'no') ??
    (selected.enrolled === 'no' ? selected : undefined) ??
    obstacles.find((obstacle) => obstacle?.enrolled === 'unknown') ??
    (selected.enrolled === 'yes' ? { ...selected, basis: input.sidecar.basis } : selected)
  );
}

const MODE = 'istio.io/dataplane-mode';

function excludedNamespace({ namespace: { name }, excludedNamespaces }: AmbientInput): AmbientDecision | undefined {
  const excluded = excludedNamespaces === 'unknown' ? defaultExcludedNamespaces : excludedNamespaces;
  if (name.is === 'unknown') return excluded.length === 0 ? undefined : undecided('excluded-namespace', 'name of the namespace');
  const namespace = name.is === 'known' ? name.value : 'default';
  if (!excluded.includes(namespace)) return undefined;
  return no(
    'excluded-namespace',
    `Istio's CNI excludes namespace ${namespace}`,
    excludedNamespaces === 'unknown' ? 'assumed' : 'shown',
  );
}

function hostNetwork(value: Tristate<boolean>): AmbientDecision | undefined {
  if (value.is === 'unknown') return undecided('host-network', 'hostNetwork of the pod');
  return value.is === 'known' && value.value ? no('host-network', 'The pod uses the host network') : undefined;
}

function sidecarStatus(annotation: Tristate<string>): AmbientDecision | undefined {
  if (annotation.is === 'unknown') return undecided('sidecar-annotation', 'pod annotation sidecar.istio.io/status');
  return annotation.is === 'known'
    ? no('sidecar-annotation', 'Pod annotation sidecar.istio.io/status marks an injected sidecar')
    : undefined;
}

function sidecar({ injected, basis, reason }: SidecarDecision): AmbientDecision | undefined {
  if (injected === 'yes') return no('sidecar', `The pod gets a sidecar (${reason})`, basis);
  return injected === 'unknown'
    ? {
        enrolled: 'unknown',
        basis: 'shown',
        decidedBy: 'sidecar',
        reason: `Whether the pod gets a sidecar is unknown (${reason})`,
      }
    : undefined;
}

function selection({ namespace, pod, enablement }: AmbientInput): AmbientDecision {
  if (enablement.is === 'unknown') return undecided('enablement-selectors', "match of the CNI agent's enablementSelectors");
  if (enablement.is === 'known') {
    const decide = enablement.value ? yes : no;
    return decide(
      'enablement-selectors',
      `The CNI agent's enablementSelectors ${enablement.value ? 'match' : 'do not match'} the pod`,
    );
  }
  const own = pod.dataplaneMode;
  if (own.is === 'unknown') return undecided('pod-label', `pod label ${MODE}`);
  if (own.is === 'known' && own.value === 'ambient') return yes('pod-label', `Pod label ${MODE}=ambient`);
  if (own.is === 'known' && own.value === 'none') return no('pod-label', `Pod label ${MODE}=none`);

  const shared = namespace.dataplaneMode;
  if (shared.is === 'unknown') return undecided('namespace-label', `namespace label ${MODE}`);
  if (shared.is === 'absent') return no('no-label', `Neither the namespace nor the pod has label ${MODE}=ambient`);
  const reason = `Namespace label ${MODE}=${shared.value === '' ? '""' : shared.value}`;
  return shared.value === 'ambient' ? yes('namespace-label', reason) : no('namespace-label', reason);
}

const yes = (decidedBy: AmbientDecision['decidedBy'], reason: string): AmbientDecision => ({
  enrolled: 'yes',
  basis: 'shown',
  decidedBy,
  reason,
});
const no = (decidedBy: AmbientDecision['decidedBy'], reason: string, basis: Basis = 'shown'): AmbientDecision => ({
  enrolled: 'no',
  basis,
  decidedBy,
  reason,
});
const undecided = (decidedBy: AmbientDecision['decidedBy'], what: string): AmbientDecision => ({
  enrolled: 'unknown',
  basis: 'shown',
  decidedBy,
  reason: `The ${what} is unknown`,
});
