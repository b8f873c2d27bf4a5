import { usageError } from '../../errors.ts';
import { httpUrl } from '../settings/parsers.ts';

const DEFAULT_PORT = '11434';
/** An IPv6 address without the brackets that a port requires. */
const BARE_IPV6 = /^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f.:]*$/i;

/**
 * Returns the address of the server that OLLAMA_HOST names, as Ollama's own client reads it: a host, a port (`:8080`), both, or a URL. Ignores
 * quotes and spaces around it. Without a scheme the default port is 11434, with one it is the scheme's. `0.0.0.0`, which a server uses to listen
 * on every interface, means this machine to a client. Throws a usage error.
 */
export function ollamaAddress(text: string): string {
  const given = text.trim().replace(/^["']+|["']+$/g, '');
  if (given === 'ollama.com') return 'https://ollama.com';
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(given)?.[0] ?? '';
  const rest = given.slice(scheme.length);
  const [, host = '', path = ''] = /^([^/]*)(.*)$/s.exec(rest)!;
  const isBareIp = BARE_IPV6.test(host);
  const port = isBareIp ? undefined : /:(\d+)$/.exec(host)?.[1];
  const name = isBareIp ? `[${host}]` : port === undefined ? host : host.slice(0, -port.length - 1);
  const url = `${scheme === '' ? 'http://' : scheme}${clientHost(name)}${portText(port, scheme)}${path}`;
  if (URL.canParse(url)) return httpUrl('OLLAMA_HOST')(url);
  throw usageError(
    `OLLAMA_HOST must be a host, a port or a URL, not "${text.trim()}"`,
    'set it like this: export OLLAMA_HOST=127.0.0.1:11434',
  );
}

function clientHost(host: string): string {
  return host === '' || host === '0.0.0.0' || host === '[::]' ? 'localhost' : host;
}

function portText(port: string | undefined, scheme: string): string {
  if (port !== undefined) return `:${port}`;
  return scheme === '' ? `:${DEFAULT_PORT}` : '';
}
