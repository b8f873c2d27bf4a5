import { visibleLine } from '../text/visible.ts';

const LONGEST = 120;

/** How to use what is being served. `answers`: who answers; undefined: the sandbox. */
export function servingText(url: string, answers?: readonly string[]): string {
  return [
    answers === undefined
      ? 'simulated API, on this machine only; any key will do. Stop with Ctrl-C.'
      : 'on this machine only; any key will do, and your own keys pay. Stop with Ctrl-C.',
    ...(answers ?? []).map((one) => `  asks ${visibleLine(one)}`),
    `  orx:                     OPENROUTER_BASE_URL=${url} OPENROUTER_API_KEY=any orx chat "hello"`,
    `  clients of OpenAI:       OPENAI_BASE_URL=${url} OPENAI_API_KEY=any …`,
    `  curl:                    curl ${url}/models`,
    '',
  ].join('\n');
}

/** What the line about a request needs to know of it; path and model are untrusted. */
export interface ServedRequest {
  method: string;
  path: string;
  status: number;
  model?: string | undefined;
  durationMs: number;
}

/** One line about one request: `POST /api/v1/chat/completions 200 412 ms deepseek/deepseek-chat`. */
export function requestLine(entry: ServedRequest): string {
  const words = [entry.method, entry.path, String(entry.status), `${Math.round(entry.durationMs)} ms`, entry.model ?? ''];
  return `${words
    .map((word) => visibleLine(word.length > LONGEST ? `${word.slice(0, LONGEST)}…` : word))
    .join(' ')
    .trimEnd()}\n`;
}
