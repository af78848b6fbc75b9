import { defineRule } from '../../engine/findings/rule';
import type { Fix } from '../../engine/findings/rule';
import { policyTarget } from '../../engine/mesh/istio/policy-selector';
import { selectedWorkloads } from '../../engine/mesh/istio/workload-selection';
import type { MeshView } from '../../engine/mesh/view';
import type { Labels } from '../../engine/resources/labels';
import { UNSET_NAMESPACE } from '../../engine/resources/resource';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import type { TextEdit } from '../../engine/yaml/edit';
import { entriesOf, stringOf } from '../../engine/yaml/tree';
import type { MapEntry } from '../../engine/yaml/tree';

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
const KUBERNETES_GATEWAY = 'Gateway.gateway.networking.k8s.io';

const gateway = (name: string, className: string): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  gatewayClassName: ${className}\n`;
const policy = (name: string): string =>
  `apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: tokens\n  namespace: shop\nspec:\n  selector:\n    matchLabels:\n      ${GATEWAY_NAME}: ${name}\n  jwtRules:\n    - issuer: https://issuer.example.com\n`;

export const rule = defineRule({
  id: 'istio/selector-on-kubernetes-gateway',
  severity: 'warning',
  summary: 'A policy selects the pods of a Gateway of the Gateway API, in place of naming it.',
  why:
    'A waypoint reads no policy with a selector: what it was meant to check passes. Ordinary Gateways of the Gateway API still do, as long as ' +
    'istiod has `ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY`, which is on by default and there for old policies; besides, the labels are those ' +
    'that the controller happens to give to its pods.',
  todo: 'Name the Gateway under `targetRefs`.',
  kinds: [
    'AuthorizationPolicy.security.istio.io',
    'RequestAuthentication.security.istio.io',
    'Telemetry.telemetry.istio.io',
    'WasmPlugin.extensions.istio.io',
  ],
  equivalents: ['IST0166'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0166/',
  since: '0.1.0',
  fix: 'names the Gateway under `targetRefs` in place of the selector',
  examples: {
    bad: [
      {
        title: 'A waypoint',
        files: { 'gateway.yaml': gateway('waypoint', 'istio-waypoint'), 'policy.yaml': policy('waypoint') },
        findings: [
          {
            at: 'policy.yaml:9:47',
            text: 'waypoint',
            message:
              'RequestAuthentication shop/tokens selects the pods of waypoint waypoint, and waypoints read no policy with a selector. It does nothing there. Name Gateway waypoint under targetRefs.',
          },
        ],
      },
      {
        title: 'A gateway',
        files: { 'gateway.yaml': gateway('web', 'istio'), 'policy.yaml': policy('web') },
        findings: [
          {
            at: 'policy.yaml:9:47',
            text: 'web',
            message:
              'RequestAuthentication shop/tokens selects the pods of Gateway web, which the Gateway API makes. That works while istiod has ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY, which is on by default. Name Gateway web under targetRefs.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Named as the target',
        files: {
          'gateway.yaml': gateway('waypoint', 'istio-waypoint'),
          'policy.yaml': policy('waypoint').replace(
            /selector:[^]*?(?= {2}jwtRules)/,
            'targetRefs:\n    - group: gateway.networking.k8s.io\n      kind: Gateway\n      name: waypoint\n',
          ),
        },
      },
    ],
  },
  *check(subject, view) {
    const target = policyTarget(subject, view);
    const name = target.is === 'selected' ? gatewayOf(subject, target.selector, view) : undefined;
    if (target.is !== 'selected' || name === undefined) return;
    const label = target.selector.get(
      target.selector.get(GATEWAY_NAME).is === 'known' ? GATEWAY_NAME : (target.selector.keys()[0] ?? ''),
    );
    const node = label.is === 'known' ? label.node : subject.titlePlace;
    if (node === undefined) return;
    const [gateway] = view.index.named(KUBERNETES_GATEWAY, subject.namespace ?? UNSET_NAMESPACE, name);
    const isWaypoint = stringOf(gateway?.at('spec', 'gatewayClassName')) === 'istio-waypoint';
    const place = gateway?.titlePlace;
    yield {
      place: { node },
      ...(isWaypoint ? {} : { severity: 'info' }),
      message: [
        isWaypoint
          ? `${subject.title} selects the pods of waypoint ${name}, and waypoints read no policy with a selector. It does nothing there.`
          : `${subject.title} selects the pods of Gateway ${name}, which the Gateway API makes. That works while istiod has ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY, which is on by default.`,
        `Name Gateway ${name} under targetRefs.`,
      ].join(' '),
      related: place === undefined ? [] : [{ place: { node: place }, message: 'The Gateway.' }],
      fixes: target.selector.keys().length === 1 && PLAIN_NAME.test(name) ? [naming(subject, name)] : [],
    };
  },
});

/** The Gateway of the Gateway API whose pods a selector picks: by the label that names it, or since pods here have that label as well. */
function gatewayOf(subject: Resource, selector: Labels, view: MeshView): string | undefined {
  const named = selector.get(GATEWAY_NAME);
  if (named.is !== 'absent') return named.is === 'known' ? named.value : undefined;
  for (const workload of selectedWorkloads(subject, selector, 'namespace', view).certain) {
    const label = podTemplateOf(workload)?.labels.get(GATEWAY_NAME);
    if (label?.is === 'known') return label.value;
  }
  return undefined;
}

/** Names that stand in YAML without quotes, whatever reads it. */
const PLAIN_NAME = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9-]{0,62}$/;

/** Not safe: a policy with a target is read by whoever the target is, and by nobody else. */
function naming(subject: Resource, name: string): Fix {
  return {
    title: `Name Gateway ${name} under targetRefs`,
    safe: false,
    preferred: true,
    edits: () => {
      const spec = subject.at('spec');
      const entry = spec?.type === 'map' ? spec.entry('selector') : undefined;
      const edit = entry === undefined ? undefined : replaceSelector(entry, name);
      return edit === undefined ? undefined : [edit];
    },
  };
}

/** Undefined for a selector in flow style, with comments, or that no text of its own holds. */
function replaceSelector({ key, value }: MapEntry, name: string): TextEdit | undefined {
  const { source } = key;
  const last = lastScalarEnd(value);
  if (value.source !== source || value.madeBy !== undefined || key.madeBy !== undefined || last === undefined) return undefined;
  const text = source.slice(key.start, last);
  const lineStart = source.text.lastIndexOf('\n', key.start - 1) + 1;
  const indent = source.text.slice(lineStart, key.start);
  if (!/^ *$/.test(indent) || /[#&*{]/.test(text) || !text.includes('\n')) return undefined;
  const lines = ['targetRefs:', '  - group: gateway.networking.k8s.io', '    kind: Gateway', `    name: ${name}`];
  const [start, end] = source.locate(key.start, last);
  return { file: source.file, start, end, newText: lines.join(`${text.includes('\r\n') ? '\r' : ''}\n${indent}`) };
}

/** Where the one label of a selector ends: the range of a block reaches into the next line. */
function lastScalarEnd(selector: MapEntry['value']): number | undefined {
  const labels = entriesOf(selector)[0]?.value;
  const [only, ...others] = entriesOf(labels);
  return only?.value.type === 'scalar' && others.length === 0 && entriesOf(selector).length === 1 ? only.value.end : undefined;
}
