import { expect } from 'vitest';
import type { ApiServer } from './api-server.ts';
import { openTerminal, type TerminalOptions, type TerminalRun } from './terminal.ts';

/** Returns the environment of a chat that sends its requests to a test's server without retries. */
export function chatEnvironment(server: ApiServer, env: Record<string, string> = {}): Record<string, string> {
  return {
    OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
    OPENROUTER_BASE_URL: server.url,
    ORX_MODEL: 'test/model',
    ORX_RETRIES: '0',
    ...env,
  };
}

/** Opens `orx chat` with these words and flags in a terminal; without words it is an interactive conversation. */
export function openChatTerminal(server: ApiServer, args: readonly string[] = [], options: TerminalOptions = {}): TerminalRun {
  return openTerminal(['chat', ...args], { ...options, env: chatEnvironment(server, options.env) });
}

/** Expects that the program never cleared the screen or switched to the alternate screen, and that the scrollback is intact. */
export function expectNoClear(raw: string): void {
  expect(raw).not.toMatch(/\u001b\[[23]J|\u001bc|\u001b\[\?1049h|\u001b\[H/);
}
