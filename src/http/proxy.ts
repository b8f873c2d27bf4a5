type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy for an address: the explicit one, else that of the environment (`https_proxy`/`http_proxy`, then `all_proxy`,
 * in lower or upper case; empty variables count as absent). NO_PROXY (hosts, `.suffixes`, `host:port`, `*`) and loopback
 * addresses bypass the environment's proxy, but not an explicit one. Returns undefined for a direct connection.
 */
export function proxyFor(target: URL, explicit: string | undefined, env: Environment): string | undefined {
  if (explicit !== undefined) return explicit;
  if (isLoopback(target.hostname) || isExempt(target, read(env, 'no_proxy'))) return undefined;
  return read(env, `${target.protocol.slice(0, -1)}_proxy`) ?? read(env, 'all_proxy');
}

/** Returns whether a host name always means this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

function read(env: Environment, name: string): string | undefined {
  const value = env[name] || env[name.toUpperCase()];
  return value === undefined || value === '' ? undefined : value;
}

function isExempt(target: URL, list: string | undefined): boolean {
  if (list === undefined) return false;
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, host = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (entryPort !== undefined && entryPort !== port) return false;
      const suffix = host.replace(/^\*?\.?/, '');
      return target.hostname === suffix || target.hostname.endsWith(`.${suffix}`);
    });
}
