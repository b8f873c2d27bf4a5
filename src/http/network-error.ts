import { OrxError } from '../errors.ts';
import { CHECK_BASE_URL, CHECK_CONNECTION } from '../hints.ts';
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
      `${host} closed the connection before the response was complete`,
      'try again; the part that arrived is kept',
      true,
    );
  // An open connection fails with the same codes, and then the server may have received the request.
  if (isSystemError(error) && error.syscall !== 'connect' && LOST_CONNECTION.has(error.code ?? '')) return cut();

  if (code !== undefined && CERTIFICATE_WANTED.test(code)) {
    return fail(
      'client-certificate',
      `${host} requires a client certificate that it accepts`,
      'name the certificate and its key: --client-cert FILE --client-key FILE',
    );
  }
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return fail(
        'connect-timeout',
        `no connection to ${host}${via} within ${seconds(limits.connectMs)}`,
        'check the network connection, or wait longer: orx config set connect-timeout SECONDS',
      );
    case 'UND_ERR_HEADERS_TIMEOUT':
      return fail(
        'first-byte-timeout',
        `no response from ${host} within ${seconds(limits.firstByteMs)}`,
        'wait longer: orx config set first-byte-timeout SECONDS',
      );
    case 'UND_ERR_BODY_TIMEOUT':
      return fail(
        'idle-timeout',
        `${host} sent nothing for ${seconds(limits.idleMs)} mid-stream`,
        'wait longer: orx config set idle-timeout SECONDS',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return fail('dns', `cannot resolve ${host}${via}`, CHECK_CONNECTION);
    case 'ECONNREFUSED':
      return fail('refused', `${host} refused the connection${via}`, CHECK_CONNECTION);
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return fail('unreachable', `cannot reach ${host}${via}`, CHECK_CONNECTION);
    case 'UND_ERR_SOCKET':
      if (error.message === 'bad upgrade') return fail('not-http', `${host} switched to another protocol`, CHECK_BASE_URL);
      return cut();
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return cut();
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'HPE_HEADER_OVERFLOW':
      return fail('header-flood', `${host} sent too many headers`, CHECK_BASE_URL);
    default:
      if (error.message.includes('Proxy response') || code === 'UND_ERR_PRX_TLS' || isRefusalOfProxy(error, code)) {
        return fail(
          'proxy',
          `the proxy ${hostOf(proxy)} rejected the request: ${error.message}`,
          'check the proxy, its user name and password: orx config get proxy',
        );
      }
      if (
        code?.startsWith('ERR_TLS') === true ||
        code?.includes('CERT') === true ||
        code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ||
        code?.startsWith('ERR_SSL') === true
      ) {
        return fail(
          'tls',
          `cannot verify the TLS certificate of ${host}: ${error.message}`,
          'behind a proxy that inspects TLS, name its certificate: --ca-cert FILE',
        );
      }
      // The parser states the cause only in its message.
      if (error.name === 'HTTPParserError' && error.message.includes('EOF')) return cut();
      if (code?.startsWith('HPE_') === true || error.name === 'HTTPParserError') {
        return fail('not-http', `${host} does not speak HTTP`, CHECK_BASE_URL);
      }
      return fail('network', `the connection to ${host} failed${via}: ${error.message}`, CHECK_CONNECTION);
  }
}

/** Alerts of a TLS server without the client's certificate, or with one that it does not accept. */
const CERTIFICATE_WANTED =
  /^ERR_SSL_\w*ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)$/;

/** A proxy rejected the user, or a SOCKS proxy the target. */
function isRefusalOfProxy({ message }: Error, code: string | undefined): boolean {
  return (
    code?.startsWith('UND_ERR_SOCKS5') === true ||
    /^SOCKS5 |^Username and password required|^Proxy Authentication Required/.test(message)
  );
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
