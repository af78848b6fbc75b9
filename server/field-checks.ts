import type { LocatedFinding } from '../engine/findings/collect';

/** The rules that say what a JSON Schema says as well; `meshLint.fieldChecks` turns them off. */
export const FIELD_CHECKS: readonly string[] = [
  'istio/conflicting-fields',
  'istio/invalid-value',
  'istio/missing-field',
  'istio/unknown-field',
];

/** The comment by which a document names its own schema (redhat-developer/yaml-language-server, "Using inlined schema"). */
const NAMED_SCHEMA = /^#[ \t]*yaml-language-server[ \t]*:[ \t]*\$schema=(\S+)/m;

/** A file as far as comments in it go. */
interface Commented {
  /** `root` is undefined for one that has no content. */
  readonly documents: readonly { readonly start: number; readonly text: string; readonly root: unknown }[];
  /** The documents that hold a word. */
  mentions(word: string): { readonly all: ReadonlySet<unknown> };
}

/**
 * Leaves out what another extension says of the same text: findings that a schema would have as well, in documents that name one of their
 * own for the kind that they hold. The command reports them in any case.
 *
 * @param manifest the file that the findings stand in; undefined where its text is not here
 */
export function withoutFieldChecks(
  findings: readonly LocatedFinding[],
  manifest: Commented | undefined,
): readonly LocatedFinding[] {
  if (manifest === undefined || !findings.some(isFieldCheck) || manifest.mentions('yaml-language-server').all.size === 0)
    return findings;
  return findings.filter((finding) => {
    const kind = finding.reported.resource?.kind;
    return kind === undefined || !isFieldCheck(finding) || !isOfKind(schemaNamedAt(manifest, finding.start), kind);
  });
}

const isFieldCheck = ({ reported }: LocatedFinding): boolean => FIELD_CHECKS.includes(reported.rule);

/** The schema that is named at the top of the document that holds an offset, or among the comments ahead of its `---`. */
function schemaNamedAt({ documents }: Commented, offset: number): string | undefined {
  const index = documents.findLastIndex(({ start }) => start <= offset);
  const ahead = documents[index - 1];
  const texts = [ahead !== undefined && ahead.root === undefined ? ahead.text : '', documents[index]?.text ?? ''];
  return texts.map((text) => NAMED_SCHEMA.exec(text)?.[1]).find((schema) => schema !== undefined);
}

/** Whether the name of a schema's file has the kind in it: `virtualservice_v1.json`, `virtual-service.json`. */
function isOfKind(schema: string | undefined, kind: string): boolean {
  if (schema === undefined) return false;
  const file = schema.replace(/[?#].*$/, '').replace(/^.*\//, '');
  return file
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .includes(kind.toLowerCase());
}
