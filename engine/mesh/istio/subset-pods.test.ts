import { describe, expect, it } from 'vitest';
import { Labels } from '../../resources/labels';
import { Manifest } from '../../yaml/manifest';
import { hasLabels } from './subset-pods';

const labels = (text: string): Labels => new Labels(new Manifest('a.yaml', text, false).documents[0]?.root);

/** Labels that Kubernetes, its controllers or Istio give to endpoints stand in no file: nothing can be said of them (facts 1.4). */
describe('hasLabels', () => {
  it.each([
    ['{ app: a, version: v1 }', '{ version: v1 }', 'yes'],
    ['{ app: a, version: v1 }', '{}', 'yes'],
    ['{ app: a, version: v1 }', '{ version: v2 }', 'no'],
    ['{ app: a }', '{ version: v1 }', 'no'],
    ['{ version: "{{ v }}" }', '{ version: v1 }', 'unknown'],
    ['{ version: v1 }', '{ version: "{{ v }}" }', 'unknown'],
    ['{ version: v1 }', '{ topology.kubernetes.io/zone: a }', 'unknown'],
    ['{ version: v1 }', '{ topology.istio.io/subzone: a, version: v1 }', 'unknown'],
    ['{ version: v1 }', '{ topology.kubernetes.io/zone: a, version: v2 }', 'no'],
    ['{ version: v1 }', '{ pod-template-hash: abc }', 'unknown'],
    ['{ app.kubernetes.io/version: "1" }', '{ app.kubernetes.io/version: "2" }', 'no'],
    ['{ version: v1 }', '{ app.kubernetes.io/version: "2" }', 'no'],
    ['{ version: v1 }', '{ example.com/zone: a }', 'no'],
  ] as const)('%s, wanted %s: %s', (own, wanted, answer) => {
    expect(hasLabels(labels(own), labels(wanted))).toBe(answer);
  });
});
