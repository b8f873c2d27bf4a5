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
import type { StreamCompletion } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { Line, Tone } from '../../ui/screen/line.ts';
import { textLines } from '../../ui/session/transcript-lines.ts';
import type { SessionScreen } from '../../ui/session/app.tsx';
import type { AnswerFeed } from '../../ui/chat/answer-feed.ts';
import type { ChatOptions } from '../turn/options.ts';
import { type Chat, type ChatExtras, openChat } from '../turn/open.ts';
import { pinLast, type Unpinned } from '../turn/pin.ts';
import type { Context } from '../context.ts';
import type { OpenTranscript } from '../turn/open-transcript.ts';
import type { Written } from './mentions/written.ts';
import { isAlarm } from '../ledger/print-notes.ts';
import type { SessionServices } from '../context/session-services.ts';
import { sessionFacts } from './facts.ts';
import { openTally, type Tally, withRequest, withUsageOf } from './tally.ts';
import type { RunTools } from '../tools/open.ts';
import type { LendTerminal } from './terminal-loan.ts';
import type { ToolOptions } from '../tools/options.ts';

/** Runs a command with the text after its name; `draft` is the whole input. Throws an error to show. */
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

/** The options of all conversations of a command. */
export interface SessionExtras extends Omit<ChatExtras, 'transcript'> {
  /** Only the endpoint that answered last may answer: the routing settings that this replaces. Undefined: nothing is pinned. */
  pin?: { unpinned: Unpinned } | undefined;
  /** The tools given by flags; `/tools` adds to them. */
  toolOptions?: ToolOptions | undefined;
}

/** The state of a conversation on a terminal, all in one place. Commands are functions that take it. */
export class Session {
  readonly context: Context;
  readonly options: ChatOptions;
  readonly services: SessionServices;
  readonly commands: readonly SessionCommand[];
  /** --drop-oldest: omit messages that do not fit without asking. */
  readonly dropsOldest: boolean;
  extras: SessionExtras;
  chat: Chat;
  transcript: Transcript;
  input: SessionInput;
  /** Messages sent while other work runs, oldest first. */
  queue: Draft[] = [];
  /** A message or a command is being processed. */
  isBusy = false;
  /** Tools are running for the answer; Ctrl-C stops them first. */
  hasRunningTools = false;
  /** The streaming answer, and the text that says what orx waits for until then. */
  feed: AnswerFeed | undefined;
  waiting: (() => string) | undefined;
  /** What the user wrote for a question, by the message made of it. */
  readonly written = new WeakMap<Message, Written>();
  /** The paths offered last, and the text that they complete. */
  offered: { typed: string; at: number; candidates: readonly Candidate[] } | undefined;
  /** The tools that the model may call, and the options from flags and /tools. */
  tools: RunTools | undefined;
  toolOptions: ToolOptions | undefined;
  /** The names of the stored servers; undefined until they are read. */
  toolServers: readonly string[] | undefined;
  /** The models of the catalog, once loaded. */
  models: readonly Model[] = [];
  /** The costs of this conversation, including those before this command. */
  tally: Tally;
  /** The next message is a new version of the last one: its answer replaces that turn. */
  replacesLast = false;
  isLeaving = false;
  /** The estimated cost of the typed message, for the status line; undefined if nothing is typed or no price is known. */
  promptCost: string | undefined;
  /** Model, context and cost, for the status line. */
  facts: readonly string[] = [];
  screen!: SessionScreen;
  /** Lends the terminal. */
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

  /** Returns the last answer of the conversation, also from an earlier command; undefined if there is none. */
  get lastAnswer(): { text: string; reasoning: string } | undefined {
    return lastAnswer(this.transcript.stored);
  }

  get settings(): ChatSettings {
    return this.chat.settings;
  }

  /** Returns the number of columns. One column stays free, because terminals differ in where the cursor is after a full row. */
  get width(): number {
    // Plain lines are not wrapped: a screen reader has no width.
    if (!this.options.isLive) return Number.MAX_SAFE_INTEGER;
    return Math.max(10, (this.context.terminal.streams.stdout.columns ?? 80) - 1);
  }

  /** Returns the number of columns at which text is wrapped. */
  get prose(): number {
    return this.options.isLive ? Math.min(this.width, this.settings.width) : this.width;
  }

  set<K extends keyof ChatSettings>(key: K, value: ChatSettings[K] | undefined): void {
    const settings = withSettings(this.settings, { [key]: value });
    this.chat = { ...this.chat, settings };
  }

  /** Returns the settings for a request to another model: a pin holds only for the model of the conversation. */
  get unpinned(): ChatSettings {
    const { pin } = this.extras;
    return pin === undefined ? this.settings : withSettings(this.settings, pin.unpinned);
  }

  /** Runs work with other settings, then restores the settings of the conversation. */
  async withOtherSettings(settings: ChatSettings, work: () => Promise<void>): Promise<void> {
    const before = this.settings;
    this.chat = { ...this.chat, settings };
    try {
      await work();
    } finally {
      this.chat = { ...this.chat, settings: before };
    }
  }

  /** Switches to another conversation, with its model and system prompt; `keepsSettings`: the same one or a copy, with the current settings. */
  async change({ transcript, settings }: OpenTranscript, keepsSettings = false): Promise<void> {
    const chosen = keepsSettings ? settings : await this.#pinned(transcript, settings);
    this.chat = this.#counting(await openChat('chat', chosen, this.context, { ...this.extras, transcript }));
    // The same conversation under another name keeps its cost.
    if (transcript.id !== this.transcript.id) this.tally = openTally(transcript, this.chat.accounting.sums());
    this.transcript = transcript;
    this.replacesLast = false;
  }

  /** Returns the stored conversations, latest first; none if nothing is stored. */
  conversations = (): readonly Conversation[] => [];

  /** Sets the tools that the model may call from now on, in this conversation and the next. */
  useTools(tools: RunTools | undefined, options: ToolOptions | undefined): void {
    const { tools: _, ...others } = this.extras.overrides ?? {};
    const overrides = tools === undefined ? others : { ...others, tools: tools.requestTools };
    this.extras = { ...this.extras, overrides };
    this.chat = { ...this.chat, overrides };
    this.tools = tools;
    this.toolOptions = options;
  }

  /** Pins the endpoint that answered last, and returns its text. Throws a usage error if no endpoint has answered. */
  async pin(): Promise<string> {
    const { settings, text, unpinned } = await pinLast(this.transcript, this.unpinned, this.context, false);
    this.extras = { ...this.extras, pin: { unpinned } };
    this.chat = { ...this.chat, settings };
    this.transcript.useModel(settings.model);
    return text;
  }

  /** Lets other endpoints answer again. Returns whether one was pinned. */
  unpin(): boolean {
    const { pin } = this.extras;
    if (pin === undefined) return false;
    this.extras = { ...this.extras, pin: undefined };
    this.chat = { ...this.chat, settings: withSettings(this.settings, pin.unpinned) };
    return true;
  }

  /** Returns the settings for another conversation: a pin holds for the endpoint that answered last there. */
  async #pinned(transcript: Transcript, settings: ChatSettings): Promise<ChatSettings> {
    const { pin } = this.extras;
    if (pin === undefined) return settings;
    const free = withSettings(settings, pin.unpinned);
    try {
      const pinned = await pinLast(transcript, free, this.context, false);
      transcript.useModel(pinned.settings.model);
      this.printText(`pinned to ${pinned.text}`);
      return pinned.settings;
    } catch (error) {
      if (!(error instanceof OrxError)) throw error;
      this.extras = { ...this.extras, pin: undefined };
      this.printText(`no longer pinned: ${error.message}`, 'warning');
      return free;
    }
  }

  #counting(chat: Chat): Chat {
    return {
      ...chat,
      push: undefined,
      stream: this.counted(chat.stream),
      withoutTranscript: this.counted(chat.withoutTranscript),
    };
  }

  /** Returns the same stream; the tally includes its answers. */
  counted(stream: StreamCompletion): StreamCompletion {
    return withUsageOf(stream, (usage) => {
      this.tally = withRequest(this.tally, usage);
    });
  }

  contextOptions(): ContextOptions {
    const model = findListed(this.settings.model, this.models);
    return { contextLength: model?.contextLength, system: this.settings.system, maxTokens: this.settings['max-tokens'] };
  }

  /** Updates the facts. They change with messages, not with each frame. */
  refresh(): void {
    this.facts = sessionFacts(this);
  }

  contextUse(): ContextUse {
    return contextUse(this.transcript.sent(), this.contextOptions());
  }

  /** Lends the terminal to work of the conversation. */
  withTerminal<T>(work: () => Promise<T>): Promise<T> {
    return this.lend('work', work);
  }

  /** Puts a draft into the prompt, before the text that is being written there. */
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

  /** Prints why something failed; nothing if the user stopped it. */
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
      this.printText(`warning: ${text}`, 'warning');
    }
  }
}
