import { describe, expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './subset-without-pods';

/** Severity, text and codes of what is found. */
function told(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );
}

const service = (spec = '{ selector: { app: cart } }'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: shop }\nspec: ${spec}\n`;
const pods = (labels: string, namespace = 'shop', kind = 'Deployment', apiVersion = 'apps/v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: cart${namespace === '' ? '' : `, namespace: ${namespace}`} }\nspec: { template: { metadata: { labels: ${labels} }, spec: { containers: [] } } }\n`;
const V1 = '{ app: cart, version: v1 }';
const destinationRule = (labels: string, host = 'cart'): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: r, namespace: shop }\nspec: { host: ${host}, subsets: [{ name: one, labels: ${labels} }] }\n`;
const route =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web, namespace: shop }\nspec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: one } }] }] }\n';
const entry = (spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e, namespace: shop }\nspec: { hosts: [db.example.com], ${spec} }\n`;
const machine = (labels: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: { name: m, namespace: shop }\nspec: { address: 10.0.0.1, labels: ${labels} }\n`;
const CODES = 'IST0173 KIA0203';

describe('a subset', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['with the labels of pods', [service(), pods(V1), destinationRule('{ version: v1 }')], []],
    ['of a StatefulSet', [service(), pods(V1, 'shop', 'StatefulSet'), destinationRule('{ version: v1 }')], []],
    ['with other labels, that nothing uses', [service(), pods(V1), destinationRule('{ version: v2 }')], [`info v2 ${CODES}`]],
    [
      'with other labels, that a route uses',
      [service(), pods(V1), destinationRule('{ version: v2 }'), route],
      [`warning v2 ${CODES}`],
    ],
    [
      'with a label that pods lack',
      [service(), pods('{ app: cart }'), destinationRule('{ version: v1 }'), route],
      [`warning v1 ${CODES}`],
    ],
    [
      'with labels that no pod has together',
      [
        service(),
        pods('{ app: cart, version: v1, zone: b }'),
        pods('{ app: cart, version: v2, zone: a }').replace('cart,', 'two,'),
        destinationRule('{ version: v1, zone: a }'),
        route,
      ],
      [`warning v1 ${CODES}`],
    ],
    // istioctl looks at pods of any namespace and forgets the selector of the Service.
    [
      'with the labels of pods elsewhere',
      [service(), pods(V1), pods('{ app: cart, version: v2 }', 'pay'), destinationRule('{ version: v2 }'), route],
      [`warning v2 ${CODES}`],
    ],
    [
      'with the labels of pods of another Service',
      [
        service(),
        pods(V1),
        pods('{ app: pay, version: v2 }').replace('name: cart', 'name: pay'),
        destinationRule('{ version: v2 }'),
        route,
      ],
      [`warning v2 ${CODES}`],
    ],
    [
      'with labels that the node has',
      [service(), pods(V1), destinationRule('{ topology.kubernetes.io/region: eu, version: v1 }')],
      [],
    ],
    [
      'with labels that the node has, and others',
      [service(), pods(V1), destinationRule('{ topology.kubernetes.io/zone: a, version: v2 }')],
      [`info v2 ${CODES}`],
    ],
    ['with a label that a controller gives', [service(), pods(V1), destinationRule('{ rollouts-pod-template-hash: abc }')], []],
    ['without labels', [service(), pods(V1), destinationRule('{}')], []],
    ['with labels that a template writes', [service(), pods(V1), destinationRule('{ version: "{{ v }}" }')], []],
    [
      'where a template writes the labels of pods',
      [service(), pods('{ app: cart, version: "{{ v }}" }'), destinationRule('{ version: v2 }')],
      [],
    ],
    [
      'where the pods may be of another namespace',
      [service(), pods('{ app: cart, version: v2 }', ''), destinationRule('{ version: v2 }')],
      [],
    ],
    ['where no file shows the pods', [service(), destinationRule('{ version: v2 }')], []],
    [
      'where files show other pods',
      [service(), pods('{ app: pay, version: v1 }'), destinationRule('{ version: v2 }')],
      [`info one ${CODES}`],
    ],
    ['of a Service without a selector', [service('{}'), pods(V1), destinationRule('{ version: v1 }')], []],
    ['of virtual machines', [service(), pods(V1), machine('{ app: cart, version: v2 }'), destinationRule('{ version: v2 }')], []],
    [
      'of a ServiceEntry for pods',
      [entry('workloadSelector: { labels: { app: cart } }'), pods(V1), destinationRule('{ version: v2 }', 'db.example.com')],
      [`info v2 ${CODES}`],
    ],
    [
      'of the endpoints of a ServiceEntry',
      [
        entry('endpoints: [{ address: 10.0.0.1, labels: { version: v2 } }]'),
        pods(V1),
        destinationRule('{ version: v2 }', 'db.example.com'),
      ],
      [],
    ],
    [
      'of no endpoint of a ServiceEntry',
      [
        entry('endpoints: [{ address: 10.0.0.1, labels: { version: v1 } }]'),
        pods(V1),
        destinationRule('{ version: v2 }', 'db.example.com'),
      ],
      [`info v2 ${CODES}`],
    ],
    ['of a host that is not there', [service(), pods(V1), destinationRule('{ version: v2 }', 'gone')], []],
  ])('%s', (_title, texts, expected) => {
    expect(told({ 'a.yaml': texts.join('---\n') })).toEqual(expected);
  });

  it('is an error where the environment is complete', () => {
    const files = {
      '.mesh-lint.yaml': 'environments:\n  all:\n    root: .\n    complete: true\n',
      'a.yaml': [service(), pods(V1), destinationRule('{ version: v2 }'), route].join('---\n'),
    };
    expect(told(files)).toEqual([`error v2 ${CODES}`]);
  });
});
