import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { joined, marked, peerAuthentication, service, workload } from '../../../test/support/mesh-samples';
import { autoMtls } from './auto-mtls';
import { servicePorts } from './port-protocol';

const shop = { in: 'shop' };
const SELECTED = '  selector: { matchLabels: { app: cart } }\n';
const mode = (name: string): string => `  mtls: { mode: ${name} }\n`;

/** @param policies for the namespace, for the pods, and for port 8080 of the pods; '' for none */
function sent(policies: readonly [string, string, string], { pods = '', clusterIP = '' } = {}): string {
  const [ofNamespace, ofPods, ofPort] = policies;
  const own = `${SELECTED}${ofPods === '' ? '' : mode(ofPods)}${ofPort === '' ? '' : `  portLevelMtls: { 8080: { mode: ${ofPort} } }\n`}`;
  const text = joined(
    marked('shop', 'labels', 'istio-injection: enabled'),
    service('cart', shop).replace('spec:\n', `spec:\n${clusterIP === '' ? '' : `  clusterIP: ${clusterIP}\n`}`),
    workload('cart', { ...shop, label: pods }),
    ...(ofNamespace === '' ? [] : [peerAuthentication('all', 'shop', mode(ofNamespace))]),
    ...(own === SELECTED ? [] : [peerAuthentication('own', 'shop', own)]),
  );
  return ask({ 'a.yaml': text }, (view) => {
    const [cart] = view.ofKind('Service');
    const answer = autoMtls(cart!, servicePorts(cart!)[0]!, view.index.workloads(), view);
    return `${answer.sent.map(({ sends }) => sends).join()}${answer.plaintext === undefined ? '' : ` by ${answer.plaintext}`}`;
  });
}

describe('the mode of the namespace, of the pods, and of their port', () => {
  it.each<[string, string, string, string]>([
    ['', '', '', 'mtls'],
    ['STRICT', '', '', 'mtls'],
    ['PERMISSIVE', '', '', 'mtls'],
    ['UNSET', '', '', 'mtls'],
    // Asked first, and alone: pods that demand mTLS get plaintext (istio/istio issue 56084).
    ['DISABLE', '', '', 'plaintext by namespace'],
    ['DISABLE', 'STRICT', '', 'plaintext by namespace'],
    ['DISABLE', '', 'STRICT', 'plaintext by namespace'],
    ['STRICT', 'DISABLE', '', 'plaintext'],
    ['', 'DISABLE', '', 'plaintext'],
    ['', '', 'DISABLE', 'plaintext'],
    ['STRICT', 'PERMISSIVE', 'DISABLE', 'plaintext'],
    ['', 'DISABLE', 'STRICT', 'mtls'],
  ])('%s, %s, %s: %s', (ofNamespace, ofPods, ofPort, expected) => {
    expect(sent([ofNamespace, ofPods, ofPort])).toBe(expected);
  });

  it('do not count behind a headless Service', () => {
    expect(sent(['STRICT', 'DISABLE', ''], { clusterIP: 'None' })).toBe('mtls');
    expect(sent(['DISABLE', '', ''], { clusterIP: 'None' })).toBe('plaintext by namespace');
  });
});

it.each<[string, string]>([
  ['sidecar.istio.io/inject: "false"', 'plaintext'],
  ['sidecar.istio.io/inject: "{{ x }}"', 'unknown'],
  ['sidecar.istio.io/inject: "true"', 'mtls'],
])('pods with %s', (label, expected) => {
  expect(sent(['', '', ''], { pods: label })).toBe(expected);
});

it('pods in ambient mode get mTLS whatever their mode', () => {
  const label = 'sidecar.istio.io/inject: "false"\n        istio.io/dataplane-mode: ambient';
  expect(sent(['', 'DISABLE', ''], { pods: label })).toBe('mtls');
});
