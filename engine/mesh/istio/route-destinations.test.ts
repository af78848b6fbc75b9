import { expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { destinationsOf } from './route-destinations';

const text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a }
spec:
  tcp: [{ route: [{ destination: { host: raw } }] }]
  tls: [{ route: [{ destination: { host: tunnel, port: { number: 443 } } }] }]
  http:
    - route:
        - destination: { host: cart, subset: v1, port: { number: 80 } }
        - destination: { host: cart, subset: "{{ v }}", port: { number: "{{ p }}" } }
        - destination: { host: "{{ h }}" }
        - destination: { host: "" }
        - {}
        - null
      mirror: { host: copy, subset: "" }
    - mirrors: [{ destination: { host: copies } }]
    - redirect: { uri: / }
`;

it('destinationsOf lists what is sent where', () => {
  const found = ask({ 'a.yaml': text }, (view) =>
    view
      .ofKind('VirtualService.networking.istio.io')
      .flatMap(destinationsOf)
      .map(({ use, host, subset, port }) =>
        [use, host, subset?.name ?? '-', port.is === 'known' ? port.number : port.is].join(' '),
      ),
  );
  expect(found).toEqual([
    'http cart v1 80',
    'http cart - unknown',
    'mirror copy - absent',
    'mirror copies - absent',
    'tls tunnel - 443',
    'tcp raw - absent',
  ]);
});
