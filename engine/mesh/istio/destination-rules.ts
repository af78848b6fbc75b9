import type { Answer } from '../../resources/labels';
import { Labels } from '../../resources/labels';
import { sameNamespaceName } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { fullName, hostKey, isWildcard, readHost, wildcardsOver } from './host-name';
import type { HostName } from './host-name';

const KIND = 'DestinationRule.networking.istio.io';
/** Where DestinationRules stand whose host a template hides. No host has this key. */
const HIDDEN = '';
/** Where those stand that are for a wildcard: mostly none, which saves looking for each that may cover a host. */
const WILD = '*';

/** A DestinationRule that speaks of a host. */
export interface RuleForHost {
  readonly rule: Resource;
  /** `unknown` where nothing says in which namespace the rule, or who names the host, will be. */
  readonly is: 'yes' | 'unknown';
}

export interface RulesForHost {
  readonly rules: readonly RuleForHost[];
  /** Whether a rule whose host a template hides may be one of them. */
  readonly open: boolean;
}

/** One subset of a DestinationRule. */
export interface Subset {
  readonly name: string;
  /** What names it. */
  readonly nameNode: YamlNode;
  /** The item of the list. */
  readonly node: YamlNode;
  readonly labels: Labels;
}

export interface Subsets {
  readonly subsets: readonly Subset[];
  /** Whether a template may add subsets, or hides the name of one. */
  readonly open: boolean;
}

/** The host that a DestinationRule is for; undefined where none is set or a template hides it. */
export function hostOfRule(rule: Resource): HostName | undefined {
  const text = stringOf(rule.at('spec', 'host'));
  return text === undefined || text === '' ? undefined : readHost(text, rule.header.namespace);
}

/**
 * The DestinationRules of an environment for a host: those that name it, and those that cover it with a wildcard. Of several, a proxy takes
 * the most specific one that it sees; that is left to the caller. Recorded as a read of the rules for that host.
 */
export function rulesFor(view: MeshView, host: HostName): RulesForHost {
  const byHost = view.index.grouped('istio.destinationRulesByHost', [KIND], (rule) => {
    const own = hostOfRule(rule);
    if (own === undefined) return [HIDDEN];
    return isWildcard(own) ? [hostKey(own), WILD] : [hostKey(own)];
  });
  const full = fullName(host);
  const wildcards = full === undefined || byHost.get(WILD).length === 0 ? [] : wildcardsOver(full);
  const named = byHost.get(hostKey(host)).flatMap((rule): RuleForHost[] => {
    const is = isSameHost(host, hostOfRule(rule));
    return is === 'no' ? [] : [{ rule, is }];
  });
  const covering = wildcards.flatMap((wildcard) => byHost.get(hostKey({ is: 'other', host: wildcard })));
  return {
    rules: [...named, ...covering.map((rule): RuleForHost => ({ rule, is: 'yes' }))],
    open: byHost.get(HIDDEN).length > 0,
  };
}

/** The subsets of a DestinationRule, in order. */
export function subsetsOf(rule: Resource): Subsets {
  const list = rule.at('spec', 'subsets');
  const items = itemsOf(list);
  const subsets = items.flatMap((node): Subset[] => {
    const nameNode = lookup(node, 'name');
    const name = stringOf(nameNode);
    return nameNode === undefined || name === undefined
      ? []
      : [{ name, nameNode, node, labels: new Labels(lookup(node, 'labels')) }];
  });
  const isHidden = list?.type === 'unknown' || (list?.type === 'sequence' && list.open);
  return { subsets, open: isHidden || subsets.length < items.length };
}

/** Whether two hosts, each as its resource names it, are one. */
export function isSameHost(one: HostName, other: HostName | undefined): Answer {
  if (other === undefined) return 'unknown';
  if (one.is === 'other' || other.is === 'other') return fullName(one) === fullName(other) ? 'yes' : 'no';
  return one.name === other.name ? sameNamespaceName(one.namespace, other.namespace) : 'no';
}
