import type { Report, ReportedFinding, ReportedVerdict, Severity, TextRange } from '../engine/findings/report';
import type { Wanted } from '../host';
import type { Linter } from './lint';

/** Findings of a fake linter: each line `!<severity> <rule> <message>` of a file is one, at that line. */
const LINE = /^.*!(error|warning|info|hint) (\S+) (.*)$/s;

export const lineRange = (line: number, from: number, to: number): TextRange => ({
  start: { line, column: from },
  end: { line, column: to },
});

export function finding(changes: Partial<ReportedFinding>): ReportedFinding {
  return {
    rule: 'istio/example',
    severity: 'error',
    message: 'Something is wrong.',
    file: 'a.yaml',
    range: lineRange(1, 1, 2),
    resource: null,
    environments: ['prod'],
    effective: [],
    equivalents: [],
    related: [],
    fixable: false,
    docs: '',
    ...changes,
  };
}

export function verdict(changes: Partial<ReportedVerdict>): ReportedVerdict {
  return {
    environment: 'prod',
    choice: 'none',
    target: null,
    confidence: 0.8,
    summary: 'Nothing here needs a mesh.',
    reasons: [{ text: 'three services', evidence: [{ file: 'a.yaml', range: lineRange(1, 1, 2) }] }],
    flips: [],
    guides: [],
    facts: { services: 3 },
    unanswered: [],
    ...changes,
  };
}

/** A linter for tests that need no engine: it finds what the texts say, and remembers what it was handed. */
export class FakeLinter implements Linter {
  readonly texts = new Map<string, string>();
  readonly large: string[] = [];

  wants(path: string): Wanted {
    return /\.(ya?ml|json)$/.test(path) ? 'text' : 'nothing';
  }

  accepts(_path: string, text: string): boolean {
    return text.includes('kind:');
  }

  set(path: string, text: string): void {
    this.texts.set(path, text);
  }

  name(): void {
    // Names alone find nothing.
  }

  tooLarge(path: string): void {
    this.large.push(path);
  }

  faults(): { rule: string; file: string; error: unknown }[] {
    return [...this.texts].flatMap(([file, text]) =>
      text.includes('!fault') ? [{ rule: 'istio/bad', file, error: new Error('oops') }] : [],
    );
  }

  report({ only }: { readonly only?: readonly string[] } = {}): Report {
    const files = [...this.texts].sort(([a], [b]) => (a < b ? -1 : 1));
    const findings = files.flatMap(([file, text]) => (only === undefined || only.includes(file) ? findingsIn(file, text) : []));
    return {
      version: 1,
      findings,
      environments: [{ name: 'prod', kind: 'folder', root: '', files: files.length, resources: files.length, partial: [] }],
      verdict:
        files.length === 0
          ? null
          : verdict({ reasons: [{ text: 'r', evidence: [{ file: files[0]?.[0] ?? '', range: lineRange(1, 1, 2) }] }] }),
      verdicts: [],
      stats: { files: 99, skipped: 99, documents: files.length, resources: files.length, milliseconds: 99 },
    };
  }
}

function findingsIn(file: string, text: string): ReportedFinding[] {
  return text.split('\n').flatMap((line, i) => {
    const [, severity, rule, message] = LINE.exec(line) ?? [];
    if (severity === undefined || rule === undefined || message === undefined) return [];
    return [finding({ file, rule, message, severity: severity as Severity, range: lineRange(i + 1, 1, 6) })];
  });
}
