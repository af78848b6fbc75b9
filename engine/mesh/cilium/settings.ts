import { absent } from '../../tristate';
import type { Tristate } from '../../tristate';
import type { YamlNode } from '../../yaml/tree';
import type { Basis } from '../istio/sidecar-injection';
import type { MeshView } from '../view';
import { readSettings } from './read-settings';
import { showsCilium } from './sources';

/** Between pods; ztunnel only in the namespaces that ask for it. */
export type CiliumEncryption = 'none' | 'ipsec' | 'wireguard' | 'ztunnel';

/** One of Cilium's settings, and where it is made. */
export interface CiliumSetting<T> {
  /** Absent: nothing here says how Cilium is set. Unknown: a template, or values that are not here, decide. */
  readonly value: Tristate<T>;
  /** `assumed`: it is not set, and its default is told. */
  readonly basis: Basis;
  /** Where it is set; of a default, what installs Cilium. */
  readonly evidence: readonly YamlNode[];
}

/** How Cilium is set, as far as an environment shows it. */
export interface CiliumSettings {
  readonly encryption: CiliumSetting<CiliumEncryption>;
  /** Whether the agents heed `authentication` in policies. */
  readonly authentication: CiliumSetting<boolean>;
  /** Whether there is a SPIRE for them to get identities from, without which nothing authenticates. */
  readonly spire: CiliumSetting<boolean>;
  /** `default`, `always` or `never`, in lower case. */
  readonly policyMode: CiliumSetting<string>;
  /** Whether policies only log what they do not allow. */
  readonly policyAudit: CiliumSetting<boolean>;
  /** The CNI plugin behind which Cilium is chained; `none` for none. */
  readonly chaining: CiliumSetting<string>;
  readonly clusterMesh: CiliumSetting<boolean>;
}

/**
 * How Cilium is set in an environment: by its ConfigMap where one is here, which is what its agents read, else by the values of its chart.
 * Places that disagree leave a setting unknown: they may be there for several clusters. A memoised query.
 */
export function ciliumSettings(view: MeshView): CiliumSettings {
  if (!showsCilium(view)) return NOTHING_SHOWN;
  const query = view.extension('cilium.settings', (graph) => graph.computed('cilium.settings', () => readSettings(view)));
  return query.get();
}

/** How Cilium encrypts, as a query of its own: every workload's membership asks for it. */
export function ciliumEncryption(view: MeshView): CiliumSetting<CiliumEncryption> {
  const query = view.extension('cilium.encryption', (graph) =>
    graph.computed('cilium.encryption', () => ciliumSettings(view).encryption),
  );
  return query.get();
}

const NOT_SHOWN: CiliumSetting<never> = { value: absent, basis: 'assumed', evidence: [] };
const NOTHING_SHOWN: CiliumSettings = {
  encryption: NOT_SHOWN,
  authentication: NOT_SHOWN,
  spire: NOT_SHOWN,
  policyMode: NOT_SHOWN,
  policyAudit: NOT_SHOWN,
  chaining: NOT_SHOWN,
  clusterMesh: NOT_SHOWN,
};
