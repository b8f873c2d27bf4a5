import type { Outcome } from '../core/collect-answer.ts';
import type { OutputFormat } from '../core/settings.ts';
import { OrxError } from '../errors.ts';
import { write } from '../output/write-stream.ts';
import type { Context } from './context.ts';
import type { PreparedChat } from './prepare-chat.ts';
import type { PromptOptions } from './prompt-options.ts';
import { saveMedia } from './save-media.ts';

/** What became of an answer before it is shown to its end. */
export interface Finished {
  outcome: Outcome;
  /** Further fields for its JSON. */
  facts?: Readonly<Record<string, unknown>>;
  /** What there is to show after the answer itself. */
  show?: () => Promise<void>;
}

export type FinishAnswer = (outcome: Outcome) => Promise<Finished>;

/** Checks an answer against its schema, takes its code block out, writes its media into files and copies it, as the flags say. */
export function finishAnswer(
  { checkAnswer, desk }: PreparedChat,
  options: PromptOptions,
  format: OutputFormat,
  isQuiet: boolean,
  context: Context,
): FinishAnswer {
  const { stdout, stderr } = context.streams;
  const isExtracted = options.extract === true || options.extractLast === true;
  return async (collected) => {
    const { answer } = collected;
    const saved = await saveMedia(answer, options.outDir ?? '.', desk, context, format === 'text');
    let error = collected.error ?? saved.error;
    if (error === undefined && answer.toolCalls.length === 0) error = checkAnswer?.(answer.text);
    let block: string | undefined;
    if (isExtracted && error === undefined) {
      const { codeBlocks } = await import('../core/code-blocks.ts');
      block = codeBlocks(answer.text).at(options.extractLast === true ? -1 : 0);
      if (block === undefined) error = noCodeBlock();
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
        if (block !== undefined) await write(stdout, block);
        // Nothing that was paid for is lost.
        else if (answer.text !== '') stderr.write(`${answer.text}\n`);
      }
      await saved.show?.();
      if (options.copy !== true || error !== undefined) return;
      const way = await (await desk()).copyText(block ?? answer.text);
      if (!isQuiet) stderr.write(`copied to the clipboard (${way})\n`);
    }
  };
}

function noCodeBlock(): OrxError {
  return new OrxError('the answer holds no code block', {
    kind: 'provider',
    code: 'no-code-block',
    hints: ['ask for one in the prompt, or leave out -x'],
  });
}
