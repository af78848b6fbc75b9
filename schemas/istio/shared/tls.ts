import { flag, list, object, ref, text, texts, word } from '../schema';
import type { Fields } from '../schema';

/** TLS as Envoy starts it, and as Envoy accepts it. */

const VERSIONS = ['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3'];

export const clientTlsDefinitions: Fields = {
  clientTls: object(
    'TLS towards the destination.',
    {
      mode: word(
        'Whether connections are encrypted, and with which certificate: none (DISABLE), only the server shows one (SIMPLE), a certificate of your own (MUTUAL), or the one that Istio issues (ISTIO_MUTUAL).',
        ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'],
        { default: 'DISABLE' },
      ),
      clientCertificate: text('The path in the proxy of the certificate that the client shows. For MUTUAL.'),
      privateKey: text("The path in the proxy of the private key that belongs to the client's certificate. For MUTUAL."),
      caCertificates: text(
        "The path in the proxy of the authorities that the server's certificate is checked against. Unset, the operating system's are used.",
      ),
      credentialName: text(
        'The Secret that holds key, certificate and authorities, or `configmap://name` for authorities alone. Read by gateways, and by sidecars where the rule has a workloadSelector.',
      ),
      subjectAltNames: texts("Names of which the server's certificate must carry one."),
      sni: text('The server name that is sent when the connection starts.'),
      insecureSkipVerify: flag(
        "Accepts any certificate of the server. For SIMPLE and MUTUAL; a reader's traffic is then open to anyone in between.",
        {
          default: false,
        },
      ),
      caCrl: text('The path in the proxy of the list of revoked certificates.'),
    },
    { 'x-anchor': 'ClientTLSSettings' },
  ),
};

export const serverTlsDefinitions: Fields = {
  certificateFiles: object(
    'The files of one certificate.',
    {
      serverCertificate: text('The path in the proxy of the certificate chain.'),
      privateKey: text('The path in the proxy of the private key.'),
      caCertificates: text('The path in the proxy of the authorities for certificates of clients.'),
    },
    { 'x-anchor': 'ServerTLSSettings-TLSCertificate' },
  ),
  serverTls: object(
    'TLS as the proxy accepts it.',
    {
      mode: word(
        'How TLS is ended: with a server certificate (SIMPLE), also one of the client (MUTUAL), one if the client has it (OPTIONAL_MUTUAL), with the certificates of the mesh (ISTIO_MUTUAL), or not at all: passed on by server name (PASSTHROUGH, AUTO_PASSTHROUGH).',
        ['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL'],
        { default: 'PASSTHROUGH' },
      ),
      credentialName: text('The Secret that holds key and certificate, in the namespace of the gateway workload.'),
      credentialNames: texts('Secrets of up to two certificates of different key types, such as RSA and ECDSA.', {
        minItems: 1,
        maxItems: 2,
      }),
      caCertCredentialName: text('The Secret that holds the authorities for certificates of clients, when it is another one.'),
      serverCertificate: text(
        'The path in the proxy of the certificate chain. Needed for SIMPLE and MUTUAL without a credential.',
      ),
      privateKey: text('The path in the proxy of the private key. Needed for SIMPLE and MUTUAL without a credential.'),
      caCertificates: text(
        'The path in the proxy of the authorities for certificates of clients. Needed for MUTUAL without a credential.',
      ),
      caCrl: text('The path in the proxy of the list of revoked client certificates.'),
      tlsCertificates: list('The files of up to two certificates of different key types.', ref('certificateFiles'), {
        minItems: 1,
        maxItems: 2,
      }),
      httpsRedirect: flag('Answers plain HTTP with a redirect to HTTPS. Only for ports of protocol HTTP.'),
      subjectAltNames: texts("Names of which the client's certificate must carry one."),
      verifyCertificateSpki: texts("Base64 SHA-256 hashes of public keys of which the client's certificate must have one."),
      verifyCertificateHash: texts("Hexadecimal SHA-256 hashes of which the client's certificate must have one."),
      minProtocolVersion: word('The oldest TLS version that is accepted. Unset, TLS 1.2.', VERSIONS, { default: 'TLS_AUTO' }),
      maxProtocolVersion: word('The newest TLS version that is accepted. Unset, TLS 1.3.', VERSIONS, { default: 'TLS_AUTO' }),
      cipherSuites: texts("Cipher suites in OpenSSL's names, for TLS 1.2 and older. Unset, Envoy's defaults."),
      ecdhCurves: texts("Curves for the key exchange. Unset, Envoy's defaults."),
      insecureSkipVerify: flag('Accepts any certificate of the client. For tests: it gives up knowing who calls.', {
        default: false,
      }),
    },
    { 'x-anchor': 'ServerTLSSettings' },
  ),
};
