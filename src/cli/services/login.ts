import { capability } from '../../apis/api.ts';
import { randomBytes } from 'node:crypto';
import type { Streams } from '../../commands/context/terminal.ts';
import type { LoginServices } from '../../core/setup/login-services.ts';
import { createPkce } from '../../core/setup/pkce.ts';
import { startLoginServer } from './login-server.ts';
import type { OpenApi } from './open-api.ts';
import { hasBrowser, openBrowser } from './open-browser.ts';
import { promptSecret } from '../terminal/prompt-secret.ts';
import { readFirstLine } from '../files/read-first-line.ts';

interface LoginEnvironment {
  streams: Streams;
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  signal: AbortSignal;
  /** Collects the keys that are tried, so that no error shows one. */
  secrets: string[];
}

/** Returns the parts of `orx auth login` that use the terminal, the browser, a loopback port and the API. */
export function createLoginServices(api: OpenApi, environment: LoginEnvironment): LoginServices {
  const { streams, env, platform, signal, secrets } = environment;
  return {
    hasBrowser: hasBrowser(env, platform),
    ask: (question) =>
      streams.stdin.isTTY
        ? promptSecret(question, { input: streams.stdin, output: streams.stderr, signal })
        : readFirstLine(streams.stdin, signal),
    async withBrowser(showUrl) {
      const pkce = createPkce(randomBytes(32));
      const server = await startLoginServer(signal);
      try {
        const url = api.loginPageUrl(pkce.challenge, server.callbackUrl);
        showUrl(url);
        await openBrowser(url, env, platform);
        return await api.exchangeCode({ code: await server.code, verifier: pkce.verifier }, signal);
      } finally {
        await server.close();
      }
    },
    async withCode(askForCode) {
      const pkce = createPkce(randomBytes(32));
      const code = await askForCode(api.loginPageUrl(pkce.challenge));
      return api.exchangeCode({ code, verifier: pkce.verifier }, signal);
    },
    keyInfo(key) {
      secrets.push(key);
      return capability(api.api(true, key), 'account').getKey({ signal });
    },
  };
}
