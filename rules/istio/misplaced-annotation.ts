import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { isAnalyzed, isInPlace, isWrittenByIstio, istioAnnotations } from '../../engine/mesh/istio/annotations';
import type { PlacedAnnotation } from '../../engine/mesh/istio/annotations';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { removeEntry, setString } from '../../engine/yaml/edit';
import type { TextEdit } from '../../engine/yaml/edit';

const cart = (own: string, ofPods: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\n${own}spec:\n  template:\n    metadata:\n${ofPods}      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n`;

export const rule = defineRule({
  id: 'istio/misplaced-annotation',
  severity: 'warning',
  summary: 'An annotation of Istio stands on a kind that Istio does not read it from.',
  why:
    'Most annotations of Istio are for pods, and Istio reads them from the pod that it injects. On a Deployment they belong into the pod ' +
    'template: what stands in the metadata of the Deployment itself stays there. The proxy runs with its defaults, and nothing says so.',
  todo: 'Move the annotation to the pod template, or to the kind that Istio reads it from.',
  kinds: ['Namespace', 'Service', 'workload'],
  mentions: ['istio.io', 'istio-injection', 'ingress.class'],
  equivalents: ['IST0107'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0107/',
  since: '0.1.0',
  fix: 'moves it to the pod template, labels the Namespace instead, or removes it',
  examples: {
    bad: [
      {
        title: 'On the Deployment instead of its pods',
        files: { 'cart.yaml': cart('  annotations:\n    sidecar.istio.io/proxyCPU: 200m\n', '') },
        findings: [
          {
            at: 'cart.yaml:7:5',
            text: 'sidecar.istio.io/proxyCPU',
            message:
              'Annotation sidecar.istio.io/proxyCPU has no effect here: Istio reads it from pods, and Deployment shop/cart does not hand it on to its own. Move it to spec.template.metadata.annotations.',
          },
        ],
      },
      {
        title: 'On a Namespace and on a Service',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations:\n    sidecar.istio.io/inject: "true"\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: shop\n  annotations:\n    traffic.sidecar.istio.io/excludeInboundPorts: "9090"\nspec:\n  ports:\n    - name: http\n      port: 80\n',
        },
        findings: [
          {
            at: 'shop.yaml:6:5',
            text: 'sidecar.istio.io/inject',
            message:
              'Annotation sidecar.istio.io/inject has no effect on Namespace shop: Istio reads it from pods. For all pods of a Namespace the label istio-injection decides.',
          },
          {
            at: 'shop.yaml:14:5',
            text: 'traffic.sidecar.istio.io/excludeInboundPorts',
            message:
              'Annotation traffic.sidecar.istio.io/excludeInboundPorts has no effect on Service shop/cart: Istio reads it from pods. Put it into the pod templates that it is meant for.',
          },
        ],
      },
      {
        title: 'For Services, on pods',
        files: {
          'cart.yaml': cart('', '      annotations:\n        networking.istio.io/exportTo: "."\n'),
        },
        findings: [
          {
            at: 'cart.yaml:10:9',
            text: 'networking.istio.io/exportTo',
            message:
              'Annotation networking.istio.io/exportTo has no effect on the pods of Deployment shop/cart: Istio reads it from Services. Put it there, or remove it.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'In the pod template',
        files: { 'cart.yaml': cart('', '      annotations:\n        sidecar.istio.io/proxyCPU: 200m\n') },
      },
      {
        title: 'Annotations for any kind, and those that are not of Istio',
        files: {
          'cart.yaml': cart('  annotations:\n    galley.istio.io/analyze-suppress: IST0107\n    example.com/team: shop\n', ''),
        },
      },
    ],
  },
  *check(subject) {
    for (const annotation of istioAnnotations(subject)) {
      if (annotation.facts === undefined || isInPlace(annotation) || isWrittenByIstio(annotation.name)) continue;
      yield finding(subject, annotation, annotation.facts.on);
    }
  },
});

function finding(subject: Resource, annotation: PlacedAnnotation, readFrom: readonly string[]): Finding {
  const { name, on, place } = annotation;
  const forPods = readFrom.includes('Pod');
  const template = podTemplateOf(subject);
  const own = template?.annotations.get(name);
  const related =
    own === undefined || own.is === 'absent' || on === 'Pod' ? [] : [{ place: { node: own.node }, message: 'It is here.' }];
  return {
    place: { node: place },
    message: [
      `Annotation ${name} has no effect ${placeOf(subject, annotation, forPods)}: Istio reads it from ${listOf(readFrom)}${
        forPods && template !== undefined ? `, and ${subject.title} does not hand it on to its own` : ''
      }.`,
      advice(subject, annotation, forPods, related.length > 0),
    ].join(' '),
    ...(isAnalyzed(annotation, subject) ? {} : { equivalents: [] }),
    related,
    fixes: [...betterPlace(subject, annotation, forPods), removal(subject, annotation)],
  };
}

function placeOf(subject: Resource, { on }: PlacedAnnotation, forPods: boolean): string {
  if (on === 'Pod') return subject.kind === 'Pod' ? `on ${subject.title}` : `on the pods of ${subject.title}`;
  return forPods && podTemplateOf(subject) !== undefined ? 'here' : `on ${subject.title}`;
}

function advice(subject: Resource, { name }: PlacedAnnotation, forPods: boolean, isThereToo: boolean): string {
  if (!forPods) return 'Put it there, or remove it.';
  const template = podTemplateOf(subject);
  if (isThereToo) return 'The pod template has it as well: remove this one.';
  if (template !== undefined) return `Move it to ${[...template.path, 'metadata', 'annotations'].join('.')}.`;
  if (subject.kind !== 'Namespace') return 'Put it into the pod templates that it is meant for.';
  if (name === INJECT) return `For all pods of a Namespace the label ${INJECTION} decides.`;
  return 'Put it into the pod templates of the Namespace.';
}

const INJECT = 'sidecar.istio.io/inject';
const INJECTION = 'istio-injection';

function* betterPlace(subject: Resource, annotation: PlacedAnnotation, forPods: boolean): Iterable<Fix> {
  const { name, value, on } = annotation;
  if (!forPods || value.is !== 'known' || value.value.includes('\n')) return;
  const template = podTemplateOf(subject);
  if (template !== undefined && on !== 'Pod') {
    if (template.annotations.get(name).is !== 'absent') return;
    const target = [...template.path, 'metadata', 'annotations', name];
    yield {
      title: 'Move it to the pod template',
      safe: false,
      preferred: true,
      edits: () => moved(subject, annotation, target, value.value),
    };
  }
  if (subject.kind !== 'Namespace' || name !== INJECT) return;
  const said = value.value === 'true' ? 'enabled' : 'disabled';
  yield {
    title: `Label the Namespace ${INJECTION}=${said} instead`,
    safe: false,
    preferred: true,
    edits: () => moved(subject, annotation, ['metadata', 'labels', INJECTION], said),
  };
}

function removal(subject: Resource, annotation: PlacedAnnotation): Fix {
  return {
    title: 'Remove the annotation, which has no effect',
    safe: false,
    edits: () => {
      const edit = takenOut(subject, annotation);
      return edit === undefined ? undefined : [edit];
    },
  };
}

function moved(
  subject: Resource,
  annotation: PlacedAnnotation,
  target: readonly string[],
  value: string,
): TextEdit[] | undefined {
  const { root } = subject;
  const out = takenOut(subject, annotation);
  const into = root === undefined ? undefined : setString(root, target, value);
  return out === undefined || into === undefined ? undefined : [out, into];
}

function takenOut(subject: Resource, { name, path }: PlacedAnnotation): TextEdit | undefined {
  const map = subject.at(...path);
  const entry = map?.type === 'map' ? map.entry(name) : undefined;
  return map?.type !== 'map' || entry === undefined ? undefined : removeEntry(map, entry);
}

/** `Services and ServiceEntries` */
function listOf(kinds: readonly string[]): string {
  const names = kinds.map(pluralOf);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function pluralOf(kind: string): string {
  if (kind === 'Pod') return 'pods';
  if (/[^aeiou]y$/.test(kind)) return `${kind.slice(0, -1)}ies`;
  return kind.endsWith('s') ? `${kind}es` : `${kind}s`;
}
