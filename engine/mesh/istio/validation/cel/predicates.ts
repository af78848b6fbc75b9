import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import type { Problem } from '../problem';
import { at, entries, given, isEmptyMap, items, keyText, missing, number, text, wordAt } from '../read';
import type { FaultClass } from '../schema-faults';
import { joined } from '../schema-faults';
import { MILLISECOND, parseDuration } from '../values/duration';
import { parseRequestUri } from '../values/url';

/**
 * What the CEL rules of Istio's CRDs ask, as predicates (manifests/charts/base/files/crd-all.gen.yaml of istio/istio at 86c9f01fd735, 1.32
 * development). The comment of each gives the rule in short; `table.ts` says where it holds. A rule that cannot be evaluated, such as
 * `duration('soon')`, refuses as one does that is false.
 */
export interface Predicate {
  readonly of: FaultClass;
  readonly check: (node: YamlNode) => Problem | undefined;
}

const value = (check: Predicate['check']): Predicate => ({ of: 'invalid-value', check });

const shown = (string: string): string => `"${string.length > 60 ? `${string.slice(0, 60)}…` : string}"`;

/** `(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1` */
export function atMostOne(...names: readonly string[]): Predicate {
  return {
    of: 'conflicting-fields',
    check: (node) => {
      const set = entries(node).filter((entry) => entry.value.type !== 'unknown' && names.includes(keyText(entry)));
      const last = set.at(-1);
      if (set.length < 2 || last === undefined) return undefined;
      return {
        place: { node: last.key },
        what: `${joined(set.map((entry) => `"${keyText(entry)}"`))} are set together, and only one of them may be`,
        todo: 'keep the one that is meant',
        related: set.slice(0, -1).map(({ key }) => ({ place: { node: key }, message: `"${String(key.value)}" is set here` })),
      };
    },
  };
}

/** `has(self.wasm) != has(self.lua)`: that both are set is the schema's to say. */
export const wasmOrLua: Predicate = {
  of: 'missing-field',
  check: (node) =>
    missing(at(node, 'wasm')) && missing(at(node, 'lua'))
      ? { place: placeOf(node), what: 'neither "wasm" nor "lua" is set', todo: 'say what the extension runs' }
      : undefined,
};

/** `self.all(key, !key.contains("*"))` */
export const keysWithoutWildcard = value((node) => {
  const entry = entries(node).find((one) => keyText(one).includes('*'));
  return (
    entry && {
      place: { node: entry.key },
      what: `the label ${shown(keyText(entry))} has a wildcard`,
      todo: 'write the whole key: selectors compare literally',
    }
  );
});

/** `self.all(key, key.size() != 0)` */
export const keysNotEmpty = value((node) => {
  const entry = entries(node).find((one) => keyText(one) === '');
  return (
    entry && {
      place: { node: entry.key },
      what: 'a label of the selector has an empty key',
      todo: 'write the key, or remove the entry',
    }
  );
});

/** `!self.contains("*")` */
export const withoutWildcard = value((node) =>
  text(node)?.includes('*') === true
    ? {
        place: { node },
        what: `the label value ${shown(text(node) ?? '')} has a wildcard`,
        todo: 'write the whole value: selectors compare literally',
      }
    : undefined,
);

/** `self.size() == 0`, of a target's namespace */
export const ownNamespaceOnly = value((node) => {
  const namespace = text(node);
  return namespace === undefined || namespace === ''
    ? undefined
    : {
        place: { node },
        what: `the target is in namespace ${shown(namespace)}, and targets in other namespaces are not supported, nor is naming the own one`,
        todo: "remove the field, and put the policy into the target's namespace",
      };
});

const WASM_SCHEMES = ['', 'http', 'https', 'file', 'oci'];

/** `isURL(self) ? url(self).getScheme() in [...] : isURL("http://" + self) && ...` */
export const wasmUrl = value((node) => {
  const url = text(node);
  if (url === undefined || url === '') return undefined;
  const parsed = parseRequestUri(url) ?? parseRequestUri(`http://${url}`);
  if (parsed !== undefined && WASM_SCHEMES.includes(parsed.scheme)) return undefined;
  return {
    place: { node },
    what: parsed === undefined ? `${shown(url)} is no URL` : `a module cannot be fetched by "${parsed.scheme}:"`,
    todo: 'begin with oci://, https://, http:// or file://',
  };
});

/** `(has(self.valueFrom) ? self.valueFrom : "") != "HOST" || !has(self.value)` */
export const valueOnlyInline: Predicate = {
  of: 'conflicting-fields',
  check: (node) =>
    text(at(node, 'valueFrom')) === 'HOST' && given(at(node, 'value'))
      ? {
          place: placeOfKey(node, 'value'),
          what: "the variable has a value of its own and takes the one of the proxy's environment, by valueFrom: HOST",
          todo: 'keep one of the two',
        }
      : undefined,
};

/** `duration(self) >= duration('1ms')` */
export const atLeastOneMillisecond = value((node) => {
  const written = text(node);
  if (written === undefined) return undefined;
  const length = parseDuration(written);
  if (length !== undefined && length >= MILLISECOND) return undefined;
  return length === undefined
    ? {
        place: placeOf(node),
        what: `${shown(written)} is no length of time`,
        todo: 'write numbers with units, such as "1.5s", "250ms" or "1h30m"',
      }
    : {
        place: placeOf(node),
        what: `${shown(written)} is shorter than a millisecond`,
        todo: 'write 1ms or more, or leave the field out',
      };
});

/** `self.context == "WAYPOINT" ? has(self.waypoint) : !has(self.waypoint)` */
export const waypointByContext: Predicate = {
  of: 'conflicting-fields',
  check: (node) => {
    const context = wordAt(at(node, 'context'), 'ANY');
    const waypoint = at(node, 'waypoint');
    if (context === 'WAYPOINT' && missing(waypoint)) {
      return {
        place: placeOf(at(node, 'context') ?? node),
        what: 'context WAYPOINT needs a match of a "waypoint", and has none',
        todo: 'match by "waypoint", if only by `waypoint: {}`',
      };
    }
    if (context === undefined || context === 'WAYPOINT' || !given(waypoint)) return undefined;
    return {
      place: placeOfKey(node, 'waypoint'),
      what: `"waypoint" is matched in context ${context}`,
      todo: 'set context to WAYPOINT, or match something else',
    };
  },
};

/** `0 < self && self <= 65535` */
export const portNumber = value((node) => {
  const port = number(node);
  return port === undefined || (port > 0 && port <= 65535) ? undefined : portProblem(node, port);
});

export function portProblem(node: YamlNode, port: number): Problem {
  return { place: { node }, what: `${port} is no port`, todo: 'write a number from 1 to 65535' };
}

/** CIDR addresses, unless the resolution is NONE or STATIC */
export const cidrByResolution: Predicate = {
  of: 'conflicting-fields',
  check: (node) => {
    const resolution = wordAt(at(node, 'resolution'), 'NONE');
    if (resolution === undefined || resolution === 'NONE' || resolution === 'STATIC') return undefined;
    const cidr = items(at(node, 'addresses')).find((address) => text(address)?.includes('/'));
    return (
      cidr && {
        place: { node: cidr },
        what: `the address ${shown(text(cidr) ?? '')} is a range, which resolution ${resolution} cannot have`,
        todo: 'name single addresses, or set resolution to NONE or STATIC',
      }
    );
  },
};

/** `(resolution or "NONE") == "NONE" ? !has(self.endpoints) : true` */
export const noEndpointsWithNone: Predicate = {
  of: 'conflicting-fields',
  check: (node) =>
    wordAt(at(node, 'resolution'), 'NONE') === 'NONE' && given(at(node, 'endpoints'))
      ? {
          place: placeOfKey(node, 'endpoints'),
          what: 'endpoints are given, and resolution NONE sends traffic to the address that the client asked for',
          todo: 'set resolution to STATIC or DNS, or remove the endpoints',
        }
      : undefined,
};

/** `resolution == "DNS_ROUND_ROBIN" ? endpoints.size() <= 1 : true` */
export const oneEndpointWithRoundRobin: Predicate = {
  of: 'conflicting-fields',
  check: (node) => {
    const second = items(at(node, 'endpoints'))[1];
    if (second === undefined || text(at(node, 'resolution')) !== 'DNS_ROUND_ROBIN') return undefined;
    return {
      place: placeOf(second),
      what: 'resolution DNS_ROUND_ROBIN takes one endpoint',
      todo: 'keep one, or set resolution to DNS',
    };
  },
};

/** `has(self.address) || has(self.network)` */
export const addressOrNetwork: Predicate = {
  of: 'missing-field',
  check: (node) =>
    missing(at(node, 'address')) && missing(at(node, 'network'))
      ? { place: placeOf(node), what: 'neither "address" nor "network" says where the workload is', todo: 'set its address' }
      : undefined,
};

const SOCKET = 'unix://';

/** `address.startsWith("unix://") ? !has(self.ports) : true` */
export const noPortsOfSocket: Predicate = {
  of: 'conflicting-fields',
  check: (node) =>
    text(at(node, 'address'))?.startsWith(SOCKET) === true && given(at(node, 'ports'))
      ? { place: placeOfKey(node, 'ports'), what: 'the address is a Unix socket, which has no ports', todo: 'remove the ports' }
      : undefined,
};

/** `self.startsWith("unix://") ? self.substring(7, 8) in ["/", "@"] : true` */
export const socketIsAbsolute = value((node) => {
  const address = text(node);
  if (address?.startsWith(SOCKET) !== true || /^[/@]/.test(address.slice(SOCKET.length))) return undefined;
  return {
    place: { node },
    what: `${shown(address)} is no absolute path`,
    todo: 'write unix:///path of the socket, or unix://@name of an abstract one',
  };
});

/** `self.startsWith("unix://") ? !self.endsWith("/") : true` */
export const socketIsNoFolder = value((node) => {
  const address = text(node);
  if (address?.startsWith(SOCKET) !== true || !address.endsWith('/')) return undefined;
  return { place: { node }, what: `${shown(address)} is a folder`, todo: 'name the socket in it' };
});

const PORT_NAME = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/** `self.all(key, size(key) < 63 && key.matches(...))` */
export const portNames = value((node) => {
  const entry = entries(node).find((one) => keyText(one).length >= 63 || !PORT_NAME.test(keyText(one)));
  return (
    entry && {
      place: { node: entry.key },
      what: `${shown(keyText(entry))} is no name of a port`,
      todo: 'use letters, digits and hyphens inside, fewer than 63',
    }
  );
});

/** `self != "*"` */
export const notEveryHost = value((node) =>
  text(node) === '*'
    ? {
        place: { node },
        what: 'the host "*" would take in every host there is',
        todo: 'name the hosts; `*.example.com` takes all below one',
      }
    : undefined,
);

/** `self.all(l1, self.exists_one(l2, l1.number == l2.number))`, and `x-kubernetes-list-map-keys`: the items of a list differ in a field. */
export const differIn = (field: string): Predicate =>
  value((node) => {
    const seen = new Map<unknown, YamlNode>();
    for (const item of items(node)) {
      const own = at(item, field);
      if (own?.type !== 'scalar') continue;
      const first = seen.get(own.value);
      if (first === undefined) {
        seen.set(own.value, own);
        continue;
      }
      const written = typeof own.value === 'string' ? shown(own.value) : String(own.value);
      return {
        place: placeOf(own),
        what: `the ${field} ${written} is there twice`,
        todo: `give each item a ${field} of its own`,
        related: [{ place: placeOf(first), message: `The ${field} ${written} is here first` }],
      };
    }
    return undefined;
  });

/** `self in ["", "HTTP", "HTTPS"]` */
export const httpScheme = value((node) => {
  const scheme = text(node);
  if (scheme === undefined || ['', 'HTTP', 'HTTPS'].includes(scheme)) return undefined;
  const upper = scheme.toUpperCase();
  const fits = upper === 'HTTP' || upper === 'HTTPS';
  return {
    place: placeOf(node),
    what: `${shown(scheme)} is no scheme of a probe`,
    todo: 'write HTTP or HTTPS',
    ...(fits ? { instead: upper } : {}),
  };
});

/** `serviceAccounts` or `notServiceAccounts` beside principals or namespaces */
export const serviceAccountsAlone: Predicate = {
  of: 'conflicting-fields',
  check: (node) => {
    const accounts = ['serviceAccounts', 'notServiceAccounts'].find((name) => given(at(node, name)));
    const other = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'].find((name) => given(at(node, name)));
    if (accounts === undefined || other === undefined) return undefined;
    return {
      place: placeOfKey(node, accounts),
      what: `"${accounts}" and "${other}" of one source are set together`,
      todo: 'a service account already names its namespace: remove the other, or make two sources of them',
      related: [{ place: placeOfKey(node, other), message: `"${other}" is set here` }],
    };
  },
};

/** `has(self.portLevelMtls) ? self.selector.matchLabels.size() > 0 : true` */
export const selectorForPorts: Predicate = {
  of: 'missing-field',
  check: (node) =>
    given(at(node, 'portLevelMtls')) && isEmptyMap(at(node, 'selector', 'matchLabels'))
      ? {
          place: placeOfKey(node, 'portLevelMtls'),
          what: '"portLevelMtls" is set in a policy that selects no workloads by labels',
          todo: 'ports are those of a container: add the labels of its pods as selector.matchLabels',
        }
      : undefined,
};

/** `self.all(key, 0 < int(key) && int(key) <= 65535)` */
export const portKeys = value((node) => {
  const entry = entries(node).find(
    (one) => !/^[-+]?\d{1,18}$/.test(keyText(one)) || Number(keyText(one)) < 1 || Number(keyText(one)) > 65535,
  );
  return (
    entry && { place: { node: entry.key }, what: `${shown(keyText(entry))} is no port`, todo: 'write a number from 1 to 65535' }
  );
});

/** `url(self).getScheme() in ["http", "https"]` */
export const webUrl = value((node) => {
  const url = text(node);
  if (url === undefined || url === '') return undefined;
  const scheme = parseRequestUri(url)?.scheme;
  if (scheme === 'http' || scheme === 'https') return undefined;
  return { place: { node }, what: `${shown(url)} is no URL of the web`, todo: 'begin with https:// or http://' };
});

/** `operation == "UPSERT" ? self.value != "" : true` */
export const valueToSet: Predicate = {
  of: 'missing-field',
  check: (node) => {
    const written = at(node, 'value');
    const isEmpty = missing(written) || text(written) === '';
    if (text(at(node, 'operation')) !== 'UPSERT' || !isEmpty) return undefined;
    return {
      place: placeOfKey(node, 'operation'),
      what: 'UPSERT sets the tag to nothing: "value" is missing',
      todo: 'set the value',
    };
  },
};

/** `operation == "REMOVE" ? !has(self.value) : true` */
export const noValueToRemove: Predicate = {
  of: 'conflicting-fields',
  check: (node) =>
    text(at(node, 'operation')) === 'REMOVE' && given(at(node, 'value'))
      ? {
          place: placeOfKey(node, 'value'),
          what: 'a tag that REMOVE takes away has a value',
          todo: 'remove the value, or use UPSERT',
        }
      : undefined,
};
