import { defineRule } from '../../engine/findings/rule';

export const rule = defineRule({
  id: 'manifest/syntax',
  severity: 'error',
  summary: 'A document cannot be read as YAML.',
  why: 'Kubernetes refuses a document that is no YAML, and nothing that stands in it can be checked. The documents beside it are read as usual.',
  todo: 'Correct the text at the place that is named. One error is reported for each document; another may show once it is gone.',
  kinds: ['file:*'],
  equivalents: [],
  docs: 'https://yaml.org/spec/1.2.2/',
  since: '0.1.0',
  noFix: 'what the text should have been is not known',
  examples: {
    bad: [
      {
        title: 'A value that YAML takes for two',
        files: { 'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart: blue\n' },
        findings: [
          {
            at: 'service.yaml:4:9',
            text: 'c',
            message:
              'This document cannot be read: nested mappings are not allowed in compact mappings. Kubernetes refuses it, and nothing in it is checked.',
          },
        ],
      },
      {
        title: 'A tab as indentation; the document beside it is read',
        files: {
          'pair.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\napiVersion: v1\nkind: Service\nmetadata:\n\tname: cart\n',
        },
        findings: [
          {
            at: 'pair.yaml:9:1',
            text: '\t',
            message:
              'This document cannot be read: a tab is used as indentation; YAML allows only spaces there. Kubernetes refuses it, and nothing in it is checked.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'CODEOWNERS is no YAML',
        files: { CODEOWNERS: '* @shop/platform\n/cart/ @shop/cart: {\n' },
      },
      {
        title: 'Template actions are no errors',
        files: {
          'chart/Chart.yaml': 'apiVersion: v2\nname: cart\nversion: 1.0.0\n',
          'chart/templates/service.yaml':
            'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n{{- with .Values.labels }}\n  labels:\n    {{- toYaml . | nindent 4 }}\n{{- end }}\n',
        },
      },
    ],
  },
  *check(subject, view) {
    for (const { document, message, start, end } of view.repository.problems(subject.file)) {
      yield {
        place: document.placeOf(start, end),
        message: `This document cannot be read: ${message}. Kubernetes refuses it, and nothing in it is checked.`,
      };
    }
  },
});
