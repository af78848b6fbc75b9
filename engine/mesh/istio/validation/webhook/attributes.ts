import type { Problem } from '../problem';
import { shown } from './common';

/** The attributes that a condition of an AuthorizationPolicy may name (pkg/config/security/security.go, 1.32 development). */
const PLAIN = [
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.serviceAccount',
  'source.principal',
  'source.trustDomain',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
];

/**
 * What says the same as a key that is none, where its words leave no doubt: the policy itself says for whom it is, and the fields of
 * `to.operation` what is asked for (istio/api security/v1beta1/authorization_policy.proto, v1.31.1).
 */
const INSTEAD = new Map([
  ['destination.labels', "the policy's selector"],
  ['destination.namespace', "the policy's namespace"],
  ['request.path', 'to.operation.paths'],
  ['request.method', 'to.operation.methods'],
  ['request.host', 'to.operation.hosts'],
  ['request.auth.claims', 'request.auth.claims[name]'],
  ['request.headers', 'request.headers[name]'],
]);

/** Why a key of a condition is none; undefined when it is one. */
export function conditionFault(key: string): Pick<Problem, 'what' | 'todo'> | undefined {
  if (PLAIN.includes(key) || key.startsWith('experimental.envoy.filters.')) return undefined;
  if (/^request\.headers\[[^[\]]+\]$/.test(key) || /^request\.auth\.claims(?:\[[^[\]]+\])+$/.test(key)) return undefined;
  const base = key.replace(/\[.*$/s, '');
  const instead = INSTEAD.get(base);
  return {
    what: `${shown(key)} is no attribute that a condition can compare`,
    todo: instead === undefined ? `use one of ${PLAIN.join(', ')}, request.headers[…], request.auth.claims[…]` : `use ${instead}`,
  };
}

/** Whether an attribute is of HTTP alone. */
export function conditionIsHttp(key: string): boolean {
  return key.startsWith('request.');
}

/** Whether an attribute comes from the caller's certificate or token, which an authorizer of one's own does not see. */
export function conditionNeedsIdentity(key: string): boolean {
  return /^source\.(?:namespace|serviceAccount|trustDomain|principal)$/.test(key) || key.startsWith('request.auth.');
}
