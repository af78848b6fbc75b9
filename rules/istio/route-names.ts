import type { ShadowedRoute } from '../../engine/mesh/istio/unreached-routes';
import { lookup, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const PROTOCOL: Readonly<Record<ShadowedRoute['field'], string>> = { http: 'HTTP', tls: 'TLS', tcp: 'TCP' };

/** `HTTP rule 2`, or `HTTP rule "checkout"`. */
export function routeTitle(route: YamlNode, field: ShadowedRoute['field'], index: number): string {
  const name = stringOf(lookup(route, 'name'));
  return `${PROTOCOL[field]} rule ${name === undefined ? String(index + 1) : `"${name.slice(0, 80)}"`}`;
}
