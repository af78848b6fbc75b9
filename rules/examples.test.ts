import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../engine/findings/collect';
import type { Rule } from '../engine/findings/rule';
import { applyEdits, coveredText, startOf, workspaceOf } from '../test/support/lint';
import type { Files } from '../test/support/lint';
import { rules } from './index';

/** Only the rule itself runs, so that examples stay about one thing; the syntax rule would tell on a broken example. */
function findingsOf(rule: Rule, files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  it.each(rule.examples.bad.map((example) => [example.title, example] as const))('bad: %s', (_title, example) => {
    const found = findingsOf(rule, example.files).map((finding) => ({
      at: startOf(finding),
      text: coveredText(example.files, finding),
      message: finding.reported.message,
    }));
    expect(found).toEqual(example.findings);
  });

  it.each(rule.examples.good.map((example) => [example.title, example] as const))('good: %s', (_title, example) => {
    expect(findingsOf(rule, example.files).map((finding) => finding.reported)).toEqual([]);
  });

  it('has fixes that remove what they repair, and that do nothing the second time', () => {
    let tried = 0;
    for (const example of rule.examples.bad) {
      for (const finding of findingsOf(rule, example.files)) {
        for (const fix of finding.fixes) {
          const edits = fix.edits();
          if (edits === undefined || edits.length === 0) continue;
          tried++;
          const repaired = applyEdits(example.files, edits);
          const again = findingsOf(rule, repaired);
          const same = again.find(
            (other) => startOf(other) === startOf(finding) && other.reported.message === finding.reported.message,
          );
          expect(same, `${fix.title}\n${JSON.stringify(repaired, null, 1)}`).toBeUndefined();
          for (const other of again) {
            for (const next of other.fixes) expect(next.title === fix.title && sameEdits(next.edits(), edits)).toBe(false);
          }
        }
      }
    }
    if ('fix' in rule) expect(tried, 'a rule with a fix shows it in a bad example').toBeGreaterThan(0);
    else expect(tried, 'a rule that declares noFix offers none').toBe(0);
  });
});

function sameEdits(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
