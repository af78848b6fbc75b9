import type { Repository } from '../environments/repository';
import { isFileSubject } from '../resources/file-subject';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { locate } from '../yaml/tree';
import type { Place } from '../yaml/tree';
import type { Location, ReportedResource, TextRange } from './report';

/** The range of offsets in a file as it now is; the file's start when its text is not here. */
export function rangeIn(repository: Repository, file: string, start: number, end: number): TextRange {
  const manifest = repository.peekManifest(file);
  if (manifest === undefined) return { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  const from = manifest.positionAt(start);
  const to = manifest.positionAt(end);
  return { start: { line: from.line + 1, column: from.column + 1 }, end: { line: to.line + 1, column: to.column + 1 } };
}

/** Where a place stands in its file as it now is. */
export function locationOf(repository: Repository, place: Place): Location {
  const { file, start, end } = locate(place);
  return { file, range: rangeIn(repository, file, start, end) };
}

/** How reports name a resource; null for a file. */
export function reportedResource(subject: Resource): ReportedResource | null {
  if (isFileSubject(subject)) return null;
  const { apiVersion, kind } = subject.header;
  return { apiVersion, kind, namespace: shownNamespace(subject), name: subject.name ?? '' };
}

/** The namespace as reports name it; null for what has none. */
export function shownNamespace(subject: Resource): string | null {
  return subject.isClusterScoped || isFileSubject(subject) ? null : (subject.namespace ?? UNSET_NAMESPACE);
}
