import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, filled, given, isTrue, items, missing, number, text, unset } from '../read';
import type { Value } from '../read';
import { isHostOrIp } from '../values/host';
import { checkDistinct, checkDuration, checkDurationOrZero, checkNotNegative, checkPercent, checkPort, shown } from './common';
import type { Problems } from './common';
import { checkPortSelector } from './destination';
import { checkLocality } from './locality';
import { checkClientTls } from './tls';

const PORT_FIELDS = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls'];
const FIELDS = [...PORT_FIELDS, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];

/**
 * A traffic policy of a DestinationRule or of one of its subsets.
 * @param namespace that of the rule; undefined where it names none
 */
export function* checkTrafficPolicy(policy: Value, namespace: string | undefined): Problems {
  if (!given(policy)) return;
  yield* checkSomeField(policy, FIELDS, 'the traffic policy');
  if (given(at(policy, 'tunnel')) && given(at(policy, 'proxyProtocol'))) {
    yield {
      place: placeOfKey(policy, 'proxyProtocol'),
      what: 'the traffic policy has both "tunnel" and "proxyProtocol"',
      todo: 'keep one of them',
      related: [{ place: placeOfKey(policy, 'tunnel'), message: '"tunnel" is set here' }],
    };
  }
  yield* checkSettings(policy, namespace);
  for (const port of items(at(policy, 'portLevelSettings'))) {
    const selector = at(port, 'port');
    if (missing(selector)) {
      yield { place: placeOf(port), what: 'the settings name no port', todo: 'set port.number' };
    }
    yield* checkPortSelector(selector);
    yield* checkSomeField(port, PORT_FIELDS, 'the port');
    yield* checkSettings(port, namespace);
  }
  yield* checkTunnel(at(policy, 'tunnel'));
}

function* checkSomeField(policy: YamlNode, fields: readonly string[], what: string): Problems {
  if (policy.type !== 'map' || !fields.every((field) => missing(at(policy, field)))) return;
  yield { place: placeOf(policy), what: `${what} has no settings`, todo: `set one of ${fields.join(', ')}, or remove it` };
}

function* checkSettings(policy: YamlNode, namespace: string | undefined): Problems {
  const outlierDetection = at(policy, 'outlierDetection');
  yield* checkOutlierDetection(outlierDetection);
  yield* checkConnectionPool(at(policy, 'connectionPool'));
  yield* checkLoadBalancer(at(policy, 'loadBalancer'), outlierDetection);
  yield* checkClientTls(at(policy, 'tls'), namespace);
}

function* checkOutlierDetection(detection: Value): Problems {
  if (!given(detection)) return;
  yield* checkDuration(at(detection, 'interval'));
  yield* checkDuration(at(detection, 'baseEjectionTime'));
  yield* checkPercent(at(detection, 'maxEjectionPercent'));
  yield* checkPercent(at(detection, 'minHealthPercent'));
  const failures = at(detection, 'consecutiveLocalOriginFailures');
  const split = at(detection, 'splitExternalLocalOriginErrors');
  if (filled(failures) && unset(split)) {
    yield {
      place: placeOfKey(detection, 'consecutiveLocalOriginFailures'),
      what: '"consecutiveLocalOriginFailures" is set, and failures of the proxy itself are not counted apart',
      todo: 'set splitExternalLocalOriginErrors to true',
    };
  }
}

/** Limits on connections and requests. */
export function* checkConnectionPool(pool: Value): Problems {
  if (!given(pool)) return;
  const [tcp, http] = [at(pool, 'tcp'), at(pool, 'http')];
  if (missing(tcp) && missing(http)) {
    yield {
      place: placeOf(pool),
      what: 'the connection pool has neither "http" nor "tcp"',
      todo: 'set one of them, or remove it',
    };
  }
  yield* checkNotNegative(
    at(tcp, 'maxConnections'),
    ...['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams'].map(
      (field) => at(http, field),
    ),
  );
  yield* checkDuration(at(tcp, 'connectTimeout'));
  yield* checkDuration(at(tcp, 'maxConnectionDuration'));
  yield* checkDurationOrZero(at(tcp, 'idleTimeout'));
  for (const field of ['time', 'interval']) yield* checkDuration(at(tcp, 'tcpKeepalive', field));
  if (!given(http)) return;
  yield* checkDuration(at(http, 'idleTimeout'));
  if (isTrue(at(http, 'useClientProtocol')) && text(at(http, 'h2UpgradePolicy')) === 'UPGRADE') {
    yield {
      place: placeOfKey(http, 'useClientProtocol'),
      what: 'connections keep the protocol of the client and are upgraded to HTTP/2, by h2UpgradePolicy: UPGRADE',
      todo: 'keep one of the two',
      related: [{ place: placeOfKey(http, 'h2UpgradePolicy'), message: 'The upgrade is asked for here' }],
    };
  }
  const keepAlive = at(http, 'http2KeepAlive');
  for (const field of ['interval', 'timeout']) {
    yield* checkDuration(at(keepAlive, field));
    if (!given(keepAlive) || !missing(at(keepAlive, field))) continue;
    yield { place: placeOf(keepAlive), what: `"http2KeepAlive" has no "${field}"`, todo: 'set both interval and timeout' };
  }
}

/** Beyond it Envoy's table does not go. */
const LARGEST_TABLE = 5_000_011;

function* checkLoadBalancer(balancer: Value, outlierDetection: Value): Problems {
  if (!given(balancer)) return;
  yield* checkConsistentHash(at(balancer, 'consistentHash'));
  yield* checkLocality(balancer, outlierDetection);
  yield* checkDuration(at(balancer, 'warmupDurationSecs'));
  const warmup = at(balancer, 'warmup');
  yield* checkDuration(at(warmup, 'duration'));
  const aggression = at(warmup, 'aggression');
  if (aggression !== undefined && number(aggression) === 0) {
    yield {
      place: placeOf(aggression),
      what: 'an aggression of 0 would never bring an endpoint up',
      todo: 'write more than 0; 1 is even',
    };
  }
  for (const field of ['weightExpirationPeriod', 'weightStabilizationPeriod', 'weightUpdatePeriod']) {
    yield* checkDurationOrZero(at(balancer, 'backendUtilization', field));
  }
}

function* checkConsistentHash(hash: Value): Problems {
  if (!given(hash)) return;
  const cookie = at(hash, 'httpCookie');
  const name = at(cookie, 'name');
  if (name !== undefined && text(name) === '')
    yield { place: placeOf(name), what: 'the cookie has an empty name', todo: 'name it' };
  yield* checkDurationOrZero(at(cookie, 'ttl'));
  const attributes = items(at(cookie, 'attributes'));
  for (const attribute of attributes) {
    const own = at(attribute, 'name');
    if (own !== undefined && text(own) === '')
      yield { place: placeOf(own), what: 'the attribute has an empty name', todo: 'name it' };
  }
  yield* checkDistinct(
    attributes,
    (attribute) => at(attribute, 'name'),
    (value) => ({ what: `the cookie has the attribute ${shown(value)} twice`, todo: 'keep one of them' }),
  );
  const old = at(hash, 'minimumRingSize');
  const algorithm = ['ringHash', 'maglev'].find((field) => given(at(hash, field)));
  if (filled(old) && algorithm !== undefined) {
    yield {
      place: placeOfKey(hash, 'minimumRingSize'),
      what: `"minimumRingSize" stands beside "${algorithm}"`,
      todo: 'remove it; ringHash has a minimumRingSize of its own',
    };
  }
  yield* checkTableSize(at(hash, 'maglev'));
}

function* checkTableSize(maglev: Value): Problems {
  const node = at(maglev, 'tableSize');
  const size = number(node);
  if (node === undefined) {
    if (maglev?.type === 'map')
      yield { place: placeOf(maglev), what: '"maglev" has no "tableSize"', todo: 'set it, to 65537 for example' };
  } else if (size !== undefined && (size >= LARGEST_TABLE || !isPrime(size))) {
    yield { place: placeOf(node), what: `${size} is no prime number below ${LARGEST_TABLE}`, todo: 'write one, such as 65537' };
  }
}

function isPrime(value: number): boolean {
  if (value < 2 || !Number.isInteger(value)) return false;
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return false;
  return true;
}

function* checkTunnel(tunnel: Value): Problems {
  const [protocol, host] = [at(tunnel, 'protocol'), at(tunnel, 'targetHost')];
  const word = text(protocol);
  if (protocol !== undefined && word !== undefined && !['', 'CONNECT', 'POST'].includes(word)) {
    yield { place: placeOf(protocol), what: `a tunnel is not made by ${shown(word)}`, todo: 'write CONNECT or POST' };
  }
  const target = text(host);
  if (host !== undefined && target !== undefined && !isHostOrIp(target)) {
    yield {
      place: placeOf(host),
      what: `the end of the tunnel, ${shown(target)}, is no host`,
      todo: 'write the name of a host, or an address',
    };
  }
  yield* checkPort(at(tunnel, 'targetPort'));
}
