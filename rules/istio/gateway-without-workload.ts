import { nearestName } from '../../engine/configuration/nearest-name';
import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import {
  GATEWAY,
  gatewaySelector,
  gatewayWorkloads,
  installsGateways,
  knownGateways,
} from '../../engine/mesh/istio/gateway-servers';
import { isFilledByChart, isSelectedElsewhere } from '../../engine/mesh/istio/workloads-elsewhere';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { Label, Labels } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { replaceScalar } from '../../engine/yaml/edit';

const gateway = (label: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n  selector:\n    ${label}\n  servers:\n    - port: { number: 80, name: http, protocol: HTTP }\n      hosts: [shop.example.com]\n`;
const edge = (label: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: edge\n  namespace: edge\nspec:\n  template:\n    metadata:\n      labels:\n        ${label}\n      annotations:\n        inject.istio.io/templates: gateway\n    spec:\n      containers:\n        - name: istio-proxy\n          image: auto\n`;

export const rule = defineRule({
  id: 'istio/gateway-without-workload',
  severity: 'error',
  summary: 'No proxy serves a Gateway: its selector picks no workload.',
  why:
    'A Gateway opens ports on the pods that its selector picks, in whatever namespace they are. Where it picks none, nobody listens, and ' +
    'VirtualServices that are bound to it lead nowhere.\n\n' +
    'The gateways that Istio installs by itself, `istio: ingressgateway` and `istio: egressgateway`, are taken to be there where no file shows any.',
  todo: "Write the labels of the gateway's pods.",
  kinds: [GATEWAY],
  equivalents: ['IST0101'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0101/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the value that a gateway has in place of one that comes near',
  examples: {
    bad: [
      {
        title: 'A misspelt label, where the files show a gateway',
        files: { 'edge.yaml': edge('istio: edge-gateway'), 'gateway.yaml': gateway('istio: edge-gatway') },
        findings: [
          {
            at: 'gateway.yaml:8:12',
            text: 'edge-gatway',
            message:
              'No workload here has the label istio=edge-gatway, so no proxy serves Gateway shop/shop. Did you mean istio=edge-gateway?',
          },
        ],
      },
      {
        title: 'A gateway that is not to be seen',
        files: { 'gateway.yaml': gateway('istio: edge-gateway') },
        findings: [
          {
            at: 'gateway.yaml:8:12',
            text: 'edge-gateway',
            message:
              'No file here shows a workload with the label istio=edge-gateway. Without one, no proxy serves Gateway shop/shop. Make sure that it is there.',
          },
        ],
      },
    ],
    good: [
      { title: 'The gateway is there', files: { 'edge.yaml': edge('app: edge'), 'gateway.yaml': gateway('app: edge') } },
      { title: 'The gateway that Istio installs', files: { 'gateway.yaml': gateway('istio: ingressgateway') } },
    ],
  },
  *check(subject, view) {
    const selector = gatewaySelector(subject);
    const selection = gatewayWorkloads(subject, view);
    if (selector === undefined || selection === undefined || selector.isEmpty) return;
    if (selection.certain.length > 0 || selection.possible.length > 0) return;
    // The controller makes these pods from a Gateway of the Gateway API.
    if (selector.keys().includes('gateway.networking.k8s.io/gateway-name')) return;
    const gateways = knownGateways(view);
    const { plan, partial } = view.scope();
    const isWhole = plan.complete && partial.length === 0;
    if (!isWhole && ((gateways.length === 0 && isInstalledByDefault(selector)) || installsGateways(view))) return;
    if (isSelectedElsewhere(selector, undefined, view)) return;
    // A chart may bring gateways under whatever name.
    const shown = !isWhole && isFilledByChart(undefined, view) ? [] : gateways;
    const found = finding(subject, selector, shown, isWhole);
    if (found !== undefined) yield found;
  },
});

type Known = Extract<Label, { is: 'known' }>;

/** istio/istio manifests/charts/gateways, 1.32 development: the gateways of the profiles `default` and `demo`. */
const DEFAULT_LABELS: ReadonlyMap<string, readonly string[]> = new Map([
  ['istio', ['ingressgateway', 'egressgateway']],
  ['app', ['istio-ingressgateway', 'istio-egressgateway']],
]);

function isInstalledByDefault(selector: Labels): boolean {
  return selector.keys().every((key) => {
    const label = selector.get(key);
    return label.is === 'known' && DEFAULT_LABELS.get(key)?.includes(label.value) === true;
  });
}

function finding(subject: Resource, selector: Labels, gateways: readonly Resource[], isWhole: boolean): Finding | undefined {
  const pairs = selector.keys().flatMap((key): [string, Known][] => {
    const label = selector.get(key);
    return label.is === 'known' ? [[key, label]] : [];
  });
  const [first] = pairs;
  if (first === undefined) return undefined;
  const labels = `the label${pairs.length === 1 ? '' : 's'} ${pairs.map(([key, { value }]) => `${key}=${value}`).join(', ')}`;
  const { title } = subject;
  if (!isWhole && gateways.length === 0) {
    return {
      place: { node: first[1].node },
      severity: 'info',
      message: `No file here shows a workload with ${labels}. Without one, no proxy serves ${title}. Make sure that it is there.`,
    };
  }
  const near = nearest(pairs, gateways);
  const scalar = near === undefined ? undefined : replaceable(near.label.node);
  const otherwise = isWhole ? "Write the labels of the gateway's pods." : 'Make sure that there is one.';
  return {
    place: { node: near?.label.node ?? first[1].node },
    // Where some gateways are shown, others may still stand elsewhere.
    ...(isWhole ? {} : { severity: 'warning' as const }),
    message: `No workload here has ${labels}, so no proxy serves ${title}. ${near === undefined ? otherwise : `Did you mean ${near.key}=${near.value}?`}`,
    related: gateways.slice(0, 5).flatMap((gateway) => {
      const node = gateway.titlePlace;
      return node === undefined ? [] : [{ place: { node }, message: `${gateway.title} is a gateway.` }];
    }),
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near.value}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near.value)] }],
  };
}

interface Near {
  readonly key: string;
  readonly label: Known;
  readonly value: string;
}

/** A value of some gateway that comes near one of the selector's. */
function nearest(pairs: readonly [string, Known][], gateways: readonly Resource[]): Near | undefined {
  for (const [key, label] of pairs) {
    const values = gateways.flatMap((gateway) => {
      const own = podTemplateOf(gateway)?.labels.get(key);
      return own?.is === 'known' ? [own.value] : [];
    });
    const value = values.includes(label.value) ? undefined : nearestName(label.value, [...new Set(values)]);
    if (value !== undefined) return { key, label, value };
  }
  return undefined;
}
