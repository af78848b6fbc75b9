import { describe, expect, it } from 'vitest';
import { cited, deployment, documents, factsOf, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askReport } from '../answers/report';
import type { Pods } from './facts';

const hpa = (name: string, bounds: string, kind = 'Deployment'): string =>
  `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: ${name}\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: ${kind}\n    name: ${name}\n${bounds}`;

const keda = (name: string, more: string): string =>
  `apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: ${name}\nspec:\n  scaleTargetRef:\n    name: ${name}\n${more}`;

describe('pods', () => {
  const cart = (replicas?: number): string =>
    deployment('cart', { more: replicas === undefined ? '' : `  replicas: ${replicas}\n` });

  it.each<[string, readonly string[], Partial<Pods>]>([
    ['one where no replicas are written', [cart()], { count: 1, unknown: 0 }],
    ['as many as are written', [cart(4)], { count: 4, unknown: 0 }],
    ['none where none are wanted', [cart(0), hpa('cart', '  minReplicas: 2\n')], { count: 0, unknown: 0 }],
    [
      'at least what an autoscaler keeps',
      [cart(), hpa('cart', '  minReplicas: 3\n  maxReplicas: 9\n')],
      { count: 3, unknown: 0 },
    ],
    [
      'at most what an autoscaler allows',
      [cart(12), hpa('cart', '  minReplicas: 3\n  maxReplicas: 9\n')],
      { count: 9, unknown: 0 },
    ],
    ['what is written, within the bounds', [cart(5), hpa('cart', '  maxReplicas: 9\n')], { count: 5, unknown: 0 }],
    ['bounds of another workload aside', [cart(), hpa('cart', '  minReplicas: 3\n', 'StatefulSet')], { count: 1, unknown: 0 }],
    ['at least what KEDA keeps', [cart(), keda('cart', '  minReplicaCount: 2\n')], { count: 2, unknown: 0 }],
    ['a DaemonSet is not known', [cart().replace('Deployment', 'DaemonSet')], { count: 0, unknown: 1 }],
    ['a Pod', [cart().replace('apps/v1', 'v1').replace('Deployment', 'Pod')], { count: 1, unknown: 0 }],
    ['no Job', [cart().replace('apps/v1', 'batch/v1').replace('Deployment', 'Job')], { count: 0, unknown: 0 }],
    [
      'a Rollout over a Deployment',
      [
        cart(0),
        'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: cart\nspec:\n  replicas: 6\n  workloadRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: cart\n',
      ],
      { count: 6, unknown: 0 },
    ],
  ])('%s', (_, texts, pods) => {
    expect(factsOf({ 'a.yaml': documents(...texts) }).pods).toMatchObject(pods);
  });

  it.each<[string, readonly string[], readonly [least: number, most: number, open: number]]>([
    ['what is written, without an autoscaler', [cart(4)], [4, 4, 0]],
    ['those of an autoscaler', [cart(4), hpa('cart', '  minReplicas: 2\n  maxReplicas: 9\n')], [2, 9, 0]],
    ['one, where an autoscaler sets no lower one', [cart(4), hpa('cart', '  maxReplicas: 9\n')], [1, 9, 0]],
    ['not shown above, where it sets no upper one', [cart(4), hpa('cart', '  minReplicas: 2\n')], [2, 4, 1]],
    ["KEDA's own, from nothing to a hundred", [cart(4), keda('cart', '')], [0, 100, 0]],
    ["KEDA's as written", [cart(), keda('cart', '  minReplicaCount: 2\n  maxReplicaCount: 5\n')], [2, 5, 0]],
    ['nothing, where nothing is wanted', [cart(0), hpa('cart', '  minReplicas: 2\n  maxReplicas: 9\n')], [0, 0, 0]],
    ['the sum of several', [cart(2), deployment('pay'), hpa('pay', '  minReplicas: 2\n  maxReplicas: 3\n')], [4, 5, 0]],
  ])('bounds: %s', (_, texts, [least, most, open]) => {
    expect(factsOf({ 'a.yaml': documents(...texts) }).pods).toMatchObject({ least, most, open });
  });

  it('a templated number is not known', () => {
    const files = {
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'chart/templates/a.yaml': deployment('cart', { more: '  replicas: {{ .Values.replicas }}\n' }),
    };
    expect(factsOf(files, 'chart').pods).toMatchObject({ count: 0, unknown: 1 });
  });

  it('a custom resource has the replicas that are written, and no default that is known', () => {
    const custom = (text: string): string => text.replace('apps/v1', 'games.example.com/v1').replace('Deployment', 'Fleet');
    expect(factsOf({ 'a.yaml': custom(cart(3)) }).pods).toMatchObject({ count: 3, unknown: 0 });
    expect(factsOf({ 'a.yaml': custom(cart()) }).pods).toMatchObject({ count: 0, unknown: 1 });
  });

  it('a Knative Service has what its lower bound says', () => {
    const knative = (annotation: string): string =>
      `apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata:\n  name: cart\nspec:\n  template:\n    metadata:\n      annotations: {${annotation}}\n    spec: {}\n`;
    expect(factsOf({ 'a.yaml': knative('autoscaling.knative.dev/min-scale: "2"') }).pods).toMatchObject({ count: 2, unknown: 0 });
    expect(factsOf({ 'a.yaml': knative('') }).pods).toMatchObject({ count: 0, unknown: 1 });
  });
});

describe('teams', () => {
  const owned = (name: string, label: string): string =>
    deployment(name).replace(`name: ${name}\n`, `name: ${name}\n  labels: {${label}}\n`);
  const codeOwners =
    '# who\n*  @shop/platform\n/cart/ @shop/cart @ana # @nobody\ndocs\\ old/ docs@example.org\n[Pay][2] @shop/cart @shop/pay\n';

  it('the distinct team and owner labels, with any prefix', () => {
    const files = {
      'a.yaml': documents(owned('cart', 'team: cart'), owned('pay', 'example.com/team: pay'), owned('mail', 'owner: Pay')),
      CODEOWNERS: codeOwners,
    };
    const { teams } = factsOf(files);
    expect(teams.count).toBe(2);
    expect(cited(files, teams.evidence)).toEqual(['a.yaml:5 cart', 'a.yaml:20 pay']);
  });

  it('pod labels too, and the Namespace for workloads that have none', () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    team: shop\n';
    const inShop = (name: string): string => deployment(name, { namespace: 'shop' });
    const files = {
      'a.yaml': documents(namespace, inShop('cart'), inShop('pay').replace('app: pay', 'app: pay\n        team: pay')),
      'b.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: other\n  labels:\n    team: other\n',
    };
    expect(factsOf(files).teams.count).toBe(2);
  });

  it('an application is no team', () => {
    expect(factsOf({ 'a.yaml': owned('cart', 'app.kubernetes.io/part-of: shop') }).teams).toEqual({ count: 1, evidence: [] });
  });

  it.each(['CODEOWNERS', '.github/CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'])('else the owners in %s', (path) => {
    const files = { 'a.yaml': deployment('cart'), [path]: codeOwners };
    const { teams } = factsOf(files);
    expect(cited(files, teams.evidence)).toEqual([
      `${path}:2 @shop/platform`,
      `${path}:3 @shop/cart`,
      `${path}:3 @ana`,
      `${path}:4 docs@example.org`,
      `${path}:5 @shop/pay`,
    ]);
    expect(teams.count).toBe(5);
  });

  it('else one', () => {
    expect(factsOf({ 'a.yaml': deployment('cart'), CODEOWNERS: '# nobody\n/docs/\n' }).teams.count).toBe(1);
  });
});

describe('namespaces', () => {
  it('those of application workloads and Services', () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
    const files = {
      'a.yaml': documents(
        namespace,
        deployment('cart', { namespace: 'shop' }),
        deployment('pay', { namespace: 'money' }),
        service('loose'),
      ),
      'b.yaml': documents(
        deployment('istiod', { namespace: 'istio-system' }),
        'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: empty\n',
      ),
    };
    const { namespaces } = factsOf(files);
    expect(namespaces.count).toBe(3);
    expect(cited(files, namespaces.evidence)).toEqual(['a.yaml:4 shop', 'a.yaml:25 money']);
  });
});

describe('clusters', () => {
  const application = (name: string, destination: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\nspec:\n  destination: {${destination}}\n`;
  const clustersOf = (files: Files, environment?: string): number => factsOf(files, environment).clusters.count;

  it('one where nothing tells of more', () => {
    expect(factsOf({ 'a.yaml': deployment('cart') }).clusters).toEqual({ count: 1, evidence: [] });
  });

  it('destinations of Argo CD', () => {
    const files = {
      'a.yaml': documents(
        application('a', 'server: https://one.example.org'),
        application('b', 'server: https://one.example.org/'),
        application('c', 'name: two, namespace: shop'),
        application('apps', 'name: three, namespace: argocd'),
      ),
    };
    const { clusters } = factsOf(files);
    expect(clusters.count).toBe(2);
    expect(cited(files, clusters.evidence)).toEqual(['a.yaml:6 https://one.example.org', 'a.yaml:20 two']);
  });

  it('stages are no clusters', () => {
    const stages = ['dev', 'staging', 'prod'].map((stage) => application(stage, `name: ${stage}`));
    expect(clustersOf({ 'a.yaml': documents(...stages) })).toBe(1);
    const regions = ['dev', 'prod-eu', 'production-us'].map((stage) => application(stage, `name: ${stage}`));
    expect(clustersOf({ 'a.yaml': documents(...regions) })).toBe(2);
  });

  it('elements of an ApplicationSet', () => {
    const set = (generators: string): string =>
      `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: shop\nspec:\n  generators:\n${generators}  template:\n    spec:\n      destination:\n        server: '{{ .cluster.url }}'\n`;
    const list =
      '    - list:\n        elements:\n          - cluster: { url: https://a }\n          - cluster: { url: https://b }\n          - cluster: { url: https://b }\n';
    expect(clustersOf({ 'a.yaml': set(list) })).toBe(2);
    expect(clustersOf({ 'a.yaml': set('    - clusters: {}\n') })).toBe(1);
  });

  it('cluster folders of Flux, of the stage that the environment is', () => {
    const flux = (name: string): string =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  path: ./apps/${name}\n`;
    const files = Object.fromEntries(['prod-eu', 'prod-us', 'staging'].map((name) => [`clusters/${name}/apps.yaml`, flux(name)]));
    expect(clustersOf({ ...files, 'clusters/notes/readme.yaml': deployment('notes') }, 'prod-eu')).toBe(2);
    expect(clustersOf(files, 'staging')).toBe(1);
  });

  it('each Link leads to one more', () => {
    const link = (name: string): string =>
      `apiVersion: multicluster.linkerd.io/v1alpha3\nkind: Link\nmetadata:\n  name: ${name}\n  namespace: linkerd-multicluster\nspec: {}\n`;
    expect(clustersOf({ 'a.yaml': documents(link('east'), link('west')) })).toBe(3);
  });

  it('each remote secret reads one more', () => {
    const secret = (name: string, label: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: istio-system\n  labels: {${label}}\nstringData:\n  ${name}: kubeconfig\n`;
    const label = 'istio/multiCluster: "true"';
    expect(clustersOf({ 'a.yaml': documents(secret('east', label), secret('west', label), secret('other', 'a: b')) })).toBe(3);
  });

  it("the clusters in Istio's installations and networks", () => {
    const operator = (cluster: string): string =>
      `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: ${cluster}\nspec:\n  values:\n    global:\n      multiCluster:\n        clusterName: ${cluster}\n`;
    expect(clustersOf({ 'a.yaml': documents(operator('one'), operator('two')) })).toBe(2);
    const networks =
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  meshNetworks: |\n    networks:\n      n1:\n        endpoints:\n          - fromRegistry: one\n      n2:\n        endpoints:\n          - fromRegistry: two\n          - fromRegistry: three\n';
    expect(clustersOf({ 'a.yaml': networks })).toBe(3);
  });
});

describe('asynchronous', () => {
  const env = (entry: string): string => `          env:\n            - ${entry}\n`;
  const isAsynchronous = (...texts: string[]): boolean => factsOf({ 'a.yaml': documents(...texts) }).asynchronous.holds;
  const kafka = (name: string): string => deployment(name, { pod: env('{ name: KAFKA_BROKERS, value: "kafka:9092" }') });

  it('when over half of the workloads have no Service and name a broker, cited there', () => {
    const files = { 'a.yaml': documents(kafka('mail'), kafka('bill'), deployment('cart'), service('cart')) };
    const { asynchronous } = factsOf(files);
    expect(asynchronous.holds).toBe(true);
    expect(cited(files, asynchronous.evidence)).toEqual(['a.yaml:15 KAFKA_BROKERS', 'a.yaml:31 KAFKA_BROKERS']);
  });

  it('not when half of them do, nor when they have Services, nor without workloads', () => {
    expect(isAsynchronous(kafka('mail'), deployment('cart'))).toBe(false);
    expect(isAsynchronous(kafka('mail'), service('mail'))).toBe(false);
    expect(isAsynchronous(service('mail'))).toBe(false);
  });

  const configMap = (name: string, data: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}`;

  it.each<[string, readonly string[]]>([
    ['a value', [deployment('a', { pod: env('{ name: URL, value: "amqp://mq:5672" }') })]],
    ['an argument', [deployment('a', { pod: '          args: ["--nats=nats://nats:4222"]\n' })]],
    [
      'the name of a Secret',
      [deployment('a', { pod: env('{ name: URL, valueFrom: { secretKeyRef: { name: rabbitmq, key: url } } }') })],
    ],
    [
      'variables from a ConfigMap',
      [deployment('a', { pod: '          envFrom: [{ configMapRef: { name: c } }]\n' }), configMap('c', '  SQS_QUEUE: orders\n')],
    ],
    [
      'a key of a ConfigMap',
      [
        deployment('a', { pod: env('{ name: URL, valueFrom: { configMapKeyRef: { name: c, key: url } } }') }),
        configMap('c', '  url: pulsar://p:6650\n'),
      ],
    ],
    [
      'a mounted file',
      [
        deployment('a', { pod: '      volumes: [{ name: v, configMap: { name: c } }]\n' }),
        configMap('c', '  application.yaml: |\n    spring:\n      kafka:\n        bootstrap-servers: k:1\n'),
      ],
    ],
    ['a KEDA trigger', [deployment('a'), keda('a', '  triggers: [{ type: gcp-pubsub }]\n')]],
    ['Redis streams', [deployment('a', { pod: env('{ name: REDIS_STREAM, value: orders }') })]],
  ])('by %s', (_, texts) => {
    expect(isAsynchronous(...texts)).toBe(true);
  });

  it.each<[string, readonly string[]]>([
    ['Redis as a cache', [deployment('a', { pod: env('{ name: REDIS_URL, value: "redis://cache:6379" }') })]],
    ['words that hold the name', [deployment('a', { pod: env('{ name: ALTERNATES, value: signatures }') })]],
    [
      'another key of a ConfigMap',
      [
        deployment('a', { pod: env('{ name: URL, valueFrom: { configMapKeyRef: { name: c, key: url } } }') }),
        configMap('c', '  url: http://a\n  broker: kafka\n'),
      ],
    ],
    ['a ConfigMap of somebody else', [deployment('a'), configMap('c', '  url: kafka:9092\n')]],
    ['a trigger on load', [deployment('a'), keda('a', '  triggers: [{ type: cpu }]\n')]],
  ])('not by %s', (_, texts) => {
    expect(isAsynchronous(...texts)).toBe(false);
  });

  it('leads to no mesh where nothing needs one', () => {
    const files = Object.fromEntries(
      Array.from({ length: 36 }, (_, i) => [
        `s${i}.yaml`,
        i < 12 ? documents(service(`s${i}`), deployment(`s${i}`)) : kafka(`s${i}`),
      ]),
    );
    const { verdict } = askReport(workspaceOf(files, []));
    expect(verdict).toMatchObject({ choice: 'none', facts: { services: 12, asynchronous: true } });
    expect(verdict?.summary).toContain('broker');
  });
});
