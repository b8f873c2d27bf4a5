import { SANDBOX_LABEL } from '../text/sandbox-label.ts';
import { visibleLine } from '../text/visible.ts';

/** Who can access the gateway. */
export interface ServedReach {
  /** Every client needs a key. */
  needsKey: boolean;
  /** Other machines can connect. */
  isReachable: boolean;
}

const HERE: ServedReach = { needsKey: false, isReachable: false };

/** Returns how to use the running gateway. `answers`: the models and vendors that answer; undefined for the sandbox. */
export function servingText(url: string, answers?: readonly string[], reach: ServedReach = HERE): string {
  const key = reach.needsKey ? 'orx-sk-…' : 'any';
  const isPlain = reach.isReachable && url.startsWith('http:');
  return [
    firstLine(answers !== undefined, reach),
    ...(isPlain
      ? ['warning: keys and prompts are sent unencrypted; use --tls-cert and --tls-key, or a proxy with TLS in front']
      : []),
    ...(answers ?? []).map((one) => `  asks ${visibleLine(one)}`),
    `  orx:                     OPENROUTER_BASE_URL=${url} OPENROUTER_API_KEY=${key} orx chat "hello"`,
    `  clients of OpenAI:       OPENAI_BASE_URL=${url} OPENAI_API_KEY=${key} …`,
    `  curl:                    curl ${url}/models${reach.needsKey ? ` -H "authorization: Bearer ${key}"` : ''}`,
    '',
  ].join('\n');
}

function firstLine(isReal: boolean, { needsKey, isReachable }: ServedReach): string {
  const subject = isReal ? '' : `${SANDBOX_LABEL}: simulated API, `;
  const place = isReachable ? 'for other machines too' : 'on this machine only';
  const keys = needsKey ? 'clients need a key: orx serve keys' : 'any key will do';
  return `${subject}${place}; ${keys}${isReal && !needsKey ? ', and requests use your own keys' : ''}. Stop with Ctrl-C.`;
}
