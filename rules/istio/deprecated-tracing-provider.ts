import { defineRule } from '../../engine/findings/rule';
import { extensionProviders } from '../../engine/mesh/istio/extension-providers';
import { itemsOf, lookup, stringOf } from '../../engine/yaml/tree';

const telemetry = (provider: string): string =>
  `apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata:\n  name: mesh-default\n  namespace: istio-system\nspec:\n  tracing:\n    - providers:\n        - name: ${provider}\n`;
const meshConfig = (sort: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    extensionProviders:\n      - name: spans\n        ${sort}:\n          service: collector.monitoring.svc.cluster.local\n          port: 4317\n`;

/** Sorts of providers that are deprecated, as prose calls them (istio/api mesh/v1alpha1/config.proto, v1.31.1), with istioctl's code. */
const DEPRECATED: ReadonlyMap<string, readonly [title: string, codes: readonly string[]]> = new Map([
  ['lightstep', ['Lightstep', ['IST0002']]],
  ['opencensus', ['OpenCensus', []]],
]);

export const rule = defineRule({
  id: 'istio/deprecated-tracing-provider',
  severity: 'warning',
  summary: 'Traces go to a provider of a sort that is deprecated.',
  why:
    'The tracers of Lightstep and OpenCensus are deprecated in favour of OpenTelemetry, which both of their backends understand. A proxy ' +
    'without the tracer sends no spans, and nothing else tells.',
  todo: 'Define a provider with `opentelemetry` for the same backend, and name it here.',
  kinds: ['Telemetry.telemetry.istio.io'],
  equivalents: ['IST0002'],
  docs: 'https://istio.io/latest/docs/tasks/observability/distributed-tracing/opentelemetry/',
  since: '0.1.0',
  tags: ['deprecated'],
  noFix: 'the provider stands in the mesh configuration, and needs the address that its backend has for OpenTelemetry',
  examples: {
    bad: [
      {
        title: 'Lightstep',
        files: { 'mesh.yaml': meshConfig('lightstep'), 'telemetry.yaml': telemetry('spans') },
        findings: [
          {
            at: 'telemetry.yaml:9:17',
            text: 'spans',
            message:
              'Telemetry istio-system/mesh-default sends traces to provider spans, which the mesh configuration defines for Lightstep. That sort of provider is deprecated: once proxies do without it, no traces arrive. Define a provider with opentelemetry, and name it here.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'OpenTelemetry',
        files: { 'mesh.yaml': meshConfig('opentelemetry'), 'telemetry.yaml': telemetry('spans') },
      },
      { title: 'A provider that no file here defines', files: { 'telemetry.yaml': telemetry('spans') } },
    ],
  },
  *check(subject, view) {
    for (const tracing of itemsOf(subject.at('spec', 'tracing'))) {
      for (const provider of itemsOf(lookup(tracing, 'providers'))) {
        const node = lookup(provider, 'name');
        const name = stringOf(node);
        if (node === undefined || name === undefined) continue;
        const definitions = extensionProviders(view, name);
        const [definition] = definitions;
        // Two revisions may differ: then it is not certain which one this resource is for.
        if (definition === undefined || definitions.some(({ sort }) => sort !== definition.sort)) continue;
        const [title, equivalents] = DEPRECATED.get(definition.sort) ?? [];
        if (title === undefined || equivalents === undefined) continue;
        yield {
          place: { node },
          message: [
            `${subject.title} sends traces to provider ${name}, which the mesh configuration defines for ${title}.`,
            'That sort of provider is deprecated: once proxies do without it, no traces arrive.',
            'Define a provider with opentelemetry, and name it here.',
          ].join(' '),
          equivalents,
          related: definitions.map((one) => ({ place: { node: one.node }, message: `Provider ${name} is one for ${title}.` })),
        };
      }
    }
  },
});
