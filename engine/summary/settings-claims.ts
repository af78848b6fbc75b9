import { meshSettings } from '../mesh/istio/mesh-settings';
import type { MeshSetting } from '../mesh/istio/mesh-settings';
import type { MeshView } from '../mesh/view';
import type { Place, YamlNode } from '../yaml/tree';
import { claim, listed } from './claim';
import type { Claim } from './claim';

/** What mesh configurations here set for the mesh as a whole; what is left to its default, or configured for Mesh Lint, goes without saying. */
export function settingsClaims(view: MeshView): Claim<Place>[] {
  const { trustDomain, rootNamespace, autoMtls } = meshSettings(view);
  const said = [
    settingText(trustDomain, (name) => `trust domain ${name}`),
    settingText(rootNamespace, (name) => `root namespace ${name}`),
    settingText(autoMtls, (isOn) => `auto mTLS ${isOn ? 'on' : 'off'}`),
  ].flatMap((one) => one ?? []);
  if (said.length === 0) return [];
  const text = `Istio's mesh configuration: ${listed(said.map((one) => one.text))}.`;
  return [
    claim(
      text,
      said.flatMap((one) => one.places),
    ),
  ];
}

function settingText<T>(
  { value, places }: MeshSetting<T>,
  say: (value: T) => string,
): { readonly text: string; readonly places: readonly YamlNode[] } | undefined {
  return value.is === 'known' && places.length > 0 ? { text: say(value.value), places } : undefined;
}
