import { infrastructure } from '../decision/applications';
import { meshCharts } from '../decision/mesh-charts';
import { meshesPresent } from '../decision/mesh-presence';
import type { MeshName, MeshPresence } from '../decision/facts';
import { CONFIGURATION_FILE } from '../configuration/configuration';
import { baseNameOf } from '../environments/paths';
import { stableReleaseOf } from '../mesh/linkerd/release-channel';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { ciliumFeatures } from './cilium-claims';
import { claim, counted, listed } from './claim';
import type { Claim } from './claim';
import { definitionsOf, familyOf } from './definitions';
import type { MeshFamily } from './definitions';

/** A mesh that an environment shows, how it does, and the versions that are named for it. */
export interface MeshClaim<E> extends Claim<E> {
  readonly mesh: MeshName;
  /** Null where no file names one. */
  readonly version: Claim<E> | null;
}

const NAMES: Readonly<Record<MeshName, string>> = {
  'istio-sidecar': 'Istio with sidecars',
  'istio-ambient': 'Istio in ambient mode',
  linkerd: 'Linkerd',
  cilium: 'Cilium',
};

type How = MeshPresence<Place>['how'];
const HOWS: Readonly<Record<How, string>> = {
  installed: 'installed here',
  injected: 'workloads or namespaces join it',
  configured: 'its resources are used',
};
/** Cilium's words differ: installed it is no more than the cluster's network. */
const CILIUM_HOWS: Partial<Record<How, string>> = { installed: "the cluster's network", configured: 'used as a mesh' };

/** The meshes of an environment, one claim each. */
export function meshClaims(view: MeshView): readonly MeshClaim<Place>[] {
  const byMesh = new Map<MeshName, MeshPresence<Place>[]>();
  for (const presence of meshesPresent(view)) byMesh.set(presence.mesh, [...(byMesh.get(presence.mesh) ?? []), presence]);
  const present = [...byMesh].map(([mesh, presences]): MeshClaim<Place> => {
    const hows = presences.map(({ how }) => (mesh === 'cilium' ? CILIUM_HOWS[how] : undefined) ?? HOWS[how]);
    const nodes = presences.flatMap(({ evidence }) => evidence.map(({ node }) => node));
    const features = mesh === 'cilium' ? ciliumFeatures(view) : [];
    const more = features.length === 0 ? '' : `; ${features.map(({ text }) => text).join(', ')}`;
    const all = [...features.flatMap(({ evidence }) => evidence), ...nodes];
    return {
      mesh,
      ...claim(`${NAMES[mesh]}: ${listed(hows)}${more}`, all),
      version: versionClaim(versionsOf(view, familyOf(mesh))),
    };
  });
  const families = new Set([...byMesh.keys()].map(familyOf));
  return [...present, ...FAMILIES.flatMap((mesh) => (families.has(familyOf(mesh)) ? [] : definedClaim(view, mesh)))];
}

/** One for each mesh whose kinds an environment may define. */
const FAMILIES: readonly MeshName[] = ['istio-sidecar', 'linkerd', 'cilium'];
const FAMILY_NAMES: Readonly<Record<MeshFamily, string>> = { istio: 'Istio', linkerd: 'Linkerd', cilium: 'Cilium' };

/** A mesh of which nothing is here but the definitions of its kinds. */
function definedClaim(view: MeshView, mesh: MeshName): MeshClaim<Place>[] {
  const family = familyOf(mesh);
  const definitions = definitionsOf(view, family);
  if (definitions.length === 0) return [];
  const count = counted(definitions.length, 'CustomResourceDefinition');
  const places = definitions.map(({ titlePlace }) => titlePlace);
  const said = claim(`${FAMILY_NAMES[family]}: ${count} here, and nothing that uses or installs it`, places);
  return [{ mesh, ...said, version: versionClaim(versionsOf(view, family)) }];
}

/** A version as it is written somewhere. */
interface NamedVersion {
  readonly text: string;
  readonly node: YamlNode;
}

function versionClaim(named: readonly NamedVersion[]): Claim<Place> | null {
  // A mesh's own chart has a word in its place, until it is released.
  const versions = named.filter(({ text }) => /\d/.test(text));
  if (versions.length === 0) return null;
  const texts = [...new Set(versions.map(({ text }) => text))];
  return claim(
    listed(texts),
    versions.map(({ node }) => node),
  );
}

/** What the configuration says, since it is there to overrule what files show; else every version that the installation names. */
function versionsOf(view: MeshView, family: MeshFamily): NamedVersion[] {
  const configured = configuredVersion(view, family);
  if (configured !== undefined) return [configured];
  switch (family) {
    case 'istio':
      return [
        ...imageVersions(infrastructure(view).get('istio-control-plane') ?? [], 'discovery'),
        ...fieldVersions(view.ofKind('IstioOperator.install.istio.io'), 'spec', 'tag'),
        ...fieldVersions(view.ofKind('Istio.sailoperator.io'), 'spec', 'version'),
        ...chartVersions(view, family, () => true),
      ];
    case 'linkerd':
      return [
        ...imageVersions(infrastructure(view).get('linkerd-control-plane') ?? [], 'destination'),
        ...fieldVersions(view.ofKind('ControlPlane.linkerd.buoyant.io'), 'spec', 'components', 'linkerd', 'version'),
        ...writerVersions(view),
        // The charts of its CRDs and extensions have numbers of their own.
        ...chartVersions(view, family, (chart) => chart === 'linkerd2' || chart.endsWith('-control-plane')),
      ];
    case 'cilium':
      return [
        ...imageVersions(infrastructure(view).get('cilium') ?? [], 'cilium-agent'),
        ...chartVersions(view, family, () => true),
      ];
  }
}

/**
 * The release whose command or chart has written Linkerd's control plane and the definitions of its kinds: both note it
 * (linkerd2 charts/partials/templates/_metadata.tpl, pkg/k8s/labels.go).
 */
function writerVersions(view: MeshView): NamedVersion[] {
  const written = [...(infrastructure(view).get('linkerd-control-plane') ?? []), ...definitionsOf(view, 'linkerd')];
  return written.flatMap((resource) => {
    const writer = resource.annotations.get('linkerd.io/created-by');
    const release = writer.is === 'known' ? /^linkerd\/(?:helm|cli) (\S+)$/.exec(writer.value)?.[1] : undefined;
    return writer.is !== 'known' || release === undefined ? [] : [{ text: release, node: writer.node }];
  });
}

function configuredVersion(view: MeshView, family: MeshFamily): NamedVersion | undefined {
  if (view.configuration()[family].version === undefined) return undefined;
  const documents = view.repository.manifest(CONFIGURATION_FILE)?.documents ?? [];
  const node = documents.map(({ root }) => lookup(root, family, 'version')).find((found) => found !== undefined);
  const text = stringOf(node);
  return node === undefined || text === undefined ? undefined : { text, node };
}

/** Tags of the images of one container. */
function imageVersions(workloads: readonly Resource[], container: string): NamedVersion[] {
  return workloads.flatMap((workload) =>
    (podTemplateOf(workload)?.containers ?? []).flatMap(({ name, image, node }) => {
      const tag = name === container ? /:([^:/@]+)(?:@|$)/.exec(image?.replace(/@.*$/, '') ?? '')?.[1] : undefined;
      const place = lookup(node, 'image');
      return tag === undefined || place === undefined ? [] : [{ text: tag, node: place }];
    }),
  );
}

function fieldVersions(resources: readonly Resource[], ...path: readonly string[]): NamedVersion[] {
  return resources.flatMap((resource) => {
    const node = resource.at(...path);
    const text = stringOf(node);
    return node === undefined || text === undefined || text === '' ? [] : [{ text, node }];
  });
}

function chartVersions(view: MeshView, family: MeshFamily, tells: (chart: string) => boolean): NamedVersion[] {
  return meshCharts(view).flatMap(({ mesh, reference: { chart, version } }) => {
    if (mesh !== family || chart === undefined || version === undefined || version.hidden === true) return [];
    const name = baseNameOf(chart.text);
    if (!tells(name)) return [];
    const release = stableReleaseOf(name, version.text);
    const text = release === undefined || release === version.text ? version.text : `${release} (chart ${version.text})`;
    return [{ text, node: version.node }];
  });
}
