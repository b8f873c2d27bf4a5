import type { ChatSettings } from '../../core/settings/groups.ts';
import { type ContextOptions, contextUse, type ContextUse } from '../../core/conversation/context-use.ts';
import { lastAnswer } from '../../core/conversation/last-answer.ts';
import type { Transcript } from '../../core/conversation/transcript.ts';
import { findListed } from '../../core/models/find-listed.ts';
import type { Candidate } from '../../core/session/suggestions.ts';
import { type Draft, joinDrafts, typedDraft } from '../../core/session/draft.ts';
import { editorDraft } from '../../core/session/editor.ts';
import { startInput, type SessionInput, withDraft } from '../../core/session/input.ts';
import type { SlashCommand } from '../../core/session/slash-commands.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { OrxError, sessionHint } from '../../errors.ts';
import { accountingNoteLines } from '../../output/ledger/notes.ts';
import { errorText } from '../../output/text/error.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Conversation } from '../../storage/conversations/conversations.ts';
import type { StreamCompletion, Usage } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { Line, Tone } from '../../ui/screen/line.ts';
import { textLines } from '../../ui/session/transcript-lines.ts';
import type { SessionScreen } from '../../ui/session/app.tsx';
import type { AnswerFeed } from '../../ui/chat/answer-feed.ts';
import type { ChatOptions } from '../turn/options.ts';
import { type Chat, type ChatExtras, openChat } from '../turn/open.ts';
import type { Context } from '../context.ts';
import type { OpenTranscript } from '../turn/open-transcript.ts';
import type { Written } from './written.ts';
import { isAlarm, isDamage } from '../ledger/print-notes.ts';
import type { SessionServices } from '../session-services.ts';
import { sessionFacts } from './facts.ts';
import { openTally, type Tally, withUsage } from './tally.ts';
import type { RunTools } from '../tools/open.ts';
import type { LendTerminal } from './terminal-loan.ts';
import type { ToolOptions } from '../tools/options.ts';

/** What a command does with what stands behind its name, `draft` being all of what was written. It throws what should be said. */
export type SlashRun = (
  session: Session,
  rest: string,
  signal: AbortSignal,
  skipLookUps: AbortSignal,
  draft: Draft,
) => Promise<void> | void;

export interface SessionCommand extends SlashCommand {
  run: SlashRun;
}

/** What all conversations of a run are opened with. */
export interface SessionExtras extends Omit<ChatExtras, 'transcript'> {
  /** What the flags said of tools: `/tools` adds to it. */
  toolOptions?: ToolOptions | undefined;
}

/** A conversation on a terminal: all of it that changes, in one place. Commands are functions that take it. */
export class Session {
  readonly context: Context;
  readonly options: ChatOptions;
  readonly services: SessionServices;
  readonly commands: readonly SessionCommand[];
  /** --drop-oldest: what does not fit may be left out unasked. */
  readonly dropsOldest: boolean;
  extras: SessionExtras;
  chat: Chat;
  transcript: Transcript;
  input: SessionInput;
  /** What was sent while something else ran, oldest first. */
  queue: Draft[] = [];
  /** A message or a command is being worked on. */
  isBusy = false;
  /** Tools run for the answer: what stops first are they. */
  hasRunningTools = false;
  /** The answer that comes, and whom orx waits for until it does. */
  feed: AnswerFeed | undefined;
  waiting: (() => string) | undefined;
  /** What was written for a question, beside the message made of it. */
  readonly written = new WeakMap<Message, Written>();
  /** The paths that were offered last, and what for. */
  offered: { typed: string; at: number; candidates: readonly Candidate[] } | undefined;
  /** What the model may have called, and what was said of it by flags and /tools. */
  tools: RunTools | undefined;
  toolOptions: ToolOptions | undefined;
  /** Names of the servers that are stored; undefined until they are asked for. */
  toolServers: readonly string[] | undefined;
  /** The catalogue, once it is there. */
  models: readonly Model[] = [];
  /** Of this conversation, with what it had cost before. */
  tally: Tally;
  /** The next message is another form of the last one: its answer replaces that turn. */
  replacesLast = false;
  isLeaving = false;
  /** A message was sent in this run, whatever came of it. */
  hasAsked = false;
  /** What it costs to send the typed message, for the status line; undefined where nothing is typed or no price is known. */
  promptCost: string | undefined;
  /** Model, context and cost, for the status line. */
  facts: readonly string[] = [];
  screen!: SessionScreen;
  /** Gives the terminal to somebody else for a while. */
  lend!: LendTerminal;

  constructor(parts: {
    context: Context;
    options: ChatOptions;
    services: SessionServices;
    chat: Chat;
    extras: SessionExtras;
    transcript: Transcript;
    dropsOldest: boolean;
    commands: readonly SessionCommand[];
  }) {
    this.commands = parts.commands;
    this.context = parts.context;
    this.options = parts.options;
    this.services = parts.services;
    this.extras = parts.extras;
    this.chat = this.#counting(parts.chat);
    this.tools = parts.options.tools;
    this.toolOptions = parts.extras.toolOptions;
    this.input = startInput(parts.services.prompts.entries);
    this.transcript = parts.transcript;
    this.dropsOldest = parts.dropsOldest;
    this.tally = openTally(parts.transcript, parts.chat.accounting.sums());
    this.refresh();
  }

  /** The answer that stands last in the conversation, whenever it came; undefined: there is none. */
  get lastAnswer(): { text: string; reasoning: string } | undefined {
    return lastAnswer(this.transcript.stored);
  }

  get settings(): ChatSettings {
    return this.chat.settings;
  }

  /** One column stays free: text that fills a row exactly leaves terminals of different minds about where the cursor is. */
  get width(): number {
    // Plain lines are as long as they are: a screen reader knows no width.
    if (!this.options.isLive) return Number.MAX_SAFE_INTEGER;
    return Math.max(10, (this.context.terminal.streams.stdout.columns ?? 80) - 1);
  }

  /** How many of them text is wrapped at. */
  get prose(): number {
    return this.options.isLive ? Math.min(this.width, this.settings.width) : this.width;
  }

  set<K extends keyof ChatSettings>(key: K, value: ChatSettings[K] | undefined): void {
    const settings = withSettings(this.settings, { [key]: value });
    this.chat = { ...this.chat, settings };
  }

  /** Another conversation, with the model and system prompt that are to hold in it. */
  async change({ transcript, settings }: OpenTranscript): Promise<void> {
    this.chat = this.#counting(await openChat('chat', settings, this.context, { ...this.extras, transcript }));
    // The same conversation under another name has cost the same.
    if (transcript.id !== this.transcript.id) this.tally = openTally(transcript, this.chat.accounting.sums());
    this.transcript = transcript;
    this.replacesLast = false;
  }

  /** Those that are stored, the latest first; none where nothing is stored. */
  conversations = (): readonly Conversation[] => [];

  /** What the model may have called from now on, in this conversation and the next. */
  useTools(tools: RunTools | undefined, options: ToolOptions | undefined): void {
    const { tools: _, ...others } = this.extras.overrides ?? {};
    const overrides = tools === undefined ? others : { ...others, tools: tools.requestTools };
    this.extras = { ...this.extras, overrides };
    this.chat = { ...this.chat, overrides };
    this.tools = tools;
    this.toolOptions = options;
  }

  #counting(chat: Chat): Chat {
    return { ...chat, stream: this.counted(chat.stream), withoutTranscript: this.counted(chat.withoutTranscript) };
  }

  /** The same stream; what it costs is added up. An answer that is complete and names no usage has a cost that nobody knows. */
  counted(stream: StreamCompletion): StreamCompletion {
    const add = (usage: Usage | undefined): void => {
      this.tally = usage === undefined ? { ...this.tally, unknown: this.tally.unknown + 1 } : withUsage(this.tally, usage);
    };
    return async function* counted(request, options) {
      let isUnknown = true;
      for await (const event of stream(request, options)) {
        if (event.type === 'usage') {
          isUnknown = false;
          add(event.usage);
        }
        if (event.type === 'response-end' && isUnknown) add(undefined);
        yield event;
      }
    };
  }

  contextOptions(): ContextOptions {
    const model = findListed(this.settings.model, this.models);
    return { contextLength: model?.contextLength, system: this.settings.system, maxTokens: this.settings['max-tokens'] };
  }

  /** Facts change with what was said, not with each frame. */
  refresh(): void {
    this.facts = sessionFacts(this);
  }

  contextUse(): ContextUse {
    return contextUse(this.transcript.sent(), this.contextOptions());
  }

  /** What runs in the conversation has the terminal for a while. */
  withTerminal<T>(work: () => Promise<T>): Promise<T> {
    return this.lend('work', work);
  }

  /** Into the prompt, before what is being written there. */
  putBack(draft: Draft): void {
    const written = editorDraft(this.input.editor);
    this.input = withDraft(this.input, written.text === '' ? draft : joinDrafts(draft, typedDraft('\n'), written));
  }

  print(lines: readonly Line[]): void {
    this.screen.print(lines);
  }

  printText(text: string, tone: Tone = 'dim'): void {
    this.print(textLines(text, tone, this.prose, this.width));
  }

  /** Prints why something failed; that the user stopped it needs no word. */
  printError(error: unknown): void {
    if (error instanceof OrxError && error.kind === 'interrupted') return;
    const text = errorText(error, { hintText: sessionHint, secrets: this.context.terminal.secrets, columns: this.prose });
    for (const line of text.trimEnd().split('\n')) this.printText(line, line.startsWith('hint:') ? 'plain' : 'bad');
  }

  printNotes(): void {
    for (const note of this.chat.accounting.drainNotes()) {
      const isHeard = !this.options.isQuiet || isAlarm(note);
      if (isHeard) for (const line of accountingNoteLines(note)) this.printText(line, 'warning');
    }
    for (const error of this.transcript.drainErrors()) {
      const text = error instanceof Error ? `this conversation is not stored: ${error.message}` : String(error);
      if (!this.options.isQuiet || isDamage(error)) this.printText(`warning: ${text}`, 'warning');
    }
  }
}
