import { brokerNamedBy } from '../../engine/decision/broker-names';
import { defineRule } from '../../engine/findings/rule';
import type { RelatedPlace } from '../../engine/findings/rule';
import { joinedIn } from '../../engine/mesh/joined';
import type { MeshView } from '../../engine/mesh/view';
import { Labels } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const namespace = (metadata: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: orders\n${metadata}`;
const worker = (name: string, variable: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: orders\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n          env:\n            - name: ${variable}\n              value: broker:9000\n`;
const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: packer\n  namespace: orders\nspec:\n  selector:\n    app: packer\n  ports:\n    - port: 80\n';
const SIDECARS = '  labels:\n    istio-injection: enabled\n';

export const rule = defineRule({
  id: 'adoption/messaging-behind-proxies',
  severity: 'hint',
  summary: 'Most workloads of a namespace talk through a message broker, and a mesh puts a proxy beside each.',
  why:
    'A proxy of a mesh works on requests: it retries, routes, counts and authorizes them one by one. What a worker says to a broker is to the proxy one ' +
    'long TCP connection. There is nothing to retry or route, the metrics count bytes, and who may read which queue is the broker’s to decide. What ' +
    'remains is mutual TLS, and that only to a broker that is itself in the mesh. DevTools Feed counts mostly asynchronous traffic among the ' +
    'reasons to have no mesh.\n\n' +
    'A workload counts when no Service may select it and it names a broker: in a variable, an argument, a ConfigMap or the name of a Secret. ' +
    'The finding stands at the Namespace’s label or annotation, where more than half of the workloads that join by proxies are of this kind, and ' +
    'at least two.',
  todo:
    'Leave the proxies out of pods that call nothing but the broker (label `sidecar.istio.io/inject: "false"`, annotation ' +
    '`linkerd.io/inject: disabled`), or use ambient mode. Keep those that call services of the mesh: under STRICT they would be refused.',
  kinds: ['Namespace'],
  equivalents: [],
  docs: 'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/',
  since: '0.1.0',
  noFix: 'which pods call nothing but a broker is not all in the files',
  examples: {
    bad: [
      {
        title: 'Two workers, and one workload that serves',
        files: {
          'orders.yaml': [
            namespace(SIDECARS),
            worker('packer', 'KAFKA_BROKERS'),
            SERVICE,
            worker('mailer', 'KAFKA_BROKERS'),
            worker('biller', 'AMQP_URL'),
          ].join('---\n'),
        },
        findings: [
          {
            at: 'orders.yaml:6:22',
            text: 'enabled',
            message:
              'istio-injection=enabled puts a proxy beside 3 workloads of Namespace orders, and 2 of them seem to talk through a message broker alone: no Service selects them, and they name one. To the proxy that is one long TCP connection, with nothing to retry, route or count. Leave it out of the pods that call nothing else, unless it is there for mutual TLS to a broker in the mesh.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Services call each other as well',
        files: {
          'orders.yaml': [namespace(SIDECARS), worker('packer', 'KAFKA_BROKERS'), SERVICE, worker('mailer', 'AMQP_URL')].join(
            '---\n',
          ),
        },
      },
      {
        title: 'Ambient mode, which has no proxy for each pod',
        files: {
          'orders.yaml': [
            namespace('  labels:\n    istio.io/dataplane-mode: ambient\n'),
            worker('mailer', 'KAFKA_BROKERS'),
            worker('biller', 'AMQP_URL'),
          ].join('---\n'),
        },
      },
    ],
  },
  *check(subject, view) {
    const asks = asksForProxies(subject);
    if (asks === undefined || subject.name === undefined) return;
    if (view.index.named('Namespace', '', subject.name)[0] !== subject) return;
    const members = joinedIn(view, subject.name)[asks.mesh];
    const workers = workersAmong(members, subject.name, view);
    if (workers.length < LEAST || workers.length * 2 <= members.length) return;
    yield {
      place: { node: asks.node },
      message:
        `${asks.text} puts a proxy beside ${members.length} workloads of Namespace ${subject.name}, and ` +
        `${workers.length === members.length ? 'all' : workers.length} of them seem to talk through a message broker alone: no Service ` +
        'selects them, and they name one. To the proxy that is one long TCP connection, with nothing to retry, route or count. ' +
        'Leave it out of the pods that call nothing else, unless it is there for mutual TLS to a broker in the mesh.',
      related: workers.map(({ workload, node }): RelatedPlace => ({
        place: { node },
        message: `${workload.title} names a broker here.`,
      })),
    };
  },
});

/** One worker in a small namespace is no pattern. */
const LEAST = 2;

/** By what a Namespace puts proxies into its pods. */
function asksForProxies({
  labels,
  annotations,
}: Resource): { readonly mesh: 'istio' | 'linkerd'; readonly text: string; readonly node: YamlNode } | undefined {
  const asked = [
    { mesh: 'istio', key: 'istio-injection', label: labels.get('istio-injection'), wants: ['enabled'] },
    { mesh: 'istio', key: 'istio.io/rev', label: labels.get('istio.io/rev'), wants: undefined },
    { mesh: 'linkerd', key: 'linkerd.io/inject', label: annotations.get('linkerd.io/inject'), wants: ['enabled', 'ingress'] },
  ] as const;
  for (const { mesh, key, label, wants } of asked) {
    if (label.is !== 'known' || (wants !== undefined && !wants.some((value) => value === label.value))) continue;
    return { mesh, text: `${key}=${label.value}`, node: label.node };
  }
  return undefined;
}

interface BrokerClient {
  readonly workload: Resource;
  /** Where it names a broker. */
  readonly node: YamlNode;
}

/** Of the workloads of a namespace, those that name a broker and that no Service of it may select. */
function workersAmong(members: readonly Resource[], namespace: string, view: MeshView): readonly BrokerClient[] {
  const services = new Selectors(view.index.inNamespace('Service', namespace));
  const found: BrokerClient[] = [];
  let others = 0;
  for (const workload of members) {
    const node = services.maySelect(workload) ? undefined : brokerNamedBy(workload, view);
    if (node !== undefined) found.push({ workload, node });
    // As soon as half of them are of another kind, there is nothing to say.
    else if (++others * 2 >= members.length) return [];
  }
  return found;
}

/** The selectors of Services, found by one of their labels: a namespace may hold hundreds of each. */
class Selectors {
  private readonly byPair = new Map<string, Labels[]>();
  /** Those of which a template hides a label. */
  private readonly open: Labels[] = [];

  constructor(services: readonly Resource[]) {
    for (const service of services) {
      const selector = new Labels(service.at('spec', 'selector'));
      if (selector.isEmpty || stringOf(service.at('spec', 'type')) === 'ExternalName') continue;
      const [key = ''] = selector.keys();
      const label = selector.get(key);
      if (label.is === 'known') this.listOf(pairOf(key, label.value)).push(selector);
      else this.open.push(selector);
    }
  }

  maySelect(workload: Resource): boolean {
    const labels = podTemplateOf(workload)?.labels ?? new Labels(undefined);
    const candidates = [...this.open];
    // A label that a template hides may be any Service's; no label has an empty name, so only an open map leaves that one unknown.
    let isOpen = labels.get('').is === 'unknown';
    for (const key of labels.keys()) {
      const label = labels.get(key);
      if (label.is === 'known') candidates.push(...(this.byPair.get(pairOf(key, label.value)) ?? []));
      else isOpen = true;
    }
    return (isOpen && this.byPair.size > 0) || candidates.some((selector) => labels.matches(selector) !== 'no');
  }

  private listOf(pair: string): Labels[] {
    const list = this.byPair.get(pair) ?? [];
    this.byPair.set(pair, list);
    return list;
  }
}

const pairOf = (key: string, value: string): string => `${key}=${value}`;
