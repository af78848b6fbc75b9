import type { Tristate } from '../../tristate';
import { isSet } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { HelmText, HelmValues } from './values';

/** A chart that something installs or depends on, or a repository alone: a Flux HelmRepository, an entry of helmfile that no release uses. */
export interface HelmReference extends HelmValues {
  /** The repository's URL, `https://` or `oci://`; an alias that nothing here resolves stays as it is written. */
  readonly repository?: HelmText;
  /** The chart's name, or the path of one whose files stand in a git repository. */
  readonly chart?: HelmText;
  /** As written: exact, a range, or the tag of an OCI artifact. Absent: the newest one. */
  readonly version?: HelmText;
  /** Pins an OCI artifact, whatever `version` says. */
  readonly digest?: HelmText;
  /** The chart's files stand in this or another git repository, and no chart repository serves them. */
  readonly local?: true;
  /** The namespace that the release lands in. */
  readonly releaseNamespace: Tristate<string>;
}

/** The parts of a reference that say which chart it is. */
export type ChartIdentity = Pick<HelmReference, 'repository' | 'chart' | 'version' | 'digest' | 'local'>;

/**
 * Takes a URL that names chart and repository at once apart: `oci://host/path/chart:tag@digest`, or the `.tgz` of a chart. All parts stand
 * at the URL's own node.
 * @returns undefined for any other text
 */
export function chartOfUrl(url: HelmText): ChartIdentity | undefined {
  const slash = url.text.lastIndexOf('/');
  const part = (text: string): HelmText => ({ ...url, text });
  const repository = part(url.text.slice(0, slash));
  const last = url.text.slice(slash + 1);
  if (url.text.startsWith('oci://')) {
    const [named = '', digest] = last.split('@', 2);
    const [chart = '', tag] = named.split(':', 2);
    return {
      repository,
      chart: part(chart),
      ...(tag !== undefined && { version: part(tag) }),
      ...(digest !== undefined && { digest: part(digest) }),
    };
  }
  const archive = /^([a-z0-9-]{1,64}?)-(v?\d{1,5}\..{1,64})\.tgz$/.exec(last);
  if (!url.text.includes('://') || archive === null) return undefined;
  return { repository, chart: part(archive[1] ?? ''), version: part(archive[2] ?? '') };
}

/** Whether a chart is named by where its files are. */
export function isLocalPath(text: string): boolean {
  return text.startsWith('.') || text.startsWith('/') || text.startsWith('file:');
}

/** Leaves out what is not set, as exact optional properties want it. */
export function identity(parts: { readonly [P in keyof ChartIdentity]?: ChartIdentity[P] | undefined }): ChartIdentity {
  const { repository, chart, version, digest, local } = parts;
  return {
    ...(repository !== undefined && { repository }),
    ...(chart !== undefined && { chart }),
    ...(version !== undefined && { version }),
    ...(digest !== undefined && { digest }),
    ...(local !== undefined && { local }),
  };
}

/** The first of several nodes that is set. */
export function firstSet(...nodes: readonly (YamlNode | undefined)[]): YamlNode | undefined {
  return nodes.find(isSet);
}
