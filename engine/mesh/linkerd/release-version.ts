import { firstCalverEdge, firstYear, type Channel } from './release-table';

export type VersionForm =
  | 'stable-tag'
  | 'edge-tag'
  | 'enterprise-tag'
  | 'preview-tag'
  /** A chart of the edge channel since edge-24.3.1: `2024.11.8`. */
  | 'calver'
  /** A chart of the edge channel before that: `1.18.11-edge`. */
  | 'edge-semver'
  | 'semver'
  /** What Helm resolves at install time: an operator, a wildcard, or fewer than three numbers. */
  | 'range'
  /** A template action or a variable: neither pinned nor floating for all that can be known. */
  | 'templated'
  | 'other';

export interface EdgeVersion {
  readonly year: number;
  readonly month: number;
  readonly patch?: number;
  /** The version has no date in it; year and month are then those of the last release that was numbered so. */
  readonly semver?: string;
}

export interface ParsedVersion {
  readonly text: string;
  readonly form: VersionForm;
  /** The leading numbers, as many as are written; of a range of one term, those that it keeps. Empty where there are none to rely on. */
  readonly numbers: readonly number[];
  /** The channel that the text alone gives away. */
  readonly channel: Channel | undefined;
  readonly edge: EdgeVersion | undefined;
}

const tag = /^(stable|edge|enterprise|preview)-(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?(?:[-+_.][\w.+-]{1,64})?$/;
const term =
  /^(~>|[~^=]?) {0,4}v?(\d{1,5}|[xX*])(?:\.(\d{1,5}|[xX*]))?(?:\.(\d{1,5}|[xX*]))?(-[0-9A-Za-z.-]{1,64})?(\+[0-9A-Za-z.-]{1,64})?$/;
const comparison = /[<>!|, *]/;
const tagForms = { stable: 'stable-tag', edge: 'edge-tag', enterprise: 'enterprise-tag', preview: 'preview-tag' } as const;
type TagPrefix = keyof typeof tagForms;

/** Words that name whatever is newest: an image's default tag, and what people write where Argo CD wants a chart version. */
export const floatingWords: ReadonlySet<string> = new Set(['latest', 'head']);

/**
 * Reads a version as Linkerd's artefacts carry them.
 * @param text an image tag, a chart version, a Helm version range, or an annotation's value.
 * @returns the form, the numbers and what the text gives away; anything unreadable has form `other`, and nothing throws.
 * Source: bin/compute-edge-version of github.com/linkerd/linkerd2 (2024-03-01) and the tags of linkerd2 and linkerd-buoyant (2026-08-21);
 * that a version of fewer than three numbers is a range: Masterminds/semver, which Helm resolves chart versions with.
 */
export function parseVersion(text: string): ParsedVersion {
  const trimmed = text.trim();
  const other: ParsedVersion = { text: trimmed, form: 'other', numbers: [], channel: undefined, edge: undefined };
  if (isSubstituted(trimmed)) return { ...other, form: 'templated' };
  const tagged = tag.exec(trimmed);
  if (tagged !== null) return readTag(trimmed, tagged);
  const read = term.exec(trimmed);
  if (read !== null) return readTerm(trimmed, read);
  return comparison.test(trimmed) ? { ...other, form: 'range' } : other;
}

function readTag(text: string, [, prefix, ...rest]: readonly (string | undefined)[]): ParsedVersion {
  const channel = prefix as TagPrefix;
  const numbers = leadingNumbers(rest.slice(0, 3));
  const [year = 0, month = 0, patch] = numbers;
  const edge = channel === 'edge' && year < 100 ? dated(2000 + year, month, patch) : undefined;
  return { text, form: tagForms[channel], numbers, channel, edge };
}

function readTerm(text: string, [, operator, ...rest]: readonly (string | undefined)[]): ParsedVersion {
  const numbers = leadingNumbers(rest.slice(0, 3));
  const [first = 0, second = 0, third] = numbers;
  const years = isYear(first);
  const edgeSemver = !years && rest[3] === '-edge';
  const channel = years || edgeSemver ? 'edge' : undefined;
  if (numbers.length < 3 || (operator !== '' && operator !== '='))
    return { text, form: 'range', numbers, channel, edge: undefined };
  if (years) return { text, form: 'calver', numbers, channel, edge: dated(first, second, third) };
  if (!edgeSemver) return { text, form: 'semver', numbers, channel, edge: undefined };
  // compute-edge-version gave up these numbers with edge-24.3.1, so the month before is the latest they can be of.
  const edge = { year: firstCalverEdge.year, month: firstCalverEdge.month - 1, semver: text };
  return { text, form: 'edge-semver', numbers, channel, edge };
}

function leadingNumbers(parts: readonly (string | undefined)[]): number[] {
  const end = parts.findIndex((part) => part === undefined || !/^\d{1,5}$/.test(part));
  return parts.slice(0, end < 0 ? parts.length : end).map(Number);
}

function isYear(value: number): boolean {
  return value >= firstYear && value < 2100;
}

function dated(year: number, month: number, patch: number | undefined): EdgeVersion | undefined {
  if (!isYear(year) || month < 1 || month > 12) return undefined;
  return patch === undefined ? { year, month } : { year, month, patch };
}

/**
 * Dates an edge release by its version, to the month.
 * @param text an edge tag (`edge-24.2.5`), a calendar chart version (`2024.3.1`) or an older chart version (`1.18.11-edge`).
 * @returns year, month and the release's number in that month; a version before calendar versions has the latest month it can be of, and
 * `semver`. Undefined for a range and for anything else. A month is approximate: edge-24.11.8 is of 5 December 2024.
 * Source: bin/compute-edge-version of github.com/linkerd/linkerd2, commit c2eb296df, 2024-03-01.
 */
export function parseEdgeVersion(text: string): EdgeVersion | undefined {
  return parseVersion(text).edge;
}

/** A Go template, a shell, Kustomize, Flux or Azure variable, a Concourse or Octopus one, an ERB tag. */
export function isSubstituted(text: string): boolean {
  return ['{{', '${', '$(', '((', '<%', '#{'].some((opening) => text.includes(opening)) || /^\$[A-Za-z_]/.test(text);
}
