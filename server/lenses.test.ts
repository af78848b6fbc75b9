import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../test/support/lint';
import type { Files } from '../test/support/lint';
import { joined, marked, namespace, peerAuthentication, service, STRICT, workload } from '../test/support/mesh-samples';
import { lensesIn } from './explanations';
import { EXPLAIN, SHOW_PLACE } from './lenses';
import { DEFAULT_SETTINGS } from './settings';

function lenses(files: Files, file: string, { codeLens = true, leads = true } = {}): ReturnType<typeof lensesIn> {
  const folder = {
    workspace: workspaceOf(files, []),
    settings: { ...DEFAULT_SETTINGS, codeLens },
    uriOf: (path: string) => `file:///repo/${path}`,
  };
  return lensesIn(folder, file, leads);
}

/** `line: title -> file:line` of each, counted from 1. */
function titles(files: Files, file = 'a.yaml'): string[] {
  return lenses(files, file).map(({ range, command }) => {
    const [uri, shown] = (command?.arguments ?? []) as [string, typeof range];
    return `${range.start.line + 1}: ${command?.title ?? ''} -> ${uri.slice('file:///repo/'.length)}:${shown.start.line + 1}`;
  });
}

const shop = { in: 'shop' };
const injected = marked('shop', 'labels', 'istio-injection: enabled');
const ofFile = (...all: readonly string[]): Files => ({ 'a.yaml': joined(...all) });

describe('lenses', () => {
  it.each<[string, Files, string[]]>([
    ['a sidecar', ofFile(injected, workload('cart', shop)), ['9: Istio sidecar -> a.yaml:6', '9: mTLS PERMISSIVE -> a.yaml:9']],
    [
      'a sidecar and a policy',
      ofFile(injected, workload('cart', shop), peerAuthentication('p', 'shop', STRICT)),
      ['9: Istio sidecar -> a.yaml:6', '9: mTLS STRICT -> a.yaml:31'],
    ],
    [
      'ambient mode',
      ofFile(marked('shop', 'labels', 'istio.io/dataplane-mode: ambient'), workload('cart', shop)),
      ['9: Istio ambient, no waypoint -> a.yaml:6', '9: mTLS PERMISSIVE -> a.yaml:9'],
    ],
    [
      'Linkerd',
      ofFile(marked('shop', 'annotations', 'linkerd.io/inject: enabled'), workload('cart', shop)),
      ['9: Linkerd -> a.yaml:6'],
    ],
    ['no mesh', ofFile(namespace('shop'), workload('cart', shop)), ['7: no mesh -> a.yaml:4']],
    ['an unknown mesh', ofFile(workload('cart', shop)), ['2: mesh unknown -> a.yaml:2']],
    [
      'a Service of two kinds of workloads',
      ofFile(
        injected,
        service('cart', shop),
        workload('in', shop),
        workload('out', { ...shop, label: 'sidecar.istio.io/inject: "false"' }),
      ),
      [
        '9: Istio sidecar, no mesh -> a.yaml:6',
        '9: mTLS PERMISSIVE -> a.yaml:9',
        '21: Istio sidecar -> a.yaml:6',
        '21: mTLS PERMISSIVE -> a.yaml:21',
        '37: no mesh -> a.yaml:46',
      ],
    ],
    ['a Service of nothing', ofFile(service('cart')), []],
    ['anything else', ofFile(injected, peerAuthentication('p', 'shop', STRICT)), []],
  ])('tell %s', (_, files, expected) => {
    expect(titles(files)).toEqual(expected);
  });

  const overlays: Files = {
    'base/kustomization.yaml': 'resources: [d.yaml]\n',
    'base/d.yaml': workload('cart'),
    'overlays/prod/kustomization.yaml': 'namespace: prod\nresources: [../../base, ns.yaml]\n',
    'overlays/prod/ns.yaml': marked('prod', 'labels', 'istio-injection: enabled'),
    'overlays/staging/kustomization.yaml': 'namespace: staging\nresources: [../../base, ns.yaml]\n',
    'overlays/staging/ns.yaml': namespace('staging'),
  };

  it('tell what environments make of a base, where they differ', () => {
    expect(titles(overlays, 'base/d.yaml')).toEqual([
      '2: Istio sidecar (prod), no mesh (staging) -> overlays/prod/ns.yaml:6',
      '2: mTLS PERMISSIVE (prod), no mTLS (staging) -> base/d.yaml:2',
      '2: prod, staging -> overlays/prod/kustomization.yaml:1',
    ]);
  });

  it('do not say that there is no mutual TLS where Linkerd sees to it', () => {
    const files = { ...overlays, 'overlays/staging/ns.yaml': marked('staging', 'annotations', 'linkerd.io/inject: enabled') };
    expect(titles(files, 'base/d.yaml').slice(0, 2)).toEqual([
      '2: Istio sidecar (prod), Linkerd (staging) -> overlays/prod/ns.yaml:6',
      '2: mTLS PERMISSIVE (prod), mTLS by Linkerd (staging) -> base/d.yaml:2',
    ]);
  });

  it('tell once what environments agree on', () => {
    const files = { ...overlays, 'overlays/staging/ns.yaml': marked('staging', 'labels', 'istio-injection: enabled') };
    expect(titles(files, 'base/d.yaml')).toEqual([
      '2: Istio sidecar -> overlays/prod/ns.yaml:6',
      '2: mTLS PERMISSIVE -> base/d.yaml:2',
      '2: prod, staging -> overlays/prod/kustomization.yaml:1',
    ]);
  });

  it('are commands of the server, or off', () => {
    const files = ofFile(namespace('shop'), workload('cart', shop));
    expect(lenses(files, 'a.yaml')).toEqual([
      {
        range: { start: { line: 6, character: 6 }, end: { line: 6, character: 16 } },
        command: {
          title: 'no mesh',
          command: SHOW_PLACE,
          arguments: ['file:///repo/a.yaml', { start: { line: 3, character: 8 }, end: { line: 3, character: 12 } }],
        },
      },
    ]);
    // For a client that shows no file for a server.
    expect(lenses(files, 'a.yaml', { leads: false }).map(({ command }) => command)).toEqual([
      { title: 'no mesh', command: EXPLAIN, arguments: ['file:///repo/a.yaml', { line: 6, character: 6 }] },
    ]);
    expect(lenses(files, 'a.yaml', { codeLens: false })).toEqual([]);
    expect(lenses(files, 'none.yaml')).toEqual([]);
  });
});
