import { capability } from '../../apis/api.ts';
import type { Reranking } from '../../apis/rerank.ts';
import { rerankThrough } from '../../core/pipeline/embed-through.ts';
import { bestFirst, type ScoredRow } from '../../core/text-rows/best-first.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { showTable } from '../show-table.ts';
import { TextRowSender } from '../text-rows/sender.ts';
import { parseRerank, type RerankCommandOptions } from './options.ts';

/** `orx rerank`: prints the documents by relevance, once all of them have a score. */
export const rerankDocuments = { parse: parseRerank, run: runRerank };

async function runRerank(options: RerankCommandOptions, context: Context): Promise<number> {
  const { query, top } = options;
  const sender = await TextRowSender.open('rerank', options, context);
  const { model, routing } = sender;
  const rerank = rerankThrough(capability(sender.api, 'rerank'), sender.through);
  const replies = sender.send([], (rows, { signal, onWait }): Promise<Reranking> =>
    rerank(
      {
        model,
        query,
        documents: rows.map(({ text }) => text),
        top: top === undefined ? undefined : Math.min(top, rows.length),
        routing,
      },
      { signal, onWait },
    ),
  );
  const scored: ScoredRow[] = [];
  for await (const { rows, reply } of replies)
    for (const { index, score } of reply.results) scored.push({ row: rows[index]!, score });
  await show(bestFirst(scored, top), sender, options, context);
  if (sender.reports.failed.length > 0 && scored.length > 0)
    sender.reports.warn('the ranking is incomplete: it lacks the documents without a result');
  await sender.end('documents');
  return 0;
}

async function show(
  ranked: readonly ScoredRow[],
  sender: TextRowSender,
  { format, settings: { sandbox: isSandbox } }: RerankCommandOptions,
  context: Context,
): Promise<void> {
  const output = await import('../../output/text-rows/ranking.ts');
  if (format === 'table') {
    if (ranked.length > 0)
      await showTable(context, { isSandbox, notes: [], table: (forTerminal) => output.documentsTable(ranked, forTerminal) });
    return;
  }
  const { stdout } = context.terminal.streams;
  if (format === 'json') await write(stdout, output.rankingJson(ranked, sender.results, sender.model, isSandbox));
  else if (format === 'csv') await write(stdout, await output.rankingCsv(ranked));
  else if (format === 'jsonl') await write(stdout, output.rankingLines(ranked, isSandbox));
  else await write(stdout, ranked.map(({ row }) => `${row.source}\n`).join(''));
}
