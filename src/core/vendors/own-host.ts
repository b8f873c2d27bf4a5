/** Names and addresses that are never public: loopback, private networks (RFC 1918, RFC 4193, link-local), and names without a dot. */
const OWN =
  /^(?:localhost|[^.:[\]]+|.+\.(?:localhost|local|lan|internal|home\.arpa)|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[::1\]|\[f[cd][0-9a-f]{2}:.*\]|\[fe80:.*\])$/i;

/** Returns whether a host is this machine or in a private network, as far as its name tells. */
export function isOwnHost(hostname: string): boolean {
  return OWN.test(hostname);
}
