import { defineRule } from '../../engine/findings/rule';
import { apiServerVerdict } from '../../engine/mesh/istio/validation/api-server';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import { ISTIO_KINDS } from '../../schemas/istio';
import { REFUSED, replacement, sentence } from './refusal';

const KNOWN_TOP_LEVEL = 'apiVersion, kind, metadata, spec and status';

export const rule = defineRule({
  id: 'istio/unknown-field',
  severity: 'error',
  summary: 'A field does not exist in the kind of Istio that sets it.',
  why:
    'The API server takes a field that the schema does not have out of the resource before it stores it. `kubectl apply` asks it to refuse the ' +
    'resource instead, but Helm, Argo CD and most other clients do not: the resource is there, and the one setting that somebody wrote has no ' +
    'effect. A policy with a misspelt `rules` lets nobody in, or everybody. `istioctl analyze` does not look at this.',
  todo: 'Correct the name, or move the field to the object that it belongs to; names are compared with capitals and all.',
  kinds: ISTIO_KINDS,
  equivalents: [],
  docs: 'https://istio.io/latest/docs/reference/config/',
  since: '0.1.0',
  fix: 'writes the nearest name that exists',
  examples: {
    bad: [
      {
        title: 'A misspelt name',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n      retrys:\n        attempts: 3\n',
        },
        findings: [
          {
            at: 'cart.yaml:11:7',
            text: 'retrys',
            message:
              'spec.http[0] has no field "retrys". The API server drops it, or refuses VirtualService cart where the client asks for strict validation, as kubectl does. Did you mean "retries"?',
          },
        ],
      },
      {
        title: 'A field of another object',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n            weight: 100\n',
        },
        findings: [
          {
            at: 'cart.yaml:11:13',
            text: 'weight',
            message:
              'spec.http[0].route[0].destination has no field "weight". The API server drops it, or refuses VirtualService cart where the client asks for strict validation, as kubectl does. It belongs into spec.http[0].route[0].',
          },
        ],
      },
      {
        title: 'A field outside of spec',
        files: {
          'mtls.yaml':
            'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\nmtls:\n  mode: STRICT\n',
        },
        findings: [
          {
            at: 'mtls.yaml:5:1',
            text: 'mtls',
            message: `A PeerAuthentication has no field "mtls". The API server drops it, or refuses PeerAuthentication default where the client asks for strict validation, as kubectl does. It belongs into spec.`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Names as they are',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n          weight: 100\n      retries:\n        attempts: 3\n',
        },
      },
      {
        title: 'Where the author chooses the names',
        files: {
          'plugin.yaml':
            'apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata:\n  name: filter\n  annotations:\n    example.com/any: thing\nspec:\n  url: oci://example.com/filter:1\n  pluginConfig:\n    anything: goes\n',
        },
      },
    ],
  },
  *check(subject, view) {
    for (const { of, place, what, todo, instead } of apiServerVerdict(view, subject).faults) {
      if (of !== 'unknown-field') continue;
      const isTopLevel = subject.root?.entries.some(({ key }) => key === place.node) === true;
      const node = instead === undefined ? undefined : replaceable(place.node);
      yield {
        place,
        message: [
          what,
          `the API server drops it, or refuses ${subject.title} where the client asks for strict validation, as kubectl does`,
          todo.startsWith('remove') && isTopLevel ? `beside spec stand ${KNOWN_TOP_LEVEL} alone: remove it` : todo,
        ]
          .map(sentence)
          .join(' '),
        // istiod's webhook, too, refuses what it knows no top-level field for (pkg/webhooks/validation/server/server.go).
        ...(isTopLevel ? { equivalents: REFUSED } : {}),
        fixes: node === undefined || instead === undefined ? [] : [replacement(node, instead)],
      };
    }
  },
});
