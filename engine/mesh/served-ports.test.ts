import { expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import { servedPorts } from './served-ports';

function portsOf(containerPorts: string, ...services: readonly string[]): readonly [numbers: readonly number[], open: boolean] {
  const workload = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec:\n  template:\n    metadata: { labels: { app: web, tier: front } }\n    spec:\n      containers: [{ name: app, ports: ${containerPorts} }]\n`;
  const documents = services.map(
    (spec, i) => `apiVersion: v1\nkind: Service\nmetadata: { name: s${i}, namespace: shop }\nspec: ${spec}\n`,
  );
  const files = {
    'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'chart/templates/web.yaml': [workload, ...documents].join('---\n'),
  };
  const workspace = workspaceOf(files, []);
  const view = workspace.view(workspace.environmentNames()[0] ?? '');
  const [first] = view?.index.workloads() ?? [];
  if (view === undefined || first === undefined) throw new Error('the workload is not there');
  const { numbers, open } = servedPorts(first, view);
  return [[...numbers].sort((a, b) => a - b), open];
}

it.each([
  ['none', portsOf('[]'), [[], false]],
  ['declared ones', portsOf('[{ containerPort: 8080 }, { containerPort: 9090 }]'), [[8080, 9090], false]],
  ['TCP alone', portsOf('[{ containerPort: 53, protocol: UDP }, { containerPort: 54, protocol: TCP }]'), [[54], false]],
  [
    'where a Service leads to',
    portsOf('[]', '{ selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }, { port: 81 }] }'),
    [[81, 8080], false],
  ],
  [
    'by name',
    portsOf('[{ name: http, containerPort: 8080 }]', '{ selector: { app: web }, ports: [{ port: 80, targetPort: http }] }'),
    [[8080], false],
  ],
  [
    'by a name that no container has',
    portsOf('[]', '{ selector: { app: web }, ports: [{ port: 80, targetPort: http }] }'),
    [[], true],
  ],
  [
    'not through Services of others',
    portsOf('[]', '{ selector: { app: api }, ports: [{ port: 80 }] }', '{ ports: [{ port: 81 }] }'),
    [[], false],
  ],
  ['templated', portsOf('[{ containerPort: {{ .Values.port }} }]'), [[], true]],
] as const)('%s', (_title, ports, expected) => {
  expect(ports).toEqual(expected);
});
