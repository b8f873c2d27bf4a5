/** What an error for a prompt that is too long says about its length, in tokens. */
export interface PromptLength {
  /** How much too long: the prompt, or the prompt with the longest answer. */
  over: number;
  /** The answer alone would have to be shorter: it may have this many tokens. */
  mostAnswer?: number | undefined;
}

/** Messages of servers that contain the length of a prompt and its limit, in either order. */
const LENGTHS: readonly (readonly [said: RegExp, isLimitFirst: boolean])[] = [
  [/maximum context length is ([\d,]+) tokens\D+?([\d,]+) tokens/i, true],
  [/too long: ([\d,]+) tokens > ([\d,]+)/i, false],
  [/token count \(?([\d,]+)\)? exceeds the maximum number of tokens allowed \(?([\d,]+)/i, false],
  [/maximum prompt length is ([\d,]+) but the request contains ([\d,]+)/i, true],
  [/contains ([\d,]+) tokens.{0,60}? ([\d,]+) maximum context length/i, false],
  [/limit of ([\d,]+) tokens\D+?([\d,]+) tokens/i, true],
  [/\(([\d,]+) tokens\) exceeds the available context size \(([\d,]+)/i, false],
];
/** Messages that state only the difference. */
const DIFFERENCE = /exceeded (?:max context length )?by ([\d,]+) tokens/i;
/** Anthropic adds the longest answer to the prompt. */
const SUM = /exceed context limit: ([\d,]+) \+ ([\d,]+) > ([\d,]+)/i;
/** OpenAI and many compatible servers say what the answer adds. */
const PARTS =
  /maximum context length is ([\d,]+) tokens.*?\(([\d,]+) (?:in the messages|of text input)[^)]*?, ([\d,]+) (?:in the completion|in the output)\)/i;

/** Returns what a message says about the length of a prompt. Undefined if it contains no numbers of a known form. */
export function promptLength(message: string): PromptLength | undefined {
  const sum = numbers(SUM, message);
  if (sum !== undefined) return lengthOf(sum[2]!, sum[0]!, sum[1]!);
  const parts = numbers(PARTS, message);
  if (parts !== undefined) return lengthOf(parts[0]!, parts[1]!, parts[2]!);
  for (const [said, isLimitFirst] of LENGTHS) {
    const [one, other] = numbers(said, message) ?? [];
    if (one !== undefined && other !== undefined) return lengthOf(isLimitFirst ? one : other, isLimitFirst ? other : one, 0);
  }
  const [over] = numbers(DIFFERENCE, message) ?? [];
  return over === undefined || over < 1 ? undefined : { over };
}

function lengthOf(limit: number, prompt: number, answer: number): PromptLength | undefined {
  const over = prompt + answer - limit;
  if (over < 1) return undefined;
  return { over, ...(answer > 0 && prompt < limit && { mostAnswer: limit - prompt }) };
}

function numbers(said: RegExp, message: string): number[] | undefined {
  return said
    .exec(message)
    ?.slice(1)
    .map((digits) => Number(digits.replaceAll(',', '')));
}
