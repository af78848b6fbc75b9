import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { itemsOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationWorkloads, infrastructure } from './applications';
import { because, itself, keyOf, objectsOf, objectsOfKind, plainKind, remembered, shown, signsIn } from './evidence';
import type { Find } from './evidence';
import type { Because, Need } from './facts';
import { meshCharts } from './mesh-charts';

/**
 * Why needs count because something other than a mesh meets them here: certificates that workloads mount, progressive delivery,
 * OpenTelemetry, OPA beside a workload. NetworkPolicies are left out: isolation is none of the six needs. So are Gatekeeper and Kyverno,
 * which decide what may be created, not who may call whom, and what an ingress or API gateway does at the edge.
 */
export function alternativesInPlace(view: MeshView): (readonly [Need, Because<Place>])[] {
  return [
    ...certificates(view).map((one) => ['mtls', one] as const),
    ...delivery(view).map((one) => ['routing', one] as const),
    ...telemetry(view).map((one) => ['observability', one] as const),
    ...because(signsIn(applicationWorkloads(view), opaSidecar), 'workload', ['runs OPA beside it', 'run OPA beside them']).map(
      (one) => ['authorization', one] as const,
    ),
  ];
}

const CERTIFICATE = 'Certificate.cert-manager.io';

/** CSI drivers that hand workloads a certificate of their own: cert-manager's, and SPIFFE's (SPIRE). */
const IDENTITY_DRIVERS: ReadonlySet<string> = new Set(['csi.cert-manager.io', 'spiffe.csi.cert-manager.io', 'csi.spiffe.io']);

/** A certificate says something of mTLS only where a workload mounts it: most are an ingress'. */
function certificates(view: MeshView): Because<Place>[] {
  const issued = new Set<string>();
  for (const certificate of view.ofKind(CERTIFICATE)) {
    const secret = stringOf(certificate.at('spec', 'secretName'));
    if (secret !== undefined && certificate.namespace !== undefined) issued.add(`${certificate.namespace}/${secret}`);
  }
  const isIssued = (workload: Resource, secret: YamlNode | undefined): boolean =>
    issued.has(`${workload.namespace ?? ''}/${stringOf(secret) ?? ''}`);
  const mounts: Find = (workload) =>
    volumesOf(workload).flatMap((volume) => {
      const projected = itemsOf(lookup(volume, 'projected', 'sources')).map((source) => lookup(source, 'secret', 'name'));
      const secrets = [lookup(volume, 'secret', 'secretName'), ...projected].filter((secret) => isIssued(workload, secret));
      const driver = lookup(volume, 'csi', 'driver');
      return [...secrets, IDENTITY_DRIVERS.has(stringOf(driver) ?? '') ? driver : undefined].flatMap((node) => node ?? []);
    });
  return because(signsIn(applicationWorkloads(view), mounts), 'workload', [
    'mounts a certificate of its own',
    'mount certificates of their own',
  ]);
}

export function volumesOf(workload: Resource): readonly YamlNode[] {
  return itemsOf(lookup(podTemplateOf(workload)?.spec, 'volumes'));
}

/** Argo Rollouts with a strategy, and Flagger's Canaries. */
function delivery(view: MeshView): Because<Place>[] {
  const strategy: Find = (rollout) =>
    ['canary', 'blueGreen'].flatMap((name) => shown(rollout.at('spec', 'strategy'), name) ?? []).map(keyOf);
  const verb = ['delivers progressively', 'deliver progressively'] as const;
  return [
    ...because(signsIn(objectsOfKind(view, 'Rollout.argoproj.io'), strategy), 'Rollout', verb),
    ...because(signsIn(objectsOfKind(view, 'Canary.flagger.app'), itself), 'Canary', verb),
  ];
}

const TELEMETRY_KINDS = ['OpenTelemetryCollector.opentelemetry.io', 'Instrumentation.opentelemetry.io'];

function telemetry(view: MeshView): Because<Place>[] {
  const collectors = objectsOf(infrastructure(view).get('observability') ?? []);
  const charts = meshCharts(view).flatMap(({ role, reference }) =>
    role === 'opentelemetry' ? (reference.chart?.node ?? []) : [],
  );
  return [
    ...TELEMETRY_KINDS.flatMap((kind) =>
      because(signsIn(objectsOfKind(view, kind), itself), plainKind(kind), ['collects telemetry', 'collect telemetry']),
    ),
    ...because(signsIn([...applicationWorkloads(view), ...collectors], collector), 'workload', [
      'collects OpenTelemetry data',
      'collect OpenTelemetry data',
    ]),
    ...because(signsIn(applicationWorkloads(view), instrumented), 'workload', [
      'reports by OpenTelemetry',
      'report by OpenTelemetry',
    ]),
    ...(charts.length === 0
      ? []
      : [{ because: 'OpenTelemetry is installed by its chart', evidence: charts.map((node) => ({ node })) }]),
  ];
}

/** `otel/opentelemetry-collector`, `-contrib`, `-k8s` under any registry; the ADOT and Grafana builds go by other names. */
const collector = remembered((workload) =>
  imagesOf(workload, (image) => /(?:^|\/)opentelemetry-collector(?:-[a-z0-9-]+)?(?:[:@]|$)/.test(image)),
);

/** Variables of the OpenTelemetry SDK, or an annotation for the operator to inject one. */
const instrumented = remembered((workload) => {
  const template = podTemplateOf(workload);
  if (template === undefined) return [];
  for (const { node } of template.containers) {
    for (const variable of itemsOf(lookup(node, 'env'))) {
      const name = lookup(variable, 'name');
      if (name !== undefined && stringOf(name)?.startsWith('OTEL_') === true) return [name];
    }
  }
  const key = template.annotations.keys().find((candidate) => candidate.startsWith('instrumentation.opentelemetry.io/inject-'));
  const annotation = key === undefined ? undefined : template.annotations.get(key);
  return annotation?.is === 'known' && annotation.value !== 'false' ? [annotation.node] : [];
});

/** OPA as a second container: alone in its pod it is a service like others. */
const opaSidecar = remembered((workload) => {
  const containers = podTemplateOf(workload)?.containers ?? [];
  return containers.length < 2 ? [] : imagesOf(workload, (image) => /(?:^|\/)openpolicyagent\/opa(?:[:@]|$)/.test(image));
});

function imagesOf(workload: Resource, fits: (image: string) => boolean): YamlNode[] {
  const containers = podTemplateOf(workload)?.containers ?? [];
  return containers.flatMap(({ image, node }) => (image !== undefined && fits(image) ? (lookup(node, 'image') ?? []) : []));
}
