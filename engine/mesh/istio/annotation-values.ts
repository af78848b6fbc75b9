import { nearestName } from '../../configuration/nearest-name';
import type { Place, ScalarNode } from '../../yaml/tree';
import { proxySettingsFaults } from './annotation-proxy-config';
import { isIp, isIpOrCidr, isIpv4 } from './validation/values/ip';

/** What is wrong with the value of an annotation. */
export interface ValueFault {
  readonly place: Place;
  /** A clause that follows the annotation's name. */
  readonly what: string;
  /** A clause of its own, in the imperative. */
  readonly todo: string;
  /** What to write in place of a scalar. */
  readonly instead?: { readonly node: ScalarNode; readonly text: string };
  /** What happens, where Istio does not refuse the value: a sentence without its full stop. */
  readonly effect?: string;
}

interface Check {
  /** What a value has to be, as it follows "write". */
  readonly wanted: string;
  readonly accepts: (value: string) => boolean;
  /** The value that was most likely meant; whatever `accepts` refuses is not offered. */
  readonly mend?: (value: string) => string | undefined;
  readonly effect?: string;
}

const CAPTURE_MODES = ['REDIRECT', 'TPROXY', 'NONE'];
/** Go's strconv.ParseBool. */
const TRUTHS = ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'];
/** Kubernetes' resource.Quantity. */
const QUANTITY = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+|[KMGTPE]i|[numkMGTPE])?$/;
/** The longest name that Linux gives an interface (IFNAMSIZ, its final zero aside). */
const INTERFACE_NAME = 15;

const number: Check = { wanted: 'a whole number from 0 to 4294967295', accepts: (value) => isUint(value, 0xffffffff) };
const port: Check = { wanted: 'a port from 0 to 65535', accepts: isPort };
const ports: Check = {
  wanted: 'ports with commas between them; ranges are not understood',
  accepts: (value) => value.trim() === '' || value.split(',').every(isPort),
  mend: withoutGaps,
};
const addresses: Check = {
  wanted: 'address ranges such as 10.0.0.0/8, with commas and no spaces between them',
  accepts: (value) => value === '' || value.split(',').every(isRange),
  mend: (value) => withoutGaps(value).split(',').map(asRange).join(','),
};
const interfaces: Check = {
  wanted: `names of network interfaces, up to ${INTERFACE_NAME} characters each, with commas between them`,
  accepts: (value) => value.split(',').every((name) => name.trim().length <= INTERFACE_NAME && !/[\s/]/.test(name.trim())),
};
const quantity: Check = {
  wanted: 'a quantity as Kubernetes writes it, such as 100m or 128Mi',
  accepts: (value) => QUANTITY.test(value),
  mend: (value) => value.replace(/\s/g, '').replace(/([kmgtpe])i?b?$/i, (unit) => unitOf(unit)),
};
const orEverything = (check: Check): Check => ({
  ...check,
  wanted: `"*" or ${check.wanted}`,
  accepts: (value) => value === '*' || check.accepts(value),
});

/** istio/istio pkg/kube/inject/validate.go, 1.32 development; what follows the blank line is read elsewhere and refuses nothing. */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    'sidecar.istio.io/interceptionMode',
    {
      wanted: CAPTURE_MODES.join(', '),
      accepts: (value) => CAPTURE_MODES.includes(value),
      mend: (value) => nearestName(value, CAPTURE_MODES),
    },
  ],
  ['status.sidecar.istio.io/port', port],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', number],
  ['readiness.status.sidecar.istio.io/periodSeconds', number],
  ['readiness.status.sidecar.istio.io/failureThreshold', number],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', orEverything(addresses)],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', addresses],
  ['traffic.sidecar.istio.io/includeInboundPorts', orEverything(ports)],
  ['traffic.sidecar.istio.io/excludeInboundPorts', ports],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', ports],
  ['traffic.sidecar.istio.io/excludeInterfaces', interfaces],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', interfaces],
  ['istio.io/reroute-virtual-interfaces', interfaces],
  [
    'prometheus.istio.io/merge-metrics',
    {
      wanted: '"true" or "false"',
      accepts: (value) => TRUTHS.includes(value),
      mend: asTruth,
    },
  ],
  ['sidecar.istio.io/proxyCPU', quantity],
  ['sidecar.istio.io/proxyCPULimit', quantity],
  ['sidecar.istio.io/proxyMemory', quantity],
  ['sidecar.istio.io/proxyMemoryLimit', quantity],

  [
    'sidecar.istio.io/inject',
    {
      wanted: '"true" or "false"',
      accepts: (value) => value === 'true' || value === 'false' || value === '',
      mend: asTruth,
      effect: 'Istio takes no other value for an answer: the pods are treated as if the annotation were not there',
    },
  ],
  [
    'istio.io/use-waypoint-canary-weight',
    {
      wanted: 'a whole number from 0 to 100',
      accepts: (value) => isUint(value, 100),
      effect: 'Istio takes no other value: all connections stay on the primary waypoint',
    },
  ],
]);

/**
 * What is wrong with the value of an annotation that stands where it has an effect. Nothing for annotations whose values Istio does not
 * check, and for a value that is no text: the API server has that refused.
 */
export function annotationValueFaults(name: string, node: ScalarNode): readonly ValueFault[] {
  if (typeof node.value !== 'string') return [];
  if (name === 'proxy.istio.io/config') return proxySettingsFaults(node);
  const check = CHECKS.get(name);
  if (check === undefined || check.accepts(node.value)) return [];
  const meant = check.mend?.(node.value);
  const shown = node.value.length > 60 ? 'its value' : JSON.stringify(node.value);
  return [
    {
      place: { node },
      what: `does not take ${shown}`,
      todo: `write ${check.wanted}`,
      ...(meant !== undefined && check.accepts(meant) ? { instead: { node, text: meant } } : {}),
      ...(check.effect === undefined ? {} : { effect: check.effect }),
    },
  ];
}

function asTruth(value: string): string | undefined {
  const word = value.trim().toLowerCase();
  if (['yes', 'on', 'enabled', 'enable', '1'].includes(word)) return 'true';
  if (['no', 'off', 'disabled', 'disable', '0'].includes(word)) return 'false';
  return nearestName(word, ['true', 'false']);
}

function isUint(text: string, most: number): boolean {
  return /^\d+$/.test(text) && Number(text) <= most;
}

function isPort(text: string): boolean {
  return isUint(text.trim(), 65535);
}

/** Go's netip.ParsePrefix, which wants the length of the prefix to be there. */
function isRange(text: string): boolean {
  return text.includes('/') && isIpOrCidr(text);
}

function asRange(text: string): string {
  return isIp(text) && !text.includes('%') ? `${text}/${isIpv4(text) ? 32 : 128}` : text;
}

function withoutGaps(list: string): string {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .join(',');
}

/** `mb`, `MiB`, `mi`: whoever writes a byte or an `i` means memory. */
function unitOf(text: string): string {
  const isBinary = /i/i.test(text);
  const isBytes = /b$/i.test(text);
  if (!isBinary && !isBytes) return text;
  const letter = text.charAt(0).toUpperCase();
  return isBinary ? `${letter}i` : letter === 'K' ? 'k' : letter;
}
