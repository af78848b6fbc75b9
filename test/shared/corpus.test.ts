import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askReport } from '../../engine/answers/report';
import { Workspace } from '../../engine/workspace';
import type { MeshView } from '../../engine/mesh/view';
import { load } from '../../host';
import { rules } from '../../rules';
import { NOW } from '../support/lint';

const corpus = join(import.meta.dirname, '../../../shared/corpus');
const golden = join(import.meta.dirname, 'golden');
const FOLDERS = ['emojivoto', 'gitops-istio', 'istio-samples', 'linkerd-charts', 'online-boutique'];

/** What is kept of a run: names, places and choices, none of the manifests' text. */
function summaryOf(folder: string): { summary: unknown; workspace: Workspace } {
  const workspace = new Workspace({ rules, now: NOW });
  const loaded = load(join(corpus, folder), workspace);
  expect(loaded.problems).toEqual([]);
  const report = askReport(workspace);
  const place = (finding: (typeof report.findings)[number]): string =>
    `${finding.file}:${finding.range.start.line}:${finding.range.start.column}`;
  const verdicts = [report.verdict, ...report.verdicts].flatMap((verdict) => verdict ?? []);
  return {
    workspace,
    summary: {
      environments: report.environments.map(({ name, kind, resources }) => `${name} (${kind}): ${resources} resources`),
      findings: report.findings.map(
        (finding) => `${finding.severity} ${finding.rule} ${place(finding)} [${finding.environments.join(', ')}]`,
      ),
      membership: Object.fromEntries(workspace.views().map((view) => [view.scope().plan.name, membershipsIn(view)])),
      leading: report.verdict?.environment,
      verdicts: verdicts
        .map(
          ({ environment, choice, target, facts }) =>
            `${environment}: ${choice}${target === null ? '' : ` on ${target}`}, ${String(facts['services'])} services`,
        )
        .sort(),
    },
  };
}

/** The workloads of an environment by how they join, such as `sidecar yes, ambient no, linkerd no`. */
function membershipsIn(view: MeshView): Record<string, string> {
  const groups = new Map<string, Set<string>>();
  for (const workload of view.index.workloads()) {
    const membership = view.membership(workload);
    if (membership === undefined) continue;
    const { sidecar, ambient, linkerd } = membership;
    const how = `sidecar ${sidecar.joins}, ambient ${ambient.joins}, linkerd ${linkerd.joins}`;
    groups.set(how, (groups.get(how) ?? new Set()).add(workload.title));
  }
  return Object.fromEntries([...groups].sort().map(([how, titles]) => [how, [...titles].sort().join(', ')]));
}

describe.each(FOLDERS)('%s', (folder) => {
  const { summary, workspace } = summaryOf(folder);

  it('says what was judged right by hand', () => {
    const file = join(golden, `${folder}.json`);
    const text = `${JSON.stringify(summary, null, 2)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(golden, { recursive: true });
      writeFileSync(file, text);
    }
    expect(existsSync(file), 'run with UPDATE_GOLDEN=1, then judge every line').toBe(true);
    expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('has no syntax error and no fault of ours', () => {
    expect(workspace.faults()).toEqual([]);
    expect(workspace.findings().filter(({ rule }) => rule.id === 'manifest/syntax')).toEqual([]);
  });

  it('gives the same when loaded and edited back and forth', () => {
    const before = askReport(workspace);
    for (const path of workspace.repository.paths().slice(0, 25)) {
      const text = workspace.repository.peekManifest(path)?.text ?? '';
      workspace.set(path, `${text}\n# edited\n`);
      workspace.findings();
      workspace.set(path, text);
    }
    expect(askReport(workspace)).toEqual(before);
  });
});
