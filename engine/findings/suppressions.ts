import type { ManifestDocument } from '../yaml/document';
import type { Manifest } from '../yaml/manifest';
import type { Resource } from '../resources/resource';
import type { YamlNode } from '../yaml/tree';
import { familyOf } from './rule';

/** What a suppression names: rule ids, families or `*`. */
export type Names = readonly string[];

/** A comment that suppresses. Offsets are those of the file. */
export interface CommentSuppression {
  readonly file: string;
  /** Where the comment stands. */
  readonly start: number;
  readonly end: number;
  readonly names: Names;
  /** The findings it covers start in this range. */
  readonly covers: readonly [start: number, end: number];
}

const COMMENT = /^\uFEFF?[ \t]*(#[ \t]*mesh-lint-disable(-next-line)?(?:[ \t]+([^\r\n]*))?)$/gm;

/** The annotation that suppresses on one resource. */
export const IGNORE_ANNOTATION = 'mesh-lint/ignore';
/** istioctl's own: a comma-separated list of codes, or `*` (istio/istio pkg/config/analysis, 1.32 development). */
export const ISTIO_SUPPRESS_ANNOTATION = 'galley.istio.io/analyze-suppress';

/** The suppressing comments of a file. A `mesh-lint-disable` that stands below a document's first line of content suppresses nothing. */
export function commentSuppressions(manifest: Manifest): CommentSuppression[] {
  const speaking = [...manifest.mentions('mesh-lint-disable').all].sort((a, b) => a.index - b.index);
  return speaking.flatMap((document) => commentsIn(document, manifest));
}

function commentsIn(document: ManifestDocument, manifest: Manifest): CommentSuppression[] {
  const found: CommentSuppression[] = [];
  const { text, start: offset, file } = document;
  for (const match of text.matchAll(COMMENT)) {
    const [line, comment = '', nextLine, rest = ''] = match;
    const start = match.index + line.indexOf(comment);
    const names = namesIn(rest);
    const end = start + comment.trimEnd().length;
    const covers = nextLine === undefined ? documentRange(document, start) : lineAfter(document, end, manifest);
    found.push({ file, start: offset + start, end: offset + end, names, covers });
  }
  return found;
}

/** Names up to ` -- `, behind which the reason stands. */
function namesIn(text: string): Names {
  return (text.split(/(?:^|[ \t])--(?:[ \t]|$)/, 1)[0] ?? '').split(/[\s,]+/).filter((name) => name !== '');
}

/** The line below an offset of a document, which may be the first of the next document. */
function lineAfter({ text, start, index }: ManifestDocument, from: number, manifest: Manifest): [number, number] {
  const feed = text.indexOf('\n', from);
  if (feed < 0) return [start + text.length, start + text.length];
  const next = manifest.documents[index + 1];
  const [below, at, offset] = feed + 1 < text.length || next === undefined ? [text, feed + 1, start] : [next.text, 0, next.start];
  const end = below.indexOf('\n', at);
  return [offset + at, end < 0 ? offset + below.length + 1 : offset + end];
}

function documentRange({ text, start }: ManifestDocument, at: number): [number, number] {
  const onlyComments = text
    .slice(0, at)
    .split(/\r?\n/)
    .every((line) => /^(?:\uFEFF)?\s*(?:#.*|---(?:\s.*)?|%.*)?$/.test(line));
  return onlyComments ? [start, start + text.length] : [start + at, start + at];
}

/** Whether a suppression's names take in a rule. */
export function namesRule(names: Names, rule: string): boolean {
  return names.some((name) => name === '*' || name === rule || name === familyOf(rule));
}

/** What a resource's own annotations suppress. */
export interface AnnotationSuppression {
  readonly names: Names;
  readonly node: YamlNode;
}

const marked = new WeakMap<Resource, boolean>();

/** Whether the text that holds a resource speaks of the annotation at all: reading it would parse resources that nobody else reads. */
export function mayCarrySuppression(resource: Resource): boolean {
  let known = marked.get(resource);
  if (known === undefined) {
    known = resource.source.text.includes(IGNORE_ANNOTATION);
    marked.set(resource, known);
  }
  return known;
}

export function annotationSuppression(resource: Resource): AnnotationSuppression | undefined {
  const annotation = resource.annotations.get(IGNORE_ANNOTATION);
  return annotation.is === 'known' ? { names: listOf(annotation.value), node: annotation.node } : undefined;
}

/** Whether istioctl's annotation on the resource covers a finding that stands for these codes. */
export function istioSuppresses(resource: Resource, equivalents: readonly string[]): boolean {
  const codes = equivalents.filter((code) => code.startsWith('IST'));
  if (codes.length === 0) return false;
  const annotation = resource.annotations.get(ISTIO_SUPPRESS_ANNOTATION);
  if (annotation.is !== 'known') return false;
  const listed = listOf(annotation.value);
  return listed.includes('*') || codes.some((code) => listed.includes(code));
}

function listOf(value: string): Names {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
