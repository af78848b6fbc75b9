import type { Configuration } from '../configuration/configuration';
import type { ConfigurationProblem } from '../configuration/read';
import type { Environment, EnvironmentScope } from '../environments/environment';
import type { KustomizeProblem } from '../environments/kustomize/kustomization';
import type { Repository } from '../environments/repository';
import type { ResourceIndex } from '../environments/resource-index';
import type { Graph } from '../incremental/graph';
import type { KindName } from '../resources/kinds';
import type { Resource } from '../resources/resource';
import { absent, known } from '../tristate';
import type { Tristate } from '../tristate';
import type { YamlNode } from '../yaml/tree';
import { ciliumEncryption } from './cilium/settings';
import { enablementSelectors, excludedNamespaces } from './istio/ambient-settings';
import { defaultInjection } from './istio/default-injection';
import { injectorSettings } from './istio/injector';
import { meshSettings } from './istio/mesh-settings';
import { defaultSidecarMesh } from './istio/sidecar-injection';
import type { SidecarMesh } from './istio/sidecar-injection';
import { shownRevisions } from './istio/installation';
import { membershipOf } from './membership';
import type { Membership } from './membership';
import { workloadMtls } from './mtls';
import type { WorkloadMtls } from './mtls';
import { sharedLabel } from './namespaces';
import type { SharedValue } from './namespaces';

/** What a view is made of. */
export interface ViewSources {
  readonly graph: Graph;
  readonly index: ResourceIndex;
  /** What all files of the repository hold, as it is written. */
  readonly everywhere: () => ResourceIndex;
  readonly scope: () => EnvironmentScope;
  /** Whether the files show everything the cluster holds. */
  readonly complete: () => boolean;
  readonly configuration: () => Configuration;
  readonly configurationProblems: () => readonly ConfigurationProblem[];
  readonly repository: Repository;
  readonly kustomizeProblems: (directory: string) => readonly KustomizeProblem[];
}

/**
 * The mesh view of one environment: every question a rule may ask. Each method is a keyed, memoised query, and asking is recorded, so that
 * a rule runs again exactly when an answer that it used has changed.
 */
export class MeshView {
  readonly index: ResourceIndex;
  /** Membership of a workload's pods; undefined for a resource without a pod template. */
  readonly membership: (workload: Resource) => Membership | undefined;
  /** The mutual TLS mode that a workload's proxy demands, and who set it. */
  readonly mtls: (workload: Resource) => WorkloadMtls;
  /** The Istio root namespace: configured, or of the mesh configuration; absent, which means that `istio-system` is assumed. */
  readonly rootNamespace: () => Tristate<string>;
  /** The environment without its resources. */
  readonly scope: () => EnvironmentScope;
  readonly configuration: () => Configuration;
  readonly configurationProblems: () => readonly ConfigurationProblem[];
  readonly repository: Repository;
  readonly kustomizeProblems: (directory: string) => readonly KustomizeProblem[];
  private readonly graph: Graph;
  private readonly label: (key: string) => SharedValue;
  private readonly everything: () => ResourceIndex;
  private readonly complete: () => boolean;
  private readonly extensions = new Map<string, unknown>();

  constructor(sources: ViewSources) {
    const { graph, scope, configuration } = sources;
    this.graph = graph;
    this.scope = scope;
    this.configuration = configuration;
    this.configurationProblems = sources.configurationProblems;
    this.repository = sources.repository;
    this.kustomizeProblems = sources.kustomizeProblems;
    this.index = sources.index;
    this.everything = sources.everywhere;
    this.complete = sources.complete;
    this.label = graph.family('view.namespaceLabel', (slot: string) => {
      const [field = '', namespace = '', key = ''] = slot.split('\0');
      return sharedLabel(
        this.index.named('Namespace', '', namespace),
        field === 'labels' ? 'labels' : 'annotations',
        key,
        this.complete(),
      );
    });
    const sidecarMesh = graph.computed('view.sidecarMesh', () => this.readSidecarMesh());
    const tokenProjection = graph.computed('view.tokenProjection', () =>
      optional(configuration().linkerd.identityTokenProjection),
    );
    this.membership = graph.family('view.membership', (workload: Resource) =>
      membershipOf(workload, {
        namespaceLabel: (namespace, key) => this.namespaceLabel(namespace, key),
        namespaceAnnotation: (namespace, key) => this.namespaceAnnotation(namespace, key),
        namespacePlaces: (namespace) => this.namespacePlaces(namespace),
        sidecarMesh: sidecarMesh.get(),
        injector: () => injectorSettings(this),
        excludedNamespaces: () => excludedNamespaces(this),
        enablementSelectors: () => enablementSelectors(this),
        tokenProjection: tokenProjection.get(),
        ciliumEncryption: () => ciliumEncryption(this),
      }),
    );
    const rootNamespace = graph.computed('view.rootNamespace', () => meshSettings(this).rootNamespace.value);
    this.rootNamespace = () => rootNamespace.get();
    this.mtls = graph.family('view.mtls', (workload: Resource) => workloadMtls(workload, this.index, this.rootNamespace()));
  }

  /** What all files of the repository hold, as it is written: other environments' too, patches as well. */
  get everywhere(): ResourceIndex {
    return this.everything();
  }

  /** The environment with all its resources: whoever asks runs again with every change of any. */
  environment(): Environment {
    return { ...this.scope(), resources: this.index.all() };
  }

  /** A label of a Namespace as all its definitions say it; unknown when nobody here defines the Namespace. */
  namespaceLabel(namespace: string, key: string): SharedValue {
    return this.label(`labels\0${namespace}\0${key}`);
  }

  namespaceAnnotation(namespace: string, key: string): SharedValue {
    return this.label(`annotations\0${namespace}\0${key}`);
  }

  /** Where the environment defines a Namespace: its name in each definition. */
  namespacePlaces(namespace: string): readonly YamlNode[] {
    return this.index.named('Namespace', '', namespace).flatMap((definition) => definition.titlePlace ?? []);
  }

  /** Resources of a kind in the whole environment. */
  ofKind(kind: KindName): readonly Resource[] {
    return this.index.ofKind(kind);
  }

  /**
   * A further query of this view, made once under its name: how a rule family keeps an index of its own. `make` receives the graph for
   * families and computed cells of its own.
   */
  extension<T>(name: string, make: (graph: Graph, view: MeshView) => T): T {
    let made = this.extensions.get(name) as T | undefined;
    if (made === undefined) {
      made = make(this.graph, this);
      this.extensions.set(name, made);
    }
    return made;
  }

  private readSidecarMesh(): SidecarMesh {
    const { istio } = this.configuration();
    return {
      ...defaultSidecarMesh,
      revisions: istio.revisions ?? shownRevisions(this.index),
      enableNamespacesByDefault: defaultInjection(this).value,
      policy: injectorSettings(this).policy,
    };
  }
}

function optional<T>(value: T | undefined): Tristate<T> {
  return value === undefined ? absent : known(value);
}
