import { describe, expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../../test/support/lint';
import type { Files } from '../../../test/support/lint';
import { defineRule } from '../../findings/rule';
import type { Rule } from '../../findings/rule';
import type { YamlNode } from '../../yaml/tree';
import { concernsOf, LINKERD_SUBJECTS, linkerdReferencesOf } from './references';
import type { LinkerdPlace, PlaceGroup } from './references';

/** A rule is the way to a view of every subject, files included. */
function ruleOf(check: (groups: readonly PlaceGroup[], fallback: YamlNode) => { node: YamlNode; message: string }[]): Rule {
  return defineRule({
    id: 'linkerd/places',
    severity: 'info',
    summary: '',
    why: '',
    todo: '',
    kinds: LINKERD_SUBJECTS,
    equivalents: [],
    docs: '',
    since: '0.1.0',
    noFix: 'it is a test',
    examples: { bad: [{ title: '', files: {}, findings: [] }], good: [{ title: '', files: {} }] },
    check: (subject, view) =>
      check(linkerdReferencesOf(subject, view), subject.root!).map(({ node, message }) => ({ place: { node }, message })),
  });
}

/** Every place: its channel, what shows it, and the text there; `elsewhere` for one that another resource has. */
function placesIn(files: Files): string[] {
  const told: string[] = [];
  const rule = ruleOf((groups, fallback) =>
    groups.flat().map(({ reference, by, node }: LinkerdPlace) => ({
      node: node ?? fallback,
      message: `${reference.channel ?? 'none'} by ${node === undefined ? 'elsewhere' : by}`,
    })),
  );
  const workspace = workspaceOf(files, [rule]);
  for (const finding of workspace.findings()) {
    const { message } = finding.reported;
    told.push(message.endsWith('elsewhere') ? message : `${message}: ${coveredText(files, finding)}`);
  }
  expect(workspace.faults()).toEqual([]);
  return told;
}

const chart = (name: string, version: string, repository: string): Files => ({
  'Chart.yaml': `name: shop\ndependencies:\n  - name: ${name}\n    version: "${version}"\n    repository: ${repository}\n`,
});
const STABLE = 'https://helm.linkerd.io/stable';
const EDGE = 'https://helm.linkerd.io/edge';
const BUOYANT = 'https://helm.buoyant.cloud';

describe('the place of a chart', () => {
  it.each<[title: string, files: Files, place: string]>([
    ['the version, where it shows the channel', chart('linkerd-viz', '30.12.11', STABLE), 'stable by version: "30.12.11"'],
    ['the repository, where the version does not', chart('linkerd-viz', '*', STABLE), `stable by repository: ${STABLE}`],
    ['the repository, where the two disagree', chart('linkerd-viz', '2024.11.8', STABLE), `stable by repository: ${STABLE}`],
    ['the version that the edge repository lacks', chart('linkerd-viz', '30.12.11', EDGE), 'edge by version: "30.12.11"'],
    ['a calendar version', chart('linkerd-viz', '2024.11.8', EDGE), 'edge by version: "2024.11.8"'],
    ['Buoyant’s repository', chart('linkerd-enterprise-crds', '2.17.0', BUOYANT), `enterprise by repository: ${BUOYANT}`],
    [
      'Buoyant’s chart in a mirror',
      chart('linkerd-enterprise-crds', '2.17.0', 'https://m.example.com'),
      'enterprise by chart: linkerd-enterprise-crds',
    ],
    [
      'Buoyant’s chart, vendored',
      chart('linkerd-enterprise-crds', '2.17.0', 'file://../x'),
      'enterprise by chart: linkerd-enterprise-crds',
    ],
    [
      'the repository of a chart that a template names',
      chart("'{{ chart }}'", '1.2.3', STABLE),
      `stable by repository: ${STABLE}`,
    ],
    ['the chart that ended with 2.11', chart('linkerd2', '^x', 'https://m.example.com'), 'stable by chart: linkerd2'],
  ])('is %s', (_, files, place) => {
    expect(placesIn(files)).toEqual([place]);
  });

  it.each<[title: string, files: Files]>([
    ['a chart whose files stand here', chart('linkerd2', '2.11.5', 'file://../linkerd2')],
    ['a chart of somebody else', chart('istiod', '1.16.11', 'https://charts.example.com')],
  ])('is nowhere for %s', (_, files) => {
    expect(placesIn(files)).toEqual([]);
  });

  it('leaves a Flux repository to itself', () => {
    const release = (version: string): Files => ({
      'flux.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: linkerd, namespace: linkerd }
spec: { url: ${STABLE} }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: linkerd, namespace: linkerd }
spec: { chart: { spec: { chart: linkerd-viz, version: '${version}', sourceRef: { kind: HelmRepository, name: linkerd } } } }
`,
    });
    expect(placesIn(release('30.12.11'))).toEqual([`stable by repository: ${STABLE}`, "stable by version: '30.12.11'"]);
    expect(placesIn(release('30.12.11')).length).toBe(2);
    expect(placesIn(release('*'))).toEqual([`stable by repository: ${STABLE}`, 'stable by elsewhere']);
  });

  it('knows the channel of an artifact that a digest pins', () => {
    const oci = `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: mesh, namespace: linkerd }
spec: { url: oci://ghcr.io/buoyantio/charts/some-chart, ref: { digest: sha256:0a1b } }
`;
    expect(placesIn({ 'oci.yaml': oci })).toEqual(['enterprise by repository: oci://ghcr.io/buoyantio/charts/some-chart']);
  });
});

describe('other places', () => {
  it('are versions among values, at the top and in the block of a subchart', () => {
    expect(
      placesIn({
        'values-prod.yaml':
          'linkerdVersion: linkerdVersionValue\nlinkerd2:\n  proxy: { image: { version: stable-2.11.1 } }\nother:\n  proxy: { image: { version: v1 } }\n',
      }),
    ).toEqual(['stable by value: stable-2.11.1']);
  });

  it('are parameters, with or without the block of a subchart', () => {
    const files = {
      'app.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: mesh }
spec:
  source:
    repoURL: https://git.example.com/x.git
    path: mesh
    helm:
      parameters:
        - { name: linkerd2.proxy.image.version, value: stable-2.11.1 }
        - { name: linkerdVersion, value: edge-24.2.1 }
        - { name: image.version, value: stable-2.11.1 }
`,
    };
    expect(placesIn(files)).toEqual(['stable by value: stable-2.11.1', 'edge by value: edge-24.2.1']);
  });

  it('leaves a value file to itself', () => {
    const files = {
      'kustomization.yaml': `helmCharts:\n  - { name: linkerd-viz, repo: ${EDGE}, version: 2026.8.3, valuesFile: values.yaml }\n`,
      'values.yaml': 'linkerdVersion: edge-24.2.1\n',
    };
    expect(placesIn(files)).toEqual(['edge by version: 2026.8.3', 'edge by value: edge-24.2.1']);
  });

  it('are the annotations of a Namespace, and the images and annotations of a workload', () => {
    const files = {
      'shop.yaml': `apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { linkerd.io/created-by: linkerd/cli stable-2.9.1 } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop, annotations: { linkerd.io/created-by: linkerd/proxy-injector } }
spec:
  template:
    metadata: { annotations: { config.linkerd.io/proxy-version: enterprise-2.17.0 } }
    spec:
      initContainers: [{ name: linkerd-init, image: 'cr.l5d.io/linkerd/proxy-init:v2.4.1' }]
      containers: [{ name: linkerd-proxy, image: 'cr.l5d.io/linkerd/proxy:edge-24.2.1' }]
`,
    };
    expect(placesIn(files)).toEqual([
      'stable by annotation: linkerd/cli stable-2.9.1',
      'enterprise by annotation: enterprise-2.17.0',
      "edge by image: 'cr.l5d.io/linkerd/proxy:edge-24.2.1'",
    ]);
  });

  it('are the kinds of Buoyant’s operator', () => {
    const kind = (name: string): string => `apiVersion: linkerd.buoyant.io/v1alpha1\nkind: ${name}\nmetadata: { name: x }\n`;
    expect(placesIn({ 'a.yaml': `${kind('ControlPlane')}---\n${kind('DataPlane')}---\n${kind('Other')}` })).toEqual([
      'enterprise by kind: linkerd.buoyant.io/v1alpha1',
      'enterprise by kind: linkerd.buoyant.io/v1alpha1',
    ]);
  });
});

describe('concernsOf', () => {
  /** How many findings one concern makes, and how many other places each names. */
  function concernsIn(files: Files): string[] {
    const rule = ruleOf((groups) =>
      concernsOf(groups, (place) => (place.reference.channel === 'stable' ? { node: place.node, what: true } : undefined)).map(
        ({ node, others }) => ({ node, message: `${others.length} more` }),
      ),
    );
    return workspaceOf(files, [rule])
      .findings()
      .map((finding) => `${coveredText(files, finding)}, ${finding.reported.message}`);
  }

  it('tells a concern once for a chart with its values', () => {
    const files = {
      'kustomization.yaml': `helmCharts:
  - name: linkerd-viz
    repo: ${STABLE}
    version: 30.12.11
    valuesInline: { linkerdVersion: stable-2.14.10 }
`,
    };
    expect(concernsIn(files)).toEqual(['30.12.11, 1 more']);
  });

  it('tells it once for a repository that several releases share', () => {
    const helmfile = `repositories: [{ name: l, url: ${STABLE} }]\nreleases:\n  - { name: a, chart: l/linkerd-crds }\n  - { name: b, chart: l/linkerd-viz }\n`;
    expect(concernsIn({ 'helmfile.yaml': helmfile })).toEqual([`${STABLE}, 0 more`]);
  });
});
