/** What a workload or Service is there for, when it is no application. */
export type InfrastructureRole =
  | 'istio-control-plane'
  | 'istio-cni'
  | 'ztunnel'
  | 'istio-gateway'
  | 'linkerd-control-plane'
  | 'linkerd-cni'
  | 'linkerd-extension'
  | 'cilium'
  | 'cni'
  | 'injector'
  | 'observability'
  | 'ingress-controller'
  | 'operator'
  | 'kube-system';

/** What gives one piece of infrastructure away. One mark of any sort is enough. */
export interface KnownInfrastructure {
  readonly role: InfrastructureRole;
  /** Label to the values that mark it; an empty list stands for any value. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  /** Names of workloads and Services that nothing else is called. */
  readonly names?: readonly string[];
  /** Image repositories: the path behind the registry, or the registry as well where the path alone says too little. */
  readonly images?: readonly string[];
}

const APP = 'app';
const NAME = 'app.kubernetes.io/name';
const PART_OF = 'app.kubernetes.io/part-of';
const K8S_APP = 'k8s-app';

/** Istio's images under each of the registries that it has published to: Docker Hub, gcr.io/istio-release and registry.istio.io. */
const istioImages = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`istio/${name}`, `istio-release/${name}`, `registry.istio.io/release/${name}`]);

/**
 * The infrastructure that is recognised, the special before the general: of several entries that fit, the first tells the role. A label
 * or a name that an application may well have (`app: webhook`, `app: controller`, `app: envoy`) is left out, and such a workload is known
 * by its image alone.
 */
export const KNOWN_INFRASTRUCTURE: readonly KnownInfrastructure[] = [
  // Cilium: cilium/cilium install/kubernetes/cilium/templates, chart 1.20. Stands before Istio's ztunnel, whose container name its own has.
  {
    role: 'cilium',
    labels: {
      [K8S_APP]: ['cilium', 'cilium-envoy', 'hubble-relay', 'hubble-ui', 'clustermesh-apiserver'],
      'io.cilium/app': ['operator'],
      [PART_OF]: ['cilium'],
    },
    names: [
      'cilium',
      'cilium-agent',
      'cilium-envoy',
      'cilium-operator',
      'ztunnel-cilium',
      'clustermesh-apiserver',
      'hubble-peer',
      'hubble-relay',
      'hubble-ui',
    ],
    images: [
      'cilium/cilium',
      'cilium/cilium-envoy',
      'cilium/clustermesh-apiserver',
      'cilium/hubble-relay',
      'cilium/hubble-ui',
      'cilium/hubble-ui-backend',
      'cilium/operator',
      'cilium/operator-alibabacloud',
      'cilium/operator-aws',
      'cilium/operator-azure',
      'cilium/operator-generic',
      'cilium/ztunnel',
    ],
  },

  // Linkerd: linkerd/linkerd2 charts/{linkerd-control-plane,linkerd2-cni} and viz/, multicluster/, jaeger/ charts, edge-26.8.3. Label
  // linkerd.io/control-plane-ns is no mark: the injector puts it on every pod that it meshes.
  { role: 'linkerd-control-plane', labels: { 'linkerd.io/control-plane-component': [] } },
  { role: 'linkerd-cni', labels: { 'linkerd.io/cni-resource': [], [K8S_APP]: ['linkerd-cni'] }, names: ['linkerd-cni'] },
  { role: 'linkerd-extension', labels: { 'linkerd.io/extension': [] } },

  // Istio: istio/istio manifests/charts/{istio-control/istio-discovery,istio-cni,ztunnel,gateway,gateways}, 1.32 development; the
  // components that istiod took over in 1.5 (pilot, galley, citadel, mixer, sidecar-injector) and the operator that 1.24 dropped, as
  // the charts of 1.4 and 1.23 label them.
  {
    role: 'istio-cni',
    labels: { [K8S_APP]: ['istio-cni-node'], [NAME]: ['istio-cni'] },
    names: ['istio-cni-node'],
    images: istioImages('install-cni'),
  },
  { role: 'ztunnel', labels: { [APP]: ['ztunnel'], [NAME]: ['ztunnel'] }, names: ['ztunnel'], images: istioImages('ztunnel') },
  {
    role: 'istio-gateway',
    labels: {
      istio: ['ingressgateway', 'egressgateway', 'eastwestgateway', 'ilbgateway', 'ingress', 'egress', 'gateway'],
      [APP]: ['istio-ingressgateway', 'istio-egressgateway', 'istio-eastwestgateway'],
      // On what the gateway controller makes from a Gateway, and on a Deployment that somebody made for one by hand.
      'gateway.networking.k8s.io/gateway-name': [],
      'gateway.istio.io/managed': [],
    },
    names: ['istio-ingressgateway', 'istio-egressgateway', 'istio-eastwestgateway'],
  },
  {
    role: 'injector',
    labels: { istio: ['sidecar-injector'], [APP]: ['sidecarInjectorWebhook'] },
    names: ['istio-sidecar-injector'],
    images: istioImages('sidecar_injector'),
  },
  {
    role: 'istio-control-plane',
    labels: {
      [APP]: ['istiod', 'istio-operator'],
      istio: ['istiod', 'pilot', 'galley', 'citadel', 'mixer'],
      name: ['istio-operator'],
      [NAME]: ['istiod'],
    },
    names: ['istiod', 'istio-operator', 'istio-pilot', 'istio-galley', 'istio-citadel', 'istio-policy', 'istio-telemetry'],
    images: istioImages('pilot', 'operator', 'galley', 'citadel', 'mixer'),
  },

  // Other injectors: the charts hashicorp/vault and hashicorp/consul (their Kubernetes integrations), dapr/dapr charts/dapr.
  {
    role: 'injector',
    labels: { [NAME]: ['vault-agent-injector'], [APP]: ['dapr-sidecar-injector'] },
    names: ['vault-agent-injector', 'dapr-sidecar-injector'],
    images: ['hashicorp/vault-k8s', 'hashicorp/consul-k8s-control-plane', 'daprio/injector'],
  },

  // Other CNI plugins: projectcalico/calico manifests/calico.yaml and the namespaces of its operator, flannel-io/flannel
  // Documentation/kube-flannel.yml, aws/amazon-vpc-cni-k8s config/master, k8snetworkplumbingwg/multus-cni deployments.
  {
    role: 'cni',
    labels: {
      [K8S_APP]: ['calico-node', 'calico-kube-controllers', 'calico-typha', 'flannel', 'aws-node'],
      [APP]: ['flannel', 'multus'],
    },
    names: ['calico-node', 'calico-kube-controllers', 'calico-typha', 'kube-flannel-ds', 'aws-node', 'kube-multus-ds'],
    images: ['calico/node', 'calico/kube-controllers', 'calico/typha', 'flannel-io/flannel', 'flannel/flannel', 'amazon-k8s-cni'],
  },

  // Controllers and agents that talk to the Kubernetes API, to nodes and to the world outside. Each project's own chart or release
  // manifest: cert-manager and trust-manager, external-dns, external-secrets, sealed-secrets, Stakater Reloader.
  {
    role: 'operator',
    labels: {
      [APP]: ['cert-manager', 'cainjector', 'trust-manager', 'external-dns'],
      [NAME]: ['cert-manager', 'cainjector', 'trust-manager', 'external-dns', 'external-secrets', 'sealed-secrets'],
      name: ['sealed-secrets-controller'],
    },
    names: [
      'cert-manager',
      'cert-manager-cainjector',
      'cert-manager-webhook',
      'external-dns',
      'external-secrets',
      'external-secrets-webhook',
      'external-secrets-cert-controller',
      'sealed-secrets-controller',
    ],
    images: [
      'jetstack/cert-manager-cainjector',
      'jetstack/cert-manager-controller',
      'jetstack/cert-manager-startupapicheck',
      'jetstack/cert-manager-webhook',
      'jetstack/trust-manager',
      'external-dns/external-dns',
      'external-secrets/external-secrets',
      'bitnami/sealed-secrets-controller',
      'bitnami-labs/sealed-secrets-controller',
      'stakater/reloader',
    ],
  },
  // Delivery: argoproj's install.yaml of Argo CD, Rollouts, Workflows and Events, Flux's gotk-components.yaml, Flagger's chart.
  {
    role: 'operator',
    labels: {
      [PART_OF]: ['argocd', 'argocd-image-updater', 'argo-rollouts', 'argo-workflows', 'argo-events', 'flux'],
      [NAME]: ['flagger', 'flux-operator'],
      [APP]: ['flagger'],
    },
    names: [
      'argocd-application-controller',
      'argocd-applicationset-controller',
      'argocd-dex-server',
      'argocd-notifications-controller',
      'argocd-redis',
      'argocd-repo-server',
      'argocd-server',
      'flagger',
    ],
    images: [
      'argoproj/argocd',
      'argoproj/argo-rollouts',
      'argoproj/workflow-controller',
      'argoproj/argo-events',
      'argoprojlabs/argocd-image-updater',
      'fluxcd/flagger',
      'fluxcd/helm-controller',
      'fluxcd/image-automation-controller',
      'fluxcd/image-reflector-controller',
      'fluxcd/kustomize-controller',
      'fluxcd/notification-controller',
      'fluxcd/source-controller',
    ],
  },
  // The cluster's own metrics, scaling, policy and backup: kubernetes-sigs/metrics-server, kubernetes/kube-state-metrics,
  // prometheus/node_exporter as prometheus-community packs it, kubernetes/autoscaler, aws/karpenter, kedacore/keda, kyverno/kyverno,
  // open-policy-agent/gatekeeper, vmware-tanzu/velero, kubernetes-sigs/aws-load-balancer-controller, metallb/metallb, spiffe/spire.
  {
    role: 'operator',
    labels: {
      [APP]: [
        'kube-state-metrics',
        'node-exporter',
        'keda-operator',
        'keda-metrics-apiserver',
        'cluster-autoscaler',
        'spire-server',
        'spire-agent',
      ],
      [K8S_APP]: ['metrics-server', 'kube-state-metrics'],
      [NAME]: [
        'metrics-server',
        'kube-state-metrics',
        'node-exporter',
        'prometheus-node-exporter',
        'prometheus-operator',
        'karpenter',
        'cluster-autoscaler',
        'aws-cluster-autoscaler',
        'vertical-pod-autoscaler',
        'keda-operator',
        'velero',
        'aws-load-balancer-controller',
        'metallb',
      ],
      [PART_OF]: ['keda-operator', 'kyverno'],
      'gatekeeper.sh/system': [],
    },
    names: ['metrics-server', 'kube-state-metrics', 'node-exporter', 'prometheus-operator', 'cluster-autoscaler'],
    images: [
      'metrics-server/metrics-server',
      'kube-state-metrics/kube-state-metrics',
      'prometheus/node-exporter',
      'prom/node-exporter',
      'prometheus-operator/prometheus-operator',
      'autoscaling/cluster-autoscaler',
      'karpenter/controller',
      'kedacore/keda',
      'kedacore/keda-metrics-apiserver',
      'kedacore/keda-admission-webhooks',
      'kyverno/kyverno',
      'openpolicyagent/gatekeeper',
      'velero/velero',
      'eks/aws-load-balancer-controller',
      'metallb/controller',
      'metallb/speaker',
      'spiffe/spire-server',
      'spiffe/spire-agent',
      'spiffe/spire-controller-manager',
    ],
  },
  // The Jobs that make certificates for an ingress controller's webhook bear its labels, so they stand before it:
  // kubernetes/ingress-nginx deploy/static. The control plane of envoyproxy/gateway serves configuration to proxies that it makes itself.
  {
    role: 'operator',
    names: ['ingress-nginx-admission-create', 'ingress-nginx-admission-patch'],
    images: ['ingress-nginx/kube-webhook-certgen', 'jettech/kube-webhook-certgen', 'envoyproxy/gateway'],
  },

  // Ingress controllers and the API gateways that double as one, by their charts: kubernetes/ingress-nginx, nginx/kubernetes-ingress,
  // nginx/nginx-gateway-fabric, traefik/traefik-helm-chart, haproxytech/kubernetes-ingress, jcmoraisjr/haproxy-ingress, Kong/charts,
  // projectcontour/contour examples, emissary-ingress/emissary, apache/apisix-ingress-controller, zalando/skipper.
  {
    role: 'ingress-controller',
    labels: {
      [APP]: ['ingress-nginx', 'nginx-ingress', 'traefik', 'haproxy-ingress', 'ingress-kong', 'proxy-kong', 'kong', 'contour'],
      [NAME]: [
        'ingress-nginx',
        'nginx-ingress',
        'nginx-gateway-fabric',
        'traefik',
        'haproxy-ingress',
        'kubernetes-ingress',
        'kong',
        'contour',
        'emissary-ingress',
        'ambassador',
        'apisix',
        'apisix-ingress-controller',
      ],
      [K8S_APP]: ['traefik-ingress-lb', 'nginx-ingress-controller'],
      [PART_OF]: ['ingress-nginx'],
    },
    names: ['ingress-nginx-controller', 'nginx-ingress-controller', 'traefik'],
    images: [
      'ingress-nginx/controller',
      'ingress-nginx/controller-chroot',
      'kubernetes-ingress-controller/nginx-ingress-controller',
      'nginx/nginx-ingress',
      'nginx/nginx-gateway-fabric',
      'traefik',
      'traefik/traefik',
      'haproxytech/kubernetes-ingress',
      'jcmoraisjr/haproxy-ingress',
      'kong',
      'kong/kong',
      'kong/kong-gateway',
      'kong/kubernetes-ingress-controller',
      'projectcontour/contour',
      'emissary-ingress/emissary',
      'datawire/ambassador',
      'apache/apisix',
      'apache/apisix-ingress-controller',
      'zalando/skipper',
    ],
  },

  // Observability: istio/istio samples/addons (Kiali, Prometheus, Grafana, Jaeger, Zipkin, Loki, SkyWalking), 1.32 development; the
  // charts of prometheus-community, Grafana, VictoriaMetrics, OpenTelemetry, Fluent, Elastic, Datadog and New Relic.
  {
    role: 'observability',
    labels: {
      [APP]: [
        'kiali',
        'prometheus',
        'alertmanager',
        'grafana',
        'jaeger',
        'zipkin',
        'loki',
        'skywalking-oap',
        'skywalking-ui',
        'opentelemetry-collector',
        'opentelemetrycollector',
        'otel-collector',
        'promtail',
        'fluentd',
        'fluent-bit',
      ],
      [NAME]: [
        'kiali',
        'prometheus',
        'alertmanager',
        'pushgateway',
        'prometheus-pushgateway',
        'prometheus-adapter',
        'prometheus-blackbox-exporter',
        'blackbox-exporter',
        'grafana',
        'grafana-agent',
        'jaeger',
        'zipkin',
        'loki',
        'promtail',
        'opentelemetry-collector',
        'fluentd',
        'fluent-bit',
        'datadog',
      ],
      [K8S_APP]: ['fluentd-logging', 'fluent-bit', 'prometheus', 'grafana', 'jaeger'],
      [PART_OF]: ['kiali', 'prometheus', 'kube-prometheus', 'jaeger'],
    },
    names: ['kiali', 'prometheus', 'alertmanager', 'grafana', 'zipkin', 'promtail', 'fluent-bit', 'fluentd'],
    images: [
      'kiali/kiali',
      'prom/prometheus',
      'prometheus/prometheus',
      'prom/alertmanager',
      'prometheus/alertmanager',
      'prom/blackbox-exporter',
      'prometheus/blackbox-exporter',
      'prom/pushgateway',
      'prometheus/pushgateway',
      'prometheus-adapter/prometheus-adapter',
      'victoriametrics/victoria-metrics',
      'victoriametrics/vmagent',
      'grafana/agent',
      'grafana/alloy',
      'grafana/grafana',
      'grafana/loki',
      'grafana/mimir',
      'grafana/promtail',
      'grafana/pyroscope',
      'grafana/tempo',
      'thanos/thanos',
      'jaegertracing/all-in-one',
      'jaegertracing/jaeger',
      'jaegertracing/jaeger-agent',
      'jaegertracing/jaeger-collector',
      'jaegertracing/jaeger-query',
      'openzipkin/zipkin',
      'openzipkin/zipkin-slim',
      'apache/skywalking-oap-server',
      'apache/skywalking-ui',
      'otel/opentelemetry-collector',
      'otel/opentelemetry-collector-contrib',
      'otel/opentelemetry-collector-k8s',
      'open-telemetry/opentelemetry-collector-releases/opentelemetry-collector',
      'open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib',
      'open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s',
      'fluent/fluent-bit',
      'fluent/fluentd',
      'fluent/fluentd-kubernetes-daemonset',
      'timberio/vector',
      'beats/filebeat',
      'beats/metricbeat',
      'datadog/agent',
      'datadoghq/agent',
      'newrelic/infrastructure-k8s',
    ],
  },
];

/**
 * Images that say nothing of the pod that they stand in: proxies that a mesh adds, and helpers that the charts above put beside the main
 * container. A pod is known by its image when each container is known or one of these, so that an application that brings its own
 * collector along stays an application.
 */
export const COMPANION_IMAGES: readonly string[] = [
  ...istioImages('proxyv2'),
  'linkerd/proxy',
  'envoyproxy/envoy',
  'brancz/kube-rbac-proxy',
  'kubebuilder/kube-rbac-proxy',
  'kiwigrid/k8s-sidecar',
  'jimmidyson/configmap-reload',
  'prometheus-operator/prometheus-config-reloader',
  'spiffe/spiffe-helper',
];

/** Istio's proxy, which is a gateway where it is the only container of a pod. */
export const ISTIO_PROXY_IMAGES: readonly string[] = istioImages('proxyv2');
