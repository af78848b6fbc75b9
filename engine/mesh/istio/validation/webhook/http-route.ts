import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import type { Problem } from '../problem';
import { at, filled, given, isEmptyList, items, missing, number, text, texts, unset } from '../read';
import type { Value } from '../read';
import { SECOND, parseDuration } from '../values/duration';
import { checkDuration, checkExpression, checkNotNegative, checkPercent, checkPercentage, checkPort, shown } from './common';
import type { Problems } from './common';
import { checkDestination, checkShares } from './destination';
import { checkAuthorityOnce, checkHeaderNames, checkHeaders } from './headers';
import { checkHttpMatch, matchesOtherThanPrefix } from './http-match';

/** Where a route stands: in a VirtualService with hosts, or in one that others delegate to. */
interface RouteContext {
  readonly isDelegate: boolean;
  /** Whether the rules may hold for a gateway. */
  readonly atGateway: boolean;
}

/** A rule for HTTP (pkg/config/validation/virtualservice.go). */
export function* checkHttpRoute(route: YamlNode, context: RouteContext): Problems {
  yield* checkPurpose(route, context);
  for (const match of items(at(route, 'match'))) yield* checkHttpMatch(match, context.atGateway || context.isDelegate);
  yield* checkHeaders(at(route, 'headers'));
  yield* checkAuthorityOnce(route);
  for (const destination of items(at(route, 'route'))) {
    yield* checkDestination(at(destination, 'destination'));
    yield* checkHeaders(at(destination, 'headers'));
  }
  yield* checkShares(route);
  yield* checkCors(at(route, 'corsPolicy'));
  yield* checkFault(at(route, 'fault'));
  yield* checkMirrors(route);
  yield* checkRedirect(route);
  yield* checkDirectResponse(at(route, 'directResponse'));
  yield* checkRetries(at(route, 'retries'));
  yield* checkRewrite(at(route, 'rewrite'));
  yield* checkDuration(at(route, 'timeout'));
}

/** A route does one thing: send on, redirect, answer or delegate. */
function* checkPurpose(route: YamlNode, { isDelegate }: RouteContext): Problems {
  const delegate = at(route, 'delegate');
  if (given(delegate)) {
    if (isDelegate) {
      const todo = 'delegate from a VirtualService with hosts, one level deep';
      yield { place: placeOfKey(route, 'delegate'), what: 'a VirtualService that others delegate to delegates itself', todo };
    } else {
      for (const other of ['route', 'redirect']) {
        if (filled(at(route, other))) yield together(route, other, 'delegate');
      }
      return;
    }
  }
  const answers = ['redirect', 'directResponse'].find((field) => given(at(route, field)));
  if (answers !== undefined) {
    const others = answers === 'redirect' ? ['route', 'fault', 'rewrite', 'directResponse'] : ['route', 'fault', 'rewrite'];
    for (const other of others) if (filled(at(route, other))) yield together(route, other, answers);
  } else if (
    route.type === 'map' &&
    isEmptyList(at(route, 'route')) &&
    missing(at(route, 'redirect')) &&
    missing(at(route, 'directResponse')) &&
    missing(delegate)
  ) {
    yield {
      place: placeOf(route),
      what: 'the rule says nothing of what becomes of its requests',
      todo: 'set route, redirect, directResponse or delegate',
    };
  }
  if (given(at(route, 'mirror')) && filled(at(route, 'mirrors'))) yield together(route, 'mirrors', 'mirror');
}

function together(route: YamlNode, field: string, other: string): Problem {
  return {
    place: placeOfKey(route, field),
    what: `one rule has both "${other}" and "${field}"`,
    todo: 'keep one of them, or make two rules of it',
    related: [{ place: placeOfKey(route, other), message: `"${other}" is set here` }],
  };
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];

function* checkCors(cors: Value): Problems {
  for (const origin of items(at(cors, 'allowOrigins'))) {
    yield* checkExpression(at(origin, 'regex'));
    for (const kind of ['exact', 'prefix']) {
      const value = at(origin, kind);
      if (value !== undefined && text(value) === '')
        yield { place: placeOf(value), what: 'the origin is empty', todo: 'write an origin such as https://example.com' };
    }
  }
  for (const { node, value } of texts(at(cors, 'allowMethods'))) {
    if (METHODS.includes(value)) continue;
    const upper = value.toUpperCase();
    yield {
      place: placeOf(node),
      what: `${shown(value)} is no method`,
      todo: `write one of ${METHODS.join(', ')}`,
      ...(METHODS.includes(upper) ? { instead: upper } : {}),
    };
  }
  yield* checkHeaderNames(at(cors, 'allowHeaders'));
  yield* checkHeaderNames(at(cors, 'exposeHeaders'));
  const maxAge = at(cors, 'maxAge');
  yield* checkDuration(maxAge);
  const age = parseDuration(text(maxAge) ?? '');
  if (maxAge !== undefined && age !== undefined && age > 0 && age % SECOND !== 0) {
    yield {
      place: placeOf(maxAge),
      what: `${shown(text(maxAge) ?? '')} is no number of whole seconds`,
      todo: 'write whole seconds',
    };
  }
}

/** The names of gRPC's status codes, in capitals (google/rpc/code.proto; istio/api networking/v1alpha3/virtual_service.proto, v1.31.1). */
const GRPC_STATUS = new Set(
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  ),
);

function* checkFault(fault: Value): Problems {
  if (!given(fault)) return;
  const [abort, delay] = [at(fault, 'abort'), at(fault, 'delay')];
  if (missing(abort) && missing(delay)) {
    yield {
      place: placeOf(fault),
      what: 'the fault has neither "abort" nor "delay"',
      todo: 'set one of them, or remove the fault',
    };
  }
  yield* checkAbort(abort);
  yield* checkPercent(at(delay, 'percent'));
  yield* checkPercentage(at(delay, 'percentage'));
  yield* checkDuration(at(delay, 'fixedDelay'));
  const exponential = at(delay, 'exponentialDelay');
  if (given(exponential))
    yield { place: placeOf(exponential), what: 'exponential delays are not implemented', todo: 'use fixedDelay' };
}

function* checkAbort(abort: Value): Problems {
  if (!given(abort)) return;
  yield* checkPercentage(at(abort, 'percentage'));
  const [http, grpc, http2] = [at(abort, 'httpStatus'), at(abort, 'grpcStatus'), at(abort, 'http2Error')];
  const status = number(http);
  if (http !== undefined && status !== undefined && (status < 200 || status > 600)) {
    yield { place: placeOf(http), what: `${status} is no HTTP status that a fault can have`, todo: 'write 200 to 600' };
  }
  const name = text(grpc);
  if (grpc !== undefined && name !== undefined && !GRPC_STATUS.has(name)) {
    const upper = name.toUpperCase();
    yield {
      place: placeOf(grpc),
      what: `${shown(name)} is no status of gRPC`,
      todo: 'write its name, such as UNAVAILABLE',
      ...(GRPC_STATUS.has(upper) ? { instead: upper } : {}),
    };
  }
  if (http2 !== undefined && given(http2))
    yield { place: placeOf(http2), what: 'errors of HTTP/2 are not implemented', todo: 'use httpStatus or grpcStatus' };
  if (missing(http) && missing(grpc) && missing(http2)) {
    yield {
      place: placeOf(abort),
      what: 'the abort names no error',
      effect: 'no request is aborted',
      todo: 'set httpStatus or grpcStatus',
    };
  }
}

function* checkMirrors(route: YamlNode): Problems {
  yield* checkDestination(at(route, 'mirror'));
  yield* checkPercentage(at(route, 'mirrorPercentage'));
  yield* checkPercent(at(route, 'mirrorPercent'));
  yield* checkPercent(at(route, 'mirror_percent'));
  for (const mirror of items(at(route, 'mirrors'))) {
    yield* checkDestination(at(mirror, 'destination'));
    yield* checkPercentage(at(mirror, 'percentage'));
  }
}

function* checkRedirect(route: YamlNode): Problems {
  const redirect = at(route, 'redirect');
  if (!given(redirect)) return;
  const [uri, prefix, scheme, code, port] = ['uri', 'prefixRewrite', 'scheme', 'redirectCode', 'port'].map((field) =>
    at(redirect, field),
  );
  if (filled(uri) && filled(prefix)) {
    yield {
      place: placeOfKey(redirect, 'prefixRewrite'),
      what: 'the redirect has both "uri" and "prefixRewrite"',
      todo: 'keep one of them',
    };
  }
  const other = filled(prefix) ? matchesOtherThanPrefix(route) : undefined;
  if (other !== undefined) {
    yield {
      place: placeOfKey(redirect, 'prefixRewrite'),
      what: '"prefixRewrite" replaces the prefix of the path that matched, and a match of the rule has none',
      todo: 'match by uri.prefix everywhere, or use uri',
      related: [{ place: placeOf(other), message: 'This match has no uri.prefix' }],
    };
  }
  if ([uri, prefix, scheme, at(redirect, 'authority'), port].every(unset) && missing(at(redirect, 'derivePort'))) {
    const todo = 'set uri, prefixRewrite, authority, port or scheme';
    yield { place: placeOf(redirect), what: 'the redirect leads to where the request came from', todo };
  }
  const status = number(code);
  if (code !== undefined && status !== undefined && status !== 0 && (status < 300 || status > 399)) {
    yield { place: placeOf(code), what: `${status} is no status of a redirect`, todo: 'write 300 to 399' };
  }
  const word = text(scheme);
  if (scheme !== undefined && word !== undefined && !['', 'http', 'https'].includes(word)) {
    yield { place: placeOf(scheme), what: `${shown(word)} is no scheme of a redirect`, todo: 'write http or https' };
  }
  yield* checkPort(port);
}

const LARGEST_BODY = 1_048_576;
const LARGE_BODY = 102_400;

function* checkDirectResponse(response: Value): Problems {
  const code = at(response, 'status');
  const status = number(code);
  if (code !== undefined && status !== undefined && (status < 200 || status > 600)) {
    yield { place: placeOf(code), what: `${status} is no status of a response`, todo: 'write 200 to 600' };
  }
  const [string, bytes] = [at(response, 'body', 'string'), at(response, 'body', 'bytes')];
  const size = text(string)?.length ?? ((text(bytes)?.length ?? 0) / 4) * 3;
  const body = string ?? bytes;
  if (body === undefined || size <= LARGE_BODY) return;
  yield size > LARGEST_BODY
    ? { place: placeOf(body), what: 'the body has more than a megabyte', todo: 'serve it from a workload' }
    : {
        place: placeOf(body),
        what: 'the body has more than 100 kB',
        effect: 'every proxy that has the route keeps it in memory',
        todo: 'serve it from a workload',
      };
}

/**
 * Envoy's conditions for HTTP and gRPC, which are passed. The whole list is Envoy's, and grows: the documents of Istio name only the first
 * six (istio/api networking/v1alpha3/virtual_service.proto and mesh/v1alpha1/config.proto, v1.31.1), so that a word that is not in here is
 * not known to be refused.
 */
const RETRY_ON = new Set(
  'connect-failure refused-stream unavailable cancelled reset retriable-status-codes 5xx gateway-error reset-before-request envoy-ratelimited retriable-4xx retriable-headers http3-post-connect-failure deadline-exceeded internal resource-exhausted'.split(
    ' ',
  ),
);

function* checkRetries(retries: Value): Problems {
  const [attempts, perTry, on] = [at(retries, 'attempts'), at(retries, 'perTryTimeout'), at(retries, 'retryOn')];
  yield* checkNotNegative(attempts);
  yield* checkDuration(perTry);
  yield* checkDuration(at(retries, 'backoff'));
  // Only an empty retryOn counts as not set: the others are messages to protobuf.
  const setting = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].find(
    (field) => given(at(retries, field)) && text(at(retries, field)) !== '',
  );
  if (retries !== undefined && setting !== undefined && unset(attempts)) {
    yield {
      place: placeOfKey(retries, setting),
      what: `"${setting}" is set, and "attempts" is ${attempts === undefined ? 'not set, which means 0' : '0'}`,
      todo: 'say in attempts how often to retry, or leave the rest out',
    };
  }
  for (const condition of (text(on) ?? '').split(',').map((part) => part.trim())) {
    if (on === undefined || text(on) === '' || RETRY_ON.has(condition) || isStatus(condition)) continue;
    yield {
      place: placeOf(on),
      what: `${shown(condition)} is no condition for retries that is known here, and no HTTP status`,
      unless: 'Envoy has such a condition',
      todo: 'write conditions such as connect-failure, reset or 503, with commas',
    };
  }
}

/** The statuses that Go's net/http knows (src/net/http/status.go, go1.26). */
function isStatus(word: string): boolean {
  if (!/^\d{3}$/.test(word)) return false;
  const code = Number(word);
  const named: readonly (readonly [from: number, to: number])[] = [
    [100, 103],
    [200, 208],
    [226, 226],
    [300, 305],
    [307, 308],
    [400, 418],
    [421, 426],
    [428, 429],
    [431, 431],
    [451, 451],
    [500, 508],
    [510, 511],
  ];
  return named.some(([from, to]) => code >= from && code <= to);
}

function* checkRewrite(rewrite: Value): Problems {
  if (!given(rewrite)) return;
  const [uri, regex, authority] = [at(rewrite, 'uri'), at(rewrite, 'uriRegexRewrite'), at(rewrite, 'authority')];
  if (filled(uri) && given(regex)) {
    yield {
      place: placeOfKey(rewrite, 'uriRegexRewrite'),
      what: 'the rewrite has both "uri" and "uriRegexRewrite"',
      todo: 'keep one of them',
    };
  } else if (unset(uri) && missing(regex) && unset(authority)) {
    yield { place: placeOf(rewrite), what: 'the rewrite changes nothing', todo: 'set uri, uriRegexRewrite or authority' };
  }
  if (!given(regex)) return;
  const [pattern, replacement] = [at(regex, 'match'), at(regex, 'rewrite')];
  yield* checkExpression(pattern, true);
  for (const [field, value] of [
    ['match', pattern],
    ['rewrite', replacement],
  ] as const) {
    if (unset(value))
      yield { place: placeOfKey(regex, field), what: `"uriRegexRewrite" has no "${field}"`, todo: 'set both match and rewrite' };
  }
}
