import { defineRule } from '../../engine/findings/rule';
import type { Severity } from '../../engine/findings/report';
import { meshConfigs } from '../../engine/mesh/istio/mesh-config';
import type { MeshView } from '../../engine/mesh/view';
import { entriesOf, isSet, itemsOf, lookup } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const telemetry = (entry: string): string =>
  `apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata:\n  name: mesh-default\n  namespace: istio-system\nspec:\n  accessLogging:\n    - ${entry}\n`;
const meshConfig = (text: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    ${text}\n`;
const FILTER = 'filter: { expression: response.code >= 400 }';

export const rule = defineRule({
  id: 'istio/access-log-without-provider',
  severity: 'warning',
  summary: 'A Telemetry asks for access logs and names no provider to write them.',
  why:
    'Access logs go to the providers that the Telemetry names, else to those that the mesh configuration has under ' +
    '`defaultProviders.accessLogging`. With neither, the entry does nothing: nothing is logged.',
  todo: "Name a provider, such as Istio's own `envoy`, which writes to standard output, or set a default one in the mesh configuration.",
  kinds: ['Telemetry.telemetry.istio.io'],
  equivalents: ['IST0157'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0157/',
  since: '0.1.0',
  reportsUnknown: true,
  noFix: 'whereto logs go is for their reader to say',
  examples: {
    bad: [
      {
        title: 'A mesh configuration without a default',
        files: { 'mesh.yaml': meshConfig('enableTracing: true'), 'telemetry.yaml': telemetry(FILTER) },
        findings: [
          {
            at: 'telemetry.yaml:8:7',
            text: 'filter',
            message:
              'This access log of Telemetry istio-system/mesh-default has no provider, and the mesh configuration has no default one. Nothing is logged. Name a provider, such as envoy, or set defaultProviders.accessLogging.',
          },
        ],
      },
      {
        title: 'No mesh configuration to be seen',
        files: { 'telemetry.yaml': telemetry('{}') },
        findings: [
          {
            at: 'telemetry.yaml:8:7',
            text: '{}',
            message:
              'This access log of Telemetry istio-system/mesh-default has no provider, and no file here shows a default one. Without it, nothing is logged. Name a provider, such as envoy, or make sure that the mesh configuration has defaultProviders.accessLogging.',
          },
        ],
      },
    ],
    good: [
      { title: 'A provider', files: { 'telemetry.yaml': telemetry('providers: [{ name: envoy }]') } },
      {
        title: 'A default in the mesh configuration',
        files: { 'mesh.yaml': meshConfig('defaultProviders: { accessLogging: [envoy] }'), 'telemetry.yaml': telemetry(FILTER) },
      },
      { title: 'Turned off', files: { 'telemetry.yaml': telemetry('disabled: true') } },
    ],
  },
  *check(subject, view) {
    const entries = itemsOf(subject.at('spec', 'accessLogging')).filter(lacksProvider);
    const basis = entries.length === 0 ? undefined : missingDefault(view);
    if (basis === undefined) return;
    const opening = `This access log of ${subject.title} has no provider,`;
    const [message, severity]: [string, Severity] =
      basis === 'shown'
        ? [
            `${opening} and the mesh configuration has no default one. Nothing is logged. Name a provider, such as envoy, or set defaultProviders.accessLogging.`,
            'warning',
          ]
        : [
            `${opening} and no file here shows a default one. Without it, nothing is logged. Name a provider, such as envoy, or make sure that the mesh configuration has defaultProviders.accessLogging.`,
            'info',
          ];
    for (const entry of entries) yield { place: { node: entriesOf(entry)[0]?.key ?? entry }, message, severity };
  },
});

function lacksProvider(entry: YamlNode): boolean {
  if (entry.type !== 'map') return false;
  const providers = lookup(entry, 'providers');
  const disabled = lookup(entry, 'disabled');
  if (isSet(disabled) && !(disabled.type === 'scalar' && disabled.value === false)) return false;
  return !isSet(providers) || (providers.type === 'sequence' && !providers.open && providers.items.length === 0);
}

/** How the environment shows that there is no default provider; undefined where there is one, or a template may set it. */
function missingDefault(view: MeshView): 'shown' | 'assumed' | undefined {
  const configs = meshConfigs(view);
  const defaults = configs.map((config) => lookup(config, 'defaultProviders', 'accessLogging'));
  const hasOne = defaults.some((list) => isSet(list) && !(list.type === 'sequence' && !list.open && list.items.length === 0));
  if (hasOne) return undefined;
  return configs.length > 0 ? 'shown' : 'assumed';
}
