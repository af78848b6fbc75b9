/** Headers as Istio takes them (pkg/config/validation/validation.go and header_value_validator.go, 1.32 development). */

const TOKEN = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;

/** Why a text is no name of a header: a clause that follows it. Pseudo headers such as `:authority` are names here. */
export function headerNameFault(name: string): string | undefined {
  if (name === '') return 'is empty';
  return TOKEN.test(name.startsWith(':') ? name.slice(1) : name) ? undefined : 'has a character that no name of a header has';
}

export function isAuthority(name: string): boolean {
  return name === ':authority' || name.toLowerCase() === 'host';
}

/** `:path` and the like, and `host`: what a route may not change as a header. */
export function isInternal(name: string): boolean {
  return name.startsWith(':') || name.toLowerCase() === 'host';
}

/** Matching on claims of a JWT: `@request.auth.claims.groups` or `@request.auth.claims[groups]`. */
export function isClaim(name: string): boolean {
  return name.toLowerCase().startsWith('@request.auth.claims');
}

/** Whether a value has a `%` that begins one of Envoy's `%COMMANDS%` and that nothing ends. `%%` is a per cent sign. */
export function hasOpenCommand(value: string): boolean {
  let at = value.indexOf('%');
  while (at >= 0) {
    if (value[at + 1] === '%') at = value.indexOf('%', at + 2);
    else {
      // What stands in parentheses may hold per cent signs, as the format of %START_TIME(%Y)% does.
      const name = /^%[A-Za-z0-9_.-]*\(/.exec(value.slice(at, at + 80));
      const from = name === null ? at + 1 : value.indexOf(')', at) + 1;
      const end = from === 0 ? -1 : value.indexOf('%', from);
      if (end < 0) return true;
      at = value.indexOf('%', end + 1);
    }
  }
  return false;
}
