/**
 * Where Linkerd's releases come from, as dated data: nothing here is computed, and every table says what it was read from.
 * Dates are ISO days. `secondary` marks a source that quotes the publisher and is not the publisher.
 */

export interface Source {
  readonly page: string;
  /** The day the page, tag or probe stands for. Absent: a page that carries no date and keeps changing. */
  readonly date?: string;
  readonly secondary?: true;
}

/** `smi` is the SMI extension, which has a repository and a version line of its own. */
export type Channel = 'stable' | 'edge' | 'enterprise' | 'preview' | 'smi';

export interface VersionLine {
  readonly line: string;
  readonly released: string;
  /** The edge release that the line's announcement names; 2.14 was the last line with a stable release instead. */
  readonly edge?: string;
  readonly source: Source;
}

const linkerdTags: Source = { page: 'https://github.com/linkerd/linkerd2/tags', date: '2026-08-21' };
const linkerdReleases: Source = { page: 'https://linkerd.io/releases/', date: '2026-08-20' };
const linkerdVersions: Source = {
  page: 'https://github.com/linkerd/website/blob/93f001753/linkerd.io/data/versions.yaml',
  date: '2026-08-20',
};
const buoyantProbe: Source = { page: 'https://github.com/api-evangelist/buoyant', date: '2026-09-04', secondary: true };

/** Oldest first. From 2.15 on a line names an edge release, and the `version-2.X` tag on it installs nothing of its own. */
export const versionLines: readonly VersionLine[] = [
  { line: '2.14', released: '2023-08-22', source: linkerdTags },
  { line: '2.15', released: '2024-02-21', edge: 'edge-24.2.4', source: linkerdVersions },
  { line: '2.16', released: '2024-08-13', edge: 'edge-24.8.2', source: linkerdVersions },
  { line: '2.17', released: '2024-12-05', edge: 'edge-24.11.8', source: linkerdVersions },
  { line: '2.18', released: '2025-04-23', edge: 'edge-25.4.4', source: linkerdVersions },
  { line: '2.19', released: '2025-10-31', edge: 'edge-25.10.7', source: linkerdVersions },
  { line: '2.20', released: '2026-06-23', edge: 'edge-26.6.3', source: linkerdVersions },
];

/** The last release that the open-source project published as stable; the channel has had nothing since, security fixes included. */
export const lastOpenStable = {
  tag: 'stable-2.14.10',
  version: '2.14.10',
  released: '2024-02-20',
  source: linkerdTags,
  /** Says that stable artefacts end, 2.14.11 and later included; the project's releases page says the same. */
  announced: { page: 'https://buoyant.io/blog/announcing-linkerd-2-15-vm-workloads-spiffe-identities', date: '2024-02-21' },
} as const satisfies { tag: string; version: string; released: string; source: Source; announced: Source };

export interface ChartRelease {
  readonly release: string;
  readonly charts: Readonly<Record<string, string>>;
  readonly source: Source;
}

/** Which chart versions made up a stable release, newest first. Only rows that were read: a version between two rows is not in here. */
export const stableCharts: readonly ChartRelease[] = [
  {
    release: '2.14.10',
    charts: {
      'linkerd-control-plane': '1.16.11',
      'linkerd-crds': '1.8.0',
      'linkerd-viz': '30.12.11',
      'linkerd-multicluster': '30.11.11',
      'linkerd-jaeger': '30.12.11',
      'linkerd2-cni': '30.12.2',
    },
    source: { page: 'https://linkerd.io/2.14/reference/helm-chart-version-matrix/', date: '2024-02-20' },
  },
  { release: '2.13.7', charts: { 'linkerd-control-plane': '1.12.7', 'linkerd-crds': '1.6.1' }, source: linkerdTags },
  { release: '2.12.6', charts: { 'linkerd-control-plane': '1.9.8', 'linkerd-crds': '1.4.0' }, source: linkerdTags },
  { release: '2.11.5', charts: { linkerd2: '2.11.5' }, source: linkerdTags },
];

/** The newest edge release this table knows. An age is measured from here and not from today, so that a finding does not change by itself. */
export const newestEdge = {
  tag: 'edge-26.8.3',
  year: 2026,
  month: 8,
  patch: 3,
  released: '2026-08-21',
  source: linkerdTags,
} as const satisfies { tag: string; year: number; month: number; patch: number; released: string; source: Source };

/** The first edge release whose charts carry a calendar version; charts of earlier ones end in `-edge` and need `--devel`. */
export const firstCalverEdge = {
  tag: 'edge-24.3.1',
  year: 2024,
  month: 3,
  source: { page: 'https://github.com/linkerd/linkerd2/commit/c2eb296df', date: '2024-03-01' },
} as const satisfies { tag: string; year: number; month: number; source: Source };

/** No release is older than the project itself: the year of Conduit's first commit (linkerd2 commit b104bd067, 2017-12-05). */
export const firstYear = 2017;

/**
 * Edge releases that the project marks as not recommended, by tag, with the place that says so.
 * The releases page says that such releases exist and names none; the marks stand in the release notes, which have not been read
 * into this table. An empty table reports nothing, which is the safe side of not knowing.
 */
export const notRecommendedEdges: ReadonlyMap<string, Source> = new Map<string, Source>();

/** What Buoyant asks of whoever runs its distribution. No price: the pricing page stopped printing one. */
export const enterpriseTerms = {
  /** Free outside production, and in production for a company with fewer employees than this. */
  freeBelowEmployees: 50,
  since: '2024-05-21',
  stillSo: buoyantProbe,
  /** The report of the change; the page it is about is https://www.buoyant.io/pricing. */
  source: { page: 'https://itopstimes.com/?p=9288', date: '2024-05-21', secondary: true },
  needsLicense: { page: 'https://docs.buoyant.io/buoyant-enterprise-linkerd/latest/faq' },
} as const satisfies { freeBelowEmployees: number; since: string; stillSo: Source; source: Source; needsLicense: Source };

/** The Secret that `licenseSecret` names by default, and the key in it. */
export const licenseSecret = {
  name: 'buoyant-license',
  key: 'license',
  source: { page: 'https://docs.buoyant.io/buoyant-enterprise-linkerd/latest/reference/operator' },
} as const satisfies { name: string; key: string; source: Source };

export interface HelmRepository {
  readonly host: string;
  /** Leading path segments; none stands for the whole host. */
  readonly path: readonly string[];
  /** Absent: the host is Linkerd's, and the path says no channel. */
  readonly channel?: Channel;
  readonly source: Source;
}

/** Longest path first. An alias of a repository is not in here on purpose: the documentation itself adds /edge as `linkerd`. */
export const helmRepositories: readonly HelmRepository[] = [
  { host: 'helm.linkerd.io', path: ['stable'], channel: 'stable', source: linkerdReleases },
  { host: 'helm.linkerd.io', path: ['edge'], channel: 'edge', source: linkerdReleases },
  { host: 'helm.linkerd.io', path: [], source: linkerdReleases },
  { host: 'helm.buoyant.cloud', path: [], channel: 'enterprise', source: buoyantProbe },
  { host: 'ghcr.io', path: ['buoyantio', 'charts'], channel: 'enterprise', source: buoyantProbe },
  { host: 'linkerd.github.io', path: ['linkerd-smi'], channel: 'smi', source: { page: 'https://linkerd.github.io/linkerd-smi' } },
];

/**
 * The open-source charts, and the majors that each had in the stable channel. An edge chart never has one of these without `-edge`.
 * Source: charts of github.com/linkerd/linkerd2 and the chart version matrix of the 2.14 documentation, 2024-02-20.
 * `linkerd2` ended with 2.11, so that whatever pins it is older than calendar versions.
 */
export const openChartMajors: ReadonlyMap<string, readonly number[]> = new Map([
  ['linkerd2', [2]],
  ['linkerd-crds', [1]],
  ['linkerd-control-plane', [1]],
  ['linkerd-viz', [2, 30]],
  ['linkerd-multicluster', [2, 30]],
  ['linkerd-jaeger', [2, 30]],
  ['linkerd2-cni', [2, 30]],
]);

/** Charts whose name says the channel wherever they are served from; a name ending in `-` is a prefix. Source: helm.buoyant.cloud, 2026-09-04. */
export const channelOfChartName: readonly (readonly [name: string, channel: Channel])[] = [
  ['linkerd-enterprise-', 'enterprise'],
  ['linkerd-buoyant', 'enterprise'],
  ['linkerd-preview-', 'preview'],
  ['linkerd-smi', 'smi'],
];

/**
 * Charts that read `license` or `licenseSecret`. The enterprise CRDs, the CNI plugin and `linkerd-buoyant` are not known to.
 * Source: `licenseSecret.source`; the preview chart by analogy, as it is the control plane of another channel.
 */
export const chartsWithLicense: ReadonlySet<string> = new Set([
  'linkerd-enterprise-control-plane',
  'linkerd-enterprise-multicluster',
  'linkerd-preview-control-plane',
]);

/**
 * Names of Linkerd's images. Source: charts and Dockerfiles of github.com/linkerd/linkerd2, edge-26.8.3; policy-controller ended with
 * edge-25.8.2 and proxy-init with edge-25.11.2. proxy-init, cni-plugin and extension-init have version lines of their own (v2.x, v1.x).
 */
export const imageNames: ReadonlySet<string> = new Set([
  'proxy',
  'controller',
  'policy-controller',
  'proxy-init',
  'debug',
  'cni-plugin',
  'extension-init',
  'metrics-api',
  'tap',
  'web',
  'jaeger-webhook',
]);

/** The front of the project's registry since 2021-02-17 (linkerd2 commit 6dc7efd70): whatever is served there is Linkerd's. */
export const projectRegistry = { host: 'cr.l5d.io', owner: 'linkerd' } as const;

/** Owners of the images in public registries: ghcr.io/linkerd since 2020-09-10 (linkerd2 commit ccf027c05), gcr.io/linkerd-io before. */
export const openImageOwners: ReadonlySet<string> = new Set(['linkerd', 'linkerd-io']);

/** ghcr.io/buoyantio. The owner has demo applications as well (buoyantio/emojivoto-web), so that it alone says nothing. */
export const enterpriseImageOwner = 'buoyantio';

/** The operator's own kinds. Source: docs.buoyant.io, reference of the operator, linkerd.buoyant.io/v1alpha1. */
export const enterpriseGroup = 'linkerd.buoyant.io';
export const enterpriseKinds: ReadonlySet<string> = new Set(['ControlPlane', 'DataPlane']);
