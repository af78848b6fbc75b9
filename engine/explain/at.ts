import { originOf } from '../mesh/collisions';
import { PEER_AUTHENTICATION } from '../mesh/mtls';
import type { MeshView } from '../mesh/view';
import { headerOf } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { isWorkloadKind } from '../resources/workload';
import type { Repository } from '../environments/repository';
import type { ManifestDocument } from '../yaml/document';
import { entriesOf, itemsOf } from '../yaml/tree';
import type { MapNode, Place, YamlNode } from '../yaml/tree';
import { acrossEnvironments } from './across';
import type { InEnvironment, Section } from './across';
import { covers, cursorAt, documentAt } from './cursor';
import type { Cursor } from './cursor';
import { explainFile } from './file';
import { explainNamespace } from './namespace';
import { explainPeerAuthentication } from './peer-authentication';
import { explainService } from './service';
import { explainSetting, settingAt } from './setting';
import { INJECTION_SETTINGS } from './settings.data';
import type { Explanation } from './statement';
import { tallyOf, tallyStatements } from './tally';
import { explainWorkload } from './workload';

/** What is to be said about a position. */
export interface Explained<P = Place> {
  /** The key or value that it is about. */
  readonly place: P;
  /** One a resource; a patch may change several. */
  readonly sections: readonly Section<P>[];
}

/**
 * What the text at an offset of a file does, in each environment: an injection label or annotation, the kind or the name of a workload, a
 * Service, a Namespace or a PeerAuthentication, or a mode of mutual TLS. In a kustomize patch it is about the resources that the patch
 * changes. Undefined where there is nothing to say.
 */
export function explainAt(
  file: string,
  offset: number,
  views: readonly MeshView[],
  repository: Repository,
): Explained | undefined {
  const document = documentAt(repository, file, offset);
  if (document?.root?.type !== 'map') return undefined;
  const at = offset - document.start;
  const whole = cursorAt(document.root, at);
  if (whole === undefined) return undefined;
  const written = writtenAt(document, at, views);
  const cursor = written === undefined ? whole : cursorAt(written.root, at);
  if (cursor === undefined) return undefined;
  const found = (written?.uses ?? []).flatMap(({ resource, view }) => {
    const explanation = explain(resource, cursor, view);
    return explanation === undefined ? [] : [{ resource, view, explanation }];
  });
  const place = { node: cursor.node };
  if (found.length > 0) return { place, sections: sectionsOf(found, file, views) };
  const section = transformerSection(whole, views) ?? unusedSection(file, offset, cursor, views, repository);
  return section === undefined ? undefined : { place, sections: [section] };
}

interface Use {
  readonly resource: Resource;
  readonly view: MeshView;
}

/** The map that is written at an offset, and the effective resources that are made of it. */
function writtenAt(
  document: ManifestDocument,
  offset: number,
  views: readonly MeshView[],
): { readonly root: MapNode; readonly uses: readonly Use[] } | undefined {
  const own = views.flatMap((view) =>
    view
      .environment()
      .resources.filter((resource) => resource.source === document)
      .flatMap((resource) => {
        const root = resource.root === undefined ? undefined : originOf(resource.root);
        return root?.type === 'map' && covers(root, offset) ? [{ resource, view, root }] : [];
      }),
  );
  // Of a List and its items the innermost.
  const root = own.map((use) => use.root).sort((a, b) => a.end - a.start - (b.end - b.start))[0];
  if (root !== undefined) return { root, uses: own.filter((use) => use.root === root) };
  const patch = document.root;
  return patch?.type === 'map' ? { root: patch, uses: changedBy(document, patch, views) } : undefined;
}

/** The resources that a patch changes: those of its kind that hold a node of it. */
function changedBy(document: ManifestDocument, patch: MapNode, views: readonly MeshView[]): Use[] {
  const header = headerOf(patch);
  if (header === undefined) return [];
  return views
    .filter((view) => view.environment().files.includes(document.file))
    .flatMap((view) =>
      view
        .environment()
        .resources.filter(({ header: { kind }, root }) => kind === header.kind && root !== undefined && holds(root, document))
        .map((resource) => ({ resource, view })),
    );
}

function holds(node: YamlNode, document: ManifestDocument): boolean {
  if (node.source === document) return true;
  if (node.type === 'map') return entriesOf(node).some(({ key, value }) => key.source === document || holds(value, document));
  return itemsOf(node).some((item) => holds(item, document));
}

/** What a position in a resource's text is about. */
function explain(resource: Resource, { path, value }: Cursor, view: MeshView): Explanation | undefined {
  const at = path.join('/');
  if (at === 'kind' || at === 'metadata/name') return explainResource(resource, view);
  const setting = settingAt(resource, path);
  if (setting !== undefined) return explainSetting(resource, setting, value, view);
  if (resource.kind !== PEER_AUTHENTICATION) return undefined;
  if (at === 'spec/mtls/mode' || at === 'spec/mtls') return explainPeerAuthentication(resource, view);
  const port = /^spec\/portLevelMtls\/(\d{1,5})(?:\/mode)?$/.exec(at)?.[1];
  return port === undefined ? undefined : explainPeerAuthentication(resource, view, Number(port));
}

/** What a resource does, by its kind; undefined for kinds about which there is nothing to say. */
function explainResource(resource: Resource, view: MeshView): Explanation | undefined {
  if (isWorkloadKind(resource.kind)) return explainWorkload(resource, view);
  switch (resource.kind) {
    case 'Service':
      return explainService(resource, view);
    case 'Namespace':
      return explainNamespace(resource, view);
    case PEER_AUTHENTICATION:
      return explainPeerAuthentication(resource, view);
    default:
      return undefined;
  }
}

/** One section for each resource, whatever namespace an environment gives it; the environments stand last. */
function sectionsOf(
  found: readonly (Use & { readonly explanation: Explanation })[],
  file: string,
  views: readonly MeshView[],
): Section[] {
  const groups = new Map<string, InEnvironment[]>();
  for (const { resource, view, explanation } of found) {
    const key = `${resource.kind} ${resource.name ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), { environment: view.environment().plan.name, explanation }]);
  }
  const sections = [...groups.values()].map(acrossEnvironments);
  const last = explainFile(file, views).map(({ parts }) => ({ environments: [], parts }));
  return sections.map((section, i) =>
    i < sections.length - 1 ? section : { ...section, statements: [...section.statements, ...last] },
  );
}

/** A label or annotation that a kustomization adds to many: told by what hangs on it. */
function transformerSection({ path, value }: Cursor, views: readonly MeshView[]): Section | undefined {
  const setting = INJECTION_SETTINGS.find(({ key }) => key === path.at(-1));
  const mesh = setting?.mesh;
  if (setting === undefined || mesh === undefined) return undefined;
  const all = views.flatMap((view) => {
    const statements = tallyStatements(tallyOf(value, mesh, view), mesh);
    const title = `${setting.key}, set here for many resources`;
    return statements.length === 0 ? [] : [{ environment: view.environment().plan.name, explanation: { title, statements } }];
  });
  return all.length === 0 ? undefined : acrossEnvironments(all);
}

/** A resource that no environment takes in. */
function unusedSection(
  file: string,
  offset: number,
  { path }: Cursor,
  views: readonly MeshView[],
  repository: Repository,
): Section | undefined {
  if (path.join('/') !== 'kind' && path.join('/') !== 'metadata/name') return undefined;
  if (views.some((view) => view.environment().files.includes(file))) return undefined;
  const document = documentAt(repository, file, offset);
  const resource = repository.resources(file).find(({ source }) => source === document);
  if (resource === undefined || !isExplained(resource)) return undefined;
  return { title: resource.title, statements: explainFile(file, []).map(({ parts }) => ({ environments: [], parts })) };
}

function isExplained({ kind }: Resource): boolean {
  return isWorkloadKind(kind) || kind === 'Service' || kind === 'Namespace' || kind === PEER_AUTHENTICATION;
}
