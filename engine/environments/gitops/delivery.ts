import type { Resource } from '../../resources/resource';
import type { MapNode, YamlNode } from '../../yaml/tree';
import type { Overrides } from '../kustomize/edited';
import type { Substitution } from '../flux/substitution';
import type { ChartValues } from '../helm/values';

/**
 * What one source of an Application, one Kustomization or one HelmRelease puts on a cluster: manifests and builds of this repository, and
 * what is done to them on the way, in the order of the fields.
 */
export interface Delivery {
  /** The Application, Kustomization or HelmRelease; undefined for what a cluster's own directory holds. */
  readonly by: Resource | undefined;
  /** The directory that it names. */
  readonly root: string;
  /** Manifests that are read as they are. */
  readonly files: readonly string[];
  /** Directories that are built with kustomize. */
  readonly builds: readonly string[];
  /** The chart whose templates are among the files, what it is installed with, and the files that say so. */
  readonly chart: { readonly directory: string; readonly values: ChartValues; readonly files: readonly string[] } | undefined;
  /** What is written into the kustomization that is built, or into the one that is made where none is here. */
  readonly layer: Overrides | undefined;
  /** The namespace of what sets none. */
  readonly namespace: YamlNode | undefined;
  /** Variables that are filled in. */
  readonly substitution: Substitution | undefined;
  /** What every object's own metadata gets. */
  readonly labels: MapNode | undefined;
  readonly annotations: MapNode | undefined;
  /** Whether, of objects with one identity in several files, the last one is all that lands. */
  readonly lastWins: boolean;
  /** Namespaces that are made on the way, unless what `by` brings defines them. */
  readonly namespaces: readonly Resource[];
  /** What is not known of it, in words. */
  readonly partial: readonly string[];
}

export const NOTHING_DELIVERED: Omit<Delivery, 'by' | 'root'> = {
  files: [],
  builds: [],
  chart: undefined,
  layer: undefined,
  namespace: undefined,
  substitution: undefined,
  labels: undefined,
  annotations: undefined,
  lastWins: false,
  namespaces: [],
  partial: [],
};

/** A cluster as an object names it; undefined stands for the one that the object itself is applied to. */
export interface RemoteCluster {
  /** What is equal for objects that mean the same cluster. */
  readonly key: string;
  /** What people call it. */
  readonly name: string;
}

/** An Application, a Kustomization or a HelmRelease, with what it brings from this repository. */
export interface Deployer {
  readonly resource: Resource;
  readonly tool: 'argo-cd' | 'flux';
  readonly cluster: RemoteCluster | undefined;
  readonly deliveries: readonly Delivery[];
  /** What it brings from elsewhere, or may bring. */
  readonly partial: readonly string[];
}
