import { type Api } from '../../apis/api.ts';
import type { RoutingPreferences, StreamCompletion } from '../../apis/completion.ts';
import { parseDirectId } from '../../apis/direct-id.ts';
import { pipeline, type PipelineOptions } from '../../core/pipeline/pipeline.ts';
import { routingPreferences } from '../../core/request/chat-request.ts';
import { askParts, type AskedPart, FailureLimit } from '../../core/text-rows/ask-parts.ts';
import { batchRows } from '../../core/text-rows/batches.ts';
import { inOrder } from '../../core/text-rows/in-order.ts';
import { readRows } from '../../core/text-rows/read-rows.ts';
import { RequestTotals } from '../../core/text-rows/request-totals.ts';
import type { InputRow } from '../../core/text-rows/row.ts';
import { isUnbilled } from '../../core/budget/is-unbilled.ts';
import { OrxError, shellHint, usageError, withFacts } from '../../errors.ts';
import type { WaitEvent } from '../../output/chat/retry.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { RowResults } from '../../output/text-rows/embeddings.ts';
import { textRowsReceipt } from '../../output/text-rows/receipt.ts';
import { STANDARD_INPUT } from '../../text/utf8.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import type { Context } from '../context.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';
import { findStoredModel } from '../stored-model.ts';
import type { TextRowOptions } from './options.ts';
import { RowReports } from './reports.ts';
import { RunningBatches } from './running-batches.ts';

/** The reply to one request. */
interface RowsReply {
  model: string;
  provider?: string | undefined;
  usage?: Parameters<RequestTotals['add']>[0]['usage'];
  dropped?: readonly string[] | undefined;
}

/** How one request is sent. */
export interface BatchCallOptions {
  signal: AbortSignal;
  onWait: (wait: WaitEvent) => void;
}

const BATCH_SIZE = 100;
/** Hosts accept between 100,000 and 300,000 tokens in one request. */
const BATCH_TOKENS = 100_000;
const AT_ONCE = 4;
/** How many finished batches may wait for an earlier one. */
const AHEAD = 4;
const SILENCE_MS = 250;
/** Reads texts, sends them in batches, and reports what failed. */
export class TextRowSender {
  readonly model: string;
  readonly routing: RoutingPreferences;
  readonly api: Api;
  readonly totals = new RequestTotals();
  readonly through: (stream: StreamCompletion) => StreamCompletion;
  readonly reports: RowReports;
  readonly #options: TextRowOptions;
  readonly #context: Context;
  readonly #accounting: RunAccounting;
  readonly #most: number;
  readonly #atOnce: number;
  readonly #running: RunningBatches;
  readonly #limit = new FailureLimit();
  #rows = 0;

  private constructor(
    options: TextRowOptions,
    context: Context,
    opened: {
      model: string;
      api: Api;
      accounting: RunAccounting;
      most: number;
      atOnce: number;
      limitOf: PipelineOptions['limitOf'];
    },
  ) {
    const { settings } = options;
    this.#options = options;
    this.#context = context;
    this.reports = new RowReports(options, context);
    this.#running = new RunningBatches(options, context);
    this.model = opened.model;
    this.api = opened.api;
    this.#accounting = opened.accounting;
    this.#most = opened.most;
    this.#atOnce = opened.atOnce;
    this.routing = routingPreferences(settings);
    this.through = (streamCompletion) =>
      pipeline(
        { ...opened.api, streamCompletion },
        {
          ...context.clock,
          retries: settings.retries,
          longestMs: settings['retry-max-time'] * 1000,
          limitOf: opened.limitOf,
          random: Math.random,
          record: opened.accounting.wrap,
          findModel: (name) => findStoredModel(name, settings, context),
        },
      );
  }

  /** Opens the API and the ledger. Throws kind `authentication` without a key. */
  static async open(command: 'embed' | 'rerank', options: TextRowOptions, context: Context): Promise<TextRowSender> {
    const { settings, isQuiet, batchSize = BATCH_SIZE, concurrency } = options;
    // Before anything is read.
    routingPreferences(settings);
    const [model = options.model] = await resolveNames([options.model], settings, context, { isQuiet });
    const apis = context.apis.for(settings);
    const api = await apis.open({ requireKey: true, models: [model] });
    const limit = await api.mostInputs?.(model, command);
    const vendor = settings.sandbox ? undefined : parseDirectId(model)?.vendor;
    // A server on this machine usually answers one request after the other.
    const isLocal = vendor !== undefined && apis.vendors().find(({ name }) => name === vendor)?.isLocal === true;
    const accounting = await openAccounting(command, settings, api, context, { isBatch: true });
    const limitOf = settings.pacing ? await apis.openLimits() : undefined;
    const sender = new TextRowSender(options, context, {
      limitOf,
      model,
      api,
      accounting,
      most: Math.min(batchSize, limit ?? batchSize),
      atOnce: concurrency ?? (isLocal ? 1 : AT_ONCE),
    });
    sender.#running.listen();
    return sender;
  }

  /** What the output states at its end. */
  get results(): RowResults {
    return { totals: this.totals, faults: this.reports.faults, failed: this.reports.failed };
  }

  /** Yields the rows of the input and the reply to each batch, in the order of the input. Nothing that was paid for is lost. */
  async *send<Reply extends RowsReply>(
    words: readonly string[],
    ask: (rows: readonly InputRow[], options: BatchCallOptions) => Promise<Reply>,
  ): AsyncGenerator<{ rows: readonly InputRow[]; reply: Reply }, void, undefined> {
    const { batchTokens = BATCH_TOKENS } = this.#options;
    const { over } = this.#running;
    const batches = batchRows(words.length > 0 ? wordRows(words) : this.#readRows(), {
      most: this.#most,
      mostTokens: batchTokens,
      silence: (signal) => this.#context.clock.sleep(SILENCE_MS, signal),
      isStopped: () => over.aborted,
    });
    const limits = { atOnce: this.#atOnce, ahead: this.#atOnce * AHEAD };
    for await (const parts of inOrder(batches, (rows) => this.#askBatch(rows, ask), limits)) {
      for (const part of parts) {
        this.#rows += part.rows.length;
        if ('error' in part) this.reports.failed.push(part);
        else yield part;
      }
    }
  }

  /**
   * Settles the ledger and prints the receipt. Then throws the failure that the command ends with: a stop, a failed request, rows
   * that could not be read, or no rows at all.
   */
  async end(unit: 'texts' | 'documents'): Promise<void> {
    const { settings, showsReceipt, isQuiet, model } = this.#options;
    const { stderr } = this.#context.terminal.streams;
    // If nobody reads the output, some may still be running.
    await this.#running.end();
    await this.#accounting.close();
    const sums = this.totals.sums();
    this.reports.printFailures(sums.texts > 0);
    if (showsReceipt && sums.requests > 0) {
      const line = textRowsReceipt(sums, { asked: model, isSandbox: settings.sandbox, unit });
      styled(stderr).write(`${this.#context.terminal.themeOf(stderr).paint(['dim'], line)}\n`);
    }
    printAccountingNotes(this.#accounting, this.#context, { isQuiet });
    this.#context.lifetime.interrupt.throwIfAborted();
    const { failed, faults } = this.reports;
    if (failed.length > 0) throw withOwnHints(failed[0]!.error);
    if (faults.length > 0)
      throw usageError(
        `${faults.length} ${faults.length === 1 ? 'row' : 'rows'} could not be read; all others were sent`,
        'name the field with the text: --field NAME',
        'read each line as a plain text: --input-format lines',
      );
    if (this.#rows === 0) throw usageError('the input has no texts', 'pipe in lines or JSONL, or read a file: -f FILE');
  }

  async #askBatch<Reply extends RowsReply>(
    rows: readonly InputRow[],
    ask: (rows: readonly InputRow[], options: BatchCallOptions) => Promise<Reply>,
  ): Promise<readonly AskedPart<InputRow, Reply>[]> {
    // It was read before the failure that ended the command.
    if (this.#running.over.aborted) return [];
    const parts = await this.#running.add(
      askParts(rows, (some) => ask(some, { signal: this.#running.canceled, onWait: (wait) => this.reports.printWait(wait) })),
    );
    for (const part of parts) {
      if ('error' in part) {
        if (!isUnbilled(part.error) && !isStop(part.error)) this.totals.addUnknown();
      } else {
        this.totals.add(part.reply, part.rows.length);
        this.reports.printDropped(part.reply.dropped ?? []);
      }
      if (this.#limit.see(part)) this.#running.sendNoMore();
    }
    return parts;
  }

  #readRows(): AsyncGenerator<readonly InputRow[], void, undefined> {
    const { files, form, fields } = this.#options;
    const signal = this.#running.over;
    const sources = files.map((path) =>
      path === '-'
        ? { name: STANDARD_INPUT, lines: this.#context.files.streamLines(undefined, signal) }
        : { name: path, file: path, lines: this.#context.files.streamLines(path, signal) },
    );
    return readRows(sources, { form, fields, onFault: (fault) => this.reports.noteFault(fault) });
  }
}

async function* wordRows(words: readonly string[]): AsyncGenerator<readonly InputRow[], void, undefined> {
  yield words.map((text, index) => ({ index, place: `text ${index + 1}`, text, source: text }));
}

/** Returns the error without hints about what only a chat has. */
function withOwnHints(error: unknown): unknown {
  if (!(error instanceof OrxError)) return error;
  return withFacts(error, { hints: error.hints.filter((hint) => !/--fallback|attachments/.test(shellHint(hint))) });
}

function isStop(error: unknown): boolean {
  return error instanceof OrxError && (error.kind === 'interrupted' || error.code === 'budget');
}
