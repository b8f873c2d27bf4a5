import { expect } from 'vitest';
import type { ApiServer } from './api-server.ts';
import { openTerminal, type TerminalOptions, type TerminalRun } from './terminal.ts';

/** The environment of a chat that asks a test's server, once. */
export function chatEnvironment(server: ApiServer, env: Record<string, string> = {}): Record<string, string> {
  return {
    OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
    OPENROUTER_BASE_URL: server.url,
    ORX_MODEL: 'test/model',
    ORX_RETRIES: '0',
    ...env,
  };
}

/** `orx chat` with these words and flags on a terminal: without words a conversation. */
export function openChatTerminal(server: ApiServer, args: readonly string[] = [], options: TerminalOptions = {}): TerminalRun {
  return openTerminal(['chat', ...args], { ...options, env: chatEnvironment(server, options.env) });
}

/** The screen was never cleared, nor left for another one, and its scrollback is whole. */
export function expectNoClear(raw: string): void {
  expect(raw).not.toMatch(/\u001b\[[23]J|\u001bc|\u001b\[\?1049h|\u001b\[H/);
}
