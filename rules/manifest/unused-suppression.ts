import { UNUSED_SUPPRESSION } from '../../engine/findings/unused';
import { defineRule } from '../../engine/findings/rule';
import { ANY_FILE } from '../../engine/resources/file-subject';

export const rule = defineRule({
  id: UNUSED_SUPPRESSION,
  severity: 'warning',
  summary: 'A suppression suppresses nothing.',
  why: 'A suppression that outlives its finding hides the next one that comes up in its place, which nobody has looked at.',
  todo: 'Remove it, or move it: a next-line comment covers the line below it, a file comment must stand above the first line of its document.',
  kinds: [ANY_FILE],
  equivalents: [],
  docs: 'https://github.com/mesh-lint/mesh-lint/blob/main/docs/suppressions.md',
  since: '0.1.0',
  tags: ['unnecessary'],
  noFix: 'the comment may stand in the wrong place rather than be out of date',
  examples: {
    bad: [
      {
        title: 'A comment without a finding below it',
        files: {
          'service.yaml':
            'apiVersion: v1\nkind: Service\nmetadata:\n  # mesh-lint-disable-next-line manifest/duplicate-resource -- two are wanted\n  name: cart\n',
        },
        findings: [
          {
            at: 'service.yaml:4:3',
            text: '# mesh-lint-disable-next-line manifest/duplicate-resource -- two are wanted',
            message:
              'This suppression of "manifest/duplicate-resource" suppresses nothing: the finding is gone, or the comment stands in the wrong place. Remove it.',
          },
        ],
      },
      {
        title: 'An annotation without a finding',
        files: {
          'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  annotations:\n    mesh-lint/ignore: istio\n',
        },
        findings: [
          {
            at: 'service.yaml:6:23',
            text: 'istio',
            message:
              'This suppression of "istio" suppresses nothing: the finding is gone, or the comment stands in the wrong place. Remove it.',
          },
        ],
      },
    ],
    good: [{ title: 'No suppression', files: { 'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n' } }],
  },
  // Whether a suppression was used is known only when every other rule has spoken: the collector reports it under this rule.
  check: () => [],
});
