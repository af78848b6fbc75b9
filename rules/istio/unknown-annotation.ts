import { defineRule } from '../../engine/findings/rule';
import type { Fix } from '../../engine/findings/rule';
import { isAnalyzed, istioAnnotations, meantBy } from '../../engine/mesh/istio/annotations';
import type { Meant, PlacedAnnotation } from '../../engine/mesh/istio/annotations';
import type { Resource } from '../../engine/resources/resource';
import { removeEntry, renameKey, setString } from '../../engine/yaml/edit';

const service = (annotation: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  annotations:\n    ${annotation}\nspec:\n  ports:\n    - name: http\n      port: 80\n`;

export const rule = defineRule({
  id: 'istio/unknown-annotation',
  severity: 'warning',
  summary: 'An annotation looks like one of Istio, and Istio does not know it.',
  why:
    'Kubernetes keeps any annotation, and Istio reads those that it knows. A misspelt one is there for everybody to see and changes ' +
    'nothing. The same goes for what Istio reads as a label, such as `istio.io/use-waypoint`.',
  todo: 'Correct the name, make a label of it, or remove it.',
  kinds: [
    'Namespace',
    'Service',
    'workload',
    'Ingress.networking.k8s.io',
    'ServiceEntry.networking.istio.io',
    'WorkloadEntry.networking.istio.io',
    'AuthorizationPolicy.security.istio.io',
  ],
  mentions: ['istio.io', 'istio-injection', 'ingress.class'],
  equivalents: ['IST0108'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0108/',
  since: '0.1.0',
  fix: 'writes the nearest name that Istio knows, or makes a label of it',
  examples: {
    bad: [
      {
        title: 'A misspelt name',
        files: { 'cart.yaml': service('networking.istio.io/exportsTo: "."') },
        findings: [
          {
            at: 'cart.yaml:6:5',
            text: 'networking.istio.io/exportsTo',
            message:
              'Istio knows no annotation networking.istio.io/exportsTo: it has no effect on Service cart. Did you mean networking.istio.io/exportTo?',
          },
        ],
      },
      {
        title: 'A label among the annotations',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations:\n    istio.io/use-waypoint: waypoint\n',
        },
        findings: [
          {
            at: 'shop.yaml:6:5',
            text: 'istio.io/use-waypoint',
            message:
              'Istio reads istio.io/use-waypoint as a label: as an annotation it has no effect on Namespace shop. Move it to metadata.labels.',
          },
        ],
      },
      {
        title: 'Nothing that Istio knows',
        files: { 'cart.yaml': service('auth.istio.io/8080: MUTUAL_TLS') },
        findings: [
          {
            at: 'cart.yaml:6:5',
            text: 'auth.istio.io/8080',
            message:
              'Istio knows no annotation auth.istio.io/8080: it has no effect on Service cart. Remove it, or correct its name.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Names that Istio knows, and names of others',
        files: {
          'cart.yaml': service('networking.istio.io/exportTo: "."\n    kubernetes.io/description: The shopping cart'),
        },
      },
    ],
  },
  *check(subject) {
    for (const annotation of istioAnnotations(subject)) {
      const { name, place, on } = annotation;
      // A revision that injects is named by a label; on pods, Istio itself writes the annotation.
      if (annotation.facts !== undefined && !(name === 'istio.io/rev' && on === 'Namespace')) continue;
      const meant = meantBy(name);
      yield {
        place: { node: place },
        message: messageOf(subject, annotation, meant),
        ...(isAnalyzed(annotation, subject) ? {} : { equivalents: [] }),
        fixes: meant === undefined ? [] : fixesFor(subject, annotation, meant),
      };
    }
  },
});

function messageOf(subject: Resource, { name, on, path }: PlacedAnnotation, meant: Meant | undefined): string {
  const where = on === 'Pod' && subject.kind !== 'Pod' ? `the pods of ${subject.title}` : subject.title;
  if (meant?.is === 'label') {
    const advice = meant.on.includes(on)
      ? `Move it to ${[...path.slice(0, -1), 'labels'].join('.')}.`
      : `Istio reads it on these kinds: ${meant.on.join(', ')}.`;
    return `Istio reads ${name} as a label: as an annotation it has no effect on ${where}. ${advice}`;
  }
  const advice = meant === undefined ? 'Remove it, or correct its name.' : `Did you mean ${meant.name}?`;
  return `Istio knows no annotation ${name}: it has no effect on ${where}. ${advice}`;
}

function fixesFor(subject: Resource, annotation: PlacedAnnotation, meant: Meant): Fix[] {
  if (meant.is === 'annotation') return [renaming(subject, annotation, meant.name)];
  return meant.on.includes(annotation.on) ? [labelling(subject, annotation)] : [];
}

function renaming(subject: Resource, { name, path }: PlacedAnnotation, instead: string): Fix {
  return {
    title: `Write ${instead}`,
    safe: false,
    preferred: true,
    edits: () => {
      const map = subject.at(...path);
      const entry = map?.type === 'map' ? map.entry(name) : undefined;
      if (map?.type !== 'map' || entry === undefined || entry.key.madeBy !== undefined || map.entry(instead) !== undefined)
        return undefined;
      return [renameKey(entry, instead)];
    },
  };
}

/** Not safe: a label takes effect. */
function labelling(subject: Resource, { name, path, value }: PlacedAnnotation): Fix {
  return {
    title: 'Make a label of it',
    safe: false,
    preferred: true,
    edits: () => {
      const map = subject.at(...path);
      const entry = map?.type === 'map' ? map.entry(name) : undefined;
      const { root } = subject;
      if (root === undefined || map?.type !== 'map' || entry === undefined || value.is !== 'known') return undefined;
      const out = removeEntry(map, entry);
      const into = setString(root, [...path.slice(0, -1), 'labels', name], value.value);
      return out === undefined || into === undefined ? undefined : [out, into];
    },
  };
}
