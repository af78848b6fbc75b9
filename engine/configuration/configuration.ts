import type { ReportedSeverity } from './severity';

export const CONFIGURATION_FILE = '.mesh-lint.yaml';

export interface ConfiguredEnvironment {
  readonly name: string;
  /** Patterns in the syntax of .gitignore; all files below `root` when empty. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly root: string | undefined;
  /** Whether the files show everything the cluster holds. */
  readonly complete: boolean;
  readonly production: boolean | undefined;
}

/** What `.mesh-lint.yaml` says, defaults filled in where a default exists. */
export interface Configuration {
  readonly environments: readonly ConfiguredEnvironment[];
  /** By rule id or family. */
  readonly rules: ReadonlyMap<string, ReportedSeverity | 'off'>;
  readonly ignore: readonly string[];
  readonly istio: IstioFacts;
  readonly linkerd: LinkerdFacts;
  readonly cilium: { readonly version: string | undefined };
  readonly team: TeamFacts;
  readonly thresholds: Readonly<Record<string, number>>;
}

export interface IstioFacts {
  readonly version: string | undefined;
  readonly rootNamespace: string | undefined;
  readonly trustDomain: string | undefined;
  readonly revisions: readonly string[] | undefined;
  readonly enableNamespacesByDefault: boolean | undefined;
  readonly autoInject: string | undefined;
  readonly enableAutoMtls: boolean | undefined;
}

export interface LinkerdFacts {
  readonly version: string | undefined;
  readonly channel: string | undefined;
  readonly controlPlaneNamespace: string | undefined;
  readonly trustDomain: string | undefined;
  readonly identityTokenProjection: boolean | undefined;
}

/** The answers that only people can give; absent means not answered. */
export interface TeamFacts {
  readonly engineers?: number;
  readonly servicesInAYear?: number;
  readonly platformTeam?: boolean;
  readonly envoyExpertise?: boolean;
  readonly mtlsMandated?: boolean;
  readonly multicluster?: boolean;
  readonly libraryResilience?: boolean;
  readonly startingFresh?: boolean;
  readonly needs?: readonly string[];
  readonly features?: readonly string[];
}

export const NO_CONFIGURATION: Configuration = {
  environments: [],
  rules: new Map(),
  ignore: [],
  istio: {
    version: undefined,
    rootNamespace: undefined,
    trustDomain: undefined,
    revisions: undefined,
    enableNamespacesByDefault: undefined,
    autoInject: undefined,
    enableAutoMtls: undefined,
  },
  linkerd: {
    version: undefined,
    channel: undefined,
    controlPlaneNamespace: undefined,
    trustDomain: undefined,
    identityTokenProjection: undefined,
  },
  cilium: { version: undefined },
  team: {},
  thresholds: {},
};
