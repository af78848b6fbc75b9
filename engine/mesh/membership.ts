import type { Answer, Label } from '../resources/labels';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { isCustomWorkload, podTemplateOf } from '../resources/workload';
import type { Container, PodTemplate } from '../resources/workload';
import { absent, known, unknown } from '../tristate';
import type { Tristate } from '../tristate';
import { lookup } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { ztunnelJoining } from './cilium/enrolment';
import type { CiliumEncryption, CiliumSetting } from './cilium/settings';
import { ENROLMENT_LABEL } from './cilium/enrolment-label';
import { decideAmbient } from './istio/ambient-enrolment';
import type { AmbientDecision } from './istio/ambient-enrolment';
import { enables } from './istio/ambient-settings';
import { someSelectorMatches } from './istio/injector';
import type { InjectorSettings } from './istio/injector';
import { decideSidecar } from './istio/sidecar-injection';
import type { SidecarDecision, SidecarMesh } from './istio/sidecar-injection';
import { decideLinkerd, hasExistingSidecar } from './linkerd/injection';
import type { LinkerdDecision } from './linkerd/injection';
import { proxyInManifest } from './manifest-proxy';
import { tristateOf, UNKNOWN_VALUE } from './namespaces';
import type { SharedValue } from './namespaces';

export type Mesh = 'istio-sidecar' | 'istio-ambient' | 'linkerd' | 'cilium';

/** The meshes that are told of every pod: it can be in one of the two. */
export type IstioOrLinkerd = Exclude<Mesh, 'cilium'>;

/** One mesh's hold on a workload's pods. */
export interface Joining<M extends Mesh = Mesh> {
  readonly mesh: M;
  readonly joins: Answer;
  /** `assumed`: a default installation says so. */
  readonly basis: 'shown' | 'assumed';
  /** A clause in plain English, without a full stop. */
  readonly reason: string;
  /** The labels, annotations and containers that decide it; empty when it is their absence. */
  readonly evidence: readonly YamlNode[];
  /** Set when the proxy stands in the manifest, rather than being injected. */
  readonly inManifest?: true;
  /** What else has to hold, as a clause that follows "assuming that". */
  readonly assumes?: string;
  /** Set for pods of a custom resource: what has to hold of its controller, as a clause that follows "assuming that". */
  readonly controller?: string;
}

/** A reason as it looks within a sentence; a name keeps its capital. */
export function midSentence(reason: string): string {
  return /^(?:Istio|Linkerd|Cilium)/.test(reason) ? reason : reason.charAt(0).toLowerCase() + reason.slice(1);
}

/** How a workload's pods join meshes. */
export interface Membership {
  readonly sidecar: Joining<IstioOrLinkerd>;
  readonly ambient: Joining<IstioOrLinkerd>;
  readonly linkerd: Joining<IstioOrLinkerd>;
  /**
   * Enrolment in Cilium's ztunnel. Undefined where that is no question: no label asks for it, and nothing shows that Cilium encrypts with it.
   * What Cilium does by policies is no membership (see `authenticationDemands`).
   */
  readonly ztunnel: Joining<'cilium'> | undefined;
}

/** What membership is decided from, beside the workload. */
export interface MembershipSources {
  readonly namespaceLabel: (namespace: string, key: string) => SharedValue;
  readonly namespaceAnnotation: (namespace: string, key: string) => SharedValue;
  /** Where the environment defines a Namespace: the evidence that it carries no label. */
  readonly namespacePlaces: (namespace: string) => readonly YamlNode[];
  readonly sidecarMesh: SidecarMesh;
  readonly injector: () => InjectorSettings;
  /** Of istio-cni; `unknown` where nothing shows them. */
  readonly excludedNamespaces: () => readonly string[] | 'unknown';
  /** Of istio-cni, in place of its own. */
  readonly enablementSelectors: () => readonly YamlNode[];
  /** Linkerd's `identity.serviceAccountTokenProjection`. */
  readonly tokenProjection: Tristate<boolean>;
  readonly ciliumEncryption: () => CiliumSetting<CiliumEncryption>;
}

/**
 * How the pods of a workload join each mesh; undefined for a resource without a pod template.
 *
 * Where no file shows the Namespace, its labels are unknown; what the pod template itself asks for then decides, on the assumption that
 * the Namespace does not overrule it.
 */
export function membershipOf(workload: Resource, sources: MembershipSources): Membership | undefined {
  const template = podTemplateOf(workload);
  if (template === undefined) return undefined;
  const decided = decide(workload, template, sources);
  const clause = controllerClause(workload, template);
  if (clause === undefined) return decided;
  const under = <M extends Mesh>(joining: Joining<M>): Joining<M> =>
    joining.joins === 'unknown' ? joining : { ...joining, controller: clause };
  const { sidecar, ambient, linkerd, ztunnel } = decided;
  return { sidecar: under(sidecar), ambient: under(ambient), linkerd: under(linkerd), ztunnel: ztunnel && under(ztunnel) };
}

/**
 * What has to hold for anything that is said of a workload's pods, as a clause that follows "assuming that"; undefined where Kubernetes, or
 * a controller that is known, makes them.
 */
export function controllerAssumption(workload: Resource): string | undefined {
  const template = podTemplateOf(workload);
  return template && controllerClause(workload, template);
}

function controllerClause(workload: Resource, { path }: PodTemplate): string | undefined {
  return isCustomWorkload(workload)
    ? `the controller of kind ${workload.header.kind} makes its pods from ${path.join('.')}`
    : undefined;
}

function decide(workload: Resource, template: PodTemplate, sources: MembershipSources): Membership {
  const { namespace } = workload.header;
  const shown = new Deciding(
    workload,
    template,
    namespace.is === 'unknown' ? { ...sources, ...HIDDEN_NAMESPACE } : sources,
    namespace,
  ).membership();
  const isOpen = [shown.sidecar, shown.ambient, shown.linkerd].some(({ joins }) => joins === 'unknown');
  if (!isOpen || isNamespaceShown(workload, sources)) return shown;
  const alone = new Deciding(
    workload,
    template,
    { ...sources, ...SILENT_NAMESPACE },
    namespace.is === 'known' ? namespace : absent,
  ).membership();
  const assumes = `${namespaceTitle(workload)}, which no file here defines, does not overrule the pod template`;
  const settle = <M extends Mesh>(open: Joining<M>, own: Joining<M>): Joining<M> =>
    // Without evidence nothing in the pod template asks: then only the Namespace can tell.
    open.joins !== 'unknown' || own.joins === 'unknown' || own.evidence.length === 0
      ? open
      : { ...own, basis: 'assumed', assumes };
  return {
    sidecar: settle(shown.sidecar, alone.sidecar),
    ambient: settle(shown.ambient, alone.ambient),
    linkerd: settle(shown.linkerd, alone.linkerd),
    // Pods have no say in it.
    ztunnel: shown.ztunnel,
  };
}

const NOT_SET: SharedValue = { value: absent, evidence: [] };
const HIDDEN_NAMESPACE = {
  namespaceLabel: () => UNKNOWN_VALUE,
  namespaceAnnotation: () => UNKNOWN_VALUE,
  namespacePlaces: () => [],
};
const SILENT_NAMESPACE = { namespaceLabel: () => NOT_SET, namespaceAnnotation: () => NOT_SET, namespacePlaces: () => [] };

function isNamespaceShown({ namespace }: Resource, sources: MembershipSources): boolean {
  return namespace !== undefined && sources.namespacePlaces(namespace).length > 0;
}

function namespaceTitle({ header: { namespace } }: Resource): string {
  return namespace.is === 'known' ? `Namespace ${namespace.value}` : 'its Namespace';
}

class Deciding {
  private readonly workload: Resource;
  private readonly template: PodTemplate;
  private readonly sources: MembershipSources;
  /** The name as Istio's and Linkerd's selectors see it: one that no file sets may be any. */
  private readonly namespaceName: Tristate<string>;

  constructor(workload: Resource, template: PodTemplate, sources: MembershipSources, namespaceName: Tristate<string>) {
    this.workload = workload;
    this.template = template;
    this.sources = sources;
    this.namespaceName = namespaceName;
  }

  membership(): Membership {
    const sidecar = this.sidecar();
    const ambient = this.ambient(sidecar);
    return {
      sidecar:
        proxyInManifest('istio', this.workload, this.template) ??
        this.joining('istio-sidecar', sidecar.injected, sidecar, this.sidecarEvidence(sidecar)),
      ambient: this.joining('istio-ambient', ambient.enrolled, ambient, this.ambientEvidence(ambient, sidecar)),
      linkerd: proxyInManifest('linkerd', this.workload, this.template) ?? this.linkerd(),
      ztunnel: this.ztunnel(),
    };
  }

  private sidecar(): SidecarDecision {
    return decideSidecar({
      namespace: {
        name: this.namespaceName,
        injectionLabel: this.fromNamespace('label', 'istio-injection').value,
        revisionLabel: this.fromNamespace('label', 'istio.io/rev').value,
      },
      pod: {
        injectLabel: this.podLabel('sidecar.istio.io/inject'),
        injectAnnotation: this.podAnnotation('sidecar.istio.io/inject'),
        revisionLabel: this.podLabel('istio.io/rev'),
        hostNetwork: this.specFlag('hostNetwork'),
      },
      mesh: {
        ...this.sources.sidecarMesh,
        neverInject: someSelectorMatches(this.sources.injector().neverInject, this.template.labels),
        alwaysInject: someSelectorMatches(this.sources.injector().alwaysInject, this.template.labels),
      },
    });
  }

  private ambient(sidecar: SidecarDecision): AmbientDecision {
    return decideAmbient({
      namespace: { name: this.namespaceName, dataplaneMode: this.fromNamespace('label', 'istio.io/dataplane-mode').value },
      pod: {
        dataplaneMode: this.podLabel('istio.io/dataplane-mode'),
        hostNetwork: this.specFlag('hostNetwork'),
        sidecarStatus: shownOr('sidecar.istio.io/status', this.template.annotations.get('sidecar.istio.io/status')),
      },
      sidecar,
      excludedNamespaces: this.sources.excludedNamespaces(),
      enablement: enables(
        this.sources.enablementSelectors(),
        (key) => this.podLabel(key),
        (key) => this.fromNamespace('label', key).value,
      ),
    });
  }

  private linkerd(): Joining<'linkerd'> {
    const decision: LinkerdDecision = decideLinkerd({
      namespace: {
        name: this.namespaceName,
        admissionWebhooks: this.fromNamespace('label', 'config.linkerd.io/admission-webhooks').value,
        inject: this.fromNamespace('annotation', 'linkerd.io/inject').value,
      },
      pod: {
        inject: this.podAnnotation('linkerd.io/inject'),
        controlPlaneComponent: this.shownPodLabel('linkerd.io/control-plane-component'),
        cniResource: this.shownPodLabel('linkerd.io/cni-resource'),
        hostNetwork: this.specFlag('hostNetwork'),
        existingSidecar: this.existingSidecar(),
        automountServiceAccountToken: this.specFlag('automountServiceAccountToken'),
      },
      tokenProjection: this.sources.tokenProjection,
    });
    return this.joining('linkerd', decision.injected, decision, this.linkerdEvidence(decision));
  }

  private ztunnel(): Joining<'cilium'> | undefined {
    return ztunnelJoining({
      label: this.fromNamespace('label', ENROLMENT_LABEL),
      namespacePlaces: () => this.namespacePlaces(),
      hostNetwork: this.specFlag('hostNetwork'),
      hostNetworkPlaces: () => this.specNodes('hostNetwork'),
      encryption: this.sources.ciliumEncryption,
    });
  }

  /** A container whose name or image a template hides is not counted as somebody's proxy: charts template nearly every image. */
  private existingSidecar(): ReturnType<typeof hasExistingSidecar<Container>> {
    const found = hasExistingSidecar(this.template.containers, this.template.initContainers);
    return found.is === 'unknown' ? absent : found;
  }

  private joining<M extends Mesh>(
    mesh: M,
    joins: Answer,
    decision: { basis: 'shown' | 'assumed'; reason: string },
    evidence: readonly YamlNode[],
  ): Joining<M> {
    return { mesh, joins, basis: decision.basis, reason: decision.reason, evidence };
  }

  private sidecarEvidence(decision: SidecarDecision): readonly YamlNode[] {
    switch (decision.decidedBy) {
      case 'namespace-label':
        return this.fromNamespace('label', 'istio-injection').evidence;
      case 'namespace-revision':
        return this.fromNamespace('label', 'istio.io/rev').evidence;
      case 'missing-revision':
        return [...this.podLabelNodes('istio.io/rev'), ...this.fromNamespace('label', 'istio.io/rev').evidence];
      case 'pod-label':
        return this.podLabelNodes('sidecar.istio.io/inject');
      case 'pod-revision':
        return this.podLabelNodes('istio.io/rev');
      case 'pod-annotation':
        return this.podAnnotationNodes('sidecar.istio.io/inject');
      case 'host-network':
        return this.specNodes('hostNetwork');
      case 'never-inject-selector':
        return this.sources.injector().neverInject;
      case 'always-inject-selector':
        return this.sources.injector().alwaysInject;
      case 'no-label':
        return this.namespacePlaces();
      default:
        return [];
    }
  }

  private namespacePlaces(): readonly YamlNode[] {
    return this.workload.namespace === undefined ? [] : this.sources.namespacePlaces(this.workload.namespace);
  }

  private ambientEvidence(decision: AmbientDecision, sidecar: SidecarDecision): readonly YamlNode[] {
    switch (decision.decidedBy) {
      case 'namespace-label':
        return this.fromNamespace('label', 'istio.io/dataplane-mode').evidence;
      case 'pod-label':
        return this.podLabelNodes('istio.io/dataplane-mode');
      case 'host-network':
        return this.specNodes('hostNetwork');
      case 'sidecar':
        return this.sidecarEvidence(sidecar);
      case 'sidecar-annotation':
        return this.podAnnotationNodes('sidecar.istio.io/status');
      case 'enablement-selectors':
        return this.sources.enablementSelectors();
      case 'no-label':
        return this.namespacePlaces();
      default:
        return [];
    }
  }

  private linkerdEvidence(decision: LinkerdDecision): readonly YamlNode[] {
    switch (decision.decidedBy) {
      case 'namespace-annotation':
        return this.fromNamespace('annotation', 'linkerd.io/inject').evidence;
      case 'pod-annotation':
        return this.podAnnotationNodes('linkerd.io/inject');
      case 'admission-webhooks-label':
        return this.fromNamespace('label', 'config.linkerd.io/admission-webhooks').evidence;
      case 'control-plane-label':
        return this.podLabelNodes('linkerd.io/control-plane-component');
      case 'cni-label':
        return this.podLabelNodes('linkerd.io/cni-resource');
      case 'host-network':
        return this.specNodes('hostNetwork');
      case 'service-account-token':
        return this.specNodes('automountServiceAccountToken');
      case 'no-annotation':
        return this.namespacePlaces();
      default:
        return [];
    }
  }

  private fromNamespace(field: 'label' | 'annotation', key: string): SharedValue {
    // A workload that sets no namespace lands in `default` or where it is applied: only what `default` says is to be had here.
    const name = this.workload.namespace ?? UNSET_NAMESPACE;
    return field === 'label' ? this.sources.namespaceLabel(name, key) : this.sources.namespaceAnnotation(name, key);
  }

  private podLabel(key: string): Tristate<string> {
    return tristateOf(this.template.labels.get(key));
  }

  private shownPodLabel(key: string): Tristate<string> {
    return shownOr(key, this.template.labels.get(key));
  }

  private podAnnotation(key: string): Tristate<string> {
    return tristateOf(this.template.annotations.get(key));
  }

  private podLabelNodes(key: string): readonly YamlNode[] {
    const label = this.template.labels.get(key);
    return label.is === 'absent' ? [] : [label.node];
  }

  private podAnnotationNodes(key: string): readonly YamlNode[] {
    const annotation = this.template.annotations.get(key);
    return annotation.is === 'absent' ? [] : [annotation.node];
  }

  private specFlag(field: string): Tristate<boolean> {
    const node = lookup(this.template.spec, field);
    if (node === undefined || (node.type === 'scalar' && node.value === null)) return absent;
    return node.type === 'scalar' && typeof node.value === 'boolean' ? known(node.value) : unknown;
  }

  private specNodes(field: string): readonly YamlNode[] {
    const node = lookup(this.template.spec, field);
    return node === undefined ? [] : [node];
  }
}

/**
 * Marks that a mesh puts on its own pods, or on injected ones: a template that leaves a workload's labels open is not taken to add them.
 * Their presence counts, whatever they say.
 */
function shownOr(key: string, label: Label): Tristate<string> {
  if (label.is === 'known') return known(label.value);
  // Of a map that a template makes, or adds to, the key is not written.
  return label.is === 'unknown' && label.node.key?.value === key ? known('') : absent;
}
