import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { hostOfRule } from '../../engine/mesh/istio/destination-rules';
import { isWildcard, wildcardNamespace } from '../../engine/mesh/istio/host-name';
import { resolveHost, showsAny } from '../../engine/mesh/istio/host-resolution';
import { definitionsOf, hasEntryUnder } from '../../engine/mesh/istio/hosts';
import { isRegistryOnly } from '../../engine/mesh/istio/outbound-policy';
import type { MeshView } from '../../engine/mesh/view';
import { stringOf } from '../../engine/yaml/tree';
import { missingHost } from './missing-host';

const service = (name: string, namespace: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  ports:\n    - name: http\n      port: 80\n`;
const destinationRule = (host: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  host: ${host}\n  trafficPolicy:\n    connectionPool:\n      tcp:\n        maxConnections: 10\n`;

export const rule = defineRule({
  id: 'istio/rule-for-unknown-host',
  severity: 'warning',
  summary: 'A DestinationRule is for a host that is not there.',
  why:
    'A DestinationRule says how proxies talk to a host that they know from a Service or a ServiceEntry. For a host that they do not know it ' +
    'does nothing: timeouts, limits, outlier detection and TLS settings that were reviewed are not in force, and nobody is told. A host with ' +
    'a dot is taken for a full name, so `cart.shop` is no Service.',
  todo: 'Write the host as the Service or the ServiceEntry gives it, best in full: `cart.shop.svc.cluster.local`.',
  kinds: ['DestinationRule.networking.istio.io'],
  equivalents: ['IST0174', 'KIA0202'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0174/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the full name, or a host that comes near',
  examples: {
    bad: [
      {
        title: 'A name that Istio does not expand',
        files: { 'service.yaml': service('pay', 'bank'), 'rule.yaml': destinationRule('pay.bank') },
        findings: [
          {
            at: 'rule.yaml:7:9',
            text: 'pay.bank',
            message:
              'DestinationRule shop/cart is for pay.bank, which no proxy knows: it does nothing. Istio takes a name with a dot for a full one, so pay.bank is not Service bank/pay. Write pay.bank.svc.cluster.local.',
          },
        ],
      },
      {
        title: 'In the wrong namespace',
        files: {
          'services.yaml': `${service('cart', 'shop')}---\n${service('pay', 'bank')}`,
          'rule.yaml': destinationRule('pay'),
        },
        findings: [
          {
            at: 'rule.yaml:7:9',
            text: 'pay',
            message:
              'DestinationRule shop/cart is for pay, which no proxy knows: it does nothing. There is no Service pay in namespace shop, and no ServiceEntry has that host. Did you mean pay.bank.svc.cluster.local?',
          },
        ],
      },
      {
        title: 'A namespace of which no file shows a Service',
        files: { 'service.yaml': service('cart', 'shop'), 'rule.yaml': destinationRule('pay.bank.svc.cluster.local') },
        findings: [
          {
            at: 'rule.yaml:7:9',
            text: 'pay.bank.svc.cluster.local',
            message:
              'DestinationRule shop/cart is for pay.bank.svc.cluster.local. No file here shows Service pay of namespace bank. See that the cluster has it.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A Service of the namespace',
        files: { 'service.yaml': service('cart', 'shop'), 'rule.yaml': destinationRule('cart') },
      },
      {
        title: 'All Services',
        files: { 'service.yaml': service('cart', 'shop'), 'rule.yaml': destinationRule('"*.svc.cluster.local"') },
      },
    ],
  },
  *check(subject, view) {
    const node = subject.at('spec', 'host');
    const text = stringOf(node);
    const host = hostOfRule(subject);
    if (node === undefined || text === undefined || host === undefined) return;
    const opening = `${subject.title} is for ${text}`;
    const place = { node };
    if (host.is === 'other' && isWildcard(host)) {
      const message = coversNothing(view, host.host);
      if (message !== undefined) yield { place, severity: 'info', message: `${opening}. ${message}` };
      return;
    }
    const resolution = resolveHost(view, subject, text);
    const missing = missingHost(view, subject, node, resolution);
    if (missing === undefined) return;
    const { why, todo, isUnseen, related, fixes } = missing;
    const effect = resolution.is === 'withheld' ? 'which its readers do not see' : 'which no proxy knows';
    const finding: Finding = {
      place,
      message: `${opening}${isUnseen ? '' : `, ${effect}: it does nothing`}. ${why} ${todo}`,
      related,
      fixes,
    };
    if (!isUnseen) yield finding;
    else if (host.is === 'other' && isRegistryOnly(view)) yield { ...finding, message: `${finding.message} ${BLOCKED}` };
    else yield { ...finding, severity: 'info' };
  },
});

const BLOCKED = 'Until then no sidecar lets traffic to it through: the outboundTrafficPolicy of the mesh is REGISTRY_ONLY.';

/** Why a wildcard covers no host that files show; undefined where it covers one, or may. */
function coversNothing(view: MeshView, wildcard: string): string | undefined {
  const host = { is: 'other', host: wildcard } as const;
  const namespace = wildcardNamespace(host);
  if (namespace?.is === 'known') {
    const isHere = view.index.inNamespace('Service', namespace.value).length > 0;
    return isHere || !showsAny(view, 'Service') || view.scope().partial.length > 0
      ? undefined
      : `No file here shows a Service of namespace ${namespace.value}. See that the cluster has one.`;
  }
  if (namespace !== undefined || !wildcard.startsWith('*.') || view.scope().partial.length > 0) return undefined;
  if (!showsAny(view, 'ServiceEntry.networking.istio.io')) return undefined;
  const { definitions, open } = definitionsOf(view, host);
  return open || definitions.length > 0 || hasEntryUnder(view, wildcard)
    ? undefined
    : `No ServiceEntry here has a host that ends in ${wildcard.slice(1)}. See that the cluster has one.`;
}
