import type { Resource } from '../../resources/resource';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { isSet, lookup } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { CiliumEncryption, CiliumSetting } from './settings';

/** A value as it is written; absent where nothing sets it. */
export interface Written {
  readonly text: Tristate<string>;
  readonly node: YamlNode | undefined;
}

export const UNSET: Written = { text: absent, node: undefined };

/** A scalar as Helm and Cilium's agents take it: settings are texts, and `true` is one of them. */
export function writtenAt(node: YamlNode | undefined): Written {
  if (!isSet(node)) return UNSET;
  const text = node.type === 'scalar' ? String(node.value) : undefined;
  return { text: text === undefined || text.includes('${') ? unknown : known(text), node };
}

/** Whether a text switches something on; what is neither `true` nor `false` is for nobody to tell. */
export function flagOf({ text }: Written): Tristate<boolean> {
  if (text.is !== 'known') return text;
  return text.value === 'true' || text.value === 'false' ? known(text.value === 'true') : unknown;
}

/** What somebody has set. */
export function shown<T>(value: Tristate<T>, ...nodes: readonly (YamlNode | undefined)[]): CiliumSetting<T> {
  return { value, basis: 'shown', evidence: nodes.filter((node) => node !== undefined) };
}

/** What holds since nobody has set anything else. */
export function byDefault<T>(value: Tristate<T>, installation: YamlNode | undefined): CiliumSetting<T> {
  return { ...shown(value, installation), basis: 'assumed' };
}

/** The agents' settings that encrypt between pods (cilium/cilium pkg/ztunnel/config/config.go and the chart's ConfigMap, v1.20.0). */
export const ENCRYPTION_KEYS: readonly (readonly [string, CiliumEncryption])[] = [
  ['enable-ztunnel', 'ztunnel'],
  ['enable-wireguard', 'wireguard'],
  ['enable-ipsec', 'ipsec'],
];

/**
 * What the agents' own settings say of encryption; undefined where none of them is written.
 * @param at reads the setting of a name
 */
export function rawEncryption(at: (key: string) => Written): CiliumSetting<CiliumEncryption> | undefined {
  const all = ENCRYPTION_KEYS.map(([key, kind]) => ({ kind, written: at(key) }));
  const flags = all.map(({ kind, written }) => ({ kind, written, flag: flagOf(written) }));
  const on = flags.filter(({ flag }) => flag.is === 'known' && flag.value);
  const [only] = on;
  if (only !== undefined)
    return on.length === 1
      ? shown(known(only.kind), only.written.node)
      : shown(unknown, ...on.map(({ written }) => written.node));
  const hidden = flags.filter(({ flag }) => flag.is === 'unknown').map(({ written }) => written.node);
  if (hidden.length > 0) return shown(unknown, ...hidden);
  const off = flags.flatMap(({ flag, written }) => (flag.is === 'known' ? [written.node] : []));
  return off.length === 0 ? undefined : shown(known('none'), ...off);
}

/**
 * Where a CiliumNodeConfig sets some nodes apart from the others: then nobody can tell what holds for a pod, which may run on any.
 * @param keys the agents' settings that are asked for
 */
export function setPerNode(nodeConfigs: readonly Resource[], keys: readonly string[]): CiliumSetting<never> | undefined {
  const nodes = nodeConfigs.flatMap((config) => keys.map((key) => lookup(config.at('spec', 'defaults'), key)).filter(isSet));
  return nodes.length === 0 ? undefined : shown(unknown, ...nodes);
}
