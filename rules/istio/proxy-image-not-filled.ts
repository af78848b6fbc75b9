import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { midSentence } from '../../engine/mesh/membership';
import type { Joining } from '../../engine/mesh/membership';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import type { PodTemplate } from '../../engine/resources/workload';
import { setString } from '../../engine/yaml/edit';
import { lookup } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const INJECT = 'sidecar.istio.io/inject';

const namespace = (labels: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: edge\n${labels}---\n`;
const gateway = (label = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: gateway\n  namespace: edge\nspec:\n  template:\n    metadata:\n      annotations:\n        inject.istio.io/templates: gateway\n      labels:\n        istio: gateway\n${label}    spec:\n      containers:\n        - name: istio-proxy\n          image: auto\n`;

export const rule = defineRule({
  id: 'istio/proxy-image-not-filled',
  severity: 'error',
  summary: 'A container leaves its image to the injector, which does not see the pod.',
  why:
    'A gateway names the image `auto`, and the injector puts the image of the proxy in its place when the pod is created. A pod that it does ' +
    'not inject keeps the word, and waits forever for an image that nobody has.',
  todo: 'Label the pods `sidecar.istio.io/inject: "true"`, or the Namespace; and take away what keeps the injector out.',
  kinds: ['workload'],
  mentions: ['istio-proxy'],
  equivalents: ['IST0146', 'IST0147'],
  docs: 'https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'labels the pods for injection, where nothing stands against it',
  examples: {
    bad: [
      {
        title: 'A namespace that is closed to injection',
        files: { 'gateway.yaml': namespace('  labels:\n    istio-injection: disabled\n') + gateway() },
        findings: [
          {
            at: 'gateway.yaml:23:18',
            text: 'auto',
            message:
              'Container istio-proxy of Deployment edge/gateway has the image "auto", and no injector puts another one in its place: namespace label istio-injection=disabled. The pods will wait for an image that does not exist. Take away what keeps the injector out.',
          },
        ],
      },
      {
        title: 'A namespace without a label',
        files: { 'gateway.yaml': namespace('') + gateway() },
        findings: [
          {
            at: 'gateway.yaml:21:18',
            text: 'auto',
            message:
              'Container istio-proxy of Deployment edge/gateway has the image "auto", and no injector puts another one in its place: neither the namespace nor the pod has an injection label. The pods will wait for an image that does not exist, assuming that Istio does not inject by default. Label the pods sidecar.istio.io/inject=true.',
          },
        ],
      },
      {
        title: 'A namespace that no file defines',
        files: { 'gateway.yaml': gateway() },
        findings: [
          {
            at: 'gateway.yaml:16:18',
            text: 'auto',
            message:
              'Container istio-proxy of Deployment edge/gateway has the image "auto", and no file here shows that an injector puts another one in its place: the pods have no label that asks for it, and what Namespace edge has is not to be seen. Label the pods sidecar.istio.io/inject=true to be certain.',
          },
        ],
      },
    ],
    good: [
      { title: 'Pods that ask for it', files: { 'gateway.yaml': gateway('        sidecar.istio.io/inject: "true"\n') } },
      {
        title: 'A namespace that is injected',
        files: { 'gateway.yaml': namespace('  labels:\n    istio-injection: enabled\n') + gateway() },
      },
    ],
  },
  *check(subject, view) {
    const template = podTemplateOf(subject);
    const image = template === undefined ? undefined : autoImage(template);
    if (template === undefined || image === undefined) return;
    const sidecar = view.membership(subject)?.sidecar;
    if (sidecar === undefined || sidecar.joins === 'yes') return;
    yield { ...finding(subject, view, template, image, sidecar), equivalents: codesOf(subject) };
  },
});

/** istioctl has one code for Deployments, and one for pods. */
function codesOf({ kind }: Resource): readonly string[] {
  if (kind === 'Pod') return ['IST0147'];
  return kind === 'Deployment.apps' ? ['IST0146'] : [];
}

function autoImage({ containers, initContainers }: PodTemplate): YamlNode | undefined {
  const proxy = [...containers, ...initContainers].find(({ name, image }) => name === 'istio-proxy' && image === 'auto');
  return lookup(proxy?.node, 'image');
}

function finding(subject: Resource, view: MeshView, template: PodTemplate, image: YamlNode, sidecar: Joining): Finding {
  const isPod = subject.kind === 'Pod';
  const pods = isPod ? 'pod' : 'pods';
  const label = `Label the ${pods} ${INJECT}=true`;
  const opening = `Container istio-proxy of ${subject.title} has the image "auto", and`;
  const canLabel = isOpen(subject, view, template);
  const fixes = canLabel ? [labelling(subject, template, label)] : [];
  if (sidecar.joins === 'unknown') {
    const { namespace } = subject.header;
    const where = namespace.is === 'known' ? `Namespace ${namespace.value}` : 'its Namespace';
    return {
      place: { node: image },
      severity: 'info',
      message: `${opening} no file here shows that an injector puts another one in its place: the ${pods} ${isPod ? 'has' : 'have'} no label that asks for it, and what ${where} has is not to be seen. ${label} to be certain.`,
      fixes,
    };
  }
  const assumption = sidecar.basis === 'assumed' ? ', assuming that Istio does not inject by default' : '';
  return {
    place: { node: image },
    ...(sidecar.basis === 'assumed' ? { severity: 'warning' as const } : {}),
    message: `${opening} no injector puts another one in its place: ${midSentence(sidecar.reason)}. The ${pods} will wait for an image that does not exist${assumption}. ${canLabel ? label : 'Take away what keeps the injector out'}.`,
    related: sidecar.evidence.map((node) => ({ place: { node }, message: 'This decides on injection.' })),
    fixes,
  };
}

/** Whether a label on the pods is all it takes: where the Namespace says nothing, as far as files show, and the pods do not either. */
function isOpen({ namespace }: Resource, view: MeshView, { labels }: PodTemplate): boolean {
  if (labels.get(INJECT).is !== 'absent' || labels.get('istio.io/rev').is !== 'absent') return false;
  return (
    namespace !== undefined &&
    ['istio-injection', 'istio.io/rev'].every((key) => view.namespaceLabel(namespace, key).value.is !== 'known')
  );
}

function labelling(subject: Resource, { path }: PodTemplate, title: string): Fix {
  return {
    title,
    safe: false,
    preferred: true,
    edits: () => {
      const edit =
        subject.root === undefined ? undefined : setString(subject.root, [...path, 'metadata', 'labels', INJECT], 'true');
      return edit === undefined ? undefined : [edit];
    },
  };
}
