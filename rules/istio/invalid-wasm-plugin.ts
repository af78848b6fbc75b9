import { defineRule } from '../../engine/findings/rule';
import { checkExtension } from '../../engine/mesh/istio/validation/webhook/extension';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-wasm-plugin',
  severity: 'error',
  summary: 'A WasmPlugin says something that Istio refuses, or takes with a warning.',
  why:
    "When a WasmPlugin is applied, istiod's webhook checks what it attaches to; the module and its settings are the API " +
    "server's to check. What the cluster has under the name stays as it is.",
  todo:
    'Correct what the finding names. An extension attaches to a Service, a ServiceEntry, a Gateway or a GatewayClass, or to ' +
    'pods by a selector.',
  kinds: ['WasmPlugin.extensions.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/',
  since: '0.1.0',
  fix: 'writes the group of the target that was meant',
  examples: {
    bad: [
      {
        title: 'A Gateway of the wrong group',
        files: {
          'filter.yaml':
            'apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata:\n  name: filter\nspec:\n  targetRefs:\n    - kind: Gateway\n      group: networking.istio.io\n      name: public\n  url: oci://example.com/filter:1\n',
        },
        findings: [
          {
            at: 'filter.yaml:8:14',
            text: 'networking.istio.io',
            message:
              'A policy cannot attach to a Gateway of group "networking.istio.io". Istio\'s webhook refuses WasmPlugin filter: none of it takes effect. Set group to gateway.networking.k8s.io, which has the Gateway that is meant.',
          },
        ],
      },
      {
        title: 'A selector that selects everything',
        files: {
          'filter.yaml':
            'apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata:\n  name: filter\nspec:\n  selector: {}\n  url: oci://example.com/filter:1\n',
        },
        findings: [
          {
            at: 'filter.yaml:6:3',
            text: 'selector',
            message:
              'The selector names no labels. It selects all workloads, as none at all would. Name the labels of the workloads that are meant, or remove the selector.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'At a Gateway',
        files: {
          'filter.yaml':
            'apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata:\n  name: filter\nspec:\n  targetRefs:\n    - kind: Gateway\n      group: gateway.networking.k8s.io\n      name: public\n  url: oci://example.com/filter:1\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkExtension),
});
