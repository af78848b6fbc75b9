import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { annotationValueFaults } from '../../engine/mesh/istio/annotation-values';
import type { ValueFault } from '../../engine/mesh/istio/annotation-values';
import { isAnalyzed, isInPlace, istioAnnotations } from '../../engine/mesh/istio/annotations';
import type { PlacedAnnotation } from '../../engine/mesh/istio/annotations';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';
import type { ScalarNode } from '../../engine/yaml/tree';

const cart = (annotation: string, more = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      annotations:\n        ${annotation}\n${more}      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n`;
const shop = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n';

export const rule = defineRule({
  id: 'istio/invalid-annotation-value',
  severity: 'warning',
  summary: 'An annotation has a value that Istio does not take.',
  why:
    'The injector checks the annotations of a pod before it adds the proxy. With a value that it does not take it refuses the pod, so that ' +
    'the workload gets no new pods at all: the Deployment is there, the pods are not, and the reason stands in the events of its ReplicaSet.',
  todo: 'Correct the value.',
  kinds: ['Namespace', 'Service', 'ServiceEntry.networking.istio.io', 'workload'],
  mentions: ['istio.io', 'istio-injection', 'ingress.class'],
  equivalents: ['IST0125'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0125/',
  since: '0.1.0',
  fix: 'writes the value that was most likely meant, or puts it into quotes',
  examples: {
    bad: [
      {
        title: 'Address ranges with spaces between them',
        files: {
          'shop.yaml': shop,
          'cart.yaml': cart('traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.0/8, 192.168.0.1'),
        },
        findings: [
          {
            at: 'cart.yaml:10:59',
            text: '10.0.0.0/8, 192.168.0.1',
            message:
              'Annotation traffic.sidecar.istio.io/excludeOutboundIPRanges does not take "10.0.0.0/8, 192.168.0.1". The injector refuses the pods of Deployment shop/cart: none can be created. Write address ranges such as 10.0.0.0/8, with commas and no spaces between them.',
          },
        ],
      },
      {
        title: 'A boolean among the environment variables of the proxy',
        files: {
          'cart.yaml': cart(
            'proxy.istio.io/config: |',
            '          proxyMetadata:\n            ISTIO_META_DNS_CAPTURE: true\n          holdApplicationUntilProxyStart: true\n',
          ),
        },
        findings: [
          {
            at: 'cart.yaml:12:37',
            text: 'true',
            message:
              'Annotation proxy.istio.io/config sets proxyMetadata.ISTIO_META_DNS_CAPTURE to something else than a text. Where a sidecar is injected, the injector refuses the pods of Deployment shop/cart. Put true into quotes.',
          },
          {
            at: 'cart.yaml:13:11',
            text: 'holdApplicationUntilProxyStart',
            message:
              'Annotation proxy.istio.io/config sets "holdApplicationUntilProxyStart", which is no field of ProxyConfig. Istio drops it, so that it has no effect. Did you mean "holdApplicationUntilProxyStarts"?',
          },
        ],
      },
      {
        title: 'A value that is no text',
        files: { 'cart.yaml': cart('status.sidecar.istio.io/port: 15020') },
        findings: [
          {
            at: 'cart.yaml:10:39',
            text: '15020',
            message:
              'Annotation status.sidecar.istio.io/port has a value that is no text. The API server refuses Deployment shop/cart: annotations are texts. Put 15020 into quotes.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Values as Istio takes them',
        files: {
          'cart.yaml': cart(
            'traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.0/8,192.168.0.1/32',
            '        traffic.sidecar.istio.io/includeInboundPorts: "*"\n        status.sidecar.istio.io/port: "15020"\n        proxy.istio.io/config: \'{ "holdApplicationUntilProxyStarts": true }\'\n',
          ),
        },
      },
    ],
  },
  *check(subject, view) {
    for (const annotation of istioAnnotations(subject)) {
      const { value } = annotation;
      const { node } = value;
      if (node.type !== 'scalar') continue;
      if (value.is === 'unknown') {
        if (node.value !== null) yield noText(subject, annotation, node);
      } else if (isInPlace(annotation)) {
        for (const fault of annotationValueFaults(annotation.name, node)) yield findingOf(subject, view, annotation, fault);
      }
    }
  },
});

/** A number or a boolean: a label or annotation whose value the tree cannot read as a string is one. */
function noText(subject: Resource, { name }: PlacedAnnotation, node: ScalarNode): Finding {
  const text = node.source.slice(node.start, node.end);
  return {
    place: { node },
    severity: 'error',
    message: `Annotation ${name} has a value that is no text. The API server refuses ${subject.title}: annotations are texts. Put ${text} into quotes.`,
    // istioctl cannot read such a manifest.
    equivalents: [],
    fixes: [writing(node, text, true)],
  };
}

function findingOf(subject: Resource, view: MeshView, annotation: PlacedAnnotation, fault: ValueFault): Finding {
  const { place, what, todo, instead, effect } = fault;
  const refusal = refusalOf(subject, view, annotation);
  return {
    place,
    message: `Annotation ${annotation.name} ${what}. ${effect ?? refusal.text}. ${sentence(todo)}`,
    ...(effect === undefined && refusal.isCertain ? { severity: 'error' as const } : {}),
    ...(effect === undefined && isAnalyzed(annotation, subject) ? {} : { equivalents: [] }),
    fixes: instead === undefined || instead.node.madeBy !== undefined ? [] : [writing(instead.node, instead.text, false)],
  };
}

/** The injector checks before it injects, and only then (istio/istio pkg/kube/inject/inject.go RunTemplate, 1.32 development). */
function refusalOf(subject: Resource, view: MeshView, { on }: PlacedAnnotation): { text: string; isCertain: boolean } {
  if (on !== 'Pod') return { text: 'Istio ignores it', isCertain: false };
  const pods = subject.kind === 'Pod' ? subject.title : `the pods of ${subject.title}`;
  const sidecar = view.membership(subject)?.sidecar;
  if (sidecar?.joins === 'yes' && sidecar.inManifest !== true) {
    const result = subject.kind === 'Pod' ? 'it cannot be created' : 'none can be created';
    return { text: `The injector refuses ${pods}: ${result}`, isCertain: sidecar.basis === 'shown' };
  }
  return { text: `Where a sidecar is injected, the injector refuses ${pods}`, isCertain: false };
}

function writing(node: ScalarNode, text: string, safe: boolean): Fix {
  return {
    title: `Write ${JSON.stringify(text)}`,
    safe,
    preferred: true,
    edits: () => (node.madeBy === undefined ? [replaceScalar(node, text)] : undefined),
  };
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${/[.?]$/.test(clause) ? '' : '.'}`;
}
