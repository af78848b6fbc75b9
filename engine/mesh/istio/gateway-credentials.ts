import type { Resource } from '../../resources/resource';
import { itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { gatewayServers } from './gateway-servers';

/** A Secret that a server of a Gateway names. */
export interface Credential {
  readonly name: string;
  readonly node: YamlNode;
  /** Whether the server asks clients for certificates, and needs one to check them by. */
  readonly isMutual: boolean;
}

const KUBERNETES = 'kubernetes://';
const NO_CERTIFICATE: readonly string[] = ['PASSTHROUGH', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL'];

/**
 * The Secrets that the servers of a Gateway name, by `credentialName` or `credentialNames`. Names with another scheme, which say the
 * namespace as well or are no Secrets, are left out, and so is what a template hides.
 */
export function credentialsOf(gateway: Resource): readonly Credential[] {
  return gatewayServers(gateway).flatMap(({ node }) => {
    const tls = lookup(node, 'tls');
    const mode = stringOf(lookup(tls, 'mode'));
    // Nothing is served with it there.
    if (mode !== undefined && NO_CERTIFICATE.includes(mode)) return [];
    const isMutual = mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
    return [lookup(tls, 'credentialName'), ...itemsOf(lookup(tls, 'credentialNames'))].flatMap((written): Credential[] => {
      const text = stringOf(written);
      const name = text?.startsWith(KUBERNETES) === true ? text.slice(KUBERNETES.length) : text;
      if (written === undefined || name === undefined || name === '' || name.includes('/')) return [];
      return [{ name, node: written, isMutual }];
    });
  });
}

/** What makes a Secret, and where it says its name; its own name where it does not. Their projects' CRDs. */
const MAKERS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['SealedSecret.bitnami.com', ['spec', 'template', 'metadata', 'name']],
  ['ExternalSecret.external-secrets.io', ['spec', 'target', 'name']],
  ['Certificate.cert-manager.io', ['spec', 'secretName']],
  ['VaultStaticSecret.secrets.hashicorp.com', ['spec', 'destination', 'name']],
  ['VaultPKISecret.secrets.hashicorp.com', ['spec', 'destination', 'name']],
  ['SopsSecret.isindir.github.com', []],
]);

/** Secrets of a name, and resources that make one of that name; whichever template hides its name or its namespace counts as one. */
export function secretsNamed(view: MeshView, namespace: string, name: string): readonly Resource[] {
  // What they make stands in text that is parsed when it is asked for: no key of a group, which has to be known when they are gone.
  const makers = [...MAKERS.keys()].flatMap((kind) => [
    ...view.index.inNamespace(kind, namespace),
    ...view.index.inNamespace(kind, HIDDEN),
  ]);
  const made = makers.filter((maker) => [undefined, name].includes(madeName(maker)));
  return [...view.index.named('Secret', namespace, name), ...made];
}

/** Where the index has resources whose namespace a template hides. */
const HIDDEN = '';

/** Secrets of a name in whatever namespace. */
export function secretsAnywhere(view: MeshView, name: string): readonly Resource[] {
  return view.index
    .grouped('istio.secretsByName', ['Secret'], (secret) => (secret.name === undefined ? [] : [secret.name]))
    .get(name);
}

function madeName(maker: Resource): string | undefined {
  const path = MAKERS.get(maker.kind) ?? [];
  const written = path.length === 0 ? undefined : maker.at(...path);
  return written === undefined ? maker.name : stringOf(written);
}
