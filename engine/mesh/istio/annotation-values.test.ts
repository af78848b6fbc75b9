import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { coveredText } from '../../../test/support/lint';
import { locate } from '../../yaml/tree';
import { annotationValueFaults } from './annotation-values';
import type { ValueFault } from './annotation-values';
import { istioAnnotations } from './annotations';

/** What is found in the value of an annotation, which is written as YAML: the text that is at fault, and what to write instead. */
function faultsOf(name: string, value: string): [text: string, fault: ValueFault][] {
  const files = {
    'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    ${name}: ${value}\nspec: {}\n`,
  };
  return ask(files, (view) =>
    view
      .ofKind('Pod')
      .flatMap((pod) =>
        istioAnnotations(pod).flatMap(({ value: { node } }) =>
          (node.type === 'scalar' ? annotationValueFaults(name, node) : []).map((fault): [string, ValueFault] => [
            coveredText(files, { ...locate(fault.place), reported: { file: 'pod.yaml' } } as never),
            fault,
          ]),
        ),
      ),
  );
}

const accepted = (name: string, value: string): boolean => faultsOf(name, JSON.stringify(value)).length === 0;
const instead = (name: string, value: string): string | undefined => faultsOf(name, JSON.stringify(value))[0]?.[1].instead?.text;

// istio/istio pkg/kube/inject/validate.go, 1.32 development, and what it parses with: Go's strconv and net/netip, Kubernetes' Quantity.
describe('values that the injector takes, and values that it refuses', () => {
  const RANGES = 'traffic.sidecar.istio.io/excludeOutboundIPRanges';
  it.each([
    ['sidecar.istio.io/interceptionMode', ['REDIRECT', 'TPROXY', 'NONE'], ['redirect', '', 'NO']],
    ['status.sidecar.istio.io/port', ['0', '15020', ' 15020 ', '65535'], ['65536', '-1', 'http', '', '1.5', '0x10']],
    ['readiness.status.sidecar.istio.io/initialDelaySeconds', ['0', '4294967295'], ['4294967296', ' 1', '1s', '', 'bar']],
    ['readiness.status.sidecar.istio.io/periodSeconds', ['10'], ['-1']],
    ['readiness.status.sidecar.istio.io/failureThreshold', ['30'], ['thirty']],
    [
      RANGES,
      ['', '10.0.0.0/8', '10.0.0.0/8,fd00::/8'],
      ['*', '10.0.0.1', '10.0.0.0/8, 10.1.0.0/16', '10.0.0.0/33', '10.0.0.0/8,'],
    ],
    ['traffic.sidecar.istio.io/includeOutboundIPRanges', ['*', '', '10.0.0.0/8'], ['*,10.0.0.0/8', 'all']],
    ['traffic.sidecar.istio.io/includeInboundPorts', ['*', '', '80, 443'], ['80-90', '80;90', '80,']],
    ['traffic.sidecar.istio.io/excludeInboundPorts', ['', '80'], ['*', '70000']],
    ['traffic.sidecar.istio.io/excludeOutboundPorts', ['3306,6379'], ['mysql']],
    ['traffic.sidecar.istio.io/excludeInterfaces', ['eth1', 'eth1, net1'], ['a/b', 'an-interface-of-17']],
    ['istio.io/reroute-virtual-interfaces', ['docker0'], ['docker 0']],
    ['prometheus.istio.io/merge-metrics', ['true', 'f', 'FALSE', '0'], ['yes', 'tRue', '']],
    ['sidecar.istio.io/proxyCPU', ['100m', '0.5', '2', '.5', '1e3'], ['100 m', 'half', '', '1mm', '1k5']],
    ['sidecar.istio.io/proxyMemory', ['128Mi', '1G', '1.5Gi', '1E'], ['128MB', '128mi', '1GiB']],
    ['sidecar.istio.io/proxyMemoryLimit', ['1Gi'], ['1gb']],
    ['sidecar.istio.io/proxyCPULimit', ['2'], ['2\n']],
    // No validator: whatever is written is taken.
    ['sidecar.istio.io/logLevel', ['loud'], []],
  ])('%s', (name, good, bad) => {
    expect(good.filter((value) => !accepted(name, value))).toEqual([]);
    expect(bad.filter((value) => accepted(name, value))).toEqual([]);
  });

  it.each([
    ['sidecar.istio.io/interceptionMode', 'tproxy', 'TPROXY'],
    ['sidecar.istio.io/interceptionMode', 'off', undefined],
    [RANGES, '10.0.0.0/8, 192.168.0.1', '10.0.0.0/8,192.168.0.1/32'],
    [RANGES, 'fd00::1', 'fd00::1/128'],
    [RANGES, 'all', undefined],
    ['traffic.sidecar.istio.io/excludeInboundPorts', '80,', '80'],
    ['traffic.sidecar.istio.io/excludeInboundPorts', '80-90', undefined],
    ['prometheus.istio.io/merge-metrics', 'trye', 'true'],
    ['prometheus.istio.io/merge-metrics', 'Yes', 'true'],
    ['prometheus.istio.io/merge-metrics', 'disabled', 'false'],
    ['prometheus.istio.io/merge-metrics', 'maybe', undefined],
    ['sidecar.istio.io/proxyMemory', '128 MB', '128M'],
    ['sidecar.istio.io/proxyMemory', '128mi', '128Mi'],
    ['sidecar.istio.io/proxyMemory', '1gib', '1Gi'],
    ['sidecar.istio.io/proxyCPU', '100 m', '100m'],
  ])('%s: %s means %s', (name, value, expected) => {
    expect(instead(name, value)).toBe(expected);
  });

  it('says what becomes of values that refuse no pod', () => {
    expect(
      faultsOf('sidecar.istio.io/inject', '"False"').map(([, fault]) => [fault.instead?.text, fault.effect !== undefined]),
    ).toEqual([['false', true]]);
    expect(accepted('sidecar.istio.io/inject', '')).toBe(true);
  });

  it('leaves alone what a variable or a template holds', () => {
    expect(faultsOf('status.sidecar.istio.io/port', '"${PORT}"')).toEqual([]);
    expect(faultsOf('proxy.istio.io/config', '"concurrency: ${COUNT}"')).toEqual([]);
  });
});

// istio/api mesh/v1alpha1/proxy.proto, v1.31.1.
describe('proxy.istio.io/config', () => {
  const settings = (text: string): [string, string][] =>
    faultsOf('proxy.istio.io/config', `|\n      ${text.split('\n').join('\n      ')}`).map(([covered, fault]) => [
      covered,
      fault.what,
    ]);

  it.each([
    '{}',
    '# nothing',
    'holdApplicationUntilProxyStarts: true',
    'hold_application_until_proxy_starts: true',
    'concurrency: "2"\nproxyAdminPort: 15000\nstatusPort: 15020',
    'drainDuration: 45s\nterminationDrainDuration: 1m30s',
    'discoveryAddress: istiod.istio-system.svc:15012\nstatsdUdpAddress: "[fd00::1]:8125"',
    'proxyMetadata:\n  ISTIO_META_DNS_CAPTURE: "true"\n  EMPTY:',
    'interceptionMode: TPROXY\ntracing:\n  sampling: 10',
    'extraStatTags: [a, b]',
  ])('takes %j', (text) => {
    expect(settings(text)).toEqual([]);
  });

  it.each([
    [
      'holdApplicationUntilProxyStarts: "true"',
      '"true"',
      'sets holdApplicationUntilProxyStarts to something else than true or false',
    ],
    ['proxyMetadata:\n  A: 1', '1', 'sets proxyMetadata.A to something else than a text'],
    ['proxyMetadata:\n  A: [b]', 'A', 'sets proxyMetadata.A to something else than a text'],
    ['proxyMetadata: on', 'on', 'sets proxyMetadata to something else than a map'],
    ['drainDuration: 45', '45', 'sets drainDuration to something else than a length of time'],
    ['statusPort: 0', '0', 'sets statusPort to something else than a port'],
    ['concurrency: 1.5', '1.5', 'sets concurrency to something else than a whole number'],
    ['discoveryAddress: istiod', 'istiod', 'sets discoveryAddress to something else than a host and a port'],
    ['interceptionMode: tproxy', 'tproxy', 'sets interceptionMode to something else than REDIRECT'],
    ['tracing: zipkin', 'zipkin', 'sets tracing to something else than a map'],
    ['extraStatTags: a', 'a', 'sets extraStatTags to something else than a list'],
    ['meshID: a', 'meshID', 'sets "meshID", which is no field of ProxyConfig'],
    ['constructor: a', 'constructor', 'sets "constructor", which is no field of ProxyConfig'],
    ['just a text', 'proxy.istio.io/config', 'holds no settings'],
    ['a: [', 'proxy.istio.io/config', 'holds no YAML'],
  ])('does not take %j', (text, covered, what) => {
    expect(settings(text)).toEqual([[covered, expect.stringContaining(what)]]);
  });

  it('points into text that stands in one line', () => {
    expect(faultsOf('proxy.istio.io/config', `'{ "concurrency": true }'`).map(([covered]) => covered)).toEqual(['true']);
  });
});
