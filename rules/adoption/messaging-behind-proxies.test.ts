import { describe, expect, it } from 'vitest';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './messaging-behind-proxies';

const namespace = (metadata = '  labels:\n    istio-injection: enabled\n'): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: orders\n${metadata}`;
const workload = (name: string, container = '', labels = '', spec = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: orders\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n${labels}    spec:\n${spec}      containers:\n        - name: ${name}\n          image: example/${name}:1\n${container}`;
const variable = (name: string, value = 'x'): string =>
  `          env:\n            - name: ${name}\n              value: ${value}\n`;
const KAFKA = variable('KAFKA_BROKERS');
const service = (name: string, rest = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: orders\nspec:\n  selector:\n    app: ${name}\n${rest}`;

const WORKERS: Files = { 'n.yaml': namespace(), 'a.yaml': workload('a', KAFKA), 'b.yaml': workload('b', KAFKA) };

function places(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) => `${startOf(finding)} ${coveredText(files, finding)}`);
}

const related = (files: Files): (string | undefined)[] =>
  workspaceOf(files, [rule])
    .findings()
    .flatMap((finding) => finding.reported.related.map(({ file, range }) => `${file}:${range.start.line}`));

const FOUND = ['n.yaml:6:22 enabled'];

describe('workers', () => {
  it('are told at the Namespace, with where each names a broker', () => {
    expect(places(WORKERS)).toEqual(FOUND);
    expect(related(WORKERS)).toEqual(['a.yaml:16', 'b.yaml:16']);
  });

  it.each<[string, string]>([
    ['a value', workload('b', variable('URL', 'amqp://queue'))],
    ['an argument', workload('b', '          args: ["--bootstrap-servers=x"]\n')],
    ['a Secret', workload('b', '          envFrom:\n            - secretRef:\n                name: rabbitmq\n')],
    [
      'a mounted ConfigMap',
      workload('b', '', '', '      volumes:\n        - name: c\n          configMap:\n            name: kafka-client\n'),
    ],
  ])('are known by %s', (_title, text) => {
    expect(places({ ...WORKERS, 'b.yaml': text })).toEqual(FOUND);
  });

  it.each<[string, Files]>([
    ['a Service that selects nobody', { 's.yaml': service('none') }],
    ['a Service of another name outside', { 's.yaml': service('a', '  type: ExternalName\n') }],
    ['one that serves, of three', { 'c.yaml': workload('c'), 's.yaml': service('c') }],
  ])('stay workers beside %s', (_title, more) => {
    expect(places({ ...WORKERS, ...more })).toEqual(FOUND);
  });

  it.each([
    ['istio.io/rev', '  labels:\n    istio.io/rev: canary\n', 'n.yaml:6:19 canary'],
    ['Linkerd', '  annotations:\n    linkerd.io/inject: enabled\n', 'n.yaml:6:24 enabled'],
    ['quotes', '  annotations:\n    linkerd.io/inject: "enabled"\n', 'n.yaml:6:24 "enabled"'],
  ])('%s', (_title, metadata, place) => {
    expect(places({ ...WORKERS, 'n.yaml': namespace(metadata) })).toEqual([place]);
  });
});

describe('silence', () => {
  it.each<[string, Files]>([
    ['for one worker', { 'b.yaml': namespace().replace('orders', 'b') }],
    ['where half of the workloads serve', { 'c.yaml': workload('c'), 'd.yaml': workload('d') }],
    ['where a Service selects them', { 's.yaml': service('a') }],
    ['where a Service may select them', { 's.yaml': service('{{ .Values.name }}') }],
    [
      'where a Service may select what a template labels',
      { 'a.yaml': workload('a', KAFKA, '        {{- include "labels" . }}\n'), 's.yaml': service('else') },
    ],
    ['where no broker is named', { 'b.yaml': workload('b', variable('REDIS_URL')) }],
    ['outside of a mesh', { 'n.yaml': namespace('') }],
    ['in ambient mode', { 'n.yaml': namespace('  labels:\n    istio.io/dataplane-mode: ambient\n') }],
    ['for pods that have no proxy', { 'b.yaml': workload('b', KAFKA, '        sidecar.istio.io/inject: "false"\n') }],
  ])('%s', (_title, more) => {
    expect(places({ ...WORKERS, ...more })).toEqual([]);
  });
});
