import { describe, expect, it } from 'vitest';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import type { CiliumEncryption } from './settings';
import { decideZtunnel } from './ztunnel-enrolment';
import type { ZtunnelDecision, ZtunnelInput } from './ztunnel-enrolment';

type Encryption = ZtunnelInput['encryption'];

const shown = (value: CiliumEncryption): Encryption => ({ value: known(value), basis: 'shown' });
const notShown: Encryption = { value: absent, basis: 'assumed' };
const hidden: Encryption = { value: unknown, basis: 'shown' };
const byDefault: Encryption = { value: known('none'), basis: 'assumed' };

function decide(label: Tristate<string>, encryption: Encryption, hostNetwork: Tristate<boolean> = absent): ZtunnelDecision {
  return decideZtunnel({ namespace: { mtlsEnabled: label }, pod: { hostNetwork }, encryption });
}

const short = ({ enrolled, basis, decidedBy }: ZtunnelDecision): string =>
  enrolled === 'unknown' ? `unknown ${decidedBy}` : `${enrolled} ${basis} ${decidedBy}`;

/** cilium/cilium pkg/ztunnel/table/enrolled_namespaces.go, v1.20.0: the value is compared with `true`, and with nothing else. */
describe('namespace label by encryption', () => {
  const columns = [shown('ztunnel'), notShown, shown('wireguard'), shown('ipsec'), shown('none'), byDefault, hidden];
  // Encryption:                       ztunnel  not shown  WireGuard IPsec  off    default    unknown
  const rows: readonly (readonly [string, Tristate<string>, string])[] = [
    ['absent', absent, '             no       no         no        no     no     no         no'],
    ['true', known('true'), '        yes      yes        no        no     no     no         unknown'],
    ['True', known('True'), '        no       no         no        no     no     no         no'],
    ['1', known('1'), '              no       no         no        no     no     no         no'],
    ['false', known('false'), '      no       no         no        no     no     no         no'],
    ['empty', known(''), '           no       no         no        no     no     no         no'],
    ['unknown', unknown, '           unknown  unknown    no        no     no     no         unknown'],
  ];
  it.each(rows)('%s', (_, label, expected) => {
    expect(columns.map((encryption) => decide(label, encryption).enrolled)).toEqual(expected.trim().split(/ +/));
  });
});

/** cilium/cilium Documentation/security/network/encryption-ztunnel.rst, v1.20.0: pods on the host network are skipped. */
it.each<[string, Tristate<boolean>, string]>([
  ['not set', absent, 'yes shown namespace-label'],
  ['false', known(false), 'yes shown namespace-label'],
  ['true', known(true), 'no shown host-network'],
  ['unknown', unknown, 'unknown host-network'],
])('host network %s', (_, hostNetwork, expected) => {
  expect(short(decide(known('true'), shown('ztunnel'), hostNetwork))).toBe(expected);
});

it('the host network keeps a pod out whatever else is open', () => {
  expect(short(decide(unknown, hidden, known(true)))).toBe('no shown host-network');
});

describe('basis and reason', () => {
  it.each<[string, ZtunnelDecision, Partial<ZtunnelDecision>]>([
    [
      'ztunnel that is shown',
      decide(known('true'), shown('ztunnel')),
      { basis: 'shown', reason: 'Namespace label io.cilium/mtls-enabled=true, and Cilium encrypts with ztunnel' },
    ],
    [
      'an installation that nothing shows',
      decide(known('true'), notShown),
      {
        basis: 'assumed',
        reason: 'Namespace label io.cilium/mtls-enabled=true',
        assumes: 'Cilium encrypts with ztunnel, which no file here shows',
      },
    ],
    [
      'another encryption',
      decide(known('true'), shown('wireguard')),
      {
        basis: 'shown',
        reason: 'Namespace label io.cilium/mtls-enabled=true, but Cilium encrypts with WireGuard, and only ztunnel heeds it',
      },
    ],
    [
      'no encryption, by default',
      decide(known('true'), byDefault),
      {
        basis: 'assumed',
        reason: 'Namespace label io.cilium/mtls-enabled=true, but Cilium does not encrypt, and only ztunnel heeds it',
        assumes: 'nothing but these files sets how Cilium encrypts',
      },
    ],
    ['another value', decide(known(''), notShown), { basis: 'shown', reason: 'Namespace label io.cilium/mtls-enabled=""' }],
    ['no label', decide(absent, shown('ztunnel')), { reason: 'The namespace has no label io.cilium/mtls-enabled=true' }],
    ['a hidden label', decide(unknown, notShown), { reason: 'The namespace label io.cilium/mtls-enabled is unknown' }],
    ['hidden settings', decide(known('true'), hidden), { reason: 'Whether Cilium encrypts with ztunnel is unknown' }],
  ])('%s', (_, decision, expected) => {
    expect(decision).toMatchObject(expected);
    expect(decision.assumes).toBe(expected.assumes);
  });
});
