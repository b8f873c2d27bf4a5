import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { headersFor } from '../../core/settings/headers/extra-headers.ts';
import { usageError } from '../../errors.ts';
import { createHttpClient } from '../../http/client.ts';
import { isLoopback } from '../../http/proxy.ts';
import { compileParser, loadParser } from '../../http/warm-up.ts';
import { exchangeCode, loginPageUrl } from '../../apis/openrouter/exchange-code.ts';
import { createOpenRouterApi } from '../../apis/openrouter/openrouter-api.ts';
import type { Api } from '../../apis/api.ts';
import type { VendorApi } from '../../apis/direct/vendor-api.ts';
import { type ConfiguredVendor, refuseReadable } from '../../core/vendors/resolve-vendor.ts';
import { VERSION } from '../../version.ts';
import { missingKey } from './missing-key.ts';
import { readTlsFiles } from './tls-files.ts';
import { tuneForLongReply, tuneParser } from '../tune-node.ts';

/** An open API: the real one, or the sandbox in this process behind a loopback port. */
export interface OpenApi {
  /**
   * Throws kind `authentication` when a key is required but missing, and kind `usage` when the key would be sent unencrypted.
   * `apiKey` replaces the key of the settings.
   */
  api: (requireKey: boolean, apiKey?: string) => Api;
  /** Opens a vendor with this key, over the same connections. Throws a usage error when the key would be sent unencrypted. */
  vendorApi: (vendor: ConfiguredVendor, apiKey: string | undefined) => Promise<VendorApi>;
  /** Begins the connection for the first request to OpenRouter, if a request could be sent: there is a key, and TLS if required. */
  connectAhead: () => void;
  /** The URL of the page on which the user grants a key, and the exchange of the resulting code. */
  loginPageUrl: (challenge: string, callbackUrl?: string) => string;
  exchangeCode: (grant: { code: string; verifier: string }, signal: AbortSignal) => Promise<string>;
  close: () => Promise<void>;
}

/** Opens the API of the settings. For the sandbox, it also starts the simulated API in this process; `close` ends both. */
export async function openApi(settings: ConnectionSettings, env: Readonly<Record<string, string | undefined>>): Promise<OpenApi> {
  const onFirstUse = (): void => tuneParser(process.versions.node, loadParser);
  const onFirstRequest = (): void => tuneParser(process.versions.node, compileParser);
  const onLongReply = (): void => tuneForLongReply(process.versions.node, process.stdout.isTTY);
  if (settings.sandbox) {
    const { startSandbox } = await import('./start-sandbox.ts');
    const sandbox = await startSandbox({ port: 0 });
    const http = createHttpClient({ limits: limits(settings), env: {}, onFirstUse, onFirstRequest, onLongReply });
    return {
      ...connect(settings, http, sandbox.url, 'sk-or-v1-sandbox'),
      close: async () => {
        await http.close();
        await sandbox.close();
      },
    };
  }
  const http = createHttpClient({
    limits: limits(settings),
    proxy: settings.proxy,
    tls: readTlsFiles(settings, env),
    env,
    onFirstUse,
    onFirstRequest,
    onLongReply,
  });
  return { ...connect(settings, http, settings['base-url'], settings['api-key']), close: () => http.close() };
}

function connect(
  settings: ConnectionSettings,
  http: ReturnType<typeof createHttpClient>,
  baseUrl: string,
  apiKey: string | undefined,
): Omit<OpenApi, 'close'> {
  const isSandbox = settings.sandbox;
  const headers = headersFor(settings);
  const stallMs = settings['stall-timeout'] * 1000;
  const apiWith = (key: string | undefined): Api =>
    createOpenRouterApi({
      http,
      baseUrl,
      apiKey: key,
      app: { url: settings['app-url'], title: settings['app-title'], categories: settings['app-categories'] },
      userAgent: `orx/${VERSION}`,
      headers,
      stallMs,
      now: Date.now,
    });
  let own: Api | undefined;
  return {
    api(requireKey, otherKey) {
      if (!isSandbox) refuseReadableKey(settings);
      if (requireKey && (otherKey ?? apiKey) === undefined) throw missingKey();
      // A run asks for it once for each of thousands of requests.
      return otherKey === undefined ? (own ??= apiWith(apiKey)) : apiWith(otherKey);
    },
    async vendorApi(vendor, key) {
      refuseReadable(vendor, settings['allow-http'], isLoopback);
      const [{ createVendorApi }, { loadVendorDialects }] = await Promise.all([
        import('../../apis/direct/vendor-api.ts'),
        import('../../apis/direct/dialects.ts'),
      ]);
      return createVendorApi({
        vendor,
        ...(await loadVendorDialects(vendor)),
        http,
        apiKey: key,
        userAgent: `orx/${VERSION}`,
        stallMs,
        now: Date.now,
      });
    },
    connectAhead() {
      if (isSandbox || apiKey === undefined) return;
      refuseReadableKey(settings);
      http.connectAhead(new URL(baseUrl));
    },
    loginPageUrl: (challenge, callbackUrl) => loginPageUrl(baseUrl, challenge, callbackUrl),
    exchangeCode: (grant, signal) => exchangeCode(http, baseUrl, grant, signal, headers),
  };
}

function limits(settings: ConnectionSettings): { connectMs: number; firstByteMs: number; idleMs: number } {
  return {
    connectMs: settings['connect-timeout'] * 1000,
    firstByteMs: settings['first-byte-timeout'] * 1000,
    idleMs: settings['idle-timeout'] * 1000,
  };
}

function refuseReadableKey(settings: ConnectionSettings): void {
  const { protocol, hostname } = new URL(settings['base-url']);
  if (protocol === 'https:' || settings['allow-http']) return;
  if (isLoopback(hostname)) return;
  throw usageError(
    `the base URL ${settings['base-url']} does not use TLS: key and prompts would be sent unencrypted`,
    'use https, or allow plain HTTP on a network that you trust: --allow-http',
  );
}
