/**
 * Rules that no release has, for tests of what the server makes of them. `server-with-more-rules.ts` puts them beside the real ones.
 */
import { defineRule } from '../../engine/findings/rule';
import type { Finding, Rule } from '../../engine/findings/rule';
import type { Resource } from '../../engine/resources/resource';
import { removeEntry, replaceScalar } from '../../engine/yaml/edit';

function rule(id: Rule['id'], check: (subject: Resource) => Iterable<Finding>): Rule {
  return defineRule({
    id,
    severity: 'warning',
    summary: '',
    why: '',
    todo: '',
    kinds: ['Namespace'],
    equivalents: [],
    docs: 'https://example.com/',
    since: '0.1.0',
    noFix: '',
    examples: { bad: [{ title: '', files: {}, findings: [] }], good: [{ title: '', files: {} }] },
    check,
  });
}

/** Fails on every Namespace. */
const faulty = rule('manifest/faulty', (subject) => {
  throw new Error(`no good at ${subject.title}`);
});

/** The label `step` goes from one to three, a fix at a time; then its neighbour `done` has to go. */
const steps = rule('manifest/steps', function* (subject) {
  const labels = subject.at('metadata', 'labels');
  if (labels?.type !== 'map') return;
  const value = labels.get('step');
  const next = value?.type === 'scalar' ? { one: 'two', two: 'three' }[String(value.value)] : undefined;
  if (value?.type === 'scalar' && next !== undefined) {
    const edits = (): [ReturnType<typeof replaceScalar>] => [replaceScalar(value, next)];
    yield { place: { node: value }, message: `Go to ${next}.`, fixes: [{ title: 'Go on', safe: true, edits }] };
  }
  const done = labels.entry('done');
  if (done === undefined || value?.type !== 'scalar' || value.value !== 'three') return;
  const removed = removeEntry(labels, done);
  const fixes = removed === undefined ? [] : [{ title: 'Remove it', safe: true, edits: () => [removed] }];
  yield { place: { node: done.key }, message: 'Done.', fixes };
});

export const moreRules = [faulty, steps];
