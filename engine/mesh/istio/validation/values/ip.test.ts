import { describe, expect, it } from 'vitest';
import { isIp, isIpOrCidr } from './ip';

/** As Go's `netip.ParseAddr` and `netip.ParsePrefix` take them. */
describe('addresses', () => {
  it.each([
    '1.2.3.4',
    '0.0.0.0',
    '::',
    '::1',
    '001:db8::',
    '2001:db8::1',
    'fe80::1%eth0',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:1.2.3.4',
  ])('%s is one', (text) => {
    expect(isIp(text)).toBe(true);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.a',
    ':',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7::8:9',
    'fe80::1%',
    '::1.2.3',
    'example.com',
  ])('%s is none', (text) => {
    expect(isIp(text)).toBe(false);
  });
});

describe('ranges', () => {
  it.each(['10.0.0.0/8', '1.1.1.1/32', '::/0', '2001:db8::/32', '1.2.3.4'])('%s is one, or an address', (text) => {
    expect(isIpOrCidr(text)).toBe(true);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '::/129', 'fe80::1%eth0/64', '/8', '10.0.0.0/8/8', 'a/8'])(
    '%s is neither',
    (text) => {
      expect(isIpOrCidr(text)).toBe(false);
    },
  );
});
