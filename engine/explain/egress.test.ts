import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import { joined, marked, namespace, offsetOf, workload } from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';

const sidecar = (hosts: string, name = 's'): string =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: ${name}, namespace: shop }\nspec: { egress: [{ hosts: [${hosts}] }] }\n`;
const injected = marked('shop', 'labels', 'istio-injection: enabled');
const cart = workload('cart', { in: 'shop' });

function told(...documents: readonly string[]): string[] {
  const text = joined(...documents);
  const explained = askExplanation(workspaceOf({ 'a.yaml': text }, []), 'a.yaml', offsetOf(text, 'Deployment'));
  const lines = explained?.sections.flatMap(({ statements }) =>
    statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : `[${part.text}]`)).join('')),
  );
  return (lines ?? []).filter((line) => line.includes('its sidecar knows'));
}

describe('the hosts that a sidecar knows', () => {
  it.each<[string, readonly string[], string[]]>([
    ['all, which goes without saying', [injected, cart], []],
    [
      'some',
      [injected, cart, sidecar('"./*", istio-system/*')],
      ['Of the hosts in the mesh its sidecar knows [./*], [istio-system/*], as [Sidecar shop/s] says.'],
    ],
    [
      'those of one of two',
      [injected, cart, sidecar('"./*"'), sidecar('"*/*"', 't')],
      ['Which hosts its sidecar knows is open: it depends on [Sidecar shop/s], [Sidecar shop/t].'],
    ],
    ['without a sidecar', [namespace('shop'), cart, sidecar('"./*"')], []],
  ])('%s', (_, documents, expected) => {
    expect(told(...documents)).toEqual(expected);
  });
});
