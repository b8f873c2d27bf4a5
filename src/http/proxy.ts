type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy for an address: the explicit one, else that of the environment (`https_proxy`/`http_proxy`, then `all_proxy`,
 * in lower or upper case; empty variables count as absent). NO_PROXY (hosts, `.suffixes`, `host:port`, `*`) and loopback
 * addresses bypass the environment's proxy, but not an explicit one. Returns undefined for a direct connection.
 */
export function proxyFor(target: URL, explicit: string | undefined, env: Environment): string | undefined {
  return explicit ?? proxyVariables(target, env).used?.value;
}

/** A proxy variable of the environment. */
interface ProxyVariable {
  name: string;
  value: string;
}

/** The environment's proxy for an address. */
export interface ProxyVariables {
  used?: ProxyVariable | undefined;
  /** The variable that would be used without `because`: the address is this machine, or NO_PROXY lists it. */
  bypassed?: (ProxyVariable & { because: 'loopback' | 'no-proxy' }) | undefined;
}

/** Returns which proxy variable applies to an address. */
export function proxyVariables(target: URL, env: Environment): ProxyVariables {
  const match = find(env, `${target.protocol.slice(0, -1)}_proxy`) ?? find(env, 'all_proxy');
  if (match === undefined) return {};
  if (isLoopback(target.hostname)) return { bypassed: { ...match, because: 'loopback' } };
  if (isExempt(target, find(env, 'no_proxy')?.value)) return { bypassed: { ...match, because: 'no-proxy' } };
  return { used: match };
}

/** Returns whether a host name always means this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

function find(env: Environment, name: string): ProxyVariable | undefined {
  for (const each of [name, name.toUpperCase()]) {
    const value = env[each];
    if (value !== undefined && value !== '') return { name: each, value };
  }
  return undefined;
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
