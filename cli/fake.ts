import type { Decision, Decisions } from '../engine/answers/decisions';
import type { Location, Report, ReportedFinding, ReportedVerdict, Severity, TextRange } from '../engine/findings/report';
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

/** A decision in which everything is said once. */
export function decision(changes: Partial<Decision<Location>> = {}): Decision<Location> {
  const evidence = [{ file: 'a.yaml', range: lineRange(1, 1, 2) }];
  const cost = { low: 100, high: 2400, guides: ['B', 'E'] } as const;
  return {
    environment: 'prod',
    production: true,
    choice: 'none',
    target: null,
    confidence: 0.8,
    summary: 'No mesh: 3 services are under the 10 where one starts to pay.',
    facts: { services: 3 },
    context: [{ text: '3 services.', evidence }],
    reasons: [{ text: '3 services are under 10.', evidence }],
    unanswered: ['engineers'],
    guides: [
      {
        id: 'A',
        name: 'A guide',
        date: '2024',
        choice: 'none',
        reason: 'It says no.',
        needs: [],
        between: [],
        corrections: [{ id: 'splitting', claim: 'it cannot split', holds: 'it can', source: 'its page' }],
      },
    ],
    uncovered: ['No guide speaks of claim-based routing.'],
    flips: [{ when: 'at 30 services', choice: 'linkerd' }],
    costs: {
      pods: 'Reckoned for 9 pods.',
      options: [
        {
          option: 'linkerd',
          name: 'Linkerd',
          perPod: { memory: cost, cpu: cost },
          memory: cost,
          cpu: cost,
          latency: null,
          slower: cost,
          installation: cost,
          notes: ['A note.'],
        },
      ],
      requests: [
        { mesh: 'linkerd', workloads: 2, unshown: 1, cpu: { low: 20, high: 40 }, memory: { low: 64, high: 64 }, evidence },
      ],
    },
    losses: [{ option: 'linkerd', name: 'Linkerd', losses: [{ feature: 'Wasm', instead: 'the application', evidence }] }],
    alternatives: [{ purpose: 'mtls', state: 'idle', text: 'cert-manager is here.', evidence }],
    wayIn: {
      stage: 'alternatives',
      next: 'Nothing is to be done.',
      steps: [{ text: 'A step.', evidence }],
      order: [{ workload: 'Deployment shop/cart', callers: 2, fromOutside: true, evidence }],
    },
    sources: [{ id: 'A', name: 'A guide', date: '2024', corrections: [] }],
    ...changes,
  };
}

/** A linter for tests that need no engine: it finds what the texts say, and remembers what it was handed. */
export class FakeLinter implements Linter {
  readonly texts = new Map<string, string>();
  readonly large: string[] = [];
  remotes: readonly string[] = [];

  setRemotes(urls: readonly string[]): void {
    this.remotes = urls;
  }

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

  explain(): undefined {
    return undefined;
  }

  environmentNames(): readonly string[] {
    return ['prod'];
  }

  decisions(): Decisions {
    const [file] = [...this.texts.keys()].sort();
    if (file === undefined) return { leading: undefined, others: [] };
    const evidence = [{ file, range: lineRange(1, 1, 2) }];
    return { leading: decision({ reasons: [{ text: 'r', evidence }] }), others: [decision({ environment: 'dev' })] };
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
      environments: [
        { name: 'prod', kind: 'folder', root: '', files: files.length, resources: files.length, partial: [], broughtBy: [] },
      ],
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
