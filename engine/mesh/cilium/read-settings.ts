import type { Tristate } from '../../tristate';
import { unknown } from '../../tristate';
import { hasUnreadValues } from '../helm/unread';
import type { MeshView } from '../view';
import { chartReader } from './chart-reader';
import { configMapReader } from './config-map-reader';
import type { CiliumSetting, CiliumSettings } from './settings';
import { ciliumSources } from './sources';

/** Reads the settings from one place that makes them. */
export type CiliumReader = { readonly [S in keyof CiliumSettings]: () => CiliumSettings[S] };

/** What the places that set Cilium say together; there is one at least. */
export function readSettings(view: MeshView): CiliumSettings {
  const { configMaps, charts, nodeConfigs } = ciliumSources(view);
  const configured = view.configuration().cilium.version;
  const readers =
    configMaps.length > 0
      ? configMaps.map((map) => configMapReader(map, nodeConfigs))
      : charts.map(({ reference, subject, references }) => {
          const isPartial = hasUnreadValues(subject, references, view);
          return chartReader({ reference, isPartial, configured }, nodeConfigs);
        });
  const of = <S extends keyof CiliumSettings>(setting: S): CiliumSettings[S] =>
    together(readers.map((reader) => reader[setting]())) as CiliumSettings[S];
  return {
    encryption: of('encryption'),
    authentication: of('authentication'),
    spire: of('spire'),
    policyMode: of('policyMode'),
    policyAudit: of('policyAudit'),
    chaining: of('chaining'),
    clusterMesh: of('clusterMesh'),
  };
}

function together(all: readonly CiliumSetting<unknown>[]): CiliumSetting<unknown> {
  const values = all.map(({ value }) => value);
  const evidence = [...new Set(all.flatMap((one) => one.evidence))];
  const [first = unknown] = values;
  if (!values.every((value) => isSame(value, first))) return { value: unknown, basis: 'shown', evidence };
  return { value: first, basis: all.every(({ basis }) => basis === 'shown') ? 'shown' : 'assumed', evidence };
}

function isSame(a: Tristate<unknown>, b: Tristate<unknown>): boolean {
  return a.is === b.is && (a.is !== 'known' || (b.is === 'known' && a.value === b.value));
}
