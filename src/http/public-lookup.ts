import { lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { OrxError } from '../errors.ts';

/** Loopback, private and link-local ranges, and ranges that are not a single host. Source: RFC 6890 and its registries. */
const PRIVATE = new BlockList();
/** A separate list: in one list, an IPv4 address would also match the IPv6 ranges that contain its mapped address. */
const PRIVATE_IPV6 = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(address, bits, 'ipv4');
}
for (const [address, bits] of [
  ['::', 8],
  ['64:ff9b::', 16],
  ['100::', 64],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE_IPV6.addSubnet(address, bits, 'ipv6');
}

/** Returns whether an address is publicly reachable, so not part of this machine or its networks. */
export function isPublicAddress(address: string): boolean {
  return isIPv6(address) ? !PRIVATE_IPV6.check(address, 'ipv6') : !PRIVATE.check(address, 'ipv4');
}

/**
 * Throws kind `usage` for a host that is an address or a name of a private network. publicLookup checks the addresses of other
 * names.
 */
export function refusePrivateHost({ hostname }: URL): void {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const isLocalName = /(^|\.)(localhost|local|internal|home\.arpa)$/i.test(host);
  if (isLocalName || (isIP(host) !== 0 && !isPublicAddress(host))) throw privateHost(hostname);
}

/**
 * Resolves a host name like Node's `dns.lookup`, but fails when it resolves to a private network. The check is done at connection
 * time, because the addresses of a name can change.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(privateHost(hostname), '', 0);
    }
    if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function privateHost(hostname: string): OrxError {
  return new OrxError(`${hostname} is in a private network`, {
    kind: 'usage',
    code: 'private-address',
    hints: ['allow private addresses: --allow-private'],
  });
}
