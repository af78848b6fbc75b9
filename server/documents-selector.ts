/**
 * The documents that the server is for, by language and by name, in the shape of a document selector; one list for server and client. By name
 * as well, since an editor may call a manifest by a language of its own, or none.
 */

/** Files whose text the server reads. Groups are not nested: not every client can read that. */
export const MANIFEST_PATTERN = '**/{*.yaml,*.yml,*.json,Kustomization,CODEOWNERS}';

export const DOCUMENTS = [
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', language: 'json' },
  { scheme: 'file', language: 'helm' },
  { scheme: 'file', pattern: MANIFEST_PATTERN },
] as const;
