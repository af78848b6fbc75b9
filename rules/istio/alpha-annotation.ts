import { defineRule } from '../../engine/findings/rule';
import { isAnalyzed, isWrittenByIstio, istioAnnotations } from '../../engine/mesh/istio/annotations';
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
 * one place that says so before an upgrade does. A hint fails no run, and editors draw it with a few dots.
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
  equivalents: ['IST0136'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0136/',
  since: '0.1.0',
  noFix: 'nothing is wrong',
  examples: {
    bad: [
      {
        title: 'Ports that the sidecar leaves alone',
        files: { 'cart.yaml': cart('traffic.sidecar.istio.io/excludeOutboundPorts: "3306"') },
        findings: [
          {
            at: 'cart.yaml:9:9',
            text: 'traffic.sidecar.istio.io/excludeOutboundPorts',
            message:
              'Annotation traffic.sidecar.istio.io/excludeOutboundPorts is alpha: a release of Istio may change or drop it without a warning. Look for it in the release notes before an upgrade.',
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
    for (const annotation of istioAnnotations(subject)) {
      const { name, place, on, facts } = annotation;
      // Of a deprecated one, what to use instead is all there is to know.
      if (facts?.stage !== 'alpha' || facts.instead !== undefined || isWrittenByIstio(name)) continue;
      if (on === 'Pod' && WRITTEN_BY_CNI.has(name) && hasCniContainer(subject)) continue;
      yield {
        place: { node: place },
        message: `Annotation ${name} is alpha: a release of Istio may change or drop it without a warning. Look for it in the release notes before an upgrade.`,
        ...(isAnalyzed(annotation, subject) ? {} : { equivalents: [] }),
      };
    }
  },
});

function hasCniContainer(subject: Resource): boolean {
  return podTemplateOf(subject)?.initContainers.some(({ name }) => name === 'istio-validation') === true;
}
