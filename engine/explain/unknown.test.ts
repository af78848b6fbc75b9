import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { joined, marked, namespace, offsetOf, service, workload } from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';

/** The statements of a hover on the first place of a text. */
function told(files: Files, file: string, needle: string): string[] {
  const explained = askExplanation(workspaceOf(files, []), file, offsetOf(files[file] ?? '', needle));
  return (explained?.sections ?? []).flatMap(({ statements }) =>
    statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')),
  );
}

const RELEASE = '{{ .Release.Namespace }}';
const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';
const NOT_SELECTED = 'No Service here selects these pods.';
const SELECTS_NOTHING = 'No workload here has pods that it selects.';

interface Pair {
  readonly served?: string;
  readonly running?: string;
  readonly selector?: string;
  readonly label?: string;
}

/** A Service and a Deployment, each in a file of a chart; a namespace is written as it is given. */
function chart({ served = RELEASE, running = RELEASE, selector = 'cart', label = 'cart' }: Pair): Files {
  return {
    'Chart.yaml': CHART,
    'templates/service.yaml': service('cart', { in: served }).replace('app: cart', `app: ${selector}`),
    'templates/cart.yaml': workload('cart', { in: running }).replace('app: cart', `app: ${label}`),
  };
}

describe('a Service and the pods that it selects, in a chart', () => {
  // Helm renders one template text to one value in a release, and puts what sets no namespace into the release's (helm install --namespace).
  it.each<[string, Pair, 'selects' | 'may select' | 'does not']>([
    ['in the namespace of the release', {}, 'selects'],
    ['in that namespace, spelled with other spaces', { running: '{{.Release.Namespace}}' }, 'selects'],
    ['in that namespace, in quotes', { running: '"{{ .Release.Namespace }}"' }, 'selects'],
    ['in that namespace, quoted by the template', { running: '{{ .Release.Namespace | quote }}' }, 'selects'],
    ['where one sets no namespace', { running: '' }, 'selects'],
    ['in a namespace of the values', { served: '{{ .Values.ns }}', running: '{{ .Values.ns }}' }, 'selects'],
    ['in namespaces of two spellings', { running: '{{ .Values.ns }}' }, 'may select'],
    ['in a known and an unknown namespace', { running: 'shop' }, 'may select'],
    ['by a label of one spelling', { selector: '{{ .Values.app }}', label: '{{ .Values.app }}' }, 'selects'],
    ['by a label of two spellings', { selector: '{{ .Values.app }}', label: '{{ .Values.name }}' }, 'may select'],
    ['by a label that is known on one side', { label: '{{ .Values.app }}' }, 'may select'],
    ['by another label', { label: 'web' }, 'does not'],
    ['in two known namespaces', { served: 'a', running: 'b' }, 'does not'],
  ])('%s', (_, pair, answer) => {
    const files = chart(pair);
    const [onService] = told(files, 'templates/service.yaml', 'Service');
    const onWorkload = told(files, 'templates/cart.yaml', 'Deployment');
    switch (answer) {
      case 'selects':
        expect(onService).toMatch(/^Selects the pods of Deployment /);
        expect(onWorkload.some((line) => /^Selected by Service \S+\.$/.test(line))).toBe(true);
        break;
      case 'may select':
        expect(onService).toMatch(/^Perhaps selects the pods of Deployment /);
        expect(onWorkload.some((line) => /^Perhaps selected by Service \S+: the files leave it open\.$/.test(line))).toBe(true);
        break;
      case 'does not':
        expect(onService).toBe(SELECTS_NOTHING);
        expect(onWorkload).toContain(NOT_SELECTED);
    }
  });

  it('is left open where the two are of two charts, whose values may differ', () => {
    const ns = '{{ .Values.ns }}';
    const files = {
      'Chart.yaml': CHART,
      'charts/web/Chart.yaml': CHART.replace('shop', 'web'),
      'templates/service.yaml': service('cart', { in: ns }),
      'charts/web/templates/cart.yaml': workload('cart', { in: ns }),
    };
    expect(told(files, 'templates/service.yaml', 'Service')[0]).toMatch(/^Perhaps selects /);
    const released = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(ns, RELEASE)]));
    expect(told(released, 'templates/service.yaml', 'Service')[0]).toMatch(/^Selects /);
  });

  it('leaves out what is perhaps in another namespace where something is surely in its own', () => {
    const files = { ...chart({}), 'templates/other.yaml': workload('other', { in: '{{ .Values.other }}' }) };
    expect(told(files, 'templates/service.yaml', 'Service')[0]).not.toContain('other');
  });
});

it('outside of charts one spelling need not be one namespace', () => {
  const files = { 'a.yaml': joined(service('cart', { in: '${NS}' }), workload('cart', { in: '${NS}' })) };
  expect(told(files, 'a.yaml', 'Service')[0]).toMatch(/^Perhaps selects /);
});

describe('why a mesh is unknown', () => {
  it.each([
    ['shop', 'Mesh unknown: no file here defines Namespace shop, whose labels and annotations decide.'],
    ['', 'Mesh unknown: no namespace is set here, and the Namespace that it is applied to decides.'],
    ['{{ .Values.ns }}', 'Mesh unknown: its Namespace decides, and a template hides which one that is.'],
  ])('of a workload in "%s"', (where, line) => {
    expect(told({ 'a.yaml': workload('cart', { in: where }) }, 'a.yaml', 'Deployment')[0]).toBe(line);
  });

  it('an annotation whose effect is open is not said to decide nothing', () => {
    const named = workload('cart', {
      in: '{{ .Values.ns }}',
      annotation: 'linkerd.io/inject: enabled',
      spec: '{{- include "shop.tolerations" . | nindent 6 }}',
    });
    expect(told({ 'a.yaml': named }, 'a.yaml', 'linkerd.io')[0]).toBe(
      'Its effect is not known. Linkerd proxy unknown: a template hides which Namespace the pods are in.',
    );
  });
});

describe('a Namespace that a template names', () => {
  it('has the workloads whose namespace is spelled the same', () => {
    const files = { ...chart({}), 'templates/namespace.yaml': namespace(RELEASE) };
    expect(told(files, 'templates/namespace.yaml', 'Namespace')[1]).toBe('1 workload, mesh unknown: Deployment cart.');
  });

  it('has a label whose effect on them is open, as long as a template may say otherwise', () => {
    const text = marked(RELEASE, 'labels', 'istio-injection: enabled');
    const [effect, because] = told(
      { ...chart({}), 'templates/namespace.yaml': text },
      'templates/namespace.yaml',
      'istio-injection',
    );
    expect(effect).toBe('Its effect on the 1 workload of this Namespace is not known.');
    expect(because).toMatch(/^Perhaps not for Deployment cart\. Istio sidecar unknown: /);
  });

  it('and a label of it say that no workload is known to be in it', () => {
    const text = marked('{{ .Values.ns }}', 'labels', 'istio-injection: enabled');
    const files = { ...chart({}), 'templates/namespace.yaml': text };
    const none = 'No workload here is known to be in it.';
    expect(told(files, 'templates/namespace.yaml', 'Namespace')[1]).toBe(none);
    expect(told(files, 'templates/namespace.yaml', 'istio-injection')[0]).toBe(none);
  });
});

describe('a document between template actions', () => {
  const UNREAD = ['Not read: values decide whether Helm renders it, and how often.'];
  const files = (text: string): Files => ({ ...chart({}), 'templates/more.yaml': text });

  it.each([
    ['begins with an action', `{{- if .Values.create }}\n${namespace('shop')}{{ end }}\n`],
    ['stands behind another document', `${namespace('a')}---\n{{- if .Values.create }}\n${namespace('shop')}{{ end }}\n`],
    ['is one of several', `{{- range .Values.all }}\n---\n${namespace('{{ .name }}')}{{ end }}\n`],
  ])('that %s is said to be unread, on its kind', (_, text) => {
    const explained = askExplanation(workspaceOf(files(text), []), 'templates/more.yaml', text.lastIndexOf('Namespace\n') + 1);
    expect(explained?.sections.map(({ title }) => title)).toEqual(['Namespace in a conditional part of the template']);
    expect(explained?.sections.flatMap(({ statements }) => statements.flatMap(({ parts }) => parts))).toEqual(UNREAD);
    const { start, end } = explained?.place.range ?? {};
    expect(text.split('\n')[(start?.line ?? 0) - 1]?.slice((start?.column ?? 0) - 1, (end?.column ?? 0) - 1)).toBe(
      'kind: Namespace',
    );
  });

  it('is told of on that line alone, and of kinds that have a hover', () => {
    const text = `{{- if .Values.create }}\n${namespace('shop')}{{ end }}\n`;
    for (const needle of ['v1', 'metadata', 'shop']) expect(told(files(text), 'templates/more.yaml', needle), needle).toEqual([]);
    const other = text.replace('Namespace', 'ConfigMap');
    expect(told(files(other), 'templates/more.yaml', 'ConfigMap')).toEqual([]);
    const deployed = `{{- if .Values.create }}\n${workload('cart')}{{ end }}\n`;
    expect(told(files(deployed), 'templates/more.yaml', 'Deployment')).toEqual(UNREAD);
    expect(told(files(deployed.replace('apps/v1', 'example.org/v1')), 'templates/more.yaml', 'Deployment')).toEqual([]);
  });
});

it('a Namespace without workloads tells of those that may be applied to it', () => {
  const files = { 'a.yaml': joined(namespace('shop'), workload('cart')) };
  expect(told(files, 'a.yaml', 'Namespace')[1]).toBe(
    'No workload here is in Namespace shop. 1 workload sets no namespace and may be applied to it.',
  );
});
