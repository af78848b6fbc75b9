import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deployment, documents, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import { askReport } from '../answers/report';
import { askVerdicts } from '../answers/verdicts';

const named = (apiVersion: string, kind: string, more: string, name = 'x'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`;

/** For each path, the texts that it may have: what every count reads, in ways that change it. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'cart.yaml': [
    documents(service('cart'), deployment('cart')),
    documents(service('cart', 'pay'), deployment('cart', { more: '  replicas: 3\n' })),
    documents(
      deployment('cart', {
        pod: '          env: [{ name: KAFKA, value: a }]\n      volumes: [{ name: t, secret: { secretName: tls } }]\n',
      }),
      '# nothing\n',
    ),
  ],
  'pay.yaml': [
    documents(service('pay'), deployment('pay').replace('name: pay', 'name: pay\n  labels: { team: pay }')),
    documents('# moved\n', service('pay'), deployment('pay')),
    deployment('pay', { pod: '          envFrom: [{ configMapRef: { name: settings } }]\n' }),
  ],
  'more.yaml': [
    named('v1', 'ConfigMap', 'data: { a: nats://b }\n', 'settings'),
    named('v1', 'ConfigMap', 'data: { a: http://b }\n', 'settings'),
    named('v1', 'Secret', '  labels: { istio/multiCluster: "true" }\nstringData: { east: a, west: b }\n'),
    named('v1', 'Secret', '  labels: { istio/multiCluster: "false" }\nstringData: { east: a, west: b }\n'),
  ],
  'certificate.yaml': [
    named('cert-manager.io/v1', 'Certificate', 'spec: { secretName: tls }\n'),
    named('cert-manager.io/v1', 'Certificate', 'spec: { secretName: other }\n'),
  ],
  'mesh.yaml': [
    named('v1', 'Namespace', '  labels: { istio-injection: enabled }\n', 'default'),
    named('v1', 'Namespace', '  annotations: { linkerd.io/inject: enabled }\n', 'default'),
    named('security.istio.io/v1', 'PeerAuthentication', 'spec: { mtls: { mode: STRICT } }\n'),
    named('flagger.app/v1beta1', 'Canary', 'spec: { targetRef: { kind: Deployment, name: cart }, service: { port: 80 } }\n'),
    named('flagger.app/v1beta1', 'Canary', 'spec: { targetRef: { kind: Deployment, name: pay } }\n'),
  ],
  'helmfile.yaml': [
    'releases:\n  - name: a\n    chart: l5d/linkerd-control-plane\n',
    'releases:\n  - name: a\n    chart: cilium/cilium\n',
  ],
  CODEOWNERS: ['* @a\n', '/b @b @c\n', '# none\n'],
  'chart/Chart.yaml': ['apiVersion: v2\nname: shop\nversion: 1.0.0\n'],
  'chart/templates/a.yaml': [
    documents(
      service('x').replace('app: x', '{{- include "a" . | nindent 4 }}'),
      deployment('x').replace('app: x', '{{- include "a" . | nindent 8 }}'),
    ),
    documents(service('x', '{{ .Values.a }}'), deployment('x').replace('app: x', 'app: y')),
  ],
};

it('after any edits the verdicts are those of a fresh start', () => {
  const paths = Object.keys(TEXTS);
  const edit = fc.record({ path: fc.constantFrom(...paths), text: fc.nat({ max: 5 }) });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), fc.nat({ max: 3 }), (edits, every) => {
      const files: Record<string, string> = {};
      const workspace = workspaceOf({}, []);
      for (const [i, { path, text }] of edits.entries()) {
        const chosen = TEXTS[path]?.[text];
        if (chosen === undefined) {
          Reflect.deleteProperty(files, path);
          workspace.remove(path);
        } else {
          files[path] = chosen;
          workspace.set(path, chosen);
        }
        if (i % (every + 1) === 0) askVerdicts(workspace);
      }
      const { verdict, verdicts } = askReport(workspace);
      const fresh = askReport(workspaceOf(files, []));
      expect(verdict).toEqual(fresh.verdict);
      expect(verdicts).toEqual(fresh.verdicts);
    }),
    { numRuns: 150 },
  );
});
