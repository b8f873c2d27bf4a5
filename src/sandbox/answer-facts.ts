import type { RoutingAttempt } from '../apis/completion.ts';
import { type Message, messageText } from '../apis/message.ts';
import { type Decimal, decimal } from '../decimal.ts';
import { chargeFor, type Charge, type Tokens } from './charge.ts';
import { endpointPrices } from './catalogue.ts';
import type { EndpointFacts, ModelFacts } from './model-facts.ts';
import { simulatedLatencyMs } from './pace.ts';
import { type SpecialName } from './special-models.ts';

/** What an answer can report about its request. All of it is known before the first piece is sent. */
export interface AnswerFacts {
  messages: readonly Message[];
  /** The name in the client's request: an id, an alias or a router. */
  requested: string;
  /** The model that answers, and the requested one, which differs for a fallback, an alias or a router. */
  model: ModelFacts;
  asked: ModelFacts;
  endpoint: EndpointFacts;
  /** All endpoints that could have answered, best first. */
  available: readonly EndpointFacts[];
  /** Models and providers that rejected the request before this one answered. */
  failures: readonly RoutingAttempt[];
  promptTokens: number;
  reasoningTokens: number;
  imageTokens: number;
}

const QUOTED = 80;
const HALF_UP = 1;

export function lastPrompt(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  return last === undefined ? '' : messageText(last);
}

/** Returns the beginning of a text on one line, in quotation marks. */
export function quoted(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  const characters = Array.from(line.slice(0, QUOTED * 2));
  return `“${characters.length > QUOTED || line.length > QUOTED * 2 ? `${characters.slice(0, QUOTED).join('')}…` : line}”`;
}

/** Returns the prompt in a form that needs no quoting in a command line or a program; a plain example if it would need some. */
export function pastablePrompt({ messages }: AnswerFacts): string {
  const prompt = lastPrompt(messages).trim();
  return /^[\p{L}\p{N} ,.?:;()-]{2,60}$/u.test(prompt) && !prompt.startsWith('-') ? prompt : 'Why is the sky blue?';
}

/** Returns `Claude Sonnet 4.6` for `Anthropic: Claude Sonnet 4.6`. */
export function nameWithoutMaker({ name }: ModelFacts): string {
  return name.replace(/^[^:]+: /, '');
}

/** Returns an amount as `$0.000136`: three significant digits below one dollar. */
export function dollars(amount: Decimal): string {
  if (amount.eq(0)) return '$0';
  if (amount.gte(1)) return `$${amount.toFixed(2, HALF_UP)}`;
  const rounded = amount.prec(3, HALF_UP);
  return `$${rounded.toFixed(2 - rounded.e)}`;
}

export function pricesPerMillion(model: ModelFacts, endpoint: EndpointFacts): { input: string; output: string } {
  const { prompt, completion } = endpointPrices(model, endpoint);
  return { input: perMillion(prompt), output: perMillion(completion) };
}

function perMillion(price: string): string {
  const amount = decimal(price).times(1_000_000);
  const digits = amount.toFixed();
  return /\.\d{3}/.test(digits) ? digits : amount.toFixed(2);
}

/** Returns the simulated time to first token, such as `0.6 s`. */
export function firstTokenText(endpoint: EndpointFacts, special?: SpecialName): string {
  return `${(simulatedLatencyMs(endpoint, special) / 1000).toFixed(1)} s`;
}

/** Returns the cost if the text of the answer has `textTokens` tokens. */
export function answerCharge(facts: AnswerFacts, textTokens: number): Charge {
  const { promptTokens, reasoningTokens, imageTokens } = facts;
  const completion = textTokens + reasoningTokens + imageTokens;
  const tokens: Tokens = { prompt: promptTokens, completion, reasoning: reasoningTokens, image: imageTokens };
  return chargeFor(facts.model, facts.endpoint, tokens);
}

/** Returns a Markdown table. Columns after the first `left` ones contain numbers and are right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left = 1): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column < left ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

export function fence(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}
