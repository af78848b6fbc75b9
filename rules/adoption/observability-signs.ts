import { baseNameOf } from '../../engine/environments/paths';
import { infrastructureRole } from '../../engine/mesh/infrastructure';
import { installedCharts } from '../../engine/mesh/istio/control-plane';
import { meshConfigs } from '../../engine/mesh/istio/mesh-config';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { booleanOf, isSet, itemsOf, lookup, stringOf } from '../../engine/yaml/tree';

/**
 * Kinds whose resources collect, show or watch what a mesh measures: of the Prometheus operator and Google's managed Prometheus, the
 * operators of OpenTelemetry, Grafana, Jaeger, Tempo, Kiali, Datadog, Dynatrace and VictoriaMetrics, and Istio's own Telemetry.
 */
const KINDS = [
  'ServiceMonitor.monitoring.coreos.com',
  'PodMonitor.monitoring.coreos.com',
  'Probe.monitoring.coreos.com',
  'Prometheus.monitoring.coreos.com',
  'PrometheusRule.monitoring.coreos.com',
  'Alertmanager.monitoring.coreos.com',
  'PodMonitoring.monitoring.googleapis.com',
  'ClusterPodMonitoring.monitoring.googleapis.com',
  'OpenTelemetryCollector.opentelemetry.io',
  'Instrumentation.opentelemetry.io',
  'Grafana.grafana.integreatly.org',
  'GrafanaDashboard.grafana.integreatly.org',
  'Jaeger.jaegertracing.io',
  'TempoStack.tempo.grafana.com',
  'Kiali.kiali.io',
  'DatadogAgent.datadoghq.com',
  'DynaKube.dynatrace.com',
  'VMAgent.operator.victoriametrics.com',
  'VMPodScrape.operator.victoriametrics.com',
  'Telemetry.telemetry.istio.io',
];

/** In the names of charts, and of folders and files: monitoring often has a place of its own, which another environment is made from. */
const WORDS =
  /monitoring|observab|telemetry|prometheus|grafana|kiali|jaeger|zipkin|\btempo\b|loki|otel|datadog|dynatrace|newrelic|new-relic|splunk|elastic|signoz|honeycomb|skywalking|victoria|mimir|thanos|linkerd-viz|alerting|dashboard/i;

/** Variables by which agents and SDKs of OpenTelemetry, Datadog, New Relic, Elastic and Jaeger are told where to report. */
const VARIABLE = /^(?:OTEL_|DD_|NEW_RELIC_|ELASTIC_APM_|JAEGER_|DT_)/;

const SCRAPED = 'prometheus.io/scrape';

/**
 * Whether anything in an environment, or in the names of the repository's files, is a sign that somebody collects, traces, shows or
 * watches what runs there. Any one sign is enough.
 */
export function isObserved(view: MeshView): boolean {
  return (
    KINDS.some((kind) => view.ofKind(kind).length > 0) ||
    view.index.grouped('observability', 'workloads', (workload) => (isSign(workload) ? SIGNS : [])).get('signs').length > 0 ||
    installedCharts(view).some(([, { chart }]) => chart !== undefined && WORDS.test(baseNameOf(chart.text))) ||
    meshConfigs(view).some(
      (config) => isSet(lookup(config, 'extensionProviders')) || booleanOf(lookup(config, 'enableTracing')) === true,
    ) ||
    view.repository.paths().some((path) => WORDS.test(path))
  );
}

const SIGNS: readonly string[] = ['signs'];

function isSign(workload: Resource): boolean {
  const role = infrastructureRole(workload);
  if (role === 'observability' || role === 'linkerd-extension') return true;
  const template = podTemplateOf(workload);
  if (template === undefined) return false;
  if (template.annotations.keys().includes(SCRAPED)) return true;
  return template.containers.some(({ node }) =>
    itemsOf(lookup(node, 'env')).some((variable) => VARIABLE.test(stringOf(lookup(variable, 'name')) ?? '')),
  );
}
