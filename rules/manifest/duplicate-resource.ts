import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { ANY_FILE } from '../../engine/resources/file-subject';
import type { Resource } from '../../engine/resources/resource';

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n';

export const rule = defineRule({
  id: 'manifest/duplicate-resource',
  severity: 'warning',
  summary: 'One file defines the same resource twice.',
  why: 'Applied in order, the later definition overwrites the earlier one: what the first says never holds. kustomize refuses the file outright.',
  todo: 'Keep one of the two, or give the second the name or namespace that it was meant to have.',
  kinds: [ANY_FILE],
  equivalents: [],
  docs: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  since: '0.1.0',
  noFix: 'which of the two was meant is not known',
  examples: {
    bad: [
      {
        title: 'A Service copied and not renamed',
        files: { 'services.yaml': `${SERVICE}---\n${SERVICE}` },
        findings: [
          {
            at: 'services.yaml:4:9',
            text: 'cart',
            message:
              'Service cart is defined again further down in this file: the later definition overwrites this one. Keep one of them or rename it.',
          },
          {
            at: 'services.yaml:9:9',
            text: 'cart',
            message:
              'Service cart is defined twice in this file: this definition overwrites the earlier one. Keep one of them or rename it.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Two namespaces, two kinds, two files',
        files: {
          'services.yaml': `${SERVICE}  namespace: shop\n---\n${SERVICE}  namespace: stage\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cart\n`,
          'alternative.yaml': SERVICE,
        },
      },
      {
        title: 'Names that a template decides',
        files: {
          'templates/a.yaml':
            'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.a }}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.b }}\n',
        },
      },
      {
        title: 'Branches of a template of which one is rendered',
        files: { 'templates/b.yaml': `{{- if .Values.a }}\n${SERVICE}---\n{{- else }}\n${SERVICE}{{- end }}\n` },
      },
    ],
  },
  *check(subject, view) {
    const repeated = new Map(view.repository.repeatedKeys(subject.file).map((key): [string, Resource[]] => [key, []]));
    if (repeated.size === 0) return;
    for (const resource of view.repository.resources(subject.file)) repeated.get(resource.key ?? '')?.push(resource);
    for (const same of repeated.values()) {
      for (const [i, resource] of same.entries()) {
        const node = resource.titlePlace;
        if (node === undefined) continue;
        const what =
          i === same.length - 1
            ? `is defined ${same.length === 2 ? 'twice' : `${same.length} times`} in this file: this definition overwrites the earlier one.`
            : 'is defined again further down in this file: the later definition overwrites this one.';
        // Of very many, each would name all the others.
        const others = same.slice(0, RELATED_LIMIT + 1).filter((other) => other !== resource);
        const related = others.slice(0, RELATED_LIMIT).flatMap((other) => {
          const place = other.titlePlace;
          return place === undefined ? [] : [{ place: { node: place }, message: `${other.title} is also defined here` }];
        });
        yield { place: { node }, message: `${resource.title} ${what} Keep one of them or rename it.`, related };
      }
    }
  },
});
