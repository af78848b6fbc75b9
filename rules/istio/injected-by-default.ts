import { defineRule } from '../../engine/findings/rule';
import type { Fix } from '../../engine/findings/rule';
import { controlPlaneParts } from '../../engine/mesh/istio/control-plane';
import { defaultInjection } from '../../engine/mesh/istio/default-injection';
import { ignoredNamespaces } from '../../engine/mesh/istio/sidecar-injection';
import type { Resource } from '../../engine/resources/resource';
import { setString } from '../../engine/yaml/edit';

const injector =
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio-sidecar-injector\n  namespace: istio-system\ndata:\n  values: |\n    { "sidecarInjectorWebhook": { "enableNamespacesByDefault": true } }\n';
const namespace = (labels: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${labels}`;

const LABELS = ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'] as const;

export const rule = defineRule({
  id: 'istio/injected-by-default',
  severity: 'info',
  summary: 'A Namespace without a label gets sidecars, since the installation injects by default.',
  why:
    'With `enableNamespacesByDefault` the injector takes every namespace that does not refuse. Nobody can tell from the Namespace that its ' +
    'pods are in the mesh, and the next installation, which does not have the setting, leaves them out.',
  todo: 'Label the Namespace `istio-injection: enabled`, or `disabled` to keep its pods out.',
  kinds: ['Namespace'],
  equivalents: ['IST0148'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0148/',
  since: '0.1.0',
  fix: 'labels the Namespace with what happens today, or with the opposite',
  examples: {
    bad: [
      {
        title: 'The injector is set to take all',
        files: { 'injector.yaml': injector, 'shop.yaml': namespace('') },
        findings: [
          {
            at: 'shop.yaml:4:9',
            text: 'shop',
            message:
              'The pods of Namespace shop get a sidecar, and nothing in it says so: Istio injects by default here (enableNamespacesByDefault). Label it istio-injection=enabled, or istio-injection=disabled to keep them out.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A label',
        files: { 'injector.yaml': injector, 'shop.yaml': namespace('  labels:\n    istio-injection: enabled\n') },
      },
      {
        title: 'No injection by default',
        files: { 'injector.yaml': injector.replace('true', 'false'), 'shop.yaml': namespace('') },
      },
    ],
  },
  *check(subject, view) {
    const { name, titlePlace } = subject;
    if (name === undefined || titlePlace === undefined || name === 'istio-system' || ignoredNamespaces.includes(name)) return;
    const { value, place } = defaultInjection(view);
    if (value.is !== 'known' || !value.value) return;
    if (LABELS.some((key) => view.namespaceLabel(name, key).value.is !== 'absent')) return;
    if (controlPlaneParts(view).some(({ namespace: home }) => home === name)) return;
    yield {
      place: { node: titlePlace },
      message: `The pods of ${subject.title} get a sidecar, and nothing in it says so: Istio injects by default here (enableNamespacesByDefault). Label it istio-injection=enabled, or istio-injection=disabled to keep them out.`,
      related: place === undefined ? [] : [{ place: { node: place }, message: 'This makes it the default.' }],
      fixes: [labelling(subject, 'enabled'), labelling(subject, 'disabled')],
    };
  },
});

/** To say what happens anyway is safe. */
function labelling(subject: Resource, value: 'enabled' | 'disabled'): Fix {
  return {
    title: `Label the Namespace istio-injection=${value}`,
    safe: value === 'enabled',
    ...(value === 'enabled' ? { preferred: true } : {}),
    edits: () => {
      const edit =
        subject.root === undefined ? undefined : setString(subject.root, ['metadata', 'labels', 'istio-injection'], value);
      return edit === undefined ? undefined : [edit];
    },
  };
}
