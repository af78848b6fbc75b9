import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { INJECT, injectSetting, keyOf, moveSetting } from '../../engine/mesh/linkerd/inject-setting';
import type { InjectSetting, InjectValue } from '../../engine/mesh/linkerd/inject-setting';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import { replaceScalar } from '../../engine/yaml/edit';

const VALUES: readonly string[] = ['enabled', 'ingress', 'disabled'];

/** Manifests of the examples; the arguments are lines of metadata, indented as they stand. */
const namespace = (metadata = ''): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${metadata}`;
const pod = (name: string, value: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  annotations:
    linkerd.io/inject: ${value}
spec:
  containers:
    - name: ${name}
      image: shop/${name}:1.4
`;
const workload = (kind: string, name: string, metadata: string, template = ''): string => `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
  namespace: shop
${metadata}spec:
  template:
${template}    spec:
      containers:
        - name: ${name}
          image: shop/${name}:1.4
`;
const ENABLED = '  annotations:\n    linkerd.io/inject: enabled\n';
const DISABLED = '  annotations:\n    linkerd.io/inject: disabled\n';

export const rule = defineRule({
  id: 'linkerd/misplaced-inject',
  severity: 'warning',
  summary: '`linkerd.io/inject` stands where Linkerd does not read it, or has a value that Linkerd does not know.',
  why: "Linkerd's injector is called for pods, and reads the annotation `linkerd.io/inject` of the pod and of its Namespace, nothing else. On a Deployment's own metadata, or as a label anywhere, it does nothing, and nothing says so. The values are `enabled`, `ingress` and `disabled`, exactly so: any other, `Enabled` and `true` included, turns injection off, on a Namespace for every pod in it. A boolean without quotes makes the API server refuse the resource.",
  todo: 'Put the annotation on the pod template (`spec.template.metadata.annotations`; of a CronJob `spec.jobTemplate.spec.template.metadata.annotations`) or on the Namespace, with one of the three values. One in the wrong place is reported only where the pods come out otherwise than it says, and as info where that depends on a Namespace that no file defines. On a Service it means nothing either, but the charts of Linkerd themselves set it there.',
  kinds: ['workload', 'Namespace'],
  mentions: ['linkerd.io'],
  equivalents: [],
  docs: 'https://linkerd.io/2-edge/features/proxy-injection/',
  since: '0.1.0',
  fix: 'moves the annotation to where it is read, makes a label an annotation, and writes the value that was most likely meant',
  reportsUnknown: true,
  examples: {
    bad: [
      {
        title: 'On the Deployment instead of its pod template',
        files: { 'cart.yaml': workload('Deployment', 'cart', ENABLED), 'namespace.yaml': namespace() },
        findings: [
          {
            at: 'cart.yaml:7:5',
            text: 'linkerd.io/inject',
            message:
              'linkerd.io/inject stands on the Deployment itself, and Linkerd reads it on pods and Namespaces alone: no proxy is put into the pods of Deployment shop/cart. Move it to spec.template.metadata.annotations.',
          },
        ],
      },
      {
        title: 'An opt-out on the job template of a CronJob, in a Namespace that opts in',
        files: {
          'report.yaml': `${namespace(ENABLED)}---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
  namespace: shop
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    metadata:
      annotations:
        linkerd.io/inject: "false"
    spec:
      template:
        spec:
          containers:
            - name: report
              image: shop/report:1.4
`,
        },
        findings: [
          {
            at: 'report.yaml:18:9',
            text: 'linkerd.io/inject',
            message:
              'linkerd.io/inject stands on the job template, and Linkerd reads it on pods and Namespaces alone: a proxy is put into the pods of CronJob shop/report all the same. Move it to spec.jobTemplate.spec.template.metadata.annotations, as `disabled`.',
          },
        ],
      },
      {
        title: 'An opt-out in vain where no file defines the Namespace',
        files: { 'stock.yaml': workload('StatefulSet', 'stock', DISABLED) },
        findings: [
          {
            at: 'stock.yaml:7:5',
            text: 'linkerd.io/inject',
            message:
              'linkerd.io/inject stands on the StatefulSet itself, and Linkerd reads it on pods and Namespaces alone: a proxy is put into the pods of StatefulSet shop/stock all the same if the Namespace turns injection on. Move it to spec.template.metadata.annotations.',
          },
        ],
      },
      {
        title: 'Mode ingress asked for in vain',
        files: {
          'web.yaml': `${namespace(ENABLED)}---\n${workload('Deployment', 'web', '  annotations:\n    linkerd.io/inject: ingress\n')}`,
        },
        findings: [
          {
            at: 'web.yaml:14:5',
            text: 'linkerd.io/inject',
            message:
              'linkerd.io/inject stands on the Deployment itself, and Linkerd reads it on pods and Namespaces alone: the Namespace puts the pods of Deployment shop/web into mode enabled, not into mode ingress. Move it to spec.template.metadata.annotations.',
          },
        ],
      },
      {
        title: 'Labels of a Namespace, a workload and a pod template',
        files: {
          'shop.yaml': [
            namespace('  labels:\n    linkerd.io/inject: enabled\n'),
            workload(
              'Deployment',
              'cart',
              '',
              '    metadata:\n      labels:\n        app: cart\n        linkerd.io/inject: enabled\n',
            ),
            workload('Deployment', 'web', '  labels:\n    linkerd.io/inject: "true"\n'),
          ].join('---\n'),
        },
        findings: [
          {
            at: 'shop.yaml:6:5',
            text: 'linkerd.io/inject',
            message:
              'linkerd.io/inject is a label of Namespace shop, and Linkerd reads the annotation of that name alone: no pod gets a proxy because of it. Make it an annotation.',
          },
          {
            at: 'shop.yaml:18:9',
            text: 'linkerd.io/inject',
            message:
              'linkerd.io/inject is a label here, and Linkerd reads the annotation of that name alone: no proxy is put into the pods of Deployment shop/cart. Make it an annotation of the pod template.',
          },
          {
            at: 'shop.yaml:30:5',
            text: 'linkerd.io/inject',
            message:
              'linkerd.io/inject is a label here, and Linkerd reads the annotation of that name alone: no proxy is put into the pods of Deployment shop/web. Make it an annotation of the pod template, as `enabled`.',
          },
        ],
      },
      {
        title: 'Values that Linkerd does not know',
        files: {
          'namespace.yaml': namespace('  annotations:\n    linkerd.io/inject: Enabled\n'),
          'cart.yaml': workload(
            'Deployment',
            'cart',
            '',
            "    metadata:\n      annotations:\n        linkerd.io/inject: 'true'\n",
          ),
          'pods.yaml': [pod('probe', 'true'), pod('debug', '"no"'), pod('batch', 'sidecar')].join('---\n'),
        },
        findings: [
          {
            at: 'cart.yaml:10:28',
            text: "'true'",
            message:
              '"true" is not a value of linkerd.io/inject that Linkerd knows (enabled, ingress, disabled, in exactly these letters). It turns injection off, so no proxy is put into the pods of Deployment shop/cart. Write `enabled`.',
          },
          {
            at: 'namespace.yaml:6:24',
            text: 'Enabled',
            message:
              '"Enabled" is not a value of linkerd.io/inject that Linkerd knows (enabled, ingress, disabled, in exactly these letters). It turns injection off, so no pod of Namespace shop gets a proxy, not even one whose own annotation says `enabled`. Write `enabled`.',
          },
          {
            at: 'pods.yaml:7:24',
            text: 'true',
            message:
              'The value is a boolean, and only strings may stand here: the API server refuses Pod shop/probe. Write `enabled`.',
          },
          {
            at: 'pods.yaml:19:24',
            text: '"no"',
            message:
              '"no" is not a value of linkerd.io/inject that Linkerd knows (enabled, ingress, disabled, in exactly these letters). It turns injection off, which is what was meant, though the word is not. Write `disabled`.',
          },
          {
            at: 'pods.yaml:31:24',
            text: 'sidecar',
            message:
              '"sidecar" is not a value of linkerd.io/inject that Linkerd knows (enabled, ingress, disabled, in exactly these letters). It turns injection off, so no proxy is put into Pod shop/batch. Write `enabled`, `ingress` or `disabled`.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'On the pod template, on a pod and on a Namespace',
        files: {
          'shop.yaml': [
            namespace(ENABLED),
            workload('Deployment', 'web', '', '    metadata:\n      annotations:\n        linkerd.io/inject: ingress\n'),
            pod('probe', 'disabled'),
          ].join('---\n'),
        },
      },
      {
        title: 'Repeated on the Deployment, as the charts of Linkerd do, and where the Namespace says the same',
        files: {
          'shop.yaml': [
            namespace(`${ENABLED}  labels:\n    linkerd.io/inject: enabled\n`),
            workload('Deployment', 'cart', ENABLED),
          ].join('---\n'),
          'web.yaml': workload(
            'Deployment',
            'web',
            ENABLED,
            '    metadata:\n      annotations:\n        linkerd.io/inject: enabled\n',
          ),
        },
      },
      {
        title: 'An opt-out that changes nothing, and a value that a variable holds',
        files: {
          'shop.yaml': [
            namespace(),
            workload('Deployment', 'cart', DISABLED),
            workload(
              'Deployment',
              'web',
              ENABLED,
              '    metadata:\n      annotations:\n        linkerd.io/inject: ${WEB_INJECT}\n',
            ),
          ].join('---\n'),
        },
      },
    ],
  },
  *check(subject, view) {
    if (subject.kind === 'Namespace') yield* inNamespace(subject);
    else yield* inWorkload(subject, view);
  },
});

function* inNamespace(subject: Resource): Iterable<Finding> {
  const annotations = ['metadata', 'annotations'];
  const annotation = injectSetting(subject, annotations);
  if (annotation === 'unknown') return;
  if (annotation !== undefined) {
    const effect = `so no pod of ${subject.title} gets a proxy, not even one whose own annotation says \`enabled\`.`;
    yield* wrongValue(subject, annotation, effect, false);
    return;
  }
  const label = injectSetting(subject, ['metadata', 'labels']);
  // A label that keeps pods out changes nothing: no pod is let in either.
  if (label === undefined || label === 'unknown' || label.meant === undefined || label.meant === 'disabled') return;
  yield {
    place: { node: keyOf(label) },
    message: `${INJECT} is a label of ${subject.title}, and Linkerd reads the annotation of that name alone: no pod gets a proxy because of it. Make it an annotation${as(label)}.`,
    fixes: [moveFix(subject, label, annotations, `Make ${INJECT} an annotation of the Namespace`)],
  };
}

function* inWorkload(subject: Resource, view: MeshView): Iterable<Finding> {
  const template = podTemplateOf(subject);
  if (template === undefined) return;
  const target = [...template.path, 'metadata', 'annotations'];
  const own = injectSetting(subject, target);
  if (own === 'unknown') return;
  if (own !== undefined) {
    const off = own.meant === 'disabled';
    const effect = off ? 'which is what was meant, though the word is not.' : `so no proxy is put into ${podsOf(subject)}.`;
    yield* wrongValue(subject, own, effect, off);
    return;
  }
  const [first, ...others] = ignoredPaths(subject, template.path).flatMap((path) => {
    const setting = injectSetting(subject, path);
    if (setting === undefined || setting === 'unknown') return [];
    const outcome = outcomeOf(subject, setting, view);
    return outcome === undefined ? [] : [{ setting, outcome }];
  });
  if (first === undefined) return;
  const { setting, outcome } = first;
  const isLabel = setting.path.at(-1) === 'labels';
  const host = setting.path.includes('jobTemplate') ? 'job template' : `${subject.header.kind} itself`;
  const lead = isLabel
    ? `${INJECT} is a label here, and Linkerd reads the annotation of that name alone`
    : `${INJECT} stands on the ${host}, and Linkerd reads it on pods and Namespaces alone`;
  const refused = typeof setting.value.value === 'string' ? '' : ` ${refusal(subject, setting)}`;
  const advice = isLabel ? 'Make it an annotation of the pod template' : `Move it to ${target.join('.')}`;
  const title = isLabel ? `Make ${INJECT} an annotation of the pod template` : `Move ${INJECT} to the pod template`;
  yield {
    place: { node: keyOf(setting) },
    message: `${lead}: ${outcome.text}${refused} ${advice}${as(setting)}.`,
    ...(outcome.isUnknown && { severity: 'info' as const }),
    related: [
      ...outcome.because,
      ...others.map((other) => ({ place: { node: keyOf(other.setting) }, message: `${INJECT} has no effect here either` })),
    ],
    fixes: [moveFix(subject, setting, target, title)],
  };
}

/** Where people put it in vain. */
function ignoredPaths(subject: Resource, template: readonly string[]): (readonly string[])[] {
  const above = template.length === 0 ? [] : [['metadata']];
  if (subject.kind === 'CronJob.batch') above.push(['spec', 'jobTemplate', 'metadata']);
  return [
    ...above.map((path) => [...path, 'annotations']),
    ...above.map((path) => [...path, 'labels']),
    [...template, 'metadata', 'labels'],
  ];
}

interface Outcome {
  /** A clause with its full stop. */
  readonly text: string;
  readonly isUnknown: boolean;
  readonly because: NonNullable<Finding['related']>;
}

/** What becomes of the pods, where that is not what was asked for in vain; undefined where it is. */
function outcomeOf(subject: Resource, { meant }: InjectSetting, view: MeshView): Outcome | undefined {
  const linkerd = view.membership(subject)?.linkerd;
  if (linkerd === undefined || linkerd.inManifest === true || meant === undefined) return undefined;
  const pods = podsOf(subject);
  const because = linkerd.evidence.map((node) => ({ place: { node }, message: linkerd.reason }));
  if (meant === 'disabled') {
    if (linkerd.joins === 'no') return undefined;
    if (linkerd.joins === 'yes') return { text: `a proxy is put into ${pods} all the same.`, isUnknown: false, because };
    return {
      text: `a proxy is put into ${pods} all the same if the Namespace turns injection on.`,
      isUnknown: true,
      because: [],
    };
  }
  if (linkerd.joins === 'no') return { text: `no proxy is put into ${pods}.`, isUnknown: false, because: [] };
  if (linkerd.joins === 'unknown') {
    return { text: `no proxy is put into ${pods} unless the Namespace turns injection on.`, isUnknown: false, because: [] };
  }
  const shared = subject.namespace === undefined ? undefined : view.namespaceAnnotation(subject.namespace, INJECT).value;
  if (shared?.is !== 'known' || shared.value === meant) return undefined;
  return { text: `the Namespace puts ${pods} into mode ${shared.value}, not into mode ${meant}.`, isUnknown: false, because };
}

function podsOf(subject: Resource): string {
  return subject.kind === 'Pod' ? subject.title : `the pods of ${subject.title}`;
}

/** A value at a place that counts. `isHarmless`: what happens is what was meant. */
function* wrongValue(subject: Resource, setting: InjectSetting, effect: string, isHarmless: boolean): Iterable<Finding> {
  const { value, meant } = setting;
  const written = value.value;
  const isText = typeof written === 'string';
  if (isText && VALUES.includes(written)) return;
  const instead = meant === undefined ? 'Write `enabled`, `ingress` or `disabled`.' : `Write \`${meant}\`.`;
  yield {
    place: { node: value },
    message: isText
      ? `"${written}" is not a value of ${INJECT} that Linkerd knows (enabled, ingress, disabled, in exactly these letters). It turns injection off, ${effect} ${instead}`
      : `${refusal(subject, setting)} ${instead}`,
    ...(isText && isHarmless && { severity: 'info' as const }),
    fixes: meant === undefined ? [] : [valueFix(setting, meant, isHarmless)],
  };
}

function refusal(subject: Resource, { value }: InjectSetting): string {
  return `The value is a ${typeof value.value}, and only strings may stand here: the API server refuses ${subject.title}.`;
}

/** What to write besides moving: nothing where the value is right already. */
function as({ value, meant }: InjectSetting): string {
  return meant === undefined || value.value === meant ? '' : `, as \`${meant}\``;
}

function valueFix({ value }: InjectSetting, meant: InjectValue, isHarmless: boolean): Fix {
  return {
    title: `Write ${meant}`,
    safe: isHarmless,
    preferred: true,
    edits: () => (value.madeBy === undefined ? [replaceScalar(value, meant)] : undefined),
  };
}

/** Not safe: it changes which pods have a proxy, which is the point. */
function moveFix(subject: Resource, setting: InjectSetting, target: readonly string[], title: string): Fix {
  return { title, safe: false, preferred: true, edits: () => moveSetting(subject, setting, target) };
}
