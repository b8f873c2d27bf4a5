import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunk, sendJson, sendPieces, startApiServer, type ApiServer } from './api-server.ts';
import { tempFolder } from './temp-home.ts';

export const GRANTED_KEY = 'sk-or-v1-granted0123456789abcdef0123456789';

export interface AuthSite extends ApiServer {
  /** Issued codes, each with the challenge it was issued for. */
  codes: Map<string, string>;
  /** The `/auth` pages that were requested. */
  pages: URL[];
  /** Bodies of the completion requests that used the granted key. */
  questions: Record<string, unknown>[];
}

/**
 * Starts OpenRouter's login as its documentation describes it: a page that issues a code for a challenge (to the callback, or on the page), one
 * exchange of the code for a key with the matching verifier, GET /key for that key, and completions for requests with it. With `refuses`, the account
 * has no credits for them.
 */
export async function startAuthSite({ refuses = false } = {}): Promise<AuthSite> {
  const codes = new Map<string, string>();
  const pages: URL[] = [];
  const questions: Record<string, unknown>[] = [];
  const server = await startApiServer((request, response) => {
    const url = new URL(request.url, 'http://site');
    if (url.pathname === '/auth') {
      pages.push(url);
      const challenge = url.searchParams.get('code_challenge');
      if (challenge === null || url.searchParams.get('code_challenge_method') !== 'S256')
        return sendJson(response, 400, { error: { code: 400, message: 'no challenge' } });
      const code = `code-${codes.size + 1}+/&=`;
      codes.set(code, challenge);
      const callback = url.searchParams.get('callback_url');
      if (callback === null) return void response.end(code);
      const back = new URL(callback);
      back.searchParams.set('code', code);
      response.writeHead(302, { location: back.href });
      return void response.end();
    }
    if (url.pathname === '/api/v1/auth/keys') {
      const { code, code_verifier: verifier, code_challenge_method: method } = request.json() as Record<string, string>;
      const challenge = codes.get(code ?? '');
      codes.delete(code ?? '');
      if (method !== 'S256') return sendJson(response, 400, { error: { code: 400, message: 'Invalid code_challenge_method' } });
      if (
        challenge === undefined ||
        createHash('sha256')
          .update(verifier ?? '')
          .digest('base64url') !== challenge
      ) {
        return sendJson(response, 403, { error: { code: 403, message: 'Invalid code or code_verifier' } });
      }
      return sendJson(response, 200, { key: GRANTED_KEY, user_id: null });
    }
    if (url.pathname === '/api/v1/key' && request.headers.authorization === `Bearer ${GRANTED_KEY}`) {
      return sendJson(response, 200, {
        data: { label: 'sk-or-v1-gra...789', usage: 1.25, limit: 20, limit_remaining: 18.75, is_free_tier: false },
      });
    }
    if (url.pathname === '/api/v1/chat/completions' && request.headers.authorization === `Bearer ${GRANTED_KEY}`) {
      questions.push(request.json() as Record<string, unknown>);
      if (refuses) return sendJson(response, 402, { error: { code: 402, message: `Insufficient credits for ${GRANTED_KEY}` } });
      const usage = { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, cost: 0.0000034 };
      return sendPieces(response, [
        chunk({ content: 'OK' }),
        chunk({ content: '' }, { usage }, { finish_reason: 'stop' }),
        'data: [DONE]\n\n',
      ]);
    }
    sendJson(response, 401, { error: { code: 401, message: 'User not found.' } });
  });
  return { ...server, codes, pages, questions };
}

/** Returns a fake browser that follows the URL it is given and records its arguments and environment. */
export function fakeBrowser(): { command: string; seen: () => { words: string[]; env: Record<string, string> } } {
  const folder = tempFolder();
  const command = join(folder, 'browser');
  const note = join(folder, 'seen.json');
  writeFileSync(
    command,
    `#!${process.execPath}
require('node:fs').writeFileSync(${JSON.stringify(note)}, JSON.stringify({ words: process.argv.slice(2), env: process.env }));
fetch(process.argv[2]).then((reply) => reply.text());
`,
  );
  chmodSync(command, 0o755);
  return { command, seen: () => JSON.parse(readFileSync(note, 'utf8')) as { words: string[]; env: Record<string, string> } };
}
