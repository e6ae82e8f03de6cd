import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Every address of a name, as the system knows it (hosts file, mDNS, DNS). Rejects where there is none. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/** Loopback, private (RFC 1918, RFC 4193) and link-local (RFC 3927, RFC 4291). */
const local = new BlockList();
local.addSubnet('127.0.0.0', 8, 'ipv4');
local.addSubnet('10.0.0.0', 8, 'ipv4');
local.addSubnet('172.16.0.0', 12, 'ipv4');
local.addSubnet('192.168.0.0', 16, 'ipv4');
local.addSubnet('169.254.0.0', 16, 'ipv4');
local.addAddress('::1', 'ipv6');
local.addSubnet('fc00::', 7, 'ipv6');
local.addSubnet('fe80::', 10, 'ipv6');

/** Where clouds hand out a machine's credentials: link-local, and never a wattmeter. */
const metadata = new BlockList();
metadata.addAddress('169.254.169.254', 'ipv4');
metadata.addAddress('fd00:ec2::254', 'ipv6');

/** True for an IP address (no name) of this machine or of the network it is in. IPv4 written as IPv6 counts as the IPv4 that it is. */
export function isLocalAddress(address: string): boolean {
  // What follows '%' is the interface. Cut, not matched: an expression would try every one of a thousand '%' anew.
  const [bare = ''] = address.split('%', 1);
  const version = isIP(bare);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return local.check(bare, family) && !metadata.check(bare, family);
}

/** The addresses of a host in a URL ('192.168.1.20', '[fe80::1]', 'plug.local'), or why it may not be asked. */
export async function resolveLocal(
  urlHostname: string,
  resolve: Resolve,
): Promise<readonly ResolvedAddress[] | { readonly problem: string }> {
  const hostname = urlHostname.replace(/^\[|\]$/g, '');
  const version = isIP(hostname);
  if (version !== 0)
    return isLocalAddress(hostname) ? [{ address: hostname, family: version }] : { problem: outside(hostname) };
  let addresses: readonly ResolvedAddress[];
  try {
    addresses = await resolve(hostname);
  } catch {
    return { problem: `${hostname} is not known in this network.` };
  }
  if (addresses.length === 0) return { problem: `${hostname} is not known in this network.` };
  // One public address among local ones is a public name: which of them would be asked is chance.
  return addresses.every(({ address }) => isLocalAddress(address)) ? addresses : { problem: outside(hostname) };
}

const outside = (hostname: string): string =>
  `${hostname} is not in the local network: a wattmeter is asked on this machine or in its own network only.`;
