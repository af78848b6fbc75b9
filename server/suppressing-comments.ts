import type { LocatedFinding } from '../engine/findings/collect';
import type { Workspace } from '../engine/workspace';

/** Where a suppressing comment goes, and what it says around the reason. */
export interface CommentInsertion {
  readonly title: string;
  readonly at: number;
  readonly text: string;
  readonly reason: string;
  readonly after: string;
}

const REASON = 'reason';

/** A line that suppresses on the next already: its names, and whatever stands behind them. */
const SUPPRESSES_NEXT = /^([ \t]*#[ \t]*mesh-lint-disable-next-line(?:[ \t]+(?!--)[^\s]+)*?)([ \t]+--[ \t].*|[ \t]*)$/;
/** The separator by itself: a comment may follow it. */
const SEPARATOR = /^---[ \t]*(?:#.*)?$/;

/** The comments that would suppress a finding: for its line, and for its document. None in JSON, which has no comments. */
export function suppressingComments(workspace: Workspace, { reported, start }: LocatedFinding): CommentInsertion[] {
  const manifest = workspace.repository.peekManifest(reported.file);
  if (manifest === undefined || reported.file.endsWith('.json')) return [];
  const { text } = manifest;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const comments = [forLine(text, start, reported.rule, eol)];
  const document = manifest.documents.findLast((candidate) => candidate.start <= start);
  const at = document === undefined ? undefined : topOf(text, document.start, start);
  if (at !== undefined) {
    const what = manifest.documents.length > 1 ? 'document' : 'file';
    comments.push({
      title: `Disable ${reported.rule} for this ${what}, with a reason`,
      at,
      text: `# mesh-lint-disable ${reported.rule} -- `,
      reason: REASON,
      after: eol,
    });
  }
  return comments;
}

function forLine(text: string, start: number, rule: string, eol: string): CommentInsertion {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const title = `Disable ${rule} for this line, with a reason`;
  const above = text.slice(text.lastIndexOf('\n', line - 2) + 1, Math.max(line - 1, 0)).replace(/\r$/, '');
  const match = line === 0 ? null : SUPPRESSES_NEXT.exec(above);
  if (match !== null) {
    // A second comment between it and the line would take its line away.
    const at = text.lastIndexOf('\n', line - 2) + 1 + (match[1] ?? '').length;
    return { title: `Disable ${rule} for this line`, at, text: ` ${rule}`, reason: '', after: '' };
  }
  const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
  const bom = line === 0 && text.startsWith('\uFEFF') ? 1 : 0;
  return { title, at: line + bom, text: `${indent}# mesh-lint-disable-next-line ${rule} -- `, reason: REASON, after: eol };
}

/** Where the content of a document may be preceded by a comment; undefined when it stands on the separator's own line. */
function topOf(text: string, documentStart: number, before: number): number | undefined {
  let at = documentStart + (documentStart === 0 && text.startsWith('\uFEFF') ? 1 : 0);
  let top = at;
  while (at < before) {
    const feed = text.indexOf('\n', at);
    if (feed < 0) break;
    const line = text.slice(at, feed).replace(/\r$/, '');
    at = feed + 1;
    if (SEPARATOR.test(line)) return at;
    if (line.startsWith('---')) return undefined;
    if (line.startsWith('%')) top = at;
    else if (line.trim() !== '' && !line.trimStart().startsWith('#')) break;
  }
  return top;
}
