import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerDigest } from './digest.ts';
import { isLocalAddress, type Resolve, resolveLocal } from './local-address.ts';

describe('isLocalAddress', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.178.20',
    '169.254.7.7',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd12:3456::1',
    '::ffff:192.168.1.1',
  ])('%s is in the local network', (address) => expect(isLocalAddress(address)).toBe(true));

  it.each([
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '192.169.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '169.254.169.254',
    '2001:db8::1',
    '::',
    '::ffff:8.8.8.8',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    'plug.local',
    '',
    '127.0.0.1.example.com',
  ])('%s is not', (address) => expect(isLocalAddress(address)).toBe(false));

  it('is told in no time of sixty thousand percent signs', () => {
    const startedMicroseconds = process.threadCpuUsage().user;
    expect(isLocalAddress(`${'%'.repeat(60_000)}\n`)).toBe(false);
    expect(isLocalAddress(`fe80::1${'%'.repeat(60_000)}\n`)).toBe(true);
    // Matched from each of them to the end of its line it would be 2 × 10^9 steps, seconds.
    expect(process.threadCpuUsage().user - startedMicroseconds).toBeLessThan(100_000);
  });
});

describe('resolveLocal', () => {
  const names: Resolve = async (hostname) => {
    const known: Record<string, readonly string[]> = {
      'plug.local': ['192.168.1.20', 'fe80::20'],
      'public.example': ['93.184.216.34'],
      'both.example': ['192.168.1.20', '93.184.216.34'],
      'none.example': [],
    };
    const found = known[hostname];
    if (found === undefined) throw new Error('ENOTFOUND');
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };

  it('gives the addresses of a local name, and takes an address as it is', async () => {
    expect(await resolveLocal('plug.local', names)).toEqual([
      { address: '192.168.1.20', family: 4 },
      { address: 'fe80::20', family: 6 },
    ]);
    expect(await resolveLocal('192.168.1.20', names)).toEqual([{ address: '192.168.1.20', family: 4 }]);
    expect(await resolveLocal('[::1]', names)).toEqual([{ address: '::1', family: 6 }]);
  });

  it.each(['8.8.8.8', 'public.example', 'both.example'])('refuses %s as outside', async (name) =>
    expect(await resolveLocal(name, names)).toEqual({ problem: expect.stringContaining('not in the local network') }),
  );

  it.each(['missing.example', 'none.example'])('says that %s is not known', async (name) =>
    expect(await resolveLocal(name, names)).toEqual({ problem: `${name} is not known in this network.` }),
  );

  it('never gives an address outside, whatever a name resolves to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())), async (addresses) => {
        const found = await resolveLocal('a.example', async () => addresses.map((address) => ({ address, family: 4 })));
        if (!('problem' in found)) for (const { address } of found) expect(isLocalAddress(address)).toBe(true);
      }),
    );
  });
});

describe('answerDigest', () => {
  it("answers RFC 7616's own example", () => {
    // RFC 7616, 3.9.1: user Mufasa, password 'Circle of Life', SHA-256.
    const challenge =
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
    const answer = answerDigest(challenge, {
      path: '/dir/index.html',
      user: 'Mufasa',
      password: 'Circle of Life',
      clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    });
    expect(answer).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
    expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  });

  it.each([
    'Basic realm="shelly"',
    '',
    'Digest',
    'Digest realm="a"',
    'Digest realm="a", nonce="b", qop="auth-int", algorithm=SHA-256',
    'Digest realm="a", nonce="b", qop="auth", algorithm=SHA-1',
  ])("has no answer to '%s'", (challenge) =>
    expect(answerDigest(challenge, { path: '/', user: 'admin', password: 'p' })).toBeNull(),
  );

  it('puts no line break into a header, whatever the challenge', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (realm, nonce) => {
        const answer = answerDigest(`Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=SHA-256`, {
          path: '/',
          user: 'admin',
          password: 'p',
        });
        expect(answer ?? '').not.toMatch(/[\r\n]/);
      }),
    );
  });
});
