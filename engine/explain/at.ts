import { kustomizationIn } from '../environments/kustomize/kustomization';
import { directoryOf } from '../environments/paths';
import type { Repository } from '../environments/repository';
import { originOf } from '../mesh/collisions';
import { PEER_AUTHENTICATION } from '../mesh/mtls';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { ManifestDocument } from '../yaml/document';
import type { Place } from '../yaml/tree';
import { acrossEnvironments, sectionsFrom } from './across';
import type { Draft, InEnvironment, Section, SharedStatement } from './across';
import { explainConditional } from './conditional';
import { covers, cursorAt, documentAt } from './cursor';
import type { Cursor } from './cursor';
import { environmentName, explainFile, isWorthTelling, usesFile } from './file';
import { patchAt } from './patch';
import type { Spot, Use } from './patch';
import { explainPeerAuthentication } from './peer-authentication';
import { explainResource, isExplained, isExplainedKind } from './resource';
import { explainSetting, settingAt } from './setting';
import { INJECTION_SETTINGS } from './settings.data';
import { count, groupBy } from './statement';
import type { Explanation, Statement } from './statement';
import { tallyOf, tallyStatements } from './tally';

/** What is to be said about a position. */
export interface Explained<P = Place> {
  /** The key or value that it is about. */
  readonly place: P;
  /** One a resource; a patch may change several. */
  readonly sections: readonly Section<P>[];
}

/**
 * What the text at an offset of a file does, in each environment: an injection label or annotation, the kind or the name of a workload, a
 * Service, a Namespace or a PeerAuthentication, or a mode of mutual TLS. In a kustomize patch, inline or in a file, it is about the
 * resources that the patch changes. The first line of a file tells, besides, which environments use it. Undefined where there is nothing
 * to say.
 */
export function explainAt(
  file: string,
  offset: number,
  views: readonly MeshView[],
  repository: Repository,
): Explained | undefined {
  const document = documentAt(repository, file, offset);
  if (document === undefined) return undefined;
  const word = explainWord(document, offset, views, repository) ?? conditionalWord(document, offset);
  if (word?.tellsFile === true) return word;
  const line = explainFirstLine(document, offset, views, repository);
  if (word === undefined || line === undefined) return word ?? line;
  return { place: word.place, sections: [...word.sections, ...line.sections] };
}

/** What is said about a word; `tellsFile` when the environments of its file are among that. */
interface ExplainedWord extends Explained {
  readonly tellsFile: boolean;
}

function explainWord(
  document: ManifestDocument,
  offset: number,
  views: readonly MeshView[],
  repository: Repository,
): ExplainedWord | undefined {
  const cursor = document.root && cursorAt(document.root, offset);
  if (cursor === undefined) return undefined;
  const written = writtenAt(document, offset, views) ?? patchAt(document, offset, views, repository);
  const sections = written === undefined ? [] : sectionsOf(written.spot, written.uses, document.file, views);
  if (written !== undefined && sections.length > 0) return { place: { node: written.spot.node }, sections, tellsFile: true };
  const many = transformerSection(cursor, views);
  const section = many ?? unusedSection(document, cursor, views, repository);
  return section && { place: { node: cursor.node }, sections: [section], tellsFile: many === undefined };
}

function conditionalWord(document: ManifestDocument, offset: number): ExplainedWord | undefined {
  const explained = explainConditional(document, offset, isExplainedKind);
  return explained && { ...explained, tellsFile: true };
}

/** Which environments use a file, told on the whole of its first line. */
function explainFirstLine(
  document: ManifestDocument,
  offset: number,
  views: readonly MeshView[],
  repository: Repository,
): Explained | undefined {
  const { file } = document;
  const end = /^[^\r\n]*/.exec(document.text)?.[0].length ?? 0;
  if (document.start > 0 || offset > end) return undefined;
  // Of files that no environment uses, those are told that could be.
  const isUsed = views.some((view) => usesFile(file, view));
  const couldBe = repository.resources(file).length > 0 || kustomizationIn(repository, directoryOf(file))?.file === file;
  const statements = (isUsed || couldBe) && isWorthTelling(file, views) ? explainFile(file, views) : [];
  if (statements.length === 0) return undefined;
  return { place: document.placeOf(0, end), sections: [{ title: file, statements: statements.map(ofAll) }] };
}

function ofAll({ parts }: Statement): SharedStatement {
  return { environments: [], parts };
}

/** What is written at an offset, and the effective resources that are made of it. */
function writtenAt(
  document: ManifestDocument,
  offset: number,
  views: readonly MeshView[],
): { readonly spot: Spot; readonly uses: readonly Use[] } | undefined {
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
  const spot = root && cursorAt(root, offset);
  return spot && { spot, uses: own.filter((use) => use.root === root) };
}

/** What a position in a resource's text is about. */
function explain(resource: Resource, { path, value }: Spot, view: MeshView, views: readonly MeshView[]): Explanation | undefined {
  const at = path.join('/');
  if (at === 'kind' || at === 'metadata/name') return explainResource(resource, view, views);
  const setting = settingAt(resource, path);
  if (setting !== undefined) return explainSetting(resource, setting, value, view, views);
  if (resource.kind !== PEER_AUTHENTICATION) return undefined;
  if (at === 'spec/mtls/mode' || at === 'spec/mtls') return explainPeerAuthentication(resource, view);
  const port = /^spec\/portLevelMtls\/(\d{1,5})(?:\/mode)?$/.exec(at)?.[1];
  return port === undefined ? undefined : explainPeerAuthentication(resource, view, Number(port));
}

/** Resources that are explained one by one; of more only the number is told. */
const EXPLAINED = 5;

/** What is said of each resource, whatever namespace an environment gives it; the environments of the file stand last. */
function sectionsOf(spot: Spot, uses: readonly Use[], file: string, views: readonly MeshView[]): Section[] {
  const groups = groupBy(uses, ({ resource }) => `${resource.kind} ${resource.name ?? ''}`);
  const among = [...new Set(uses.map(({ view }) => environmentName(view)))];
  const drafts: Draft[] = [];
  let more = 0;
  for (const group of groups.values()) {
    if (drafts.length === EXPLAINED) more++;
    else drafts.push(...draftOf(spot, group, among, views));
  }
  const sections = sectionsFrom(drafts);
  if (more > 0) sections.push({ title: `And ${count(more, 'more resource')}`, statements: [] });
  return sections.map((section, i) =>
    i < sections.length - 1
      ? section
      : { ...section, statements: [...section.statements, ...explainFile(file, views).map(ofAll)] },
  );
}

function draftOf(spot: Spot, group: readonly Use[], among: readonly string[], views: readonly MeshView[]): Draft[] {
  const told = group.flatMap(({ resource, view }): InEnvironment[] => {
    const explanation = explain(resource, spot, view, views);
    return explanation === undefined ? [] : [{ environment: environmentName(view), explanation }];
  });
  return told.length === 0 ? [] : [acrossEnvironments(told, among)];
}

/** A label or annotation that a kustomization adds to many: told by what hangs on it. */
function transformerSection({ path, value }: Cursor, views: readonly MeshView[]): Section | undefined {
  const setting = INJECTION_SETTINGS.find(({ key }) => key === path.at(-1));
  const mesh = setting?.mesh;
  if (setting === undefined || mesh === undefined) return undefined;
  const all = views.flatMap((view) => {
    const statements = tallyStatements(tallyOf(value, mesh, view), mesh, view);
    const explanation = { about: '', subject: `${setting.key}, added here to several resources`, statements };
    return statements.length === 0 ? [] : [{ environment: environmentName(view), explanation }];
  });
  return all.length === 0 ? undefined : sectionsFrom([acrossEnvironments(all)])[0];
}

/** A resource that no environment takes in. */
function unusedSection(
  document: ManifestDocument,
  { path }: Cursor,
  views: readonly MeshView[],
  repository: Repository,
): Section | undefined {
  const { file } = document;
  if (path.join('/') !== 'kind' && path.join('/') !== 'metadata/name') return undefined;
  if (views.some((view) => usesFile(file, view))) return undefined;
  const resource = repository.resources(file).find(({ source }) => source === document);
  if (resource === undefined || !isExplained(resource)) return undefined;
  return { title: resource.title, statements: explainFile(file, []).map(ofAll) };
}
