import { OrxError } from '../errors.ts';
import type { HttpLimits } from './limits.ts';

/** Returns a network failure as an OrxError of kind `network`. Returns an abort or an OrxError unchanged. */
export function networkError(error: unknown, url: URL, limits: HttpLimits, proxy: string | undefined): unknown {
  if (error instanceof OrxError || !(error instanceof Error)) return error;
  const code = errorCode(error);
  const host = url.host;
  const via = proxy === undefined ? '' : ` through the proxy ${hostOf(proxy)}`;
  const fail = (name: string, message: string, hint: string, isRetryable = false): OrxError =>
    new OrxError(message, { kind: 'network', code: name, hints: [hint], isRetryable, cause: error });
  const cut = (): OrxError =>
    fail(
      'stream-cut',
      `${host} closed the connection before the reply was complete`,
      'try again; what had arrived is not lost',
      true,
    );
  // An open connection fails with the same codes, and then the server may have received the request.
  if (isSystemError(error) && error.syscall !== 'connect' && LOST_CONNECTION.has(error.code ?? '')) return cut();

  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return fail(
        'connect-timeout',
        `no connection to ${host}${via} within ${seconds(limits.connectMs)}`,
        'check the network or the proxy; a longer wait: --connect-timeout',
      );
    case 'UND_ERR_HEADERS_TIMEOUT':
      return fail(
        'first-byte-timeout',
        `no reply from ${host} within ${seconds(limits.firstByteMs)}`,
        'a longer wait: --first-byte-timeout',
      );
    case 'UND_ERR_BODY_TIMEOUT':
      return fail(
        'idle-timeout',
        `${host} fell silent for ${seconds(limits.idleMs)} in its reply`,
        'a longer wait: --idle-timeout',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return fail('dns', `cannot find ${host}${via}: no such name, or no network`, 'check the network, --base-url and --proxy');
    case 'ECONNREFUSED':
      return fail('refused', `${host} refuses the connection${via}`, 'check that the address is right: --base-url, --proxy');
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return fail('unreachable', `${host} cannot be reached${via}`, 'check the network or the proxy');
    case 'UND_ERR_SOCKET':
      if (error.message === 'bad upgrade') return fail('not-http', `${host} switches to another protocol`, 'check --base-url');
      return cut();
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return cut();
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'HPE_HEADER_OVERFLOW':
      return fail(
        'header-flood',
        `${host} sends more headers than orx accepts`,
        'check --base-url: this does not look like the API',
      );
    default:
      if (error.message.includes('Proxy response') || code === 'UND_ERR_PRX_TLS') {
        return fail(
          'proxy',
          `the proxy ${hostOf(proxy)} did not let the request through: ${error.message}`,
          'check --proxy and its user name and password',
        );
      }
      if (code?.startsWith('ERR_TLS') === true || code?.includes('CERT') === true || code?.startsWith('ERR_SSL') === true) {
        return fail(
          'tls',
          `the TLS certificate of ${host} cannot be trusted: ${error.message}`,
          'a proxy that reads TLS needs NODE_EXTRA_CA_CERTS',
        );
      }
      // The parser states the cause only in its message.
      if (error.name === 'HTTPParserError' && error.message.includes('EOF')) return cut();
      if (code?.startsWith('HPE_') === true || error.name === 'HTTPParserError') {
        return fail('not-http', `${host} does not answer in HTTP`, 'check --base-url');
      }
      return fail(
        'network',
        `the connection to ${host} failed${via}: ${error.message}`,
        'check the network, --base-url and --proxy',
      );
  }
}

const LOST_CONNECTION: ReadonlySet<string> = new Set(['ETIMEDOUT', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN']);

function isSystemError(error: Error): error is NodeJS.ErrnoException {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

function errorCode(error: Error): string | undefined {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const { code } = current as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
    if (current instanceof AggregateError && current.errors[0] instanceof Error) return errorCode(current.errors[0]);
  }
  return undefined;
}

// Omits the rest of the URL: a proxy address may contain a password.
function hostOf(proxy: string | undefined): string {
  return proxy !== undefined && URL.canParse(proxy) ? new URL(proxy).host : '';
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
