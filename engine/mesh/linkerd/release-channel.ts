import {
  channelOfChartName,
  chartsWithLicense,
  enterpriseGroup,
  enterpriseImageOwner,
  enterpriseKinds,
  firstCalverEdge,
  helmRepositories,
  imageNames,
  newestEdge,
  notRecommendedEdges,
  openChartMajors,
  openImageOwners,
  projectRegistry,
  stableCharts,
  type Channel,
} from './release-table';
import { floatingWords, parseVersion } from './release-version';
import type { EdgeVersion, ParsedVersion } from './release-version';

export type { Channel };

export type Artefact = 'repository' | 'chart' | 'image' | 'annotation' | 'value' | 'crd' | 'cli';
export type Mismatch =
  'edge-version-in-stable-repository' | 'stable-version-in-edge-repository' | 'enterprise-chart-in-open-repository';

export interface LinkerdReference {
  /** Undefined: it is Linkerd's, and nothing in the reference says which channel. */
  readonly channel: Channel | undefined;
  readonly artefact: Artefact;
  /** The chart's name without alias, repository or version. */
  readonly chart?: string;
  readonly version?: ParsedVersion;
  /** What is installed may change without the text changing: no version, a range, `latest`. Always false for a bare repository. */
  readonly floating: boolean;
  readonly mismatch?: Mismatch;
  /** It belongs to Buoyant's distribution. Whether its own chart reads the key is `chartTakesLicense`. */
  readonly enterpriseNeedsLicense: boolean;
}

export interface ChartSource {
  readonly repository?: string | undefined;
  readonly chart: string;
  readonly version?: string | undefined;
}

export type EdgeConcern =
  | { readonly kind: 'unpinned' | 'before-calver' | 'not-recommended' }
  | { readonly kind: 'old'; readonly months: number; readonly newest: string };

interface Location {
  readonly host: string;
  readonly path: readonly string[];
}

/** Host and path of a URL in any scheme or none; the host without user, port, case and trailing dot. An alias comes out as a lone host. */
function locate(url: string): Location {
  const bare = url
    .trim()
    .replace(/^[A-Za-z][A-Za-z0-9+.-]{0,15}:\/\//, '')
    .split(/[?#]/, 1)
    .join('');
  const [authority = '', ...path] = bare.split('/');
  const afterUser = authority.slice(authority.lastIndexOf('@') + 1);
  const host = (afterUser.split(':', 1)[0] ?? '').toLowerCase();
  return { host: host.endsWith('.') ? host.slice(0, -1) : host, path: path.filter((segment) => segment !== '') };
}

/**
 * Says which channel a chart repository serves.
 * @param url the repository's URL, `https://` or `oci://`, with or without scheme, trailing slash or path to a file inside.
 * @returns a reference that is never floating; channel undefined where the host is Linkerd's and the path names no channel. Undefined for
 * other repositories and for an alias: the documentation itself adds the edge repository as `linkerd`, so an alias says nothing.
 * Source: https://linkerd.io/releases/ and tasks/installing-multicluster of the 2-edge documentation (2026-08-20); helm.buoyant.cloud
 * (2026-09-04).
 */
export function classifyRepository(url: string): LinkerdReference | undefined {
  const { host, path } = locate(url);
  const found = helmRepositories.find((known) => known.host === host && known.path.every((segment, i) => path[i] === segment));
  return found === undefined ? undefined : reference(found.channel, 'repository', false);
}

/**
 * Says which channel a chart comes from. The repository's URL decides where it is a known one, else the chart's name, else the version.
 * @param source the chart as Helm, Argo CD, Flux, Kustomize or helmfile name it: a bare name, `alias/name`, a local path, an `oci://` URL
 * or the URL of an archive; a version that is absent or empty is the newest one.
 * @returns undefined where neither chart nor repository is Linkerd's.
 * Source: chart version matrix of the 2.14 documentation (2024-02-20); charts of github.com/linkerd/linkerd2 at edge-26.8.3 (2026-08-21);
 * helm.buoyant.cloud (2026-09-04).
 */
export function classifyChart(source: ChartSource): LinkerdReference | undefined {
  const read = readChart(source);
  const served = read.repository === undefined ? undefined : classifyRepository(read.repository);
  const channelOfName = channelOfChartName.find(([name]) =>
    name.endsWith('-') ? read.name.startsWith(name) : read.name === name,
  )?.[1];
  const majors = openChartMajors.get(read.name);
  if (read.name === '' || (served === undefined && channelOfName === undefined && majors === undefined)) return undefined;

  const version = read.version === undefined ? undefined : parseVersion(read.version);
  const stableVersion =
    version !== undefined && version.channel === undefined && majors?.includes(version.numbers[0] ?? -1) === true;
  const channelOfVersion = version?.channel ?? (stableVersion || read.name === 'linkerd2' ? 'stable' : undefined);
  const channel = channelOfName ?? served?.channel ?? channelOfVersion;
  const mismatch = mismatchOf(served?.channel, channelOfName, version?.channel ?? (stableVersion ? 'stable' : undefined));
  const floating = !read.fixed && (version === undefined || floats(version));
  return {
    ...reference(channel, 'chart', floating),
    chart: read.name,
    ...(version !== undefined && { version }),
    ...(mismatch !== undefined && { mismatch }),
  };
}

function mismatchOf(served: Channel | undefined, name: Channel | undefined, version: Channel | undefined): Mismatch | undefined {
  if (served !== 'stable' && served !== 'edge') return undefined;
  if (name === 'enterprise' || name === 'preview') return 'enterprise-chart-in-open-repository';
  if (name !== undefined) return undefined;
  if (served === 'stable') return version === 'edge' ? 'edge-version-in-stable-repository' : undefined;
  return version === 'stable' ? 'stable-version-in-edge-repository' : undefined;
}

interface ReadChart {
  readonly name: string;
  readonly repository: string | undefined;
  readonly version: string | undefined;
  /** The files themselves are in the repository, or a digest or archive pins them. */
  readonly fixed: boolean;
}

function readChart({ repository, chart, version }: ChartSource): ReadChart {
  const text = chart.trim();
  const last = text.split('/').findLast((segment) => segment !== '') ?? '';
  const written = blankToUndefined(version);
  const local = isLocalPath(text) || (repository !== undefined && isLocalPath(repository.trim()));
  if (!text.includes('://')) return { name: last, repository: blankToUndefined(repository), version: written, fixed: local };
  const archive = /^([a-z0-9-]{1,64}?)-(v?\d{1,5}\..{1,64})\.tgz$/.exec(last);
  if (archive !== null) return { name: archive[1] ?? '', repository: text, version: archive[2], fixed: true };
  const { path, tag: tagged, digest } = splitImage(text);
  const name = path[path.length - 1] ?? '';
  return { name, repository: text, version: written ?? tagged, fixed: local || digest };
}

function isLocalPath(text: string): boolean {
  return text.startsWith('file:') || text.startsWith('.') || text.startsWith('/');
}

function blankToUndefined(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

/**
 * Says which channel a container image comes from.
 * @param image a reference as a pod template has it, with any of registry, tag and digest. Mirrors are recognised where their path keeps
 * a word of Linkerd's and the tag is one that the project or Buoyant gives.
 * @returns channel undefined where the image is Linkerd's and its tag is not a release's (`proxy-init:v2.4.1` has a version line of its
 * own); a digest without a tag has no version and does not float. Undefined for other images, Buoyant's demo applications included.
 * Source: charts of github.com/linkerd/linkerd2 at edge-26.8.3 (2026-08-21); https://github.com/BuoyantIO/linkerd-buoyant (2026-06-23).
 */
export function classifyImage(image: string): LinkerdReference | undefined {
  const { path, host, tag: tagged, digest } = splitImage(image);
  const version = tagged === undefined ? undefined : parseVersion(tagged);
  const released = version !== undefined && isReleaseTag(version) ? version.channel : undefined;
  const home = imageHome(host, path, released !== undefined);
  if (home === undefined) return undefined;
  const channel = released ?? (home === 'enterprise' ? 'enterprise' : undefined);
  const floating = !digest && (version === undefined || floatingWords.has(version.text.toLowerCase()));
  return { ...reference(channel, 'image', floating), ...(version !== undefined && { version }) };
}

function imageHome(host: string | undefined, path: readonly string[], released: boolean): 'open' | 'enterprise' | undefined {
  const name = path[path.length - 1] ?? '';
  const owner = path[path.length - 2];
  const known = imageNames.has(name);
  if (owner === enterpriseImageOwner) return known || released ? 'enterprise' : undefined;
  if (owner !== undefined && openImageOwners.has(owner)) {
    return known || released || (host === projectRegistry.host && owner === projectRegistry.owner) ? 'open' : undefined;
  }
  if (!released) return undefined;
  if (name.startsWith('linkerd-') && imageNames.has(name.slice('linkerd-'.length))) return 'open';
  const named = path.some(
    (segment) => segment.includes('linkerd') || segment === enterpriseImageOwner || segment === projectRegistry.host,
  );
  return known && named ? 'open' : undefined;
}

/** `stable-`, `edge-` and `preview-` are words of others too; Linkerd's stable and enterprise releases are all 2.x. */
function isReleaseTag({ form, numbers, edge }: ParsedVersion): boolean {
  if (form === 'edge-tag') return edge !== undefined;
  if (form === 'stable-tag' || form === 'enterprise-tag') return numbers[0] === 2;
  return form === 'preview-tag' && numbers.length === 3;
}

interface SplitImage {
  readonly host: string | undefined;
  readonly path: readonly string[];
  readonly tag: string | undefined;
  readonly digest: boolean;
}

function splitImage(image: string): SplitImage {
  const text = image.trim().replace(/^[a-z]{1,10}:\/\//, '');
  const at = text.indexOf('@');
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const segments = (colon < 0 ? named : named.slice(0, colon)).split('/').filter((segment) => segment !== '');
  const [first] = segments;
  const hosted =
    first !== undefined && segments.length > 1 && (first.includes('.') || first.includes(':') || first === 'localhost');
  return {
    host: hosted ? (first.split(':', 1)[0] ?? '').toLowerCase() : undefined,
    path: hosted ? segments.slice(1) : segments,
    tag: colon < 0 ? undefined : blankToUndefined(named.slice(colon + 1)),
    digest: at >= 0 && text.startsWith('sha', at + 1),
  };
}

/**
 * Reads the annotation `linkerd.io/created-by`, which says what rendered or injected a resource.
 * @param value `linkerd/helm stable-2.14.10`, `linkerd/cli edge-24.11.8`, `linkerd/proxy-injector …`.
 * @returns a reference of artefact `cli` where the command line wrote it, else `annotation`; channel undefined where no release is named.
 * Undefined where the value has another shape.
 * Source: charts/partials/templates/_metadata.tpl, pkg/k8s/labels.go and the proxy injector's webhook.go of github.com/linkerd/linkerd2 at
 * edge-26.8.3 (2026-08-21).
 */
export function classifyCreatedBy(value: string): LinkerdReference | undefined {
  const [, writer, version] = /^linkerd\/([a-z][a-z0-9-]{0,40})(?: {1,4}(\S{1,256}))?$/.exec(value.trim()) ?? [];
  if (writer === undefined) return undefined;
  return versionReference(writer === 'cli' ? 'cli' : 'annotation', version);
}

/**
 * Reads the annotations `linkerd.io/proxy-version` and `config.linkerd.io/proxy-version`; the second pins a workload's proxy, so that a
 * stable one under an edge control plane is skew.
 * @param value the tag of the proxy's image.
 * @returns channel undefined where the value is no release's tag. Undefined for an empty value.
 * Source: charts/partials/templates/_metadata.tpl and pkg/k8s/labels.go of github.com/linkerd/linkerd2 at edge-26.8.3 (2026-08-21).
 */
export function classifyProxyVersion(value: string): LinkerdReference | undefined {
  return blankToUndefined(value) === undefined ? undefined : versionReference('annotation', value);
}

/**
 * Reads a version that a value sets: `linkerdVersion` of the charts, `spec.components.linkerd.version` of Buoyant's ControlPlane.
 * @param value the release's tag.
 * @returns channel undefined where the value is no release's tag. Undefined for an empty value.
 * Source: charts/linkerd-control-plane/values.yaml of github.com/linkerd/linkerd2 at edge-26.8.3 (2026-08-21); docs.buoyant.io, reference
 * of the operator.
 */
export function classifyLinkerdVersion(value: string): LinkerdReference | undefined {
  return blankToUndefined(value) === undefined ? undefined : versionReference('value', value);
}

function versionReference(artefact: Artefact, text: string | undefined): LinkerdReference {
  if (text === undefined) return reference(undefined, artefact, false);
  const version = parseVersion(text);
  const channel = isReleaseTag(version) ? version.channel : undefined;
  return { ...reference(channel, artefact, floatingWords.has(version.text.toLowerCase())), version };
}

function reference(channel: Channel | undefined, artefact: Artefact, floating: boolean): LinkerdReference {
  return { channel, artefact, floating, enterpriseNeedsLicense: channel === 'enterprise' || channel === 'preview' };
}

function floats({ form, text }: ParsedVersion): boolean {
  return form === 'range' || floatingWords.has(text.toLowerCase());
}

/**
 * Whether a kind belongs to Buoyant's operator.
 * @param group the API group without a version, as `linkerd.buoyant.io`.
 * @param kind the resource's kind.
 * @returns false for every other kind, those of `workload.linkerd.io` and `policy.linkerd.io` included.
 * Source: https://docs.buoyant.io/buoyant-enterprise-linkerd/latest/reference/operator, linkerd.buoyant.io/v1alpha1.
 */
export function isEnterpriseKind(group: string, kind: string): boolean {
  return group === enterpriseGroup && enterpriseKinds.has(kind);
}

/**
 * Whether a chart reads `license` or `licenseSecret` among its values, of which exactly one is to be set.
 * @param chart the name in a `LinkerdReference`; an unknown one is not known to read them.
 * Source: https://docs.buoyant.io/buoyant-enterprise-linkerd/latest/reference/operator.
 */
export function chartTakesLicense(chart: string): boolean {
  return chartsWithLicense.has(chart);
}

/**
 * The open-source stable release that a chart version belongs to.
 * @param chart the chart's name.
 * @param version an exact chart version.
 * @returns `2.14.10` for linkerd-control-plane 1.16.11; undefined for a version that the matrix does not have.
 * Source: https://linkerd.io/2.14/reference/helm-chart-version-matrix/ (2024-02-20) and the charts at the releases' tags.
 */
export function stableReleaseOf(chart: string, version: string): string | undefined {
  return stableCharts.find(({ charts }) => Object.hasOwn(charts, chart) && charts[chart] === version)?.release;
}

/** How much older than the newest known edge release one may be, in months. */
const oldAfterMonths = 6;

/**
 * What is to say against a reference to the edge channel, which is a channel to run and not itself a fault.
 * @param reference any reference; only one of channel `edge` can have a concern, and a bare repository has none.
 * @param notRecommended edge tags to advise against, the dated table's unless said otherwise.
 * @returns the gravest concern: nothing is pinned; a version from before calendar versions (March 2024); a release that the project marks
 * as not recommended; one more than six months older than the newest in the dated table. Age is not measured from today: a table that has
 * not been updated must not make a new release look old, nor a finding appear without an edit. Undefined where there is none.
 * Source: https://linkerd.io/releases/ (2026-08-20); `newestEdge` and `notRecommendedEdges` of the table.
 */
export function edgeConcern(
  { channel, artefact, floating, chart, version }: LinkerdReference,
  notRecommended: ReadonlyMap<string, unknown> = notRecommendedEdges,
): EdgeConcern | undefined {
  if (channel !== 'edge' || artefact === 'repository') return undefined;
  if (floating) return { kind: 'unpinned' };
  // The chart was given up before calendar versions, so that every version of it is older.
  if (chart === 'linkerd2' && version?.form === 'semver') return { kind: 'before-calver' };
  const edge = version?.edge;
  if (edge === undefined) return undefined;
  if (monthsFrom(edge, firstCalverEdge) > 0) return { kind: 'before-calver' };
  if (notRecommended.has(edgeTag(edge))) return { kind: 'not-recommended' };
  const months = monthsFrom(edge, newestEdge);
  return months > oldAfterMonths ? { kind: 'old', months, newest: newestEdge.tag } : undefined;
}

function monthsFrom(older: { year: number; month: number }, newer: { year: number; month: number }): number {
  return (newer.year - older.year) * 12 + newer.month - older.month;
}

function edgeTag({ year, month, patch }: EdgeVersion): string {
  return `edge-${year - 2000}.${month}.${patch ?? 0}`;
}
