import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, entries, filled, given, isEmptyList, isWhole, items, keyText, missing, text, texts, unset, wordAt } from '../read';
import type { Value } from '../read';
import { isIpOrCidr } from '../values/ip';
import { conditionFault, conditionIsHttp, conditionNeedsIdentity } from './attributes';
import { checkAnnotations, checkPolicyTargets, shown } from './common';
import type { Problems } from './common';

/** Fields of a source by what they compare; each has a counterpart that begins with `not`. */
const both = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [name, `not${name.charAt(0).toUpperCase()}${name.slice(1)}`]);

/** What an authorizer of one's own cannot be asked by: it sees the request alone. */
const NOT_WITH_CUSTOM = both('namespaces', 'serviceAccounts', 'trustDomains', 'principals', 'requestPrincipals');
const ADDRESSES = both('ipBlocks', 'remoteIpBlocks');
const HTTP_SOURCES = both('requestPrincipals');
const TCP_SOURCES = both('principals', 'namespaces', 'serviceAccounts', 'trustDomains', 'ipBlocks', 'remoteIpBlocks');
const SOURCES = [...HTTP_SOURCES, ...TCP_SOURCES];
const HTTP_OPERATIONS = both('hosts', 'methods', 'paths');
const PORTS = both('ports');
const OPERATIONS = [...HTTP_OPERATIONS, ...PORTS];

/** What istiod's webhook says of an AuthorizationPolicy. */
export function* checkAuthorizationPolicy(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const spec = resource.at('spec');
  yield* checkPolicyTargets(spec);
  const action = wordAt(at(spec, 'action'), 'ALLOW');
  yield* checkAction(spec, action);
  for (const rule of items(at(spec, 'rules'))) yield* checkRule(rule, action);
}

function* checkAction(spec: Value, action: string | undefined): Problems {
  const node = at(spec, 'action');
  const provider = at(spec, 'provider');
  if (spec === undefined) return;
  if (action === 'CUSTOM') {
    if (unset(at(provider, 'name'))) {
      yield {
        place: placeOf(provider ?? node ?? spec),
        what: 'CUSTOM asks an authorizer, and the policy names none',
        todo: "set provider.name to one of the mesh configuration's extension providers",
      };
    }
  } else if (action !== undefined && given(provider)) {
    yield {
      place: placeOfKey(spec, 'provider'),
      what: `a policy with action ${action} names a provider`,
      todo: 'remove it, or set action to CUSTOM',
    };
  }
  if ((action === 'CUSTOM' || action === 'DENY') && node !== undefined && isEmptyList(at(spec, 'rules'))) {
    yield {
      place: placeOf(node),
      what: `${action} has no rules, and so nothing to ${action === 'DENY' ? 'deny' : 'ask for'}`,
      todo: action === 'DENY' ? 'add a rule; `- {}` denies everything' : 'add a rule; `- {}` asks for every request',
    };
  }
}

function* checkRule(rule: YamlNode, action: string | undefined): Problems {
  const [from, to] = [at(rule, 'from'), at(rule, 'to')];
  for (const [field, list] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (list === undefined || !isEmptyList(list)) continue;
    const what = `"${field}" is an empty list, which nothing fits`;
    yield {
      place: placeOf(list),
      what,
      todo: `remove it to let ${field === 'from' ? 'every caller' : 'every request'} fit, or give it an entry`,
    };
  }
  for (const entry of items(from)) yield* checkSource(entry, action);
  for (const entry of items(to)) yield* checkOperation(entry);
  for (const condition of items(at(rule, 'when'))) yield* checkCondition(condition, action);
  if (action === 'DENY') yield* checkDeny(rule);
}

/** Whether an object certainly sets none of some fields. */
const setsNone = (node: YamlNode, fields: readonly string[]): boolean =>
  isWhole(node) && fields.every((field) => unset(at(node, field)));

function* checkSource(entry: YamlNode, action: string | undefined): Problems {
  const source = at(entry, 'source');
  if (entry.type === 'map' && missing(source)) {
    yield { place: placeOf(entry), what: 'an entry of "from" has no source', todo: 'set source, or remove the entry' };
  }
  if (!given(source)) return;
  if (setsNone(source, SOURCES)) {
    yield {
      place: placeOf(source),
      what: 'the source is empty',
      todo: 'say who calls, or remove "from" to let every caller fit',
    };
  }
  yield* checkStrings(source, SOURCES);
  for (const field of ADDRESSES) yield* checkAddresses(at(source, field));
  for (const field of both('serviceAccounts')) yield* checkServiceAccounts(at(source, field));
  for (const field of both('trustDomains')) yield* checkTrustDomains(at(source, field));
  if (action !== 'CUSTOM') return;
  for (const field of NOT_WITH_CUSTOM) {
    if (!filled(at(source, field))) continue;
    yield {
      place: placeOfKey(source, field),
      what: `a policy with action CUSTOM compares "${field}", which it cannot`,
      todo: 'compare it in a policy with ALLOW or DENY',
    };
  }
}

function* checkOperation(entry: YamlNode): Problems {
  const operation = at(entry, 'operation');
  if (entry.type === 'map' && missing(operation)) {
    yield { place: placeOf(entry), what: 'an entry of "to" has no operation', todo: 'set operation, or remove the entry' };
  }
  if (!given(operation)) return;
  if (setsNone(operation, OPERATIONS)) {
    yield {
      place: placeOf(operation),
      what: 'the operation is empty',
      todo: 'say what is asked for, or remove "to" to let every request fit',
    };
  }
  yield* checkStrings(operation, OPERATIONS);
  for (const field of PORTS) yield* checkPorts(at(operation, field));
  for (const field of both('paths')) yield* checkPaths(at(operation, field));
}

function* checkStrings(holder: YamlNode, fields: readonly string[]): Problems {
  for (const field of fields) {
    for (const { node, value } of texts(at(holder, field))) {
      if (value === '') yield { place: placeOf(node), what: `an entry of "${field}" is empty`, todo: 'remove it' };
    }
  }
}

function* checkAddresses(list: Value): Problems {
  for (const { node, value } of texts(list)) {
    if (value === '' || isIpOrCidr(value)) continue;
    yield {
      place: placeOf(node),
      what: `${shown(value)} is no address`,
      todo: 'write an IP address, or a range such as 10.0.0.0/8',
    };
  }
}

function* checkPorts(list: Value): Problems {
  for (const { node, value } of texts(list)) {
    if (value === '' || (/^\d{1,5}$/.test(value) && Number(value) <= 65535)) continue;
    yield {
      place: placeOf(node),
      what: `${shown(value)} is no port`,
      todo: 'write a number, in quotes: ranges and wildcards do not exist',
    };
  }
}

function* checkServiceAccounts(list: Value): Problems {
  for (const { node, value } of texts(list)) {
    const parts = value.split('/');
    const fault = value.includes('*')
      ? 'has a wildcard'
      : parts.length > 2
        ? 'has more than one slash'
        : parts.includes('') && value !== ''
          ? 'lacks a part'
          : undefined;
    if (fault !== undefined)
      yield { place: placeOf(node), what: `the service account ${shown(value)} ${fault}`, todo: 'write name, or namespace/name' };
  }
}

function* checkTrustDomains(list: Value): Problems {
  for (const { node, value } of texts(list)) {
    const middle = value.slice(1, -1);
    const fault = value.includes('/')
      ? 'has a slash'
      : middle.includes('*') || (value.length > 1 && value.startsWith('*') && value.endsWith('*'))
        ? 'has a wildcard that is not at one of its ends'
        : undefined;
    if (fault !== undefined)
      yield {
        place: placeOf(node),
        what: `the trust domain ${shown(value)} ${fault}`,
        todo: 'write it in full, or with one "*" at its start or end',
      };
  }
}

/** `{*}` stands for one segment, `{**}` for any number; behind it no other may follow (pkg/config/security/security.go). */
function* checkPaths(list: Value): Problems {
  for (const { node, value } of texts(list)) {
    if (!/[{}]/.test(value)) continue;
    let last = '';
    for (const segment of value.split('/')) {
      const isTemplate = segment === '{*}' || segment === '{**}';
      const fault =
        !isTemplate && /[{}]/.test(segment)
          ? `has the segment ${shown(segment)}`
          : isTemplate && last === '{**}'
            ? 'has a template behind "{**}"'
            : undefined;
      if (fault !== undefined) {
        yield {
          place: placeOf(node),
          what: `the path ${shown(value)} ${fault}`,
          todo: 'use {*} for a whole segment, and {**} as the last of them',
        };
        break;
      }
      if (isTemplate) last = segment;
    }
  }
}

function* checkCondition(condition: YamlNode, action: string | undefined): Problems {
  const key = at(condition, 'key');
  const name = text(key);
  if (key === undefined || name === undefined) return;
  if (name === '') {
    yield { place: placeOf(key), what: 'the condition has an empty key', todo: 'name the attribute' };
    return;
  }
  const fault = conditionFault(name);
  if (fault !== undefined) {
    yield { place: placeOf(key), ...fault };
    return;
  }
  if (setsNone(condition, ['values', 'notValues'])) {
    yield {
      place: placeOf(key),
      what: `the condition on ${shown(name)} has neither "values" nor "notValues"`,
      todo: 'set one of them',
    };
  }
  if (action === 'CUSTOM' && conditionNeedsIdentity(name)) {
    yield {
      place: placeOf(key),
      what: `a policy with action CUSTOM compares ${name}, which it cannot`,
      todo: 'compare it in a policy with ALLOW or DENY',
    };
  }
  for (const field of ['values', 'notValues']) {
    if (/^(?:source|remote|destination)\.ip$/.test(name)) yield* checkAddresses(at(condition, field));
    else if (name === 'destination.port') yield* checkPorts(at(condition, field));
    else if (name === 'source.serviceAccount') yield* checkServiceAccounts(at(condition, field));
  }
}

/** A rule of HTTP alone: for TCP the proxy leaves what it cannot see out, and denies every connection. */
function* checkDeny(rule: YamlNode): Problems {
  const http: { readonly node: YamlNode; readonly name: string }[] = [];
  for (const [list, part, fields, others] of [
    ['from', 'source', HTTP_SOURCES, TCP_SOURCES],
    ['to', 'operation', HTTP_OPERATIONS, PORTS],
  ] as const) {
    if (!isWhole(at(rule, list))) return;
    for (const entry of items(at(rule, list))) {
      const holder = at(entry, part);
      if (!given(holder) || !setsNone(holder, others)) return;
      for (const field of entries(holder))
        if (fields.includes(keyText(field))) http.push({ node: field.key, name: keyText(field) });
    }
  }
  for (const condition of items(at(rule, 'when'))) {
    const key = at(condition, 'key');
    const name = text(key);
    if (key === undefined || name === undefined || !conditionIsHttp(name)) return;
    http.push({ node: key, name });
  }
  const [first] = http;
  if (first === undefined || !isWhole(rule)) return;
  yield {
    place: placeOf(first.node),
    what: `the rule denies by ${http.length === 1 ? `"${first.name}"` : `"${first.name}" and other attributes of HTTP`} alone`,
    effect: 'on ports that are not HTTP the proxy cannot see them, and denies every connection',
    todo: 'name the ports that are meant, in to.operation.ports',
  };
}
