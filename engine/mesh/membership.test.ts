import { expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import { joined, marked, namespace, workload } from '../../test/support/mesh-samples';
import type { Membership } from './membership';

/** How the pods of the one workload of a file join, in a Namespace `shop` that the file defines. */
function membershipIn(text: string): Membership | undefined {
  const [view] = workspaceOf({ 'a.yaml': text }, []).views();
  const [only] = view?.index.workloadsIn('shop') ?? [];
  return only && view?.membership(only);
}

const shop = { in: 'shop' };

// As in linkerd/linkerd2 pkg/inject/report.go at edge-26.8.3, the label keeps the injector away whatever its value, if it is there.
it.each([
  ['a map of labels that a template makes', '        {{- include "shop.labels" . | nindent 8 }}\n'],
  ['a map of labels that a template adds to', '        app: cart\n        {{- include "shop.labels" . | nindent 8 }}\n'],
])('%s is not taken to mark a part of Linkerd', (_, labels) => {
  const text = workload('cart', shop).replace('        app: cart\n', labels);
  const linkerd = membershipIn(joined(marked('shop', 'annotations', 'linkerd.io/inject: enabled'), text))?.linkerd;
  expect([linkerd?.joins, linkerd?.reason]).toEqual(['yes', 'Namespace annotation linkerd.io/inject=enabled']);
});

it('a mark of Linkerd counts whatever a template makes of its value', () => {
  const label = 'linkerd.io/control-plane-component: {{ .Values.component }}';
  const text = joined(marked('shop', 'annotations', 'linkerd.io/inject: enabled'), workload('cart', { ...shop, label }));
  expect(membershipIn(text)?.linkerd.joins).toBe('no');
});

it('annotations that a template makes are not taken to say that a sidecar is there', () => {
  const text = workload('cart', shop).replace(
    '    spec:\n',
    '      annotations:\n        {{- toYaml .Values.a | nindent 8 }}\n    spec:\n',
  );
  const ambient = membershipIn(joined(namespace('shop'), text))?.ambient;
  expect(ambient?.reason).not.toContain('sidecar.istio.io/status');
});
