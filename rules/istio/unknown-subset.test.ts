import { describe, expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './unknown-subset';

/** Severity, text and codes of what is found. */
function told(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );
}

const meta = (namespace: string): string => (namespace === '' ? '' : `, namespace: ${namespace}`);
const destinationRule = (host: string, subsets: string, namespace = 'shop'): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: r${meta(namespace)} }\nspec: { host: "${host}", subsets: ${subsets} }\n`;
const V1 = '[{ name: v1 }]';
const virtualService = (spec: string, namespace = 'shop'): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web${meta(namespace)} }\nspec:\n  hosts: [web]\n  ${spec}\n`;
const to = (host: string, subset: string, namespace = 'shop'): string =>
  virtualService(`http: [{ route: [{ destination: { host: ${host}, subset: ${subset} } }] }]`, namespace);

const MISSING = 'IST0101 KIA1107';

/** The first cases are those of istioctl for subsets of destinations (facts 1.4, virtualservice.DestinationRule), made smaller. */
describe('a subset', () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ['of the rule for its host', destinationRule('cart', V1), to('cart', 'v1'), []],
    ['that the rule lacks', destinationRule('cart', V1), to('cart', 'v9'), [`error v9 ${MISSING}`]],
    ['by the full name', destinationRule('cart', V1), to('cart.shop.svc.cluster.local', 'v1'), []],
    ['by the full name in the rule', destinationRule('cart.shop.svc.cluster.local', V1), to('cart', 'v1'), []],
    [
      'of a mirror',
      destinationRule('cart', V1),
      virtualService('http: [{ mirror: { host: cart, subset: v9 } }]'),
      [`warning v9 ${MISSING}`],
    ],
    [
      'of a TCP route',
      destinationRule('cart', V1),
      virtualService('tcp: [{ route: [{ destination: { host: cart, subset: v9 } }] }]'),
      [`error v9 ${MISSING}`],
    ],
    ['without namespaces', destinationRule('cart', V1, ''), to('cart', 'v9', ''), [`error v9 ${MISSING}`]],
    ['of a rule whose namespace may be another', destinationRule('cart', V1, ''), to('cart', 'v9'), []],
    [
      'of a host of the same name elsewhere',
      destinationRule('cart', V1, 'pay'),
      `${destinationRule('web', V1)}---\n${to('cart', 'v1')}`,
      [`error v1 ${MISSING}`],
    ],
    ['of a rule for a wildcard', destinationRule('*.svc.cluster.local', V1), to('cart', 'v1'), []],
    ['that no rule for the wildcard has', destinationRule('*.svc.cluster.local', V1), to('cart', 'v9'), [`error v9 ${MISSING}`]],
    [
      'in one of two alternatives',
      `${destinationRule('cart', V1)}---\n${destinationRule('cart', '[{ name: v2 }]')}`,
      to('cart', 'v2'),
      [],
    ],
    ['in a list that a template writes', destinationRule('cart', '"{{ subsets }}"'), to('cart', 'v9'), []],
    ['beside one whose name a template writes', destinationRule('cart', '[{ name: "{{ name }}" }]'), to('cart', 'v9'), []],
    ['beside a rule whose host a template writes', destinationRule('{{ host }}', V1), to('cart', 'v9'), []],
    ['that a template writes', destinationRule('cart', V1), to('cart', '"{{ version }}"'), []],
    ['that is empty', destinationRule('cart', V1), to('cart', '""'), []],
  ])('%s', (_title, rules, route, expected) => {
    expect(told({ 'a.yaml': rules, 'b.yaml': route })).toEqual(expected);
  });

  it('may be defined in another part of the repository', () => {
    const shop = `${destinationRule('web', V1)}---\n${to('cart', 'v1')}`;
    const files = { 'one/a.yaml': shop, 'two/a.yaml': destinationRule('web', V1), 'two/b.yaml': destinationRule('cart', V1) };
    expect(told(files)).toEqual([]);
    expect(told({ ...files, 'two/b.yaml': destinationRule('cart', '[]') })).toEqual([`error v1 ${MISSING}`]);
  });
});
