interface RequestUri {
  /** In lower case; empty for a path alone. */
  readonly scheme: string;
  /** Host and port as they stand; empty where there are none. */
  readonly host: string;
}

const ESCAPES = /%(?![0-9A-Fa-f]{2})/;

/**
 * A URL as Go's `url.ParseRequestURI` takes it, which the CEL functions `url` and `isURL` of Kubernetes stand on: with a scheme, or a path
 * that begins with a slash. Undefined for what Go refuses.
 */
export function parseRequestUri(text: string): RequestUri | undefined {
  if (text === '' || /[\0-\x1f\x7f]/.test(text)) return undefined;
  if (text === '*') return { scheme: '', host: '' };
  const split = splitScheme(text);
  if (split === undefined) return undefined;
  const { scheme } = split;
  const rest = split.rest.split('?', 1)[0] ?? '';
  if (!rest.startsWith('/')) return scheme === '' ? undefined : { scheme, host: '' };
  if (scheme === '' || !rest.startsWith('//')) return ESCAPES.test(rest) ? undefined : { scheme, host: '' };
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  if (slash >= 0 && ESCAPES.test(rest.slice(slash))) return undefined;
  const at = authority.lastIndexOf('@');
  if (at >= 0 && !isUserInfo(authority.slice(0, at))) return undefined;
  const host = authority.slice(at + 1);
  return isHost(host) ? { scheme, host } : undefined;
}

/** Undefined for a text that begins with a colon: "missing protocol scheme". */
function splitScheme(text: string): { scheme: string; rest: string } | undefined {
  if (text.startsWith(':')) return undefined;
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text);
  if (match === null) return { scheme: '', rest: text };
  return { scheme: (match[1] ?? '').toLowerCase(), rest: text.slice(match[0].length) };
}

function isUserInfo(text: string): boolean {
  return /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(text) && !ESCAPES.test(text);
}

/** Percent signs may only hide what is no ASCII. */
function isHost(text: string): boolean {
  if (text.startsWith('[')) return /^\[[^\]]*\](?::\d*)?$/.test(text);
  const colon = text.lastIndexOf(':');
  if (colon >= 0 && !/^:\d*$/.test(text.slice(colon))) return false;
  return /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]|[^\0-\x7f]|%[89A-Fa-f][0-9A-Fa-f])*$/.test(text);
}
