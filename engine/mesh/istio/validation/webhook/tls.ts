import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import type { Problem } from '../problem';
import { at, filled, isTrue, isWhole, items, text, texts, unset, wordAt } from '../read';
import type { Value } from '../read';
import { shown } from './common';
import type { Problems } from './common';

/**
 * TLS towards a destination.
 * @param namespace that of the rule; undefined where it names none
 */
export function* checkClientTls(tls: Value, namespace: string | undefined): Problems {
  if (tls?.type !== 'map') return;
  const mode = wordAt(at(tls, 'mode'), 'DISABLE');
  const credential = at(tls, 'credentialName');
  yield* checkCredential(credential, namespace);
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return;
  if (isTrue(at(tls, 'insecureSkipVerify'))) {
    const useless =
      mode === 'SIMPLE' ? ['caCertificates', 'credentialName', 'subjectAltNames'] : ['caCertificates', 'subjectAltNames'];
    for (const field of useless) {
      if (!filled(at(tls, field))) continue;
      yield {
        place: placeOfKey(tls, field),
        what: `"${field}" is set, and "insecureSkipVerify" accepts any certificate`,
        todo: 'remove insecureSkipVerify',
        related: [{ place: placeOfKey(tls, 'insecureSkipVerify'), message: 'Any certificate is accepted here' }],
      };
    }
  }
  if (filled(credential)) {
    for (const field of ['clientCertificate', 'privateKey', 'caCertificates']) {
      if (filled(at(tls, field))) yield beside(tls, field, 'credentialName');
    }
  } else if (mode === 'MUTUAL' && unset(credential)) {
    for (const field of ['clientCertificate', 'privateKey']) {
      if (!unset(at(tls, field))) continue;
      yield {
        place: placeOfKey(tls, 'mode'),
        what: `MUTUAL shows a certificate of the client, and "${field}" is not set`,
        todo: 'set clientCertificate and privateKey, or credentialName',
      };
    }
  }
}

const CONFIG_MAP = 'configmap://';

function* checkCredential(node: Value, namespace: string | undefined): Problems {
  const name = text(node);
  if (node === undefined || name?.startsWith(CONFIG_MAP) !== true) return;
  const parts = name.slice(CONFIG_MAP.length).split('/');
  if (parts.length > 2 || parts.some((part) => part === '')) {
    yield { place: placeOf(node), what: `${shown(name)} names no ConfigMap`, todo: `write ${CONFIG_MAP}name` };
  } else if (parts.length === 2 && namespace !== undefined && parts[0] !== namespace) {
    yield {
      place: placeOf(node),
      what: `${shown(name)} is in another namespace than the rule`,
      todo: `write ${CONFIG_MAP}${parts[1] ?? 'name'}`,
    };
  }
}

function beside(tls: YamlNode, field: string, other: string): Problem {
  return {
    place: placeOfKey(tls, field),
    what: `the certificate comes from "${other}", and "${field}" names another one`,
    todo: 'keep one of them',
    related: [{ place: placeOfKey(tls, other), message: `"${other}" is set here` }],
  };
}

/**
 * The cipher suites that a server can be given for TLS 1.2 and older (istio/api networking/v1alpha3/gateway.proto, v1.31.1). The last five,
 * of pre-shared keys, are not in Istio's list; whether Envoy takes them is not known here, so that nothing is said of them.
 */
const CIPHERS = new Set(
  'ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-SHA AES256-SHA DES-CBC3-SHA ECDHE-PSK-AES128-CBC-SHA ECDHE-PSK-AES256-CBC-SHA ECDHE-PSK-CHACHA20-POLY1305 PSK-AES128-CBC-SHA PSK-AES256-CBC-SHA'.split(
    ' ',
  ),
);

const CERTIFICATE_FIELDS = [
  'serverCertificate',
  'privateKey',
  'caCertificates',
  'credentialName',
  'credentialNames',
  'tlsCertificates',
];

/** TLS as a gateway or a sidecar accepts it. */
export function* checkServerTls(tls: Value): Problems {
  if (tls?.type !== 'map') return;
  yield* checkVersions(tls);
  yield* checkCiphers(tls);
  const mode = wordAt(at(tls, 'mode'), 'PASSTHROUGH');
  const set = CERTIFICATE_FIELDS.filter((field) => filled(at(tls, field)));
  const [first] = set;
  if (mode === 'ISTIO_MUTUAL') {
    for (const field of set) {
      yield {
        place: placeOfKey(tls, field),
        what: `ISTIO_MUTUAL uses the certificates of the mesh, and "${field}" names another one`,
        todo: `remove ${field}, or change the mode`,
      };
    }
    return;
  }
  if (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') {
    if (first !== undefined) {
      yield {
        place: placeOfKey(tls, first),
        what: `"${first}" is set, and mode ${mode} hands TLS on without ending it`,
        effect: 'the certificate is never used',
        todo: 'set mode to SIMPLE or MUTUAL, or remove the certificate',
      };
    }
    return;
  }
  yield* checkSources(tls, set);
  if (mode !== undefined) yield* checkNeeded(tls, mode);
}

/** One source of certificates; which of `credentialName`, `credentialNames` and `tlsCertificates` exclude each other is CEL's to say. */
function* checkSources(tls: YamlNode, set: readonly string[]): Problems {
  const source = ['credentialName', 'credentialNames', 'tlsCertificates'].filter((field) => set.includes(field));
  const files = ['serverCertificate', 'privateKey'].filter((field) => set.includes(field));
  const [other] = source;
  const [file] = files;
  if (other !== undefined && file !== undefined) yield beside(tls, file, other);
  if (source.includes('credentialName') && source.includes('tlsCertificates'))
    yield beside(tls, 'tlsCertificates', 'credentialName');
}

function* checkNeeded(tls: YamlNode, mode: string): Problems {
  const credentials = ['credentialName', 'credentialNames'].map((field) => at(tls, field));
  const hasCredential = credentials.some((one) => !unset(one));
  const crl = at(tls, 'caCrl');
  if (filled(crl) && (credentials.some(filled) || mode === 'SIMPLE')) {
    yield {
      place: placeOfKey(tls, 'caCrl'),
      what:
        mode === 'SIMPLE'
          ? '"caCrl" lists revoked certificates of clients, and SIMPLE asks clients for none'
          : '"caCrl" stands beside a credential',
      todo: mode === 'SIMPLE' ? 'remove it, or set mode to MUTUAL' : 'put the list into the Secret',
    };
  }
  if (hasCredential) return;
  const pairs = at(tls, 'tlsCertificates');
  if (!unset(pairs)) {
    for (const pair of items(pairs)) yield* checkFiles(pair, mode, false);
    return;
  }
  yield* checkFiles(tls, mode, mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL');
}

function* checkFiles(holder: YamlNode, mode: string, needsAuthorities: boolean): Problems {
  const needed = ['serverCertificate', 'privateKey', ...(needsAuthorities ? ['caCertificates'] : [])];
  const lacking = holder.type === 'map' ? needed.filter((field) => unset(at(holder, field))) : [];
  const [first] = lacking;
  if (first === undefined) return;
  const modeNode = at(holder, 'mode');
  yield {
    place: modeNode === undefined ? placeOf(holder) : placeOf(modeNode),
    what: `mode ${mode} needs a certificate, and "${first}" is not set`,
    todo: 'set credentialName, or the files',
  };
}

function* checkVersions(tls: YamlNode): Problems {
  const ciphers = at(tls, 'cipherSuites');
  if (!isWhole(ciphers) || items(ciphers).length > 0) return;
  for (const field of ['minProtocolVersion', 'maxProtocolVersion']) {
    const node = at(tls, field);
    const version = text(node);
    if (node === undefined || (version !== 'TLSV1_0' && version !== 'TLSV1_1')) continue;
    yield {
      place: placeOf(node),
      what: `${version === 'TLSV1_0' ? 'TLS 1.0' : 'TLS 1.1'} is named, and Envoy's own list of ciphers has none for it`,
      effect: 'no connection of that version succeeds',
      todo: 'name cipherSuites for it, or leave old versions out',
    };
  }
}

function* checkCiphers(tls: YamlNode): Problems {
  const seen = new Set<string>();
  for (const { node, value } of texts(at(tls, 'cipherSuites'))) {
    // In brackets stand suites that are equally good.
    if (
      !value
        .replace(/[[\]]/g, '')
        .split('|')
        .every((suite) => CIPHERS.has(suite))
    ) {
      yield {
        place: placeOf(node),
        what: `${shown(value)} is none of the cipher suites that Istio's API lists`,
        effect: 'the server does not offer it',
        todo: 'write the name that OpenSSL uses, such as ECDHE-RSA-AES128-GCM-SHA256',
      };
    } else if (seen.has(value)) {
      yield {
        place: placeOf(node),
        what: `the cipher suite ${shown(value)} is there twice`,
        effect: 'the second says nothing that the first does not',
        todo: 'remove it',
      };
    }
    seen.add(value);
  }
}

/** What TLS of a sidecar's listener may not have. */
export function* checkSidecarTls(tls: Value): Problems {
  if (tls?.type !== 'map') return;
  for (const field of ['subjectAltNames', 'httpsRedirect', 'credentialName', 'credentialNames', 'tlsCertificates']) {
    if (!filled(at(tls, field))) continue;
    yield {
      place: placeOfKey(tls, field),
      what: `a sidecar's listener cannot have "${field}"`,
      todo: 'remove it; certificates are files in the proxy',
    };
  }
  const mode = at(tls, 'mode');
  const word = text(mode);
  if (mode !== undefined && (word === 'ISTIO_MUTUAL' || word === 'AUTO_PASSTHROUGH')) {
    yield {
      place: placeOf(mode),
      what: `a sidecar's listener cannot have mode ${word}`,
      todo: 'use SIMPLE, MUTUAL or OPTIONAL_MUTUAL',
    };
  }
  yield* checkServerTls(tls);
}
