import { describe, expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-destination-rule';

const says = (spec: string, metadata?: string): string[] =>
  refusals(rule, istioDocument('DestinationRule', `host: a\n${spec}`, metadata));
const policy = (policy: string): string[] => says(`trafficPolicy: ${policy}`);
const balancer = (balancer: string): string[] => policy(`{ loadBalancer: ${balancer}, outlierDetection: {} }`);

describe('host and subsets', () => {
  it.each([
    ['subsets: [{ name: v1, labels: { version: v1 } }, { name: v2 }]', []],
    ['subsets: [{ name: v1 }, { name: v1 }]', ['v1 | There are two subsets "v1".']],
    ['subsets: [{ name: v.1 }]', ['v.1 | The subset "v.1" is no DNS label.']],
    ['subsets: [{ name: "" }]', ['"" | The subset has an empty name.']],
    [
      'subsets: [{ name: v1, labels: { "a b": c } }]',
      ['"a b" | The label "a b" may hold letters, digits, and inside of it hyphens, underscores and dots.'],
    ],
    ['subsets: [{ name: v1, trafficPolicy: {} }]', ['trafficPolicy | The traffic policy has no settings.']],
    ['exportTo: [.]\nworkloadSelector: { matchLabels: { app: a } }', []],
    ['exportTo: [shop]\nworkloadSelector: { matchLabels: { app: a } }', []],
    [
      'exportTo: ["*"]\nworkloadSelector: { matchLabels: { app: a } }',
      ['"*" | A DestinationRule that selects workloads cannot be exported to another namespace.'],
    ],
    [
      'exportTo: [other]\nworkloadSelector: { matchLabels: { app: a } }',
      ['other | A DestinationRule that selects workloads cannot be exported to another namespace.'],
    ],
    ['workloadSelector: {}', ['warning: workloadSelector | The selector names no labels.']],
  ])('%s', (spec, expected) => {
    expect(says(spec, '  namespace: shop\n')).toEqual(expected);
  });

  it('a namespace that is not known', () => {
    expect(says('exportTo: [other, .]\nworkloadSelector: { matchLabels: { app: a } }')).toEqual([]);
  });

  it('a host', () => {
    expect(refusals(rule, istioDocument('DestinationRule', '{ host: a*b }'))).toEqual([
      'a*b | The host "a*b" has a wildcard that is not all of the first label.',
    ]);
  });
});

describe('traffic policies', () => {
  it.each([
    ['{}', ['trafficPolicy | The traffic policy has no settings.']],
    ['"${POLICY}"', []],
    [
      '{ tunnel: { targetHost: b.com, targetPort: 443 }, proxyProtocol: {} }',
      ['proxyProtocol | The traffic policy has both "tunnel" and "proxyProtocol".'],
    ],
    ['{ tunnel: { protocol: GET, targetHost: b.com, targetPort: 443 } }', ['GET | A tunnel is not made by "GET".']],
    [
      '{ tunnel: { targetHost: "*.b.com", targetPort: 0 } }',
      ['"*.b.com" | The end of the tunnel, "*.b.com", is no host.', '0 | 0 is no port.'],
    ],
    ['{ portLevelSettings: [{ port: { number: 80 }, tls: {} }] }', []],
    ['{ portLevelSettings: [{ port: { number: 80 } }] }', ['port | The port has no settings.']],
    ['{ portLevelSettings: [{ tls: {} }] }', ['tls | The settings name no port.']],
    ['{ portLevelSettings: [{ port: {}, tls: {} }] }', ['port | The port has no number.']],
  ])('%s', (spec, expected) => {
    expect(policy(spec)).toEqual(expected);
  });
});

describe('outlier detection and connection pools', () => {
  it.each([
    ['{ outlierDetection: { maxEjectionPercent: 100, minHealthPercent: 0 } }', []],
    ['{ outlierDetection: { maxEjectionPercent: 101 } }', ['101 | 101 is no percentage.']],
    ['{ outlierDetection: { minHealthPercent: -1 } }', ['-1 | -1 is no percentage.']],
    [
      '{ outlierDetection: { consecutiveLocalOriginFailures: 5 } }',
      [
        'consecutiveLocalOriginFailures | "consecutiveLocalOriginFailures" is set, and failures of the proxy itself are not counted apart.',
      ],
    ],
    ['{ outlierDetection: { consecutiveLocalOriginFailures: 5, splitExternalLocalOriginErrors: true } }', []],
    ['{ outlierDetection: { interval: 1.0001s } }', ['1.0001s | "1.0001s" has a fraction of a millisecond.']],
    ['{ connectionPool: { tcp: { idleTimeout: 0s } } }', []],
    ['{ connectionPool: { tcp: { idleTimeout: soon } } }', ['soon | "soon" is no length of time.']],
    ['{ connectionPool: { tcp: { idleTimeout: 1us } } }', ['1us | "1us" is shorter than a millisecond.']],
    ['{ connectionPool: {} }', ['connectionPool | The connection pool has neither "http" nor "tcp".']],
    [
      '{ connectionPool: { http: { maxRetries: -1 }, tcp: { maxConnections: -5 } } }',
      ['-1 | -1 is negative.', '-5 | -5 is negative.'],
    ],
    [
      '{ connectionPool: { http: { useClientProtocol: true, h2UpgradePolicy: UPGRADE } } }',
      [
        'useClientProtocol | Connections keep the protocol of the client and are upgraded to HTTP/2, by h2UpgradePolicy: UPGRADE.',
      ],
    ],
    [
      '{ connectionPool: { http: { http2KeepAlive: { interval: 1s } } } }',
      ['http2KeepAlive | "http2KeepAlive" has no "timeout".'],
    ],
  ])('%s', (spec, expected) => {
    expect(policy(spec)).toEqual(expected);
  });
});

describe('load balancers', () => {
  it.each([
    ['{ consistentHash: { httpCookie: { name: a, ttl: 0s } } }', []],
    ['{ consistentHash: { httpCookie: { name: "" } } }', ['"" | The cookie has an empty name.']],
    [
      '{ consistentHash: { httpCookie: { name: a, attributes: [{ name: b }, { name: b }] } } }',
      ['b | The cookie has the attribute "b" twice.'],
    ],
    ['{ consistentHash: { useSourceIp: true, maglev: {} } }', ['maglev | "maglev" has no "tableSize".']],
    ['{ consistentHash: { useSourceIp: true, maglev: { tableSize: 65537 } } }', []],
    [
      '{ consistentHash: { useSourceIp: true, maglev: { tableSize: 65536 } } }',
      ['65536 | 65536 is no prime number below 5000011.'],
    ],
    [
      '{ consistentHash: { useSourceIp: true, maglev: { tableSize: 5000011 } } }',
      ['5000011 | 5000011 is no prime number below 5000011.'],
    ],
    [
      '{ consistentHash: { useSourceIp: true, minimumRingSize: 8, ringHash: {} } }',
      ['minimumRingSize | "minimumRingSize" stands beside "ringHash".'],
    ],
    [
      '{ simple: RANDOM, warmup: { duration: 10s, aggression: 0 } }',
      ['0 | An aggression of 0 would never bring an endpoint up.'],
    ],
    ['{ simple: RANDOM, warmup: { duration: 10s, aggression: 0.5 } }', []],
    [
      '{ localityLbSetting: {}, zoneAwareLbSetting: {} }',
      ['zoneAwareLbSetting | The load is shared by localities and by zones at once.'],
    ],
  ])('%s', (spec, expected) => {
    expect(balancer(spec)).toEqual(expected);
  });
});

describe('localities', () => {
  const locality = (setting: string): string[] => balancer(`{ localityLbSetting: ${setting} }`);

  it.each([
    ['{ distribute: [{ from: eu/a/*, to: { eu/a/*: 60, eu/b/*: 40 } }, { from: us/*, to: { us/*: 100 } }] }', []],
    ['{ distribute: [{ from: eu, to: { eu: 50, us: 40 } }] }', ['to | The shares add up to 90 per cent.']],
    ['{ distribute: [{ from: eu, to: { eu: 101 } }] }', ['101 | 101 is no share in per cent.']],
    ['{ distribute: [{ from: eu, to: { eu: 0, us: 100 } }] }', ['0 | 0 is no share in per cent.']],
    ['{ distribute: [{ from: eu/*/a, to: { eu: 100 } }] }', ['eu/*/a | The locality "eu/*/a" has a wildcard before its end.']],
    [
      '{ distribute: [{ from: eu/*, to: { eu: 100 } }, { from: eu/a/b, to: { eu: 100 } }] }',
      ['eu/a/b | The locality "eu/a/b" overlaps another one here.'],
    ],
    [
      '{ distribute: [{ from: eu/a/b, to: { eu: 100 } }, { from: eu/*, to: { eu: 100 } }] }',
      ['eu/* | The locality "eu/*" overlaps another one here.'],
    ],
    ['{ distribute: [{ from: eu/a, to: { eu: 100 } }, { from: eu/b, to: { eu: 100 } }] }', []],
    [
      '{ distribute: [{ from: eu, to: { eu: 100 } }], failover: [{ from: eu, to: us }] }',
      ['failover | "distribute" and "failover" are set together.'],
    ],
    ['{ failover: [{ from: eu, to: eu }] }', ['eu | The region "eu" fails over to itself.']],
    ['{ failover: [{ from: eu/a, to: us }] }', ['eu/a | "eu/a" is no region: it has a "/".']],
    ['{ failover: [{ from: eu, to: us* }] }', ['us* | "us*" is no region: it has a "*".']],
    [
      '{ failover: [{ from: eu, to: us }], failoverPriority: [topology.kubernetes.io/region] }',
      [
        'topology.kubernetes.io/region | "failover" says where regions fail over to, and "topology.kubernetes.io/region" would say it as well.',
      ],
    ],
    ['{ failover: [{ from: eu, to: us }], failoverPriority: [version] }', []],
  ])('%s', (spec, expected) => {
    expect(locality(spec)).toEqual(expected);
  });

  it('a failover that nothing sets off', () => {
    expect(policy('{ loadBalancer: { localityLbSetting: { failover: [{ from: eu, to: us }] } } }')).toEqual([
      'warning: failover | Failover is configured without "outlierDetection".',
    ]);
  });
});

describe('TLS', () => {
  const tls = (tls: string): string[] => policy(`{ tls: ${tls} }`);

  it.each([
    ['{ mode: SIMPLE, caCertificates: /a, sni: b.com }', []],
    ['{ mode: MUTUAL, credentialName: a }', []],
    ['{ mode: MUTUAL, clientCertificate: /a, privateKey: /b }', []],
    [
      '{ mode: MUTUAL }',
      [
        'mode | MUTUAL shows a certificate of the client, and "clientCertificate" is not set.',
        'mode | MUTUAL shows a certificate of the client, and "privateKey" is not set.',
      ],
    ],
    [
      '{ mode: SIMPLE, credentialName: a, caCertificates: /b }',
      ['caCertificates | The certificate comes from "credentialName", and "caCertificates" names another one.'],
    ],
    [
      '{ mode: SIMPLE, insecureSkipVerify: true, subjectAltNames: [a] }',
      ['subjectAltNames | "subjectAltNames" is set, and "insecureSkipVerify" accepts any certificate.'],
    ],
    ['{ mode: MUTUAL, insecureSkipVerify: true, credentialName: a }', []],
    [
      '{ mode: SIMPLE, insecureSkipVerify: true, credentialName: a }',
      ['credentialName | "credentialName" is set, and "insecureSkipVerify" accepts any certificate.'],
    ],
    ['{ mode: SIMPLE, credentialName: "configmap://" }', ['"configmap://" | "configmap://" names no ConfigMap.']],
    ['{ mode: "${MODE}" }', []],
  ])('%s', (spec, expected) => {
    // Two faults of one place are one finding.
    expect(tls(spec)).toEqual(expected.slice(0, 1));
  });

  it('authorities of another namespace', () => {
    const spec = 'trafficPolicy: { tls: { mode: SIMPLE, credentialName: "configmap://other/ca" } }';
    expect(says(spec, '  namespace: shop\n')).toEqual([
      '"configmap://other/ca" | "configmap://other/ca" is in another namespace than the rule.',
    ]);
    expect(says(spec, '  namespace: other\n')).toEqual([]);
    expect(says(spec)).toEqual([]);
  });
});
