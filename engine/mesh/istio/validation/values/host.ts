import { isIp } from './ip';

/** Host names as Istio takes them (istio/istio pkg/config/validation/agent/validation.go and pkg/config/labels, 1.32 development). */

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
/** The first label of a wildcard: `*`, `*abc` or `*-abc`. */
const WILDCARD_LABEL = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)$/;
const LONGEST = 255;

/** A DNS label: letters, digits and hyphens inside, up to 63. Istio takes capitals as well. */
export function isDnsLabel(text: string): boolean {
  return LABEL.test(text);
}

/** Why a text is no full host name, as a clause behind the text; undefined when it is one. */
export function hostFault(text: string): string | undefined {
  return lengthFault(text) ?? labelsFault(text.split('.'));
}

/** The same for a host name whose first label may be a wildcard. */
export function wildcardHostFault(text: string): string | undefined {
  const tooLong = lengthFault(text);
  if (tooLong !== undefined) return tooLong;
  const [first = '', ...rest] = text.split('.');
  if (!WILDCARD_LABEL.test(first)) return labelFault(first);
  return rest.length === 0 ? undefined : labelsFault(rest);
}

export function isHost(text: string): boolean {
  return hostFault(text) === undefined;
}

export function isHostOrIp(text: string): boolean {
  return isHost(text) || isIp(text);
}

/** Whether a wildcard stands elsewhere than before the first dot: `*abc.com` (pkg/config/host `IsPartialWildcarded`). */
export function isPartialWildcard(text: string): boolean {
  return text.includes('*') && text !== '*' && !text.startsWith('*.');
}

function lengthFault(text: string): string | undefined {
  if (text === '') return 'is empty';
  return text.length > LONGEST ? `is longer than ${LONGEST} characters` : undefined;
}

function labelsFault(labels: readonly string[]): string | undefined {
  const last = labels.at(-1) ?? '';
  if (/^\d+$/.test(last)) return `ends in "${last}": a top level domain cannot be a number`;
  for (const [i, label] of labels.entries()) {
    if (i === labels.length - 1 && label === '') return undefined;
    if (!isDnsLabel(label)) return labelFault(label);
  }
  return undefined;
}

function labelFault(label: string): string {
  if (label === '') return 'has two dots in a row, or one at its start';
  if (label.includes('*')) return 'has a wildcard that is not all of the first label';
  return `has the part "${label.slice(0, 70)}", which is no DNS label (letters, digits and hyphens inside, up to 63)`;
}

/** Whether two hosts, of which each may be a wildcard, share a name (pkg/config/host/name.go `Matches`). */
export function hostsOverlap(a: string, b: string): boolean {
  const [aWild, bWild] = [a.startsWith('*'), b.startsWith('*')];
  if (!aWild && !bWild) return a === b;
  if (aWild && bWild) return a.length < b.length ? b.endsWith(a.slice(1)) : a.endsWith(b.slice(1));
  return aWild ? b.endsWith(a.slice(1)) : a.endsWith(b.slice(1));
}

/**
 * Finds hosts of a list that overlap another one of it: `[one, other]` as indices, each `one` once. Without comparing each with each: a
 * host has at most 255 endings.
 */
export function overlappingHosts(hosts: readonly string[]): readonly (readonly [one: number, other: number])[] {
  const exact = new Map<string, number>();
  const wild = new Map<string, number>();
  for (const [i, host] of hosts.entries()) {
    if (host.startsWith('*') && !wild.has(host.slice(1))) wild.set(host.slice(1), i);
  }
  const found: (readonly [number, number])[] = [];
  for (const [i, host] of hosts.entries()) {
    if (host.length > LONGEST) continue;
    let other = exact.get(host);
    if (other === undefined) exact.set(host, i);
    const name = host.startsWith('*') ? host.slice(1) : host;
    for (let start = 0; start <= name.length && wild.size > 0 && other === undefined; start++) {
      const covering = wild.get(name.slice(start));
      if (covering !== i) other = covering;
    }
    if (other !== undefined) found.push([i, other]);
  }
  return found;
}
