import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './two-meshes';

const ISTIO = '  labels:\n    istio-injection: enabled\n';
const LINKERD = '  annotations:\n    linkerd.io/inject: enabled\n';
const namespace = (name: string, metadata = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${metadata}`;
const deployment = (where: string, name: string, template = '', container = name): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n${template}    spec:\n      containers:\n        - name: ${container}\n          image: example/${name}:1\n`;
const shop = (apps: number, metadata = ISTIO): Files =>
  Object.fromEntries([
    ['shop.yaml', namespace('shop', metadata)],
    ...Array.from({ length: apps }, (_, i) => [`shop-${i}.yaml`, deployment('shop', `app-${i}`)]),
  ]) as Files;
const mail = (apps: number, metadata = LINKERD): Files =>
  Object.fromEntries([
    ['mail.yaml', namespace('mail', metadata)],
    ...Array.from({ length: apps }, (_, i) => [`mail-${i}.yaml`, deployment('mail', `app-${i}`)]),
  ]) as Files;
const ISTIOD = deployment('istio-system', 'istiod');
const LINKERD_POD = '        linkerd.io/control-plane-component: destination\n';
const linkerdPart = (name: string): string => deployment('linkerd', name, LINKERD_POD);

function found(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const findings = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return findings;
}

const at = (files: Files): string[] => found(files).map((finding) => `${startOf(finding)} ${coveredText(files, finding)}`);
const counts = (files: Files): string | undefined =>
  /in this environment(.*?)\. Neither/.exec(found(files)[0]?.reported.message ?? '')?.[1];

describe('the place', () => {
  it.each<[string, Files, string]>([
    ['the smaller mesh', { ...shop(2), ...mail(1) }, 'mail.yaml:6:24 enabled'],
    ['the smaller one, whichever that is', { ...shop(1), ...mail(2) }, 'shop.yaml:6:22 enabled'],
    ['Linkerd of two that are equal', { ...shop(1), ...mail(1) }, 'mail.yaml:6:24 enabled'],
    ['the control plane', { ...shop(2), ...mail(1), 'i.yaml': ISTIOD, 'l.yaml': linkerdPart('x') }, 'l.yaml:4:9 x'],
    ['the smaller one’s', { ...shop(1), ...mail(2), 'i.yaml': ISTIOD, 'l.yaml': linkerdPart('x') }, 'i.yaml:4:9 istiod'],
    ['once, of several parts', { 'a.yaml': linkerdPart('a'), 'b.yaml': linkerdPart('b'), 'i.yaml': ISTIOD }, 'a.yaml:4:9 a'],
    ['the label, with one control plane', { ...shop(2), ...mail(1), 'i.yaml': ISTIOD }, 'mail.yaml:6:24 enabled'],
    [
      'the pod that asks for itself',
      {
        ...shop(2),
        'mail.yaml': namespace('mail'),
        'a.yaml': deployment('mail', 'a', '      annotations:\n        linkerd.io/inject: enabled\n'),
        'b.yaml': deployment('mail', 'b', '      annotations:\n        linkerd.io/inject: enabled\n'),
      },
      'a.yaml:12:28 enabled',
    ],
    [
      'a proxy that stands in the manifest',
      { ...shop(1), 'mail.yaml': namespace('mail'), 'a.yaml': deployment('mail', 'a', '', 'linkerd-proxy') },
      'a.yaml:13:17 linkerd-proxy',
    ],
    ['ambient mode', { ...shop(1, '  labels:\n    istio.io/dataplane-mode: ambient\n'), ...mail(2) }, 'shop.yaml:6:30 ambient'],
  ])('%s', (_title, files, place) => {
    expect(at(files)).toEqual([place]);
  });

  it('names the workloads of either mesh', () => {
    expect(found({ ...shop(1), ...mail(1) })[0]?.reported.related.map(({ message }) => message)).toEqual([
      'Deployment mail/app-0 joins Linkerd.',
      'Deployment shop/app-0 joins Istio.',
    ]);
  });
});

describe('the counts', () => {
  it.each<[Files, string]>([
    [{ ...shop(3), ...mail(1) }, ': 3 workloads join Istio and 1 workload joins Linkerd'],
    [{ ...shop(1), ...mail(2) }, ': 1 workload joins Istio and 2 workloads join Linkerd'],
    [{ ...shop(2), 'i.yaml': ISTIOD, 'l.yaml': linkerdPart('x') }, ': 2 workloads join Istio and no workload joins Linkerd'],
    [{ 'i.yaml': ISTIOD, 'l.yaml': linkerdPart('x') }, '; no workload here joins either'],
  ])('%#', (files, text) => {
    expect(counts(files)).toBe(text);
  });
});

describe('silence', () => {
  it.each<[string, Files]>([
    ['with one mesh', shop(2)],
    ['with labels that no workload follows', { ...shop(1), 'mail.yaml': namespace('mail', LINKERD) }],
    ['for a workload that gets both', { ...shop(1, ISTIO + LINKERD) }],
    [
      'where a template hides the second',
      { ...shop(1), ...mail(1, '  annotations:\n    linkerd.io/inject: {{ .Values.mesh }}\n') },
    ],
    ['for what is part of a mesh itself', { ...shop(1), 'l.yaml': namespace('linkerd', LINKERD), 'x.yaml': linkerdPart('x') }],
    [
      'for gateways of an operator',
      {
        'l.yaml': linkerdPart('x'),
        'gateways.yaml':
          'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: gateways\nspec:\n  profile: empty\n',
      },
    ],
    [
      'in a chart, whose values choose',
      {
        'Chart.yaml': 'apiVersion: v2\nname: mesh\nversion: 1.0.0\n',
        'templates/i.yaml': ISTIOD,
        'templates/l.yaml': linkerdPart('x'),
      },
    ],
  ])('%s', (_title, files) => {
    expect(at(files)).toEqual([]);
  });
});
