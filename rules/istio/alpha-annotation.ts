import { defineRule } from '../../engine/findings/rule';
import { isAnalyzed, isWrittenByIstio, istioAnnotations } from '../../engine/mesh/istio/annotations';
import type { PlacedAnnotation } from '../../engine/mesh/istio/annotations';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';

const cart = (annotation: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  template:\n    metadata:\n      annotations:\n        ${annotation}\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n`;

/** Istio's CNI plugin writes them to pods: where its init container stands, they were copied from a cluster. */
const WRITTEN_BY_CNI = new Set([
  'sidecar.istio.io/interceptionMode',
  'traffic.sidecar.istio.io/includeInboundPorts',
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
]);

/**
 * A hint, and on by default: nothing is wrong, most annotations of Istio have been alpha for years, and people rely on them; but it is the
 * one place that says so before an upgrade does. A hint fails no run, editors draw it with a few dots, and there is one for a resource.
 */
export const rule = defineRule({
  id: 'istio/alpha-annotation',
  severity: 'hint',
  summary: 'An annotation of Istio is in its alpha stage.',
  why:
    'Istio promises nothing for what is alpha: a release may change what the annotation means, or drop it, without deprecating it first. ' +
    'Most annotations have been alpha for years all the same.',
  todo: 'Nothing, but read the release notes before you upgrade. Turn the rule off if that goes without saying.',
  kinds: ['Namespace', 'Service', 'workload'],
  mentions: ['istio.io', 'istio-injection', 'ingress.class'],
  equivalents: ['IST0136'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0136/',
  since: '0.1.0',
  noFix: 'nothing is wrong',
  examples: {
    bad: [
      {
        title: 'Ports that the sidecar leaves alone, and what it logs',
        files: {
          'cart.yaml': cart('traffic.sidecar.istio.io/excludeOutboundPorts: "3306"\n        sidecar.istio.io/logLevel: debug'),
        },
        findings: [
          {
            at: 'cart.yaml:9:9',
            text: 'traffic.sidecar.istio.io/excludeOutboundPorts',
            message:
              'Annotations traffic.sidecar.istio.io/excludeOutboundPorts and sidecar.istio.io/logLevel are alpha: a release of Istio may change or drop them without a warning. Look for them in the release notes before an upgrade.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A beta annotation',
        files: { 'cart.yaml': cart('proxy.istio.io/config: \'{ "concurrency": 2 }\'') },
      },
    ],
  },
  *check(subject) {
    const [first, ...others] = istioAnnotations(subject).filter((annotation) => isAlpha(subject, annotation));
    if (first === undefined) return;
    const names = [...new Set([first, ...others].map(({ name }) => name))];
    const isOne = names.length === 1;
    yield {
      place: { node: first.place },
      message: [
        `${isOne ? 'Annotation' : 'Annotations'} ${names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`}`,
        `${isOne ? 'is' : 'are'} alpha: a release of Istio may change or drop ${isOne ? 'it' : 'them'} without a warning.`,
        `Look for ${isOne ? 'it' : 'them'} in the release notes before an upgrade.`,
      ].join(' '),
      related: others.map(({ name, place }) => ({ place: { node: place }, message: `${name} is alpha as well.` })),
      ...([first, ...others].some((annotation) => isAnalyzed(annotation, subject)) ? {} : { equivalents: [] }),
    };
  },
});

function isAlpha(subject: Resource, { name, on, facts }: PlacedAnnotation): boolean {
  // Of a deprecated one, what to use instead is all there is to know.
  if (facts?.stage !== 'alpha' || facts.instead !== undefined || isWrittenByIstio(name)) return false;
  return !(on === 'Pod' && WRITTEN_BY_CNI.has(name) && hasCniContainer(subject));
}

function hasCniContainer(subject: Resource): boolean {
  return podTemplateOf(subject)?.initContainers.some(({ name }) => name === 'istio-validation') === true;
}
