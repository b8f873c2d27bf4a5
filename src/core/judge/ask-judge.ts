import { OrxError } from '../../errors.ts';
import type { ChatRequest, RoutingPreferences } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import { normalizeRequest } from '../request/replay/normalize-request.ts';
import { lastObject, plainReply } from './read-reply.ts';
import { formParameters, formText, type ReplyForm, replyForms, replyText } from './reply-form.ts';
import type { JudgeReply, SendToJudge } from './send-to-judge.ts';
import { type JudgeSpending, NOTHING_SPENT, totalSpending } from './spending.ts';
import type { JudgeTask } from './tasks.ts';

/** The judge, and how it is asked. */
export interface JudgeOptions {
  model: string;
  send: SendToJudge;
  /** Parameters that the model supports; undefined if they are not known. */
  supportedParameters?: readonly string[] | undefined;
  /** The user's data policy. Providers that the lanes are limited to do not concern the judge. */
  routing?: RoutingPreferences | undefined;
}

/** `unreadable`: the judge replied, but decided nothing. `failed`: there was no reply. Neither is a tie, a win or a pass. */
export type Judgment<Value> = (
  | { state: 'decided'; value: Value; reason: string }
  | { state: 'unreadable'; why: string }
  | { state: 'failed'; error: unknown }
) & { spending: JudgeSpending };

/** What answers the questions of a judgment. */
export interface Judge {
  model: string;
  /**
   * Asks once, and once more if the reply cannot be read. `messages` returns the request for an instruction about its form. Throws
   * what would stop every other request too: an interrupt, a missing key, a budget, a model that does not exist.
   */
  ask: <Value>(task: JudgeTask<Value>, messages: (form: string) => Message[]) => Promise<Judgment<Value>>;
}

/** A judge that sends requests. It remembers which form of a reply its endpoint accepts. */
export interface AskingJudge extends Judge {
  /** Returns what all questions so far have cost, including those that ended with an error. */
  spent: () => JudgeSpending;
}

/** Output tokens of the first attempt, and of the second one if the first was cut off: reasoning may need them. */
export const JUDGE_TOKENS = 4_000;
const MORE_TOKENS = 16_000;
const REPEATED = 'Your last reply could not be read. It must have exactly this form. ';
const LONGEST_REASON = 4_000;

export function openJudge({ model, send, supportedParameters, routing }: JudgeOptions): AskingJudge {
  const forms = new FormChoice(replyForms(supportedParameters));
  let hasDecided = false;
  let total = NOTHING_SPENT;
  const takesTemperature = supportedParameters === undefined || supportedParameters.includes('temperature');

  const request = (messages: readonly Message[], form: ReplyForm, task: JudgeTask<unknown>, maxTokens: number): ChatRequest =>
    normalizeRequest({
      model,
      messages,
      stream: true,
      maxTokens,
      ...(takesTemperature && { temperature: 0 }),
      ...formParameters(form, task),
      routing,
    });

  return {
    model,
    spent: () => total,
    async ask(task, messages) {
      let spending = NOTHING_SPENT;
      let maxTokens = JUDGE_TOKENS;
      let why = '';
      for (let attempt = 0; attempt < 2;) {
        const { form, reply: sent } = await forms.use(async (chosen) => {
          const instruction = `${attempt === 0 ? '' : REPEATED}${formText(chosen, task)}`;
          return send(request(messages(instruction), chosen, task, maxTokens));
        });
        const { answer, error } = sent;
        spending = totalSpending([spending, sent.spending]);
        total = totalSpending([total, sent.spending]);
        if (error !== undefined) {
          if (isRejected(error) && forms.hasAfter(form)) continue;
          if (endsJudging(error, hasDecided)) throw error;
          return { state: 'failed', error, spending };
        }
        if (answer.finishReason === 'length') {
          why = `the reply was cut off at ${maxTokens} tokens`;
          maxTokens = MORE_TOKENS;
        } else {
          const reply = replyText(answer, task);
          const value = task.read(reply);
          if (value !== undefined) {
            hasDecided = true;
            return { state: 'decided', value, reason: reasonOf(reply), spending };
          }
          why = reply.trim() === '' ? 'the reply was empty' : `the reply has no ${task.field}`;
        }
        attempt += 1;
      }
      return { state: 'unreadable', why: `${why}, twice`, spending };
    },
  };
}

/** Finds the first form of a reply that an endpoint accepts. Until it is known, one request is sent at a time. */
class FormChoice {
  readonly #forms: readonly ReplyForm[];
  #index = 0;
  #isKnown: boolean;
  #trial: Promise<unknown> | undefined;

  constructor(forms: readonly ReplyForm[]) {
    this.#forms = forms;
    this.#isKnown = forms.length === 1;
  }

  /** Sends a request in the form that is known, or tries the next one. */
  async use(send: (form: ReplyForm) => Promise<JudgeReply>): Promise<{ form: ReplyForm; reply: JudgeReply }> {
    while (!this.#isKnown && this.#trial !== undefined) await this.#trial.catch(() => undefined);
    const form = this.#forms[this.#index]!;
    const sending = send(form);
    if (this.#isKnown) return { form, reply: await sending };
    this.#trial = sending;
    try {
      const reply = await sending;
      if (reply.error === undefined) this.#isKnown = true;
      else if (isRejected(reply.error) && this.hasAfter(form)) this.#index += 1;
      return { form, reply };
    } finally {
      this.#trial = undefined;
    }
  }

  /** Returns whether another form can be tried after this one. */
  hasAfter(form: ReplyForm): boolean {
    return this.#forms.indexOf(form) + 1 < this.#forms.length;
  }
}

/** Returns whether the endpoint may accept the request in another form. */
function isRejected(error: unknown): boolean {
  return error instanceof OrxError && error.reason === undefined && [400, 404, 415, 422].includes(error.status ?? 0);
}

function endsJudging(error: unknown, hasDecided: boolean): boolean {
  if (!(error instanceof OrxError)) return true;
  if (['interrupted', 'authentication', 'credits', 'usage', 'unexpected'].includes(error.kind)) return true;
  return isRejected(error) && !hasDecided;
}

function reasonOf(reply: string): string {
  const text = plainReply(reply);
  const reason = lastObject(text, (value) => typeof value['reason'] === 'string')?.value['reason'];
  return (typeof reason === 'string' ? reason : text).trim().slice(0, LONGEST_REASON);
}
