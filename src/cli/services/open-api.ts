import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { OrxError, usageError } from '../../errors.ts';
import { createHttpClient } from '../../http/client.ts';
import { isLoopback } from '../../http/proxy.ts';
import { exchangeCode, loginPageUrl } from '../../apis/openrouter/exchange-code.ts';
import { createOpenRouterApi } from '../../apis/openrouter/openrouter-api.ts';
import type { Api } from '../../apis/api.ts';
import { VERSION } from '../../version.ts';
import { tuneNode } from '../tune-node.ts';

/** An API that can be asked: the real one, or the sandbox in this process behind a loopback port. */
export interface OpenApi {
  /** Throws kind `authentication` when a key is required and there is none. `apiKey` takes the place of the settings' key. */
  api: (requireKey: boolean, apiKey?: string) => Api;
  /** The page on which a user grants a key, and the exchange of the code that it gives. */
  loginPageUrl: (challenge: string, callbackUrl?: string) => string;
  exchangeCode: (grant: { code: string; verifier: string }, signal: AbortSignal) => Promise<string>;
  close: () => Promise<void>;
}

export async function openApi(settings: ConnectionSettings, env: Readonly<Record<string, string | undefined>>): Promise<OpenApi> {
  tuneNode(process.versions.node, process.stdout.isTTY);
  if (settings.sandbox) {
    const { startSandbox } = await import('./start-sandbox.ts');
    const sandbox = await startSandbox({ port: 0 });
    const http = createHttpClient({ limits: limits(settings), env: {} });
    return {
      ...connect(settings, http, sandbox.url, 'sk-or-v1-sandbox'),
      close: async () => {
        await http.close();
        await sandbox.close();
      },
    };
  }
  refuseReadableKey(settings);
  const http = createHttpClient({ limits: limits(settings), proxy: settings.proxy, env });
  return { ...connect(settings, http, settings['base-url'], settings['api-key']), close: () => http.close() };
}

function connect(
  settings: ConnectionSettings,
  http: ReturnType<typeof createHttpClient>,
  baseUrl: string,
  apiKey: string | undefined,
): Omit<OpenApi, 'close'> {
  const apiWith = (key: string | undefined): Api =>
    createOpenRouterApi({
      http,
      baseUrl,
      apiKey: key,
      app: { url: settings['app-url'], title: settings['app-title'], categories: settings['app-categories'] },
      userAgent: `orx/${VERSION}`,
      now: Date.now,
    });
  return {
    api(requireKey, otherKey) {
      const key = otherKey ?? apiKey;
      if (requireKey && key === undefined) throw missingKey();
      return apiWith(key);
    },
    loginPageUrl: (challenge, callbackUrl) => loginPageUrl(baseUrl, challenge, callbackUrl),
    exchangeCode: (grant, signal) => exchangeCode(http, baseUrl, grant, signal),
  };
}

function limits(settings: ConnectionSettings): { connectMs: number; firstByteMs: number; idleMs: number } {
  return {
    connectMs: settings['connect-timeout'] * 1000,
    firstByteMs: settings['first-byte-timeout'] * 1000,
    idleMs: settings['idle-timeout'] * 1000,
  };
}

function missingKey(): OrxError {
  return new OrxError('no API key', {
    kind: 'authentication',
    code: 'no-key',
    hints: ['log in with: orx auth login — or set OPENROUTER_API_KEY — or try without a key: orx --sandbox …'],
  });
}

function refuseReadableKey(settings: ConnectionSettings): void {
  const { protocol, hostname } = new URL(settings['base-url']);
  if (protocol === 'https:' || settings['allow-http']) return;
  if (isLoopback(hostname)) return;
  throw usageError(
    `the base URL ${settings['base-url']} has no TLS: key and prompts would travel readable`,
    'use https, or --allow-http if the network between is yours',
  );
}
