import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { shownRevisions } from '../../engine/mesh/istio/installation';
import { decideSidecar, defaultSidecarMesh, ignoredNamespaces } from '../../engine/mesh/istio/sidecar-injection';
import type { SidecarDecision } from '../../engine/mesh/istio/sidecar-injection';
import { tristateOf } from '../../engine/mesh/namespaces';
import type { MeshView } from '../../engine/mesh/view';
import type { Label } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { absent } from '../../engine/tristate';
import { removeEntry } from '../../engine/yaml/edit';

const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';
const MODE = 'istio.io/dataplane-mode';
const CODE = 'IST0123';

type Known = Extract<Label, { is: 'known' }>;

/** A label that is set, with its key as text. */
interface Shown {
  readonly name: string;
  readonly value: string;
  readonly label: Known;
  /** `key=value`, for messages. */
  readonly text: string;
}

export const rule = defineRule({
  id: 'istio/conflicting-injection-labels',
  severity: 'warning',
  summary: 'A Namespace carries labels that ask Istio for different things.',
  why:
    'Istio reads three labels of a Namespace to decide what its pods join with, and they do not add up: `istio-injection`, whatever its value, ' +
    'makes Istio ignore `istio.io/rev`, and a pod that gets a sidecar is left alone by ambient mode, whatever `istio.io/dataplane-mode` says. ' +
    'The label that loses is read by people all the same: a namespace that seems to be on a new revision stays on the default one, a namespace ' +
    'that seems to be in ambient mode keeps its sidecars.',
  todo:
    'Keep the label that says what you mean and remove the other. To choose a revision, remove `istio-injection`; to go ambient, remove ' +
    '`istio-injection` and `istio.io/rev` and restart the pods. `istio-injection: disabled` beside `istio.io/dataplane-mode: ambient` is fine, ' +
    'and so is `istio.io/dataplane-mode: none` beside a label that injects.',
  kinds: ['Namespace'],
  mentions: ['istio'],
  equivalents: [CODE],
  docs: 'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy',
  since: '0.1.0',
  tags: ['unnecessary'],
  fix: 'removes the label that has no effect',
  examples: {
    bad: [
      {
        title: 'A revision that the older label overrides',
        files: {
          'namespace.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n    istio.io/rev: canary\n',
        },
        findings: [
          {
            at: 'namespace.yaml:7:5',
            text: 'istio.io/rev',
            message:
              'Namespace shop has both istio-injection=enabled and istio.io/rev=canary. istio-injection wins: the pods get the sidecar of the default revision, and istio.io/rev=canary has no effect. Remove the label that you do not mean.',
          },
        ],
      },
      {
        title: 'Sidecars and ambient mode at once',
        files: {
          'namespace.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/dataplane-mode: ambient\n    istio-injection: enabled\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: pay\n  labels:\n    istio.io/dataplane-mode: ambient\n    istio.io/rev: stable\n',
        },
        findings: [
          {
            at: 'namespace.yaml:6:5',
            text: 'istio.io/dataplane-mode',
            message:
              'Namespace shop has both istio-injection=enabled and istio.io/dataplane-mode=ambient. The sidecar wins: Istio injects it into every new pod, and ambient mode leaves pods with a sidecar alone, so istio.io/dataplane-mode=ambient has no effect on them. Remove the label that you do not mean.',
          },
          {
            at: 'namespace.yaml:14:5',
            text: 'istio.io/dataplane-mode',
            message:
              'Namespace pay has both istio.io/rev=stable and istio.io/dataplane-mode=ambient. The sidecar wins, assuming that a revision or tag stable is installed: Istio injects it into every new pod, and ambient mode leaves pods with a sidecar alone, so istio.io/dataplane-mode=ambient has no effect on them. Remove the label that you do not mean.',
          },
        ],
      },
      {
        title: 'A revision in a namespace that is closed to injection',
        files: {
          'namespace.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: disabled\n    istio.io/rev: canary\n',
        },
        findings: [
          {
            at: 'namespace.yaml:7:5',
            text: 'istio.io/rev',
            message:
              'Namespace shop has both istio-injection=disabled and istio.io/rev=canary. istio-injection wins: the pods get no sidecar, and istio.io/rev=canary has no effect. Remove the label that you do not mean.',
          },
        ],
      },
      {
        title: 'Two labels that ask for the same',
        files: {
          'namespace.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n    istio.io/rev: default\n',
        },
        findings: [
          {
            at: 'namespace.yaml:7:5',
            text: 'istio.io/rev',
            message:
              'Namespace shop has both istio-injection=enabled and istio.io/rev=default. Both ask for the sidecar of the default revision, but istio-injection wins: istio.io/rev has no effect, and would have none if it named another revision. Remove one of the two.',
          },
        ],
      },
      {
        title: 'A revision that the control plane here does not have',
        files: {
          'istiod.yaml':
            'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\n  namespace: istio-system\n  labels:\n    istio.io/rev: default\nspec:\n  template:\n    metadata:\n      labels:\n        app: istiod\n    spec:\n      containers:\n        - name: discovery\n          image: docker.io/istio/pilot:1.28.0\n',
          'namespace.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/rev: canary\n    istio.io/dataplane-mode: ambient\n',
        },
        findings: [
          {
            at: 'namespace.yaml:6:5',
            text: 'istio.io/rev',
            message:
              'Namespace shop has both istio.io/rev=canary and istio.io/dataplane-mode=ambient. Ambient mode wins: this environment installs no revision or tag canary, so no pod gets a sidecar from it, and istio.io/rev=canary has no effect. Remove the label that you do not mean.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'One label in each namespace',
        files: {
          'namespaces.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: pay\n  labels:\n    istio.io/rev: canary\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: mail\n  labels:\n    istio.io/dataplane-mode: ambient\n',
        },
      },
      {
        title: 'No sidecars, but ambient mode',
        files: {
          'namespace.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: disabled\n    istio.io/dataplane-mode: ambient\n',
        },
      },
      {
        title: 'Sidecars, and ambient mode declined',
        files: {
          'namespace.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/rev: canary\n    istio.io/dataplane-mode: none\n',
        },
      },
      {
        title: 'A chart that sets one or the other',
        files: {
          'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
          'chart/templates/namespace.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: {{ .Values.injection }}\n    istio.io/rev: {{ .Values.revision }}\n',
        },
      },
    ],
  },
  *check(subject, view) {
    // Istio injects into none of these and takes none of their labels into account.
    if (subject.name !== undefined && ignoredNamespaces.includes(subject.name)) return;
    const injection = shown(subject, INJECTION);
    const revision = shown(subject, REVISION);
    const mode = shown(subject, MODE);
    if (injection !== undefined && revision !== undefined) yield revisionLoses(subject, view, injection, revision);
    if (mode?.value === 'ambient') yield* againstAmbient(subject, view, mode, injection ?? revision);
  },
});

/** `istio-injection` shuts out every webhook that reads `istio.io/rev`, whatever either says. */
function revisionLoses(subject: Resource, view: MeshView, injection: Shown, revision: Shown): Finding {
  const { injected } = plainPod(subject, view);
  const both = `${subject.title} has both ${injection.text} and ${revision.text}.`;
  const same = injection.value === 'enabled' && revision.value === 'default' && injected === 'yes';
  if (same) {
    const why = `Both ask for the sidecar of the default revision, but ${INJECTION} wins: ${REVISION} has no effect, and would have none if it named another revision.`;
    return { ...finding(subject, revision, injection, `${both} ${why} Remove one of the two.`), severity: 'info' };
  }
  let pods = 'the pods get the sidecar of the default revision';
  if (injection.value !== 'enabled') pods = 'the pods get no sidecar';
  else if (injected !== 'yes')
    pods = 'the pods get no sidecar, since no revision that this environment installs is the default one';
  const result = `${INJECTION} wins: ${pods}, and ${revision.text} has no effect.`;
  const found = finding(subject, revision, injection, `${both} ${result} ${REMOVE}`);
  // istioctl says nothing of a namespace that is closed to injection.
  return injection.value === 'enabled' ? found : { ...found, equivalents: [] };
}

/** @param sidecar the label that decides on sidecars; a value that injects nothing does not contradict ambient mode */
function* againstAmbient(subject: Resource, view: MeshView, mode: Shown, sidecar: Shown | undefined): Iterable<Finding> {
  if (sidecar === undefined || sidecar.value === '') return;
  if (sidecar.name === INJECTION ? sidecar.value !== 'enabled' : subject.labels.get(INJECTION).is !== 'absent') return;
  const { injected, basis } = plainPod(subject, view);
  const both = `${subject.title} has both ${sidecar.text} and ${mode.text}.`;
  if (injected === 'yes') {
    const assumed = basis === 'assumed' ? `, assuming that a revision or tag ${sidecar.value} is installed` : '';
    const what = 'Istio injects it into every new pod, and ambient mode leaves pods with a sidecar alone';
    yield finding(
      subject,
      mode,
      sidecar,
      `${both} The sidecar wins${assumed}: ${what}, so ${mode.text} has no effect on them. ${REMOVE}`,
    );
  } else {
    const missing = sidecar.name === REVISION ? `revision or tag ${sidecar.value}` : 'default revision';
    const what = `this environment installs no ${missing}, so no pod gets a sidecar from it`;
    yield finding(subject, sidecar, mode, `${both} Ambient mode wins: ${what}, and ${sidecar.text} has no effect. ${REMOVE}`);
  }
}

const REMOVE = 'Remove the label that you do not mean.';

/** Whether a pod without labels of its own gets a sidecar in this namespace. */
function plainPod(namespace: Resource, view: MeshView): SidecarDecision {
  return decideSidecar({
    namespace: {
      // The names that would matter are dealt with; one that a template hides is none of them.
      name: absent,
      injectionLabel: tristateOf(namespace.labels.get(INJECTION)),
      revisionLabel: tristateOf(namespace.labels.get(REVISION)),
    },
    pod: { injectLabel: absent, injectAnnotation: absent, revisionLabel: absent, hostNetwork: absent },
    mesh: {
      ...defaultSidecarMesh,
      revisions: view.configuration().istio.revisions ?? shownRevisions(view.index),
    },
  });
}

function finding(subject: Resource, loser: Shown, winner: Shown, message: string): Finding {
  const fix = removal(subject, loser);
  return {
    place: { node: loser.label.key },
    message,
    related: [{ place: { node: winner.label.key }, message: `${winner.text} wins.` }],
    // istioctl leaves this namespace out.
    ...(subject.name === 'istio-system' ? { equivalents: [] } : {}),
    fixes: fix === undefined ? [] : [fix],
  };
}

/** Undefined where no text can be taken out, as for a label that Kustomize adds. */
function removal(subject: Resource, loser: Shown): Fix | undefined {
  const edits = (): ReturnType<Fix['edits']> => {
    const labels = subject.at('metadata', 'labels');
    const entry = labels?.type === 'map' ? labels.entry(loser.name) : undefined;
    const edit = labels?.type === 'map' && entry !== undefined ? removeEntry(labels, entry) : undefined;
    return edit === undefined ? undefined : [edit];
  };
  return edits() === undefined ? undefined : { title: `Remove label ${loser.text}`, safe: false, edits };
}

function shown(namespace: Resource, name: string): Shown | undefined {
  const label = namespace.labels.get(name);
  if (label.is !== 'known') return undefined;
  return { name, value: label.value, label, text: `${name}=${label.value === '' ? '""' : label.value}` };
}
