import { defineRule } from '../../engine/findings/rule';
import { TOO_LARGE_FILE } from '../../engine/resources/file-subject';
import { UnknownNode } from '../../engine/yaml/tree';

const MEGABYTE = 1024 * 1024;

export const rule = defineRule({
  id: 'manifest/too-large',
  severity: 'info',
  summary: 'A file is too large to be read.',
  why: 'What the file defines is missing from every answer: references to it look broken, and nothing in it is checked.',
  todo: 'Split the file, or list it under `ignore` in `.mesh-lint.yaml` if it holds nothing that concerns a mesh.',
  kinds: [TOO_LARGE_FILE],
  equivalents: [],
  docs: 'https://github.com/mesh-lint/mesh-lint/blob/main/docs/configuration.md',
  since: '0.1.0',
  noFix: 'how to split a file is for its owner to say',
  examples: {
    bad: [
      {
        title: 'A file of over 5 MB',
        files: { 'dump.yaml': `# ${'x'.repeat(6 * MEGABYTE)}\n` },
        findings: [
          {
            at: 'dump.yaml:1:1',
            text: '',
            message:
              'This file has 6.0 MB and is not read: the limit is 5 MB. Split it, or list it under "ignore" if it does not matter here.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A file of ordinary size',
        files: { 'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n' },
      },
    ],
  },
  *check(subject, view) {
    const problem = view.repository.tooLarge(subject.file);
    if (problem === undefined) return;
    const size = (problem.bytes / MEGABYTE).toFixed(1);
    yield {
      place: { node: new UnknownNode(subject.source, 0, 0) },
      message: `This file has ${size} MB and is not read: the limit is ${problem.limit / MEGABYTE} MB. Split it, or list it under "ignore" if it does not matter here.`,
    };
  },
});
