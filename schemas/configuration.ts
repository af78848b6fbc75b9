import { FEW_DOUBLE_STARS, FEW_STARS, LINKERD_VERSION, PATH_INSIDE, VERSION } from './configuration-patterns';

/** The JSON Schema (draft-07) of `.mesh-lint.yaml`. Its descriptions are what an editor shows on hover. */

export interface RuleEntry {
  readonly id: string;
  readonly summary: string;
  readonly severity: string;
}

type Schema = Readonly<Record<string, unknown>>;

const severities = ['off', 'hint', 'info', 'warning', 'error'];

/** Kubernetes has no longer name. */
const LONGEST_NAME = 253;
const LONGEST_PATH = 500;
const LONGEST_LIST = 1000;

const text = (description: string): Schema => ({ type: 'string', minLength: 1, maxLength: LONGEST_NAME, description });
const flag = (description: string): Schema => ({ type: 'boolean', description });
const count = (description: string): Schema => ({ type: 'integer', minimum: 0, description });
const list = (description: string, items: Schema = {}): Schema => ({
  type: 'array',
  uniqueItems: true,
  maxItems: LONGEST_LIST,
  items: { type: 'string', minLength: 1, maxLength: LONGEST_NAME, ...items },
  description,
});
const patterns = (description: string): Schema =>
  list(description, { maxLength: LONGEST_PATH, allOf: [{ pattern: FEW_STARS }, { pattern: FEW_DOUBLE_STARS }] });
const section = (description: string, properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  description,
});
const version = (of: string): Schema => ({
  type: 'string',
  maxLength: LONGEST_NAME,
  pattern: VERSION,
  description: `The version of ${of} that runs, in quotes. Without it, only what holds in every supported version is reported.`,
});

const environment = section('Files that are applied to one cluster together.', {
  include: patterns('Glob patterns of the files that belong to this environment, relative to the repository root.'),
  exclude: patterns('Glob patterns of files to leave out again.'),
  root: {
    ...text(
      'The folder that holds the environment, relative to the repository root: a kustomization, a chart or plain manifests.',
    ),
    maxLength: LONGEST_PATH,
    pattern: PATH_INSIDE,
  },
  complete: flag(
    'Whether the files show everything the cluster holds. If so, a reference to something no file defines is an error.',
  ),
  production: flag('Whether real users depend on this environment. Unset, its name decides.'),
});

const istio = section('What no manifest shows of the installed Istio.', {
  version: version('Istio'),
  rootNamespace: text('The namespace whose policies hold for the whole mesh. Default: istio-system.'),
  trustDomain: text('The trust domain in the identities of workloads. Default: cluster.local.'),
  revisions: list('The revisions and revision tags that are installed. Unset, each one that a label names is taken to exist.'),
  enableNamespacesByDefault: flag('Whether the injector takes namespaces without a label too. Default: false.'),
  autoInject: {
    enum: ['enabled', 'disabled'],
    description: "The injector's policy for pods that ask for nothing, in a namespace it watches. Default: enabled.",
  },
  enableAutoMtls: flag('Whether sidecars turn to mutual TLS by themselves where the other side has it. Default: true.'),
});

const linkerd = section('What no manifest shows of the installed Linkerd.', {
  version: {
    type: 'string',
    maxLength: LONGEST_NAME,
    pattern: LINKERD_VERSION,
    description: 'The version of Linkerd that runs, in quotes, as `linkerd version` prints it.',
  },
  channel: {
    enum: ['stable', 'edge', 'enterprise'],
    description: 'Where the release comes from. Open source has edge releases alone since February 2024.',
  },
  controlPlaneNamespace: text('The namespace of the control plane. Default: linkerd.'),
  trustDomain: text('The trust domain in the identities of workloads. Default: cluster.local.'),
  identityTokenProjection: flag(
    "Whether proxies get a token of their own, independent of the pod's service account token (`identity.serviceAccountTokenProjection`). Default: true.",
  ),
});

const cilium = section('What no manifest shows of the installed Cilium.', { version: version('Cilium') });

const team = section('What files cannot tell about the people who would run a mesh. A key left out counts as not answered.', {
  engineers: count('How many engineers build and run these services.'),
  servicesInAYear: count('How many services you expect to have in a year.'),
  platformTeam: flag('Whether a team is there to own the platform, a mesh with it.'),
  envoyExpertise: flag('Whether someone can read an Envoy configuration dump when traffic fails at night.'),
  mtlsMandated: flag('Whether a regulation, a customer or an auditor demands mutual TLS between services.'),
  multicluster: flag('Whether services must call each other across clusters.'),
  libraryResilience: flag('Whether retries, timeouts and circuit breaking already live in the applications.'),
  startingFresh: flag('Whether no mesh runs yet, or what runs may be replaced.'),
  needs: list('What you want from a mesh.', {
    enum: ['mtls', 'routing', 'authorization', 'observability', 'multicluster', 'extension'],
  }),
  features: list('Features you know you will use: not every mesh has each of them.', {
    enum: [
      'fault-injection',
      'mirroring',
      'header-routing',
      'claim-routing',
      'jwt',
      'l7-authorization',
      'rate-limiting',
      'wasm',
      'envoy-filter',
    ],
  }),
});

const threshold = (description: string): Schema => ({ type: 'number', exclusiveMinimum: 0, description });

const thresholds = section('Where the verdict draws its lines. Each one left out keeps its default.', {
  smallServices: threshold('Under this many services, a mesh costs more than it gives.'),
  mediumServices: threshold('Under this many services, encryption and metrics alone are no reason for a mesh.'),
  largeServices: threshold('From this many services, several teams with an advanced feature are a case for Istio.'),
  hugeServices: threshold('Over this many services, several teams or several clusters are a case for Istio.'),
  minimumEngineers: threshold('Under this many engineers, nobody is left to run a mesh.'),
  singleTeam: threshold('Over this many teams count as several.'),
  singleCluster: threshold('Over this many clusters count as several.'),
  advancedFeatures: threshold('From this many different advanced features, Istio is the case at any size.'),
  unansweredWeight: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'The share of its confidence that the verdict loses when no question about the team is answered.',
  },
});

/**
 * @param rules every rule there is. Without them any id is accepted: the validator is compiled that way, since an unknown id is a
 * warning of its own and must not refuse the rest of the file.
 */
export function configurationSchema(rules: readonly RuleEntry[] = []): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Mesh Lint configuration',
    type: 'object',
    additionalProperties: false,
    properties: {
      environments: {
        type: 'object',
        propertyNames: { minLength: 1, maxLength: LONGEST_NAME },
        additionalProperties: environment,
        description:
          'Environments by name, where the folders do not show them as they are, or to say more of one that was found by itself.',
      },
      rules: rulesSchema(rules),
      ignore: patterns('Files and folders to leave out, in the syntax of .gitignore.'),
      istio,
      linkerd,
      cilium,
      team,
      decision: section('How the verdict is reached.', { thresholds }),
    },
    description: 'What Mesh Lint is told about this repository beyond what its manifests show.',
  };
}

function rulesSchema(rules: readonly RuleEntry[]): Schema {
  const description = 'Severities by rule id or family; an id wins over its family.';
  const severity = { enum: severities };
  if (rules.length === 0) return { type: 'object', additionalProperties: severity, description };
  const families = [...new Set(rules.map((rule) => rule.id.slice(0, rule.id.indexOf('/'))))].sort();
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const known: [string, Schema][] = [
    ...families.map((family): [string, Schema] => [family, { ...severity, description: `Every rule of the family ${family}.` }]),
    ...sorted.map((rule): [string, Schema] => [rule.id, { ...severity, default: rule.severity, description: rule.summary }]),
  ];
  return {
    type: 'object',
    propertyNames: { enum: known.map(([name]) => name) },
    additionalProperties: false,
    // Editors complete keys from `properties`, and show its descriptions.
    properties: Object.fromEntries(known),
    description,
  };
}
