import { expect } from 'vitest';
import { defineRule } from '../../engine/findings/rule';
import type { MeshView } from '../../engine/mesh/view';
import { workspaceOf } from './lint';
import type { Files } from './lint';

/**
 * What a query answers in the one environment that these files make, with a Namespace `probe` beside them.
 * @param question is asked while a rule runs, as every query is
 */
export function ask<T>(files: Files, question: (view: MeshView) => T): T {
  const answers: T[] = [];
  const probe = defineRule({
    id: 'manifest/probe',
    severity: 'info',
    summary: '',
    why: '',
    todo: '',
    kinds: ['Namespace'],
    equivalents: [],
    docs: '',
    since: '0.1.0',
    noFix: 'it finds nothing',
    examples: { bad: [{ title: '', files: {}, findings: [] }], good: [{ title: '', files: {} }] },
    check(subject, view) {
      if (subject.name === 'probe') answers.push(question(view));
      return [];
    },
  });
  const workspace = workspaceOf({ 'probe.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: probe\n', ...files }, [
    probe,
  ]);
  workspace.findings();
  expect(workspace.faults()).toEqual([]);
  expect(answers, 'the files make one environment').toHaveLength(1);
  return answers[0]!;
}
