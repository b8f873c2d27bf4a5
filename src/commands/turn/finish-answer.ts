import type { Outcome } from '../../core/answer/collect.ts';
import type { OutputFormat } from '../../core/settings/settings.ts';
import { OrxError } from '../../errors.ts';
import { parameterHint } from '../../hints.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import type { PreparedPrompt } from '../prompt/prepare.ts';
import type { PromptFlags } from '../prompt/flags.ts';
import { saveMedia } from './save-media.ts';

/** An answer after processing, before the end of its output. */
export interface Finished {
  outcome: Outcome;
  /** Further fields for its JSON. */
  facts?: Readonly<Record<string, unknown>>;
  /** Shows the output that follows the answer itself. */
  show?: () => Promise<void>;
}

export type FinishAnswer = (outcome: Outcome) => Promise<Finished>;

/**
 * Returns a function that, according to the flags, checks an answer against its schema, extracts its code block, writes its media
 * to files and copies it.
 */
export function finishAnswer(
  { checkAnswer, services }: PreparedPrompt,
  options: PromptFlags,
  format: OutputFormat,
  isQuiet: boolean,
  context: Context,
): FinishAnswer {
  const { stdout, stderr } = context.terminal.streams;
  const isExtracted = options.extract === true || options.extractLast === true;
  return async (collected) => {
    const { answer } = collected;
    const saved = await saveMedia(answer, options.outDir ?? '.', services, context, format === 'text');
    let error = collected.error ?? saved.error;
    let block: string | undefined;
    if (isExtracted && error === undefined) {
      block = (await codeBlocks(answer.text)).at(options.extractLast === true ? -1 : 0);
      if (block === undefined) error = noCodeBlock(checkAnswer !== undefined && checkAnswer(answer.text) === undefined);
    }
    // In JSON, an answer that requests tools is shown with their calls, so it is not the last one.
    const isLast = format === 'text' || answer.toolCalls.length === 0;
    if (error === undefined && checkAnswer !== undefined && isLast) {
      const misfit = checkAnswer(block ?? answer.text);
      const isFenced = misfit !== undefined && !isExtracted && (await codeBlocks(answer.text)).some((one) => !checkAnswer(one));
      if (isFenced) error = fencedAnswer();
      else error = misfit !== undefined && answer.finishReason === 'length' ? cutAnswer(misfit) : misfit;
    }
    const facts = {
      ...(saved.files.length === 0 ? {} : { files: saved.files }),
      ...(block === undefined ? {} : { extracted: block }),
    };
    return {
      outcome: error === undefined ? collected : { answer, error },
      facts,
      ...(isExtracted || saved.show !== undefined || options.copy === true ? { show } : {}),
    };

    async function show(): Promise<void> {
      if (isExtracted && format === 'text') {
        if (block !== undefined && error === undefined) await write(stdout, block);
        // Print the answer anyway, because it was paid for.
        else if (answer.text !== '') stderr.write(`${answer.text}\n`);
      }
      await saved.show?.();
      if (options.copy !== true || error !== undefined) return;
      const way = await (await services()).copyText(block ?? answer.text);
      if (!isQuiet) stderr.write(`copied to the clipboard (${way})\n`);
    }
  };
}

/** Loaded only when an answer is searched for code blocks. */
async function codeBlocks(markdown: string): Promise<readonly string[]> {
  return (await import('../../core/answer/code-blocks.ts')).codeBlocks(markdown);
}

function noCodeBlock(fitsAsWhole: boolean): OrxError {
  return new OrxError('the response contains no code block', {
    kind: 'provider',
    code: 'no-code-block',
    hints: [fitsAsWhole ? 'the whole response matches the schema; omit -x' : 'ask for a code block in the prompt, or omit -x'],
  });
}

function cutAnswer({ message, kind, code }: OrxError): OrxError {
  return new OrxError(message, {
    kind,
    code,
    hints: [parameterHint('the output limit cut it off; allow more tokens', 'max-tokens', 'N')],
  });
}

function fencedAnswer(): OrxError {
  return new OrxError('the response does not match the schema: only a code block in it does', {
    kind: 'provider',
    code: 'schema-mismatch',
    hints: [{ shell: 'print and check only the code block: -x', session: 'ask for JSON without a code block' }],
  });
}
