import { defineRule } from '../../engine/findings/rule';
import { isControlPlane } from '../../engine/mesh/istio/installation';
import type { Resource } from '../../engine/resources/resource';
import type { Container } from '../../engine/resources/workload';
import { podTemplateOf } from '../../engine/resources/workload';
import { isSet, itemsOf, lookup, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const REQUEST_AUTHENTICATION = 'RequestAuthentication.security.istio.io';
const VARIABLE = 'BLOCKED_CIDRS_IN_JWKS_URIS';

const istiod = (env: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\n  namespace: istio-system\nspec:\n  template:\n    metadata:\n      labels:\n        app: istiod\n    spec:\n      containers:\n        - name: discovery\n          image: docker.io/istio/pilot:1.31.0\n${env}`;
const tokens =
  'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: tokens\n  namespace: shop\nspec:\n  jwtRules:\n    - issuer: https://issuer.example.com\n      jwksUri: https://issuer.example.com/keys\n';
const blocked =
  '          env:\n            - name: BLOCKED_CIDRS_IN_JWKS_URIS\n              value: 10.0.0.0/8,169.254.0.0/16\n';

export const rule = defineRule({
  id: 'istio/jwks-fetch-unrestricted',
  severity: 'warning',
  summary: 'istiod fetches keys from any address that a RequestAuthentication names.',
  why:
    'istiod itself fetches what `jwksUri` names. Whoever may write a RequestAuthentication in some namespace can make it call addresses that ' +
    'only the control plane reaches: metadata of the cloud, the API server, services inside. `BLOCKED_CIDRS_IN_JWKS_URIS` shuts off ranges ' +
    'of addresses.',
  todo: `Set \`${VARIABLE}\` in the environment of istiod (\`pilot.env\` in the chart) to the ranges that no key may come from.`,
  kinds: ['Deployment.apps'],
  equivalents: ['IST0175'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0175/',
  since: '0.1.0',
  reportsUnknown: true,
  noFix: 'which ranges of addresses are inside is for the operator of the cluster to say',
  examples: {
    bad: [
      {
        title: 'A control plane that asks anybody',
        files: { 'istiod.yaml': istiod(''), 'tokens.yaml': tokens },
        findings: [
          {
            at: 'istiod.yaml:13:17',
            text: 'discovery',
            message:
              'Deployment istio-system/istiod fetches keys from whatever address a jwksUri names: BLOCKED_CIDRS_IN_JWKS_URIS is not set. Whoever writes a RequestAuthentication, such as shop/tokens, can make it call addresses inside. Set it to the ranges that are off limits.',
          },
        ],
      },
    ],
    good: [
      { title: 'Ranges that are shut off', files: { 'istiod.yaml': istiod(blocked), 'tokens.yaml': tokens } },
      { title: 'No RequestAuthentication', files: { 'istiod.yaml': istiod('') } },
    ],
  },
  *check(subject, view) {
    if (!isControlPlane(subject)) return;
    const [container] = podTemplateOf(subject)?.containers.filter(({ name }) => name === 'discovery') ?? [];
    const state = stateOf(subject);
    if (state === 'set') return;
    const [authentication] = view.ofKind(REQUEST_AUTHENTICATION);
    const node = lookup(container?.node, 'name') ?? subject.titlePlace;
    if (authentication === undefined || node === undefined) return;
    const place = authentication.titlePlace;
    const writer = authentication.title.replace(/^RequestAuthentication /, '');
    yield {
      place: { node },
      ...(state === 'missing' ? {} : { severity: 'info' }),
      message: [
        `${subject.title} fetches keys from whatever address a jwksUri names${state === 'missing' ? `: ${VARIABLE} is not set.` : `, unless what ${VARIABLE} refers to says otherwise.`}`,
        `Whoever writes a RequestAuthentication, such as ${writer}, can make it call addresses inside.`,
        state === 'missing' ? 'Set it to the ranges that are off limits.' : 'Make sure that it is set.',
      ].join(' '),
      related: place === undefined ? [] : [{ place: { node: place }, message: 'It makes istiod fetch keys.' }],
      // istioctl goes by the Deployment's own label.
      ...(isLabelled(subject) ? {} : { equivalents: [] }),
    };
  },
});

function isLabelled({ labels }: Resource): boolean {
  const app = labels.get('app');
  return app.is === 'known' && app.value === 'istiod';
}

type State = 'set' | 'missing' | 'elsewhere';

/** istioctl asks of each container for a value of its own; what a reference leads to is not to be seen here. */
function stateOf(subject: Resource): State {
  const states = (podTemplateOf(subject)?.containers ?? []).map(stateIn);
  if (states.includes('set')) return 'set';
  return states.includes('elsewhere') ? 'elsewhere' : 'missing';
}

function stateIn({ node }: Container): State {
  const list = lookup(node, 'env');
  const variable = itemsOf(list).find((item) => stringOf(lookup(item, 'name')) === VARIABLE);
  if (variable !== undefined) return valueState(variable);
  if (isSet(lookup(node, 'envFrom'))) return 'elsewhere';
  return list?.type === 'unknown' || (list?.type === 'sequence' && list.open) ? 'set' : 'missing';
}

function valueState(variable: YamlNode): State {
  const value = lookup(variable, 'value');
  if (value?.type === 'unknown') return 'set';
  if (isSet(value) && stringOf(value) !== '') return 'set';
  return isSet(lookup(variable, 'valueFrom')) ? 'elsewhere' : 'missing';
}
