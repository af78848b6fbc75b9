import { defineRule } from '../../engine/findings/rule';
import type { Finding, RelatedPlace } from '../../engine/findings/rule';
import {
  collisionOf,
  collisionsThrough,
  DATAPLANE_MODE,
  distinct,
  INJECTION_LABEL,
  LINKERD_INJECT,
  originOf,
  REVISION_LABEL,
} from '../../engine/mesh/collisions';
import type { Collision, Side } from '../../engine/mesh/collisions';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { isCustomWorkload } from '../../engine/resources/workload';
import { stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';
import { settingsOf, spelled, templatesOf, waysOut } from './opting-out';

const MESHES = {
  'istio-sidecar': "Istio's sidecar",
  'istio-ambient': "Istio's ambient mode",
  linkerd: "Linkerd's proxy",
} as const;
const NAMED = 3;

const INJECTED = '  labels:\n    istio-injection: enabled\n';
const AMBIENT = '  labels:\n    istio.io/dataplane-mode: ambient\n';
const MESHED = '  annotations:\n    linkerd.io/inject: enabled\n';
const APP = '        - name: cart\n          image: registry.example.com/cart:1.4.0\n';
const ISTIO_PROXY = '        - name: istio-proxy\n          image: docker.io/istio/proxyv2:1.30.2\n';
const LINKERD_PROXY = '        - name: linkerd-proxy\n          image: cr.l5d.io/linkerd/proxy:edge-26.8.3\n';
const KUSTOMIZATION = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';

const namespace = (metadata: string, name = 'shop'): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${metadata}`;
/** `metadata` is the pod template's, `own` the Deployment's. */
const cart = (metadata: string, { own = '', containers = APP, inNamespace = 'shop' } = {}): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: ${inNamespace}\n${own}spec:\n  selector:\n    matchLabels: { app: cart }\n` +
  `  template:\n    metadata:\n${metadata.replaceAll(/^(?=.)/gm, '    ')}    spec:\n      containers:\n${containers}`;
const POD_LABELS = '  labels:\n    app: cart\n';

export const rule = defineRule({
  id: 'coexistence/double-injection',
  severity: 'error',
  summary: 'The pods of one workload get two meshes.',
  why:
    "Istio and Linkerd each redirect a pod's traffic to a proxy of their own. Kubernetes promises no order of their webhooks. If Istio's runs " +
    "first, Linkerd's finds container `istio-proxy` and leaves the pod out; only an event tells. If Linkerd's runs first, Istio adds its " +
    "proxy all the same, and both rewrite the pod's iptables rules. In ambient mode ztunnel captures a pod that Linkerd meshes as well.",
  todo:
    'Decide which mesh the workload belongs to and take it out of the other on its pod template: label `sidecar.istio.io/inject: "false"` ' +
    '(sidecar), label `istio.io/dataplane-mode: none` (ambient mode) or annotation `linkerd.io/inject: disabled`. Where the whole Namespace is ' +
    'meant, turn one mesh off there. A proxy that stands in the manifest has to be removed from it, with its init container and volumes.',
  kinds: ['Namespace', 'workload'],
  equivalents: [],
  docs: 'https://linkerd.io/2-edge/features/proxy-injection/',
  since: '0.1.0',
  fix: 'takes the workloads out of one mesh on their pod templates, or turns it off for their Namespace',
  examples: {
    bad: [
      {
        title: 'Both meshes for one Namespace',
        files: { 'shop.yaml': `${namespace(INJECTED + MESHED)}---\n${cart(POD_LABELS)}` },
        findings: [
          {
            at: 'shop.yaml:6:22',
            text: 'enabled',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Namespace annotation linkerd.io/inject=enabled). Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail. Keep one mesh: turn this one off for the whole Namespace, or set label sidecar.istio.io/inject: \"false\" or annotation linkerd.io/inject: disabled on the pod template.",
          },
          {
            at: 'shop.yaml:8:24',
            text: 'enabled',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Namespace annotation linkerd.io/inject=enabled). Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail. Keep one mesh: turn this one off for the whole Namespace, or set label sidecar.istio.io/inject: \"false\" or annotation linkerd.io/inject: disabled on the pod template.",
          },
        ],
      },
      {
        title: 'A pod template that asks for Linkerd where Istio injects',
        files: { 'namespace.yaml': namespace(INJECTED), 'cart.yaml': cart(POD_LABELS + MESHED) },
        findings: [
          {
            at: 'cart.yaml:14:28',
            text: 'enabled',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Pod annotation linkerd.io/inject=enabled). Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail. Keep one mesh: set label sidecar.istio.io/inject: \"false\" or annotation linkerd.io/inject: disabled on the pod template.",
          },
          {
            at: 'namespace.yaml:6:22',
            text: 'enabled',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Pod annotation linkerd.io/inject=enabled). Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail. Keep one mesh: turn this one off for the whole Namespace, or set label sidecar.istio.io/inject: \"false\" or annotation linkerd.io/inject: disabled on the pod template.",
          },
        ],
      },
      {
        title: 'Linkerd for pods that ztunnel captures',
        files: { 'shop.yaml': `${namespace(AMBIENT)}---\n${cart(POD_LABELS + MESHED)}` },
        findings: [
          {
            at: 'shop.yaml:6:30',
            text: 'ambient',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's ambient mode (Namespace label istio.io/dataplane-mode=ambient) and Linkerd's proxy (Pod annotation linkerd.io/inject=enabled). ztunnel and Linkerd's proxy both redirect the pods' traffic, which neither mesh supports. Keep one mesh: turn this one off for the whole Namespace, or set label istio.io/dataplane-mode: none or annotation linkerd.io/inject: disabled on the pod template.",
          },
          {
            at: 'shop.yaml:21:28',
            text: 'enabled',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's ambient mode (Namespace label istio.io/dataplane-mode=ambient) and Linkerd's proxy (Pod annotation linkerd.io/inject=enabled). ztunnel and Linkerd's proxy both redirect the pods' traffic, which neither mesh supports. Keep one mesh: set label istio.io/dataplane-mode: none or annotation linkerd.io/inject: disabled on the pod template.",
          },
        ],
      },
      {
        title: 'A rendered manifest with both proxies',
        files: { 'cart.yaml': cart(POD_LABELS, { containers: APP + ISTIO_PROXY + LINKERD_PROXY }) },
        findings: [
          {
            at: 'cart.yaml:17:17',
            text: 'istio-proxy',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's sidecar (container istio-proxy stands in the manifest) and Linkerd's proxy (container linkerd-proxy stands in the manifest). Both proxies redirect the same traffic, and connections fail. Keep one mesh: remove container istio-proxy or linkerd-proxy from the manifest, with its init container and volumes.",
          },
          {
            at: 'cart.yaml:19:17',
            text: 'linkerd-proxy',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's sidecar (container istio-proxy stands in the manifest) and Linkerd's proxy (container linkerd-proxy stands in the manifest). Both proxies redirect the same traffic, and connections fail. Keep one mesh: remove container istio-proxy or linkerd-proxy from the manifest, with its init container and volumes.",
          },
        ],
      },
      {
        title: "An overlay's patch that adds the second mesh",
        files: {
          'base/kustomization.yaml': `${KUSTOMIZATION}resources: [namespace.yaml, cart.yaml]\n`,
          'base/namespace.yaml': namespace(INJECTED),
          'base/cart.yaml': cart(POD_LABELS),
          'overlays/production/kustomization.yaml': `${KUSTOMIZATION}resources: [../../base]\n`,
          'overlays/staging/kustomization.yaml': `${KUSTOMIZATION}resources: [../../base]\npatches:\n  - path: linkerd.yaml\n`,
          'overlays/staging/linkerd.yaml':
            'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      annotations:\n        linkerd.io/inject: enabled\n',
        },
        findings: [
          {
            at: 'base/namespace.yaml:6:22',
            text: 'enabled',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Pod annotation linkerd.io/inject=enabled). Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail. Keep one mesh: turn this one off for the whole Namespace, or set label sidecar.istio.io/inject: \"false\" or annotation linkerd.io/inject: disabled on the pod template.",
          },
          {
            at: 'overlays/staging/linkerd.yaml:10:28',
            text: 'enabled',
            message:
              "The pods of Deployment shop/cart get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Pod annotation linkerd.io/inject=enabled). Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail. Keep one mesh: set label sidecar.istio.io/inject: \"false\" or annotation linkerd.io/inject: disabled on the pod template.",
          },
        ],
      },
    ],
    good: [
      {
        title: "An annotation on the Deployment itself, which Linkerd's injector never sees",
        files: { 'shop.yaml': `${namespace(INJECTED)}---\n${cart(POD_LABELS, { own: MESHED })}` },
      },
      {
        title: 'Workloads that are taken out of one of the two',
        files: {
          'namespace.yaml': namespace(INJECTED + MESHED),
          'linkerd.yaml': cart(`${POD_LABELS}    sidecar.istio.io/inject: "false"\n`),
          'istio.yaml': cart(`${POD_LABELS}  annotations:\n    linkerd.io/inject: disabled\n`).replaceAll('cart', 'orders'),
        },
      },
      {
        title: "Istio's proxy in the manifest: Linkerd's injector leaves the pods out",
        files: { 'shop.yaml': `${namespace(MESHED)}---\n${cart(POD_LABELS, { containers: APP + ISTIO_PROXY })}` },
      },
      {
        title: 'A mesh each, in different Namespaces',
        files: {
          'shop.yaml': `${namespace(INJECTED)}---\n${cart(POD_LABELS)}`,
          'office.yaml': `${namespace(MESHED, 'office')}---\n${cart(POD_LABELS, { inNamespace: 'office' })}`,
        },
      },
      {
        title: "A sidecar in an ambient Namespace: both are Istio's",
        files: { 'shop.yaml': `${namespace(`${INJECTED}    istio.io/dataplane-mode: ambient\n`)}---\n${cart(POD_LABELS)}` },
      },
      {
        title: 'An overlay that changes the mesh and not only adds one',
        files: {
          'base/kustomization.yaml': `${KUSTOMIZATION}resources: [namespace.yaml, cart.yaml]\n`,
          'base/namespace.yaml': namespace(INJECTED),
          'base/cart.yaml': cart(POD_LABELS),
          'overlays/staging/kustomization.yaml': `${KUSTOMIZATION}resources: [../../base]\npatches:\n  - path: linkerd.yaml\n`,
          'overlays/staging/linkerd.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: null\n  annotations:\n    linkerd.io/inject: enabled\n',
        },
      },
    ],
  },
  *check(subject, view) {
    for (const node of subject.kind === 'Namespace' ? valuesOf(subject) : ownEvidence(subject, view)) {
      const collisions = collisionsThrough(node, view);
      // A label transformer may have made this node and the pods' own from one text: only what this node decides is this subject's.
      if (!collisions.some(({ istio, linkerd }) => [...istio.evidence, ...linkerd.evidence].includes(node))) continue;
      yield findingAt(node, subject, collisions, view);
    }
  },
});

function valuesOf(namespace: Resource): YamlNode[] {
  const labels = [INJECTION_LABEL, REVISION_LABEL, DATAPLANE_MODE].map((key) => namespace.labels.get(key));
  return [...labels, namespace.annotations.get(LINKERD_INJECT)].flatMap((label) => (label.is === 'known' ? [label.node] : []));
}

function ownEvidence(workload: Resource, view: MeshView): YamlNode[] {
  const collision = collisionOf(workload, view);
  if (collision === undefined) return [];
  return sidesOf(collision).flatMap(({ decidedBy, evidence }) => (decidedBy === 'namespace' ? [] : evidence));
}

function findingAt(node: YamlNode, subject: Resource, collisions: readonly Collision[], view: MeshView): Finding {
  return {
    place: { node },
    // No file shows that a custom resource's pods come to be at all.
    ...(collisions.every(({ workload }) => isCustomWorkload(workload)) ? { severity: 'info' as const } : {}),
    message: `${claim(collisions)} ${effects(collisions)} ${remedy(collisions, subject)}`,
    related: relatedPlaces(node, subject, collisions),
    fixes: waysOut({ collisions, node, subject }, view),
  };
}

const sidesOf = ({ istio, linkerd }: Collision): readonly [Side, Side] => [istio, linkerd];
const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
const workloadsOf = (collisions: readonly Collision[]): readonly Resource[] =>
  distinct(collisions.map(({ workload }) => workload));

function claim(collisions: readonly Collision[]): string {
  const grounds = (pick: (collision: Collision) => Side): string =>
    unique(collisions.map(pick).map(({ mesh, reason }) => `${MESHES[mesh]} (${reason})`)).join(' or ');
  const assumed = unique(collisions.flatMap(({ assumptions }) => assumptions)).map((clause) => `that ${clause}`);
  const meshes = `${grounds(({ istio }) => istio)} and ${grounds(({ linkerd }) => linkerd)}`;
  return `${whose(workloadsOf(collisions))} two meshes: ${meshes}${assumed.length === 0 ? '' : `, assuming ${assumed.join(' and ')}`}.`;
}

function whose(workloads: readonly Resource[]): string {
  const names = workloads.slice(0, NAMED).map(({ title }) => title);
  const [only = ''] = names;
  if (workloads.length === 1) return workloads[0]?.kind === 'Pod' ? `${only} gets` : `The pods of ${only} get`;
  const more = workloads.length - names.length;
  const listed = more > 0 ? `${names.join(', ')} and ${more} more` : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  return `The pods of ${workloads.length} workloads (${listed}) get`;
}

/** What happens at run time, for each way in which these workloads collide. */
function effects(collisions: readonly Collision[]): string {
  return unique(
    collisions.map(({ istio, linkerd }) => {
      if (istio.mesh === 'istio-ambient')
        return "ztunnel and Linkerd's proxy both redirect the pods' traffic, which neither mesh supports.";
      if (linkerd.decidedBy === 'container') return 'Both proxies redirect the same traffic, and connections fail.';
      return "Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail.";
    }),
  ).join(' ');
}

function remedy(collisions: readonly Collision[], subject: Resource): string {
  const sides = [...collisions.map(({ istio }) => istio), ...collisions.map(({ linkerd }) => linkerd)];
  const settings = [settingsOf(collisions, 'istio'), settingsOf(collisions, 'linkerd')]
    .filter((side) => side.length > 0)
    .map(spelled);
  const containers = unique(
    sides.flatMap(({ decidedBy, evidence }) => (decidedBy === 'container' ? (stringOf(evidence[0]) ?? []) : [])),
  );
  const ways = [
    ...(subject.kind === 'Namespace' ? ['turn this one off for the whole Namespace'] : []),
    ...(settings.length === 0 ? [] : [`set ${settings.join(' or ')} on ${templatesOf(workloadsOf(collisions))}`]),
    ...(containers.length === 0
      ? []
      : [`remove container ${containers.join(' or ')} from the manifest, with its init container and volumes`]),
  ];
  return `Keep one mesh: ${ways.join(', or ')}.`;
}

/** The other side's places, then whom it concerns where the place does not tell. */
function relatedPlaces(node: YamlNode, subject: Resource, collisions: readonly Collision[]): RelatedPlace[] {
  const here = originOf(node);
  const held = subject.kind === 'Namespace' ? valuesOf(subject) : [];
  const related = new Map<YamlNode, RelatedPlace>();
  for (const collision of collisions) {
    for (const { mesh, reason, evidence } of sidesOf(collision)) {
      if (evidence.some((other) => originOf(other) === here)) continue;
      // Other definitions of this Namespace are alternatives to it.
      const own = evidence.filter((other) => held.includes(other));
      for (const other of own.length > 0 ? own : evidence) {
        related.set(originOf(other), { place: { node: other }, message: `${MESHES[mesh]}: ${reason}` });
      }
    }
  }
  const titles = subject.kind === 'Namespace' || collisions.length > 1 ? collisions.map(({ workload }) => workload) : [];
  const workloads = titles.flatMap(({ title, titlePlace }) =>
    titlePlace === undefined ? [] : [{ place: { node: titlePlace }, message: `${title} gets both` }],
  );
  return [...related.values(), ...workloads];
}
