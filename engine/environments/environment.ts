import type { Resource } from '../resources/resource';
import type { Delivered } from './gitops/gitops';

export type EnvironmentKind = 'configured' | 'argo-cd' | 'flux' | 'kustomize' | 'helm' | 'folder';

/** Which files or build make an environment; found before anything is built. */
export interface EnvironmentPlan {
  readonly name: string;
  readonly kind: EnvironmentKind;
  /** The directory it is named after, relative to the repository; empty for the repository itself. */
  readonly root: string;
  /** The manifests that are read as they are; empty where something is built. */
  readonly files: readonly string[];
  /** The directory to build with kustomize. */
  readonly build: string | undefined;
  /** What Argo CD or Flux brings there. */
  readonly delivered: Delivered | undefined;
  /** Whether the files show everything the cluster holds. */
  readonly complete: boolean;
  /** Whether users depend on it, as configured or as its name says. */
  readonly production: boolean;
}

/** Whether an environment's resources are made by tools, rather than read as they are. */
export function isBuilt({ build, delivered }: EnvironmentPlan): boolean {
  return build !== undefined || delivered !== undefined;
}

/** The Applications, Kustomizations and HelmReleases that bring an environment, each once. */
export function deployersOf({ delivered }: EnvironmentPlan): readonly Resource[] {
  if (delivered === undefined) return [];
  return [...new Set([...delivered.objects, ...delivered.deliveries.flatMap(({ by }) => by ?? [])])];
}

/** What is to be said of an environment besides its resources. */
export interface EnvironmentScope {
  readonly plan: EnvironmentPlan;
  readonly files: readonly string[];
  /** What could not be read or built, so that nothing is concluded from its absence; empty when whole. */
  readonly partial: readonly string[];
}

/** What is to be said where there is no environment. */
export const NOWHERE: EnvironmentScope = {
  plan: {
    name: '',
    kind: 'folder',
    root: '',
    files: [],
    build: undefined,
    delivered: undefined,
    complete: false,
    production: false,
  },
  files: [],
  partial: [],
};

/** Resources that share a cluster. */
export interface Environment extends EnvironmentScope {
  readonly resources: readonly Resource[];
}

/** Names by which teams call what users depend on; only whole words of the last path segments count. */
const PRODUCTION_NAME = /(?:^|[/._-])(?:prod|production|prd|live)(?:$|[/._-])/i;

export function looksLikeProduction(name: string): boolean {
  return PRODUCTION_NAME.test(name);
}

/** Why what a chart makes is not known in full. */
export const UNRENDERED = 'templates are read without being rendered';
