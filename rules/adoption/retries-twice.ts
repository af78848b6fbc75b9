import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { isMeshBound } from '../../engine/mesh/istio/gateway-scope';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { booleanOf, itemsOf, lookup, numberOf, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const VIRTUAL_SERVICE = 'VirtualService.networking.istio.io';
const SERVICE_PROFILE = 'ServiceProfile.linkerd.io';
const ROUTES = ['HTTPRoute.gateway.networking.k8s.io', 'GRPCRoute.gateway.networking.k8s.io', 'HTTPRoute.policy.linkerd.io'];

const route = (attempts: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - retries:\n        attempts: ${attempts}\n        retryOn: 5xx\n      route:\n        - destination:\n            host: cart\n`;
const TEAM = { '.mesh-lint.yaml': 'team:\n  libraryResilience: true\n' };
const CALLER =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: web\n    spec:\n      containers:\n        - name: web\n          image: example/web:1\n          env:\n            - name: RESILIENCE4J_RETRY_INSTANCES_CART_MAXATTEMPTS\n              value: "3"\n';

export const rule = defineRule({
  id: 'adoption/retries-twice',
  severity: 'hint',
  summary: 'The mesh retries what applications may retry by themselves.',
  why:
    'Retries multiply. Where a library tries three times and the proxy behind it adds two retries to each, one failing call becomes nine ' +
    'requests, and a service that is slow for being overloaded gets nine times the load. With further hops it grows by each of them, and the timeouts of the ' +
    'two layers cut into each other.\n\n' +
    'Files seldom show what libraries do. The rule speaks where the configuration says so (`team.libraryResilience: true`), or where ' +
    'variables of a workload set retries of Resilience4j or MicroProfile Fault Tolerance. It stands at the retries of VirtualServices of the mesh, routes to ' +
    'Services, ServiceProfiles, and Linkerd’s annotations on Services. The retries that Istio does without being asked (two, on connections that ' +
    'fail) are not reported.',
  todo:
    'Retry in one place. The mesh has the advantage that one file says it for all; the library knows which calls may be repeated. Turn the other ' +
    'off (`attempts: 0` in Istio), or keep both small and give them a budget.',
  kinds: [VIRTUAL_SERVICE, ...ROUTES, SERVICE_PROFILE, 'Service'],
  equivalents: [],
  docs: 'https://istio.io/latest/docs/concepts/traffic-management/#retries',
  since: '0.1.0',
  noFix: 'which of the two is to retry is a choice',
  examples: {
    bad: [
      {
        title: 'The team says that its libraries retry',
        files: { 'cart.yaml': route('3'), ...TEAM },
        findings: [
          {
            at: 'cart.yaml:10:19',
            text: '3',
            message:
              'VirtualService shop/cart retries 3 times, and libraries of the applications retry as well (team.libraryResilience): each of their tries becomes up to 4 requests to a service that is already failing. Retry in one place, or keep both numbers small.',
          },
        ],
      },
      {
        title: 'A variable of a caller says so',
        files: { 'cart.yaml': route('2'), 'web.yaml': CALLER },
        findings: [
          {
            at: 'cart.yaml:10:19',
            text: '2',
            message:
              'VirtualService shop/cart retries 2 times, and a library of Deployment shop/web retries as well: if it calls this, each of its tries becomes up to 3 requests to a service that is already failing. Retry in one place, or keep both numbers small.',
          },
        ],
      },
    ],
    good: [
      { title: 'Nothing says that libraries retry', files: { 'cart.yaml': route('3') } },
      { title: 'The mesh leaves it to them', files: { 'cart.yaml': route('0'), ...TEAM } },
    ],
  },
  *check(subject, view) {
    const retries = retriesOf(subject);
    const [first, ...others] = retries;
    if (first === undefined) return;
    const callers = view.configuration().team.libraryResilience === true ? undefined : retryingWorkloads(view);
    if (callers?.length === 0) return;
    yield finding(subject, first, others, callers);
  },
});

/** A place at which the mesh is told to retry. */
interface Retry {
  readonly node: YamlNode;
  /** The retries after the first try; undefined where a budget bounds them. */
  readonly times: number | undefined;
}

function retriesOf(subject: Resource): readonly Retry[] {
  switch (subject.kind) {
    case VIRTUAL_SERVICE:
      return isMeshBound(subject)
        ? itemsOf(subject.at('spec', 'http')).flatMap((http) => counted(lookup(http, 'retries', 'attempts')))
        : [];
    case SERVICE_PROFILE:
      return itemsOf(subject.at('spec', 'routes')).flatMap((one) => {
        const node = lookup(one, 'isRetryable');
        return node !== undefined && booleanOf(node) === true ? [{ node, times: undefined }] : [];
      });
    case 'Service':
      return annotated(subject);
    default:
      return [...annotated(subject), ...(isOfService(subject) ? byField(subject) : [])];
  }
}

function counted(node: YamlNode | undefined): readonly Retry[] {
  const times = numberOf(node);
  return node === undefined || times === undefined || times <= 0 ? [] : [{ node, times }];
}

/** The Gateway API's own retries (GEP-1731). */
function byField(subject: Resource): readonly Retry[] {
  return itemsOf(subject.at('spec', 'rules')).flatMap((one) => counted(lookup(one, 'retry', 'attempts')));
}

function isOfService(subject: Resource): boolean {
  return itemsOf(subject.at('spec', 'parentRefs')).some((parent) => stringOf(lookup(parent, 'kind')) === 'Service');
}

/** Linkerd, from 2.16: a condition turns retries on, `limit` says how many, one where it is not set. */
function annotated({ annotations }: Resource): readonly Retry[] {
  const limit = annotations.get('retry.linkerd.io/limit');
  const times = limit.is === 'absent' ? 1 : limit.is === 'known' ? Number(limit.value) : undefined;
  if (times === undefined || !(times > 0)) return [];
  return ['retry.linkerd.io/http', 'retry.linkerd.io/grpc'].flatMap((key) => {
    const condition = annotations.get(key);
    return condition.is === 'known' ? [{ node: condition.node, times }] : [];
  });
}

/**
 * Variables that set retries: of Resilience4j under Spring Boot (`resilience4j.retry.…`), and of MicroProfile Fault Tolerance
 * (`Retry/maxRetries`, with or without class and method in front).
 */
const VARIABLE = /^RESILIENCE4J_RETRY_|(?:^|_)RETRY_MAXRETRIES$/i;

function retryingWorkloads(view: MeshView): readonly Resource[] {
  return view.index
    .grouped('retrying libraries', 'workloads', (workload) => (variableOf(workload) ? RETRYING : []))
    .get('retrying');
}

const RETRYING: readonly string[] = ['retrying'];

function variableOf(workload: Resource): YamlNode | undefined {
  const variables = podTemplateOf(workload)?.containers.flatMap(({ node }) => itemsOf(lookup(node, 'env'))) ?? [];
  return variables.map((variable) => lookup(variable, 'name')).find((name) => VARIABLE.test(stringOf(name) ?? ''));
}

function finding(subject: Resource, { node, times }: Retry, others: readonly Retry[], callers?: readonly Resource[]): Finding {
  const [caller] = callers ?? [];
  const many = (callers?.length ?? 0) > 1;
  const who =
    caller === undefined
      ? 'libraries of the applications retry as well (team.libraryResilience):'
      : many
        ? `libraries of ${callers?.length} workloads retry as well: if they call this,`
        : `a library of ${caller.title} retries as well: if it calls this,`;
  const does = times === undefined ? 'lets the mesh retry' : `retries ${times === 1 ? 'once' : `${times} times`}`;
  const whose = caller === undefined || many ? 'their' : 'its';
  const result = times === undefined ? 'may become several' : `becomes up to ${times + 1}`;
  return {
    place: { node },
    message:
      `${subject.title} ${does}, and ${who} each of ${whose} tries ${result} requests to a service that is already failing. ` +
      'Retry in one place, or keep both numbers small.',
    related: [
      ...others.map((other) => ({ place: { node: other.node }, message: 'Here as well.' })),
      ...(callers ?? []).slice(0, RELATED_LIMIT).flatMap((workload) => {
        const variable = variableOf(workload);
        return variable === undefined
          ? []
          : [{ place: { node: variable }, message: `${workload.title} sets its library’s retries here.` }];
      }),
    ],
  };
}
