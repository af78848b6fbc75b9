import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { booleanOf, isSet, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { installationValues, isWritten } from './istiod-values';
import { meshConfigNodes } from './mesh-config';

/** A setting of the mesh as a whole, and the manifests that say it. */
export interface MeshSetting<T> {
  /** Absent: nothing says it, and Istio's default is assumed. Unknown: a template hides it, or control planes disagree. */
  readonly value: Tristate<T>;
  /** Empty where the configuration of Mesh Lint says it, and where nothing does. */
  readonly places: readonly YamlNode[];
}

/** What of the mesh configuration others ask for by name. */
export interface MeshSettings {
  /** `rootNamespace`, else the chart's `global.istioNamespace`; `istio-system` by default. */
  readonly rootNamespace: MeshSetting<string>;
  /** `trustDomain`; `cluster.local` by default. */
  readonly trustDomain: MeshSetting<string>;
  /** `enableAutoMtls`; on by default. */
  readonly autoMtls: MeshSetting<boolean>;
}

/**
 * Settings of Istio's mesh: as configured, else as the mesh configurations of the environment say (istio/istio pkg/config/mesh/mesh.go, 1.32
 * development). One that some of them leave out is taken from the others. A memoised query.
 */
export function meshSettings(view: MeshView): MeshSettings {
  const query = view.extension('istio.meshSettings', (graph) =>
    graph.computed('istio.meshSettings', (): MeshSettings => {
      const { istio } = view.configuration();
      return {
        rootNamespace: settingOf(istio.rootNamespace, rootNodes(view), nameOf),
        trustDomain: settingOf(istio.trustDomain, meshConfigNodes(view, 'trustDomain'), nameOf),
        autoMtls: settingOf(istio.enableAutoMtls, meshConfigNodes(view, 'enableAutoMtls'), flagOf),
      };
    }),
  );
  return query.get();
}

/** The chart takes the namespace that Istio is installed in where the mesh configuration names none (templates/configmap.yaml). */
function rootNodes(view: MeshView): readonly YamlNode[] {
  const written = meshConfigNodes(view, 'rootNamespace');
  if (written.some(isSet)) return written;
  const path = ['global', 'istioNamespace'];
  return installationValues(view, 'istiod', ...path).filter((node) => isWritten(node, ...path));
}

function settingOf<T>(
  configured: T | undefined,
  nodes: readonly YamlNode[],
  read: (node: YamlNode) => T | undefined,
): MeshSetting<T> {
  if (configured !== undefined) return { value: known(configured), places: [] };
  const places = nodes.filter((node) => isSet(node) && stringOf(node) !== '');
  const values = [...new Set(places.map(read))];
  const [value] = values;
  if (values.length === 0) return { value: absent, places };
  return { value: values.length > 1 || value === undefined ? unknown : known(value), places };
}

function nameOf(node: YamlNode): string | undefined {
  return stringOf(node);
}

/** What `--set` hands over is text. */
function flagOf(node: YamlNode): boolean | undefined {
  const text = stringOf(node);
  return booleanOf(node) ?? (text === 'true' ? true : text === 'false' ? false : undefined);
}
