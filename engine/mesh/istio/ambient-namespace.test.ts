import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { ambientNamespace } from './ambient-namespace';

/** A resource of a namespace with these labels; of one that no file defines without them. */
function answerFor(labels: string | undefined): string {
  const namespace = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: { ${labels ?? ''} }\n---\n`;
  const resource = 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: s\n  namespace: shop\n';
  return ask({ 'a.yaml': `${labels === undefined ? '' : namespace}${resource}` }, (view) => {
    const [sidecar] = view.ofKind('Sidecar.networking.istio.io');
    return sidecar === undefined ? 'no resource' : ambientNamespace(sidecar, view);
  });
}

describe('ambientNamespace', () => {
  it.each([
    ['istio.io/dataplane-mode: ambient', 'yes'],
    ['istio.io/dataplane-mode: none', 'no'],
    ['', 'no'],
    ['istio.io/dataplane-mode: ambient, istio-injection: enabled', 'no'],
    ['istio.io/dataplane-mode: ambient, istio-injection: disabled', 'yes'],
    ['istio.io/dataplane-mode: ambient, istio.io/rev: canary', 'no'],
    ['istio.io/dataplane-mode: ambient, istio.io/rev: ""', 'yes'],
    ['istio.io/dataplane-mode: "${MODE}"', 'unknown'],
    ['istio.io/dataplane-mode: ambient, istio-injection: "${INJECT}"', 'unknown'],
    [undefined, 'unknown'],
  ])('%j', (labels, expected) => {
    expect(answerFor(labels)).toBe(expected);
  });
});
