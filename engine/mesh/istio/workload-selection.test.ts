import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { Labels } from '../../resources/labels';
import { selectedWorkloads } from './workload-selection';
import type { Reach } from './workload-selection';

const workload = (name: string, namespace: string | undefined, labels: string): string =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: ${name}\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}spec:\n  template:\n    metadata:\n      labels: ${labels}\n    spec: {}\n`;
const holder = (selector: string, namespace?: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: holder\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}spec:\n  workloadSelector:\n    labels: ${selector}\n`;

const WORKLOADS: Files = {
  'a.yaml': workload('cart', 'shop', '{ app: cart, version: v1 }'),
  'b.yaml': workload('pay', 'bank', '{ app: cart, version: v2 }'),
  'c.yaml': workload('loose', undefined, '{ app: cart }'),
  'd.yaml': workload('open', 'shop', '{ app: "${APP}", version: v1 }'),
  'e.yaml': workload('hidden', '"${NAMESPACE}"', '{ app: cart, version: v1 }'),
};

function selected(selector: string, namespace: string | undefined, reach: Reach): unknown {
  return ask({ ...WORKLOADS, 'holder.yaml': holder(selector, namespace) }, (view) => {
    const [resource] = view.ofKind('Sidecar.networking.istio.io');
    if (resource === undefined) return 'no holder';
    const { certain, possible } = selectedWorkloads(
      resource,
      new Labels(resource.at('spec', 'workloadSelector', 'labels')),
      reach,
      view,
    );
    return [certain.map(({ name }) => name).sort(), possible.map(({ name }) => name).sort()];
  });
}

describe('selectedWorkloads', () => {
  it.each<[string, string, string | undefined, Reach, string[], string[]]>([
    ['those of its namespace', '{ app: cart }', 'shop', 'namespace', ['cart'], ['hidden', 'loose', 'open']],
    ['every label counts', '{ app: cart, version: v2 }', 'shop', 'namespace', [], []],
    ['every label counts, elsewhere', '{ app: cart, version: v2 }', 'bank', 'namespace', ['pay'], []],
    ['all of them', '{ app: cart }', 'shop', 'mesh', ['cart', 'hidden', 'loose', 'pay'], ['open']],
    ['a namespace that nothing says', '{ app: cart }', undefined, 'namespace', ['loose'], ['cart', 'hidden', 'open', 'pay']],
    ['a namespace of that name', '{ app: cart }', 'default', 'namespace', ['loose'], ['hidden']],
    ['each of them once', '{ version: v1 }', 'shop', 'namespace', ['cart', 'open'], ['hidden']],
    ['no label of it', '{ app: nobody }', 'shop', 'namespace', [], ['open']],
    ['no labels', '{}', 'shop', 'namespace', ['cart', 'open'], ['hidden', 'loose']],
    ['a selector that a variable hides', '{ app: "${APP}" }', 'bank', 'namespace', [], ['hidden', 'loose', 'pay']],
  ])('%s', (_title, selector, namespace, reach, certain, possible) => {
    expect(selected(selector, namespace, reach)).toEqual([certain, possible]);
  });
});
