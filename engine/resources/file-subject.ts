import { absent, known } from '../tristate';
import type { ManifestDocument } from '../yaml/document';
import type { Source } from '../yaml/tree';
import { Resource } from './resource';

/** Files that are no resource but that rules read: the pattern of their name, and the kind under which rules ask for them. */
const FILE_KINDS: readonly (readonly [RegExp, string])[] = [
  [/^Chart\.yaml$/, 'file:Chart.yaml'],
  [/^requirements\.yaml$/, 'file:requirements.yaml'],
  [/^values[^/]*\.ya?ml$/, 'file:values.yaml'],
  [/^helmfile[^/]*\.ya?ml$/, 'file:helmfile.yaml'],
  [/^(?:kustomization\.ya?ml|Kustomization)$/, 'file:kustomization.yaml'],
  [/^\.mesh-lint\.ya?ml$/, 'file:.mesh-lint.yaml'],
];

/** Every file that was read is a subject of this kind, whatever else it is. */
export const ANY_FILE = 'file:*';

/** The kind of a file that rules read by name; undefined for others. */
export function fileKindOf(baseName: string): string | undefined {
  return FILE_KINDS.find(([pattern]) => pattern.test(baseName))?.[1];
}

/** Whether a file's text is YAML (or JSON, which YAML takes in): CODEOWNERS is read as well and is neither. */
export function isYamlFile(baseName: string): boolean {
  return /\.(?:ya?ml|json)$/.test(baseName) || baseName === 'Kustomization';
}

/** A document of such a file, in the shape in which rules receive their subjects; its name is the file's path. */
export function fileSubject(kind: string, document: ManifestDocument): Resource {
  return new Resource({ apiVersion: '', kind, name: known(document.file), namespace: absent }, document, () => {
    const root = document.root;
    return root?.type === 'map' ? root : undefined;
  });
}

/** A file that is too large to be read is a subject of this kind; only its path is known. */
export const TOO_LARGE_FILE = 'file:too-large';

/** The subject for a file whose text is not here. */
export function unreadFileSubject(path: string): Resource {
  const source: Source = { file: path, text: '', locate: () => [0, 0], slice: () => '' };
  return new Resource({ apiVersion: '', kind: TOO_LARGE_FILE, name: known(path), namespace: absent }, source, () => undefined);
}

/** Whether a subject is a file rather than a resource. */
export function isFileSubject(subject: Resource): boolean {
  return subject.kind.startsWith('file:');
}
