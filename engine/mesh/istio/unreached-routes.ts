import type { Resource } from '../../resources/resource';
import { isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { coversMatch, isShorterPrefix, matchIdentity } from './route-matches';

/** What takes requests before something else: a match, or a rule without one. */
export interface Taker {
  /** The match, or the rule itself. */
  readonly node: YamlNode;
  readonly route: YamlNode;
  /** Where the rule stands in its list, from 0. */
  readonly index: number;
}

/** A match that never decides, since an earlier one takes whatever meets it. */
export interface ShadowedMatch {
  readonly match: YamlNode;
  readonly by: Taker;
  /** `same`: both say the same. `prefix`: the earlier has a shorter prefix of the path, and istioctl sees it. `wider`: it takes more in another way. */
  readonly how: 'same' | 'prefix' | 'wider';
}

/** A rule of a VirtualService that comes after others which leave it something, or nothing. */
export interface ShadowedRoute {
  readonly route: YamlNode;
  readonly field: 'http' | 'tls' | 'tcp';
  /** Where it stands in its list, from 0. */
  readonly index: number;
  /** What takes everything before it. */
  readonly behind: Taker | undefined;
  readonly matches: readonly ShadowedMatch[];
  /** Whether nothing is left for it. */
  readonly isUnreached: boolean;
  /** Whether what takes its requests hands some of them to another VirtualService, which may leave a part. */
  readonly isDelegated: boolean;
}

/**
 * The rules of a VirtualService of which earlier rules leave nothing, or not all: rules are tried in order, and the first one that matches
 * is taken (istio.io, "Virtual Service"; istio/istio pkg/config/validation/virtualservice.go, 1.32 development). What a template hides is
 * left out.
 */
export function shadowedRoutes(virtualService: Resource): readonly ShadowedRoute[] {
  return (['http', 'tls', 'tcp'] as const).flatMap((field) => [...shadowedIn(virtualService.at('spec', field), field)]);
}

function* shadowedIn(list: YamlNode | undefined, field: ShadowedRoute['field']): Iterable<ShadowedRoute> {
  const seen = new SeenMatches(field === 'http');
  let last: Taker | undefined;
  for (const [index, route] of itemsOf(list).entries()) {
    if (route.type !== 'map') continue;
    const written = lookup(route, 'match');
    if (written?.type === 'unknown') continue;
    const matches = itemsOf(written);
    const isOpen = written?.type === 'sequence' && written.open;
    const isAll = matches.length === 0 && !isOpen;
    const own: ShadowedMatch[] = [];
    for (const match of matches) {
      const shadow = seen.shadowOf(match);
      if (shadow !== undefined) own.push(shadow);
      seen.add({ node: match, route, index });
    }
    const behind = last ?? (isAll ? seen.all : undefined);
    const isUnreached = behind !== undefined || (matches.length > 0 && own.length === matches.length && !isOpen);
    if (isUnreached || own.length > 0) {
      const takers = behind === undefined ? own.map(({ by }) => by) : [behind];
      const isDelegated = takers.some((by) => by.route !== route && isSet(lookup(by.route, 'delegate')));
      yield { route, field, index, behind, matches: own, isUnreached, isDelegated };
    }
    if (isAll) last ??= { node: route, route, index };
  }
}

/** So many earlier matches are compared with one: more would only be there to take time. */
const MOST_COMPARED = 64;
/** Longer than the prefix of any path that somebody routes by. */
const LONGEST_PREFIX = 512;

/** The matches of earlier rules, found by what they say of the path. */
class SeenMatches {
  /** The first match that takes every request. */
  all: Taker | undefined;
  private readonly isHttp: boolean;
  private readonly same = new Map<string, Taker>();
  private readonly byPrefix = new Map<string, Taker[]>();
  private readonly lengths = new Set<number>();
  private readonly others: Taker[] = [];

  constructor(isHttp: boolean) {
    this.isHttp = isHttp;
  }

  shadowOf(match: YamlNode): ShadowedMatch | undefined {
    const identity = matchIdentity(match);
    const same = identity === undefined ? undefined : this.same.get(identity);
    if (same !== undefined) return { match, by: same, how: 'same' };
    if (!this.isHttp) return undefined;
    const covering = this.candidates(match).filter(({ node }) => coversMatch(node, match));
    const prefix = covering.find(({ node }) => isShorterPrefix(node, match));
    const [by] = covering;
    if (prefix !== undefined) return { match, by: prefix, how: 'prefix' };
    return by === undefined ? undefined : { match, by, how: 'wider' };
  }

  add(taker: Taker): void {
    const match = taker.node;
    const identity = matchIdentity(match);
    if (identity === undefined) return;
    if (!this.same.has(identity)) this.same.set(identity, taker);
    if (!this.isHttp) return;
    if (coversMatch(match, undefined)) this.all ??= taker;
    const prefix = stringOf(lookup(match, 'uri', 'prefix'));
    if (prefix === undefined || prefix === '/') {
      if (this.others.length < MOST_COMPARED) this.others.push(taker);
    } else if (prefix.length <= LONGEST_PREFIX) {
      const others = this.byPrefix.get(prefix);
      if (others === undefined) this.byPrefix.set(prefix, [taker]);
      else if (others.length < MOST_COMPARED) others.push(taker);
      this.lengths.add(prefix.length);
    }
  }

  private candidates(match: YamlNode): Taker[] {
    const path = stringOf(lookup(match, 'uri', 'prefix')) ?? stringOf(lookup(match, 'uri', 'exact')) ?? '';
    const byPath = [...this.lengths]
      .filter((length) => length <= path.length)
      .flatMap((length) => this.byPrefix.get(path.slice(0, length)) ?? []);
    return [...byPath.slice(0, MOST_COMPARED), ...this.others];
  }
}
