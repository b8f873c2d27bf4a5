import { visibleLine } from '../text/visible.ts';

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
