import { defineRule } from '../../engine/findings/rule';
import type { Fix } from '../../engine/findings/rule';
import { isAnalyzed, istioAnnotations } from '../../engine/mesh/istio/annotations';
import type { PlacedAnnotation } from '../../engine/mesh/istio/annotations';
import type { Resource } from '../../engine/resources/resource';
import { removeEntry, renameKey, setString } from '../../engine/yaml/edit';

const INJECT = 'sidecar.istio.io/inject';

const cart = (annotation: string, labels = '        app: cart\n'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  template:\n    metadata:\n      annotations:\n        ${annotation}\n      labels:\n${labels}    spec:\n      containers:\n        - name: cart\n          image: cart:1\n`;

export const rule = defineRule({
  id: 'istio/deprecated-annotation',
  severity: 'info',
  summary: 'An annotation of Istio is deprecated.',
  why:
    'Istio still reads it, and a later release will not. The annotation `sidecar.istio.io/inject` is weaker than the label of the same name ' +
    'today: it cannot bring a sidecar into a namespace that is not labelled, since a webhook sees labels alone.',
  todo: 'Use what took its place.',
  kinds: ['Namespace', 'Service', 'workload'],
  mentions: ['istio.io', 'istio-injection', 'ingress.class'],
  equivalents: ['IST0135'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0135/',
  since: '0.1.0',
  tags: ['deprecated'],
  fix: 'makes a label of `sidecar.istio.io/inject`, or writes the name that an annotation has now',
  examples: {
    bad: [
      {
        title: 'Injection decided by an annotation',
        files: { 'cart.yaml': cart('sidecar.istio.io/inject: "false"') },
        findings: [
          {
            at: 'cart.yaml:9:9',
            text: 'sidecar.istio.io/inject',
            message:
              'Annotation sidecar.istio.io/inject is deprecated, and a later release of Istio will not read it: set the label of the same name on the pods.',
          },
        ],
      },
      {
        title: 'Renamed, and moved into the settings of the proxy',
        files: {
          'cart.yaml': cart(
            'traffic.sidecar.istio.io/kubevirtInterfaces: net1\n        sidecar.istio.io/discoveryAddress: istiod.mesh:15012',
          ),
        },
        findings: [
          {
            at: 'cart.yaml:9:9',
            text: 'traffic.sidecar.istio.io/kubevirtInterfaces',
            message:
              'Annotation traffic.sidecar.istio.io/kubevirtInterfaces is deprecated, and a later release of Istio will not read it: use istio.io/reroute-virtual-interfaces.',
          },
          {
            at: 'cart.yaml:10:9',
            text: 'sidecar.istio.io/discoveryAddress',
            message:
              'Annotation sidecar.istio.io/discoveryAddress is deprecated, and a later release of Istio will not read it: set discoveryAddress in the annotation proxy.istio.io/config.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'The label, and the annotation beside it for older releases',
        files: {
          'cart.yaml': cart('sidecar.istio.io/inject: "false"', '        app: cart\n        sidecar.istio.io/inject: "false"\n'),
        },
      },
    ],
  },
  *check(subject) {
    for (const annotation of istioAnnotations(subject)) {
      const { name, place, facts } = annotation;
      if (facts?.instead === undefined) continue;
      if (name === INJECT && subject.at(...labelPath(annotation)) !== undefined) continue;
      const codes = facts.stage === 'alpha' ? ['IST0135', 'IST0136'] : ['IST0135'];
      yield {
        place: { node: place },
        message: `Annotation ${name} is deprecated, and a later release of Istio will not read it: ${facts.instead}.`,
        equivalents: isAnalyzed(annotation, subject) ? codes : [],
        fixes: [...labelling(subject, annotation), ...renaming(subject, annotation, facts.renamed)],
      };
    }
  },
});

/** Where the label stands that is called as the annotation is. */
function labelPath({ name, path }: PlacedAnnotation): readonly string[] {
  return [...path.slice(0, -1), 'labels', name];
}

/** Not safe: "true" brings a sidecar into a namespace that is not labelled, where the annotation could not. */
function labelling(subject: Resource, annotation: PlacedAnnotation): Fix[] {
  const { name, path, on, value } = annotation;
  if (name !== INJECT || on !== 'Pod' || value.is !== 'known') return [];
  return [
    {
      title: `Label the pods ${INJECT}=${value.value} instead`,
      safe: false,
      preferred: true,
      edits: () => {
        const { root } = subject;
        const map = subject.at(...path);
        const entry = map?.type === 'map' ? map.entry(name) : undefined;
        if (root === undefined || map?.type !== 'map' || entry === undefined) return undefined;
        const out = removeEntry(map, entry);
        const into = setString(root, labelPath(annotation), value.value);
        return out === undefined || into === undefined ? undefined : [out, into];
      },
    },
  ];
}

function renaming(subject: Resource, { name, path }: PlacedAnnotation, renamed: string | undefined): Fix[] {
  if (renamed === undefined) return [];
  return [
    {
      title: `Write ${renamed}`,
      safe: false,
      preferred: true,
      edits: () => {
        const map = subject.at(...path);
        const entry = map?.type === 'map' ? map.entry(name) : undefined;
        if (map?.type !== 'map' || entry === undefined || entry.key.madeBy !== undefined) return undefined;
        return map.entry(renamed) === undefined ? [renameKey(entry, renamed)] : undefined;
      },
    },
  ];
}
