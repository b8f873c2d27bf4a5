import { capability } from '../../apis/api.ts';
import type { Embeddings } from '../../apis/embeddings.ts';
import { embedThrough } from '../../core/pipeline/embed-through.ts';
import { embeddingWriter } from '../../output/text-rows/embeddings.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { TextRowSender } from '../text-rows/sender.ts';
import { type EmbedCommandOptions, parseEmbed } from './options.ts';

/** `orx embed`: writes the vectors of each batch as soon as it and those before it have arrived. */
export const embedTexts = { parse: parseEmbed, run: runEmbed };

async function runEmbed(options: EmbedCommandOptions, context: Context): Promise<number> {
  const { words, dimensions, inputType, encoding, format, settings } = options;
  const { stdout } = context.terminal.streams;
  const sender = await TextRowSender.open('embed', options, context);
  const { model, routing } = sender;
  const embed = embedThrough(capability(sender.api, 'embed'), sender.through);
  const writer = await embeddingWriter(format, { asBase64: encoding === 'base64', isSandbox: settings.sandbox, asked: model });
  const replies = sender.send(words, (rows, { signal, onWait }): Promise<Embeddings> =>
    embed(
      { model, inputs: rows.map(({ text }) => text), dimensions, inputType, routing, encoding: encoding ?? 'base64' },
      { signal, onWait },
    ),
  );
  await write(stdout, writer.begin());
  for await (const { rows, reply } of replies) {
    await write(stdout, await writer.rows(rows, reply.vectors));
    // Nobody reads the rest.
    if (stdout.destroyed) break;
  }
  await write(stdout, writer.end(sender.results));
  const omitted = writer.omitted();
  if (omitted.length > 0 && !options.isQuiet)
    sender.reports.warn(`CSV has the fields of the first row, without ${omitted.join(', ')}`);
  await sender.end('texts');
  return 0;
}
