import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { shownRevisions } from '../../engine/mesh/istio/installation';
import { ignoredNamespaces } from '../../engine/mesh/istio/sidecar-injection';
import { midSentence } from '../../engine/mesh/membership';
import type { Joining } from '../../engine/mesh/membership';
import type { MeshView } from '../../engine/mesh/view';
import type { Label } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import type { PodTemplate } from '../../engine/resources/workload';
import { removeEntry, replaceScalar, setString } from '../../engine/yaml/edit';

const INJECT = 'sidecar.istio.io/inject';
const REVISION = 'istio.io/rev';
const INJECTION = 'istio-injection';

const namespace = (labels: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${labels}---\n`;
const cart = (metadata: string, pod = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n${metadata}    spec:\n${pod}      containers:\n        - name: cart\n          image: cart:1\n`;
const asked = '      labels:\n        sidecar.istio.io/inject: "true"\n';
const istiod =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod-1-28\n  namespace: istio-system\n  labels:\n    istio.io/rev: 1-28\nspec:\n  template:\n    metadata:\n      labels:\n        app: istiod\n    spec:\n      containers:\n        - name: discovery\n          image: docker.io/istio/pilot:1.28.0\n';

export const rule = defineRule({
  id: 'istio/sidecar-not-injected',
  severity: 'warning',
  summary: 'Pods ask for a sidecar that they do not get.',
  why:
    'Two things decide on a sidecar: a webhook, which sees the labels of the Namespace and of the pod, and the injector behind it. Either ' +
    'may say no to pods that say yes. They start all the same, outside the mesh: with STRICT mutual TLS nobody in it talks to them, and no ' +
    'policy of theirs is enforced.',
  todo: 'Take away what keeps the sidecar away, or what asks for it.',
  kinds: ['workload', 'Namespace'],
  mentions: ['istio'],
  equivalents: ['IST0103'],
  docs: 'https://istio.io/latest/docs/ops/common-problems/injection/',
  since: '0.1.0',
  fix: 'makes a label of an annotation, or writes the value that injects',
  examples: {
    bad: [
      {
        title: 'The Namespace refuses, and a pod cannot overrule it',
        files: { 'cart.yaml': namespace('  labels:\n    istio-injection: disabled\n') + cart(asked) },
        findings: [
          {
            at: 'cart.yaml:17:34',
            text: '"true"',
            message:
              'The pods of Deployment shop/cart ask for a sidecar (label sidecar.istio.io/inject=true) and get none: namespace label istio-injection=disabled. They start outside the mesh. Take away one of the two.',
          },
        ],
      },
      {
        title: 'An annotation, which no webhook sees',
        files: { 'cart.yaml': namespace('') + cart('      annotations:\n        sidecar.istio.io/inject: "true"\n') },
        findings: [
          {
            at: 'cart.yaml:15:34',
            text: '"true"',
            message:
              'The pods of Deployment shop/cart ask for a sidecar (annotation sidecar.istio.io/inject=true) and get none: neither the namespace nor the pod has an injection label. They start outside the mesh, assuming that Istio does not inject by default. Make a label of the annotation.',
          },
        ],
      },
      {
        title: 'On the network of the node',
        files: { 'cart.yaml': namespace('') + cart(asked, '      hostNetwork: true\n') },
        findings: [
          {
            at: 'cart.yaml:15:34',
            text: '"true"',
            message:
              'The pods of Deployment shop/cart ask for a sidecar (label sidecar.istio.io/inject=true) and get none: the pod uses the host network. They start outside the mesh. Take away one of the two.',
          },
        ],
      },
      {
        title: 'A revision that is not installed, and a value that means nothing',
        files: {
          'istiod.yaml': istiod,
          'namespaces.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/rev: 1-26\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: pay\n  labels:\n    istio-injection: "true"\n',
        },
        findings: [
          {
            at: 'namespaces.yaml:6:19',
            text: '1-26',
            message:
              'No pod of Namespace shop gets a sidecar: istio.io/rev names revision 1-26, and this environment installs 1-28. Name that, or install a revision or tag 1-26.',
          },
          {
            at: 'namespaces.yaml:13:22',
            text: '"true"',
            message:
              'No pod of Namespace pay gets a sidecar: istio-injection knows enabled, and takes every other value for disabled. Write enabled, or disabled to be clear.',
          },
        ],
      },
    ],
    good: [
      { title: 'A pod that asks where it may', files: { 'cart.yaml': namespace('') + cart(asked) } },
      {
        title: 'A revision that is there',
        files: { 'istiod.yaml': istiod, 'shop.yaml': namespace('  labels:\n    istio.io/rev: 1-28\n') },
      },
      {
        title: 'A pod that wants none',
        files: {
          'cart.yaml': namespace('  labels:\n    istio-injection: enabled\n') + cart(asked.replace('"true"', '"false"')),
        },
      },
    ],
  },
  *check(subject, view) {
    if (subject.kind === 'Namespace') yield* ofNamespace(subject, view);
    else yield* ofWorkload(subject, view);
  },
});

type Known = Extract<Label, { is: 'known' }>;

/** What a pod template asks for a sidecar with. */
interface Request {
  readonly key: string;
  readonly label: Known;
  readonly isAnnotation: boolean;
}

function* ofWorkload(subject: Resource, view: MeshView): Iterable<Finding> {
  const template = podTemplateOf(subject);
  const request = template === undefined ? undefined : requestOf(template);
  if (template === undefined || request === undefined) return;
  // A gateway that lacks its proxy is another matter: it does not even start.
  if (template.containers.some(({ name, image }) => name === 'istio-proxy' && image === 'auto')) return;
  const sidecar = view.membership(subject)?.sidecar;
  if (sidecar?.joins === 'no') yield finding(subject, template, request, sidecar);
}

/** A label that says no is an answer, whatever else says yes. */
function requestOf({ labels, annotations }: PodTemplate): Request | undefined {
  const inject = labels.get(INJECT);
  if (inject.is === 'known' && inject.value !== '') {
    return inject.value === 'false' ? undefined : { key: INJECT, label: inject, isAnnotation: false };
  }
  const revision = labels.get(REVISION);
  if (revision.is === 'known' && revision.value !== '') return { key: REVISION, label: revision, isAnnotation: false };
  const annotation = annotations.get(INJECT);
  if (inject.is !== 'absent' || annotation.is !== 'known' || annotation.value !== 'true') return undefined;
  return { key: INJECT, label: annotation, isAnnotation: true };
}

function finding(subject: Resource, template: PodTemplate, request: Request, sidecar: Joining): Finding {
  const { key, label, isAnnotation } = request;
  const isPod = subject.kind === 'Pod';
  const pods = isPod ? subject.title : `The pods of ${subject.title}`;
  const [ask, get, start] = isPod ? ['asks', 'gets', 'It starts'] : ['ask', 'get', 'They start'];
  const isUnheard = isAnnotation && sidecar.basis === 'assumed';
  const fix = isUnheard ? toLabel(subject, template, label) : spelling(request);
  return {
    place: { node: label.node },
    message: [
      `${pods} ${ask} for a sidecar (${isAnnotation ? 'annotation' : 'label'} ${key}=${label.value}) and ${get} none: ${midSentence(sidecar.reason)}.`,
      `${start} outside the mesh${isUnheard ? ', assuming that Istio does not inject by default' : ''}.`,
      isUnheard ? 'Make a label of the annotation.' : fix === undefined ? 'Take away one of the two.' : 'Write "true".',
    ].join(' '),
    related: sidecar.evidence
      .filter((node) => node !== label.node)
      .map((node) => ({ place: { node }, message: 'This keeps the sidecar away.' })),
    fixes: fix === undefined ? [] : [fix],
  };
}

/** `True`, `yes`, `enabled`: nothing but "true" asks a webhook. */
function spelling({ key, isAnnotation, label: { value, node } }: Request): Fix | undefined {
  if (key !== INJECT || isAnnotation || value === 'true' || node.type !== 'scalar' || node.madeBy !== undefined) return undefined;
  return { title: 'Write "true"', safe: false, preferred: true, edits: () => [replaceScalar(node, 'true')] };
}

function toLabel(subject: Resource, { path }: PodTemplate, { value }: Known): Fix {
  return {
    title: 'Make a label of the annotation',
    safe: false,
    preferred: true,
    edits: () => {
      const metadata = [...path, 'metadata'];
      const map = subject.at(...metadata, 'annotations');
      const entry = map?.type === 'map' ? map.entry(INJECT) : undefined;
      if (subject.root === undefined || map?.type !== 'map' || entry === undefined) return undefined;
      const out = removeEntry(map, entry);
      const into = setString(subject.root, [...metadata, 'labels', INJECT], value);
      return out === undefined || into === undefined ? undefined : [out, into];
    },
  };
}

function* ofNamespace(subject: Resource, view: MeshView): Iterable<Finding> {
  if (subject.name !== undefined && ignoredNamespaces.includes(subject.name)) return;
  const injection = subject.labels.get(INJECTION);
  if (injection.is !== 'absent') {
    const isMeant = injection.is !== 'known' || injection.value === 'enabled' || injection.value === 'disabled';
    if (!isMeant) yield misspelt(subject, injection);
    return;
  }
  const revision = subject.labels.get(REVISION);
  // Where ambient mode is asked for as well, the two labels are the matter.
  if (revision.is !== 'known' || revision.value === '' || subject.labels.get('istio.io/dataplane-mode').is !== 'absent') return;
  const revisions = view.configuration().istio.revisions ?? shownRevisions(view.index);
  if (revisions === 'unknown' || revisions.includes(revision.value)) return;
  const installed = revisions.length === 0 ? 'none' : revisions.join(', ');
  const advice = revisions.length === 0 ? 'Install' : `Name ${revisions.length > 1 ? 'one of those' : 'that'}, or install`;
  yield {
    place: { node: revision.node },
    message: `No pod of ${subject.title} gets a sidecar: ${REVISION} names revision ${revision.value}, and this environment installs ${installed}. ${advice} a revision or tag ${revision.value}.`,
    equivalents: [],
    fixes: revisions.flatMap((name) => writing(revision, `Name revision ${name}`, name, false)),
  };
}

function misspelt(subject: Resource, label: Known): Finding {
  const isYes = /^(?:true|yes|on|enabled?)$/i.test(label.value);
  return {
    place: { node: label.node },
    message: `No pod of ${subject.title} gets a sidecar: ${INJECTION} knows enabled, and takes every other value for disabled. Write enabled, or disabled to be clear.`,
    equivalents: [],
    fixes: [...writing(label, 'Write enabled', 'enabled', isYes), ...writing(label, 'Write disabled', 'disabled', !isYes)],
  };
}

function writing({ node }: Known, title: string, text: string, preferred: boolean): Fix[] {
  if (node.type !== 'scalar' || node.madeBy !== undefined) return [];
  return [{ title, safe: false, preferred, edits: () => [replaceScalar(node, text)] }];
}
