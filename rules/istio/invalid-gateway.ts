import { defineRule } from '../../engine/findings/rule';
import { checkGateway } from '../../engine/mesh/istio/validation/webhook/gateway';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-gateway',
  severity: 'error',
  summary: 'A Gateway says something that Istio refuses, or takes with a warning.',
  why:
    "When a Gateway is applied, istiod's webhook checks what the schema cannot: that hosts are whole names, that TLS stands " +
    'where the protocol wants it and has a certificate, that names of ports differ. What the cluster has under the name ' +
    'stays as it is.',
  todo:
    'Correct what the finding names. A server of protocol HTTPS or TLS needs `tls`; one of protocol HTTP has at most ' +
    '`httpsRedirect` there.',
  kinds: ['Gateway.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/gateway/',
  since: '0.1.0',
  noFix: 'what is to be served is for its author to say',
  examples: {
    bad: [
      {
        title: 'HTTPS without TLS, and a short name',
        files: {
          'public.yaml':
            'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\nspec:\n  selector:\n    istio: ingressgateway\n  servers:\n    - port:\n        number: 443\n        name: https\n        protocol: HTTPS\n      hosts: [shop]\n',
        },
        findings: [
          {
            at: 'public.yaml:12:9',
            text: 'protocol',
            message:
              'The server of protocol HTTPS has no "tls". Istio\'s webhook refuses Gateway public: none of it takes effect. Set tls, with a certificate or mode PASSTHROUGH.',
          },
          {
            at: 'public.yaml:13:15',
            text: 'shop',
            message:
              'The host "shop" is a short name. Istio\'s webhook refuses Gateway public: none of it takes effect. Write it in full, with its domain.',
          },
        ],
      },
      {
        title: 'A certificate that nobody shows',
        files: {
          'public.yaml':
            'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\nspec:\n  selector:\n    istio: ingressgateway\n  servers:\n    - port:\n        number: 443\n        name: tls\n        protocol: TLS\n      hosts: [shop.example.com]\n      tls:\n        mode: PASSTHROUGH\n        credentialName: shop\n',
        },
        findings: [
          {
            at: 'public.yaml:16:9',
            text: 'credentialName',
            message:
              '"credentialName" is set, and mode PASSTHROUGH hands TLS on without ending it. The certificate is never used. Set mode to SIMPLE or MUTUAL, or remove the certificate.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Both ports of a shop',
        files: {
          'public.yaml':
            'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\nspec:\n  selector:\n    istio: ingressgateway\n  servers:\n    - port:\n        number: 80\n        name: http\n        protocol: HTTP\n      hosts: [shop.example.com]\n      tls:\n        httpsRedirect: true\n    - port:\n        number: 443\n        name: https\n        protocol: HTTPS\n      hosts: [shop.example.com]\n      tls:\n        mode: SIMPLE\n        credentialName: shop\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkGateway),
});
