/** Addresses as Go's `net/netip` takes them, which Istio reads them with. */

/** An IPv4 address without leading zeros, or an IPv6 address, with a zone or not. */
export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

export function isIpv4(text: string): boolean {
  const parts = text.split('.', 5);
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  if (text.length > 300 || !text.includes(':')) return false;
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return false;
  let address = percent < 0 ? text : text.slice(0, percent);
  let groups = 8;
  const last = address.slice(address.lastIndexOf(':') + 1);
  if (last.includes('.')) {
    if (!isIpv4(last)) return false;
    groups = 6;
    address = address.slice(0, -last.length);
    // The colon before the IPv4 part separates; "::" before it stays.
    if (!address.endsWith('::')) address = address.slice(0, -1);
  }
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!parts.every((part) => /^[0-9A-Fa-f]{1,4}$/.test(part))) return false;
  return halves.length === 2 ? parts.length < groups : parts.length === groups;
}

/** An address, or a prefix such as `10.0.0.0/8`. */
export function isIpOrCidr(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return isIp(text);
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bits) || address.includes('%')) return false;
  return isIpv4(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}
