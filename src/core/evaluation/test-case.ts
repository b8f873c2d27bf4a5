/** A place in the user's files. `line` starts at 1, and is undefined if the format has no lines. */
export interface Origin {
  file: string;
  line?: number | undefined;
}

/** One message of a prompt: text only. */
export interface TestMessage {
  role: 'system' | 'user' | 'assistant';
  text: string;
}

/** One row: a prompt with what is expected of its answer. Everything in it comes from files and is untrusted. */
export interface TestCase {
  /** The id in the file, or a number in reading order. Unique in the file. */
  id: string;
  /**
   * The id of the test that this case belongs to. A test with several prompts has one case for each of them; `select-best` compares
   * their answers.
   */
  testId: string;
  /** The description in the file. */
  label?: string | undefined;
  /** The name of the prompt, if the file has several. `FileLane.prompts` refers to it. */
  promptName?: string | undefined;
  /** Names or ids of the lanes that answer this case; undefined: all. */
  lanes?: readonly string[] | undefined;
  tags: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
  /** Variables of the templates, after replacement. */
  vars: Readonly<Record<string, unknown>>;
  /** The messages of the first request. Never empty. */
  prompt: readonly TestMessage[];
  /** User messages that follow, each sent after the previous answer. The last answer is evaluated. */
  followUps: readonly string[];
  /** The right answer, for a judge. It is no expectation. */
  reference?: string | undefined;
  expectations: readonly Expectation[];
  /** Replaces "all expectations pass": the lowest weighted mean of the scores that passes. */
  threshold?: number | undefined;
  /** JavaScript that turns the answer into the value that expectations check. */
  transform?: string | undefined;
  origin: Origin;
}

/** One assertion about an answer, with its templates replaced. */
export interface Expectation {
  /** The type without `not-`, such as `icontains`. */
  type: string;
  isNegated: boolean;
  value?: unknown;
  threshold?: number | undefined;
  /** 1 unless the file says otherwise. With 0 it never fails a case. */
  weight: number;
  /** The column that its score is reported in. */
  metric?: string | undefined;
  /** JavaScript that turns the answer into the value to check. */
  transform?: string | undefined;
  /** Data for JavaScript, as `context.config`. */
  config?: unknown;
  /** In an `assert-set`: its members. */
  members?: readonly Expectation[] | undefined;
  /** Why it cannot be evaluated, such as a file with code. It never passes. */
  notRun?: string | undefined;
}

/** A model that the file names, with its parameters. */
export interface FileLane {
  /** As the file writes it, such as `openai:chat:gpt-4.1`. */
  id: string;
  label?: string | undefined;
  /** The model id for orx; undefined for what orx cannot ask. */
  model?: string | undefined;
  /** Fields of the request body, such as `temperature` and `response_format`. */
  parameters: Readonly<Record<string, unknown>>;
  /** Names of the prompts that it answers; undefined: all. */
  prompts?: readonly string[] | undefined;
  /** Why orx cannot ask it. */
  notRun?: string | undefined;
}

/** Something in the files that orx does not run, such as a file with code. */
export interface NotRun {
  what: 'provider' | 'prompt' | 'tests' | 'expectation' | 'transform' | 'variable' | 'field';
  /** As the file writes it, such as `file://assert.js`. */
  reference: string;
  reason: string;
  /** What is counted; undefined for something that no single case is about, such as a provider. */
  of?: 'case' | 'test' | undefined;
  /** In how many of these. */
  count: number;
}

/** A row that cannot be read, or a file that it names. */
export interface UnreadableRow {
  origin: Origin;
  reason: string;
}

/** A file or folder with test cases, read once to the end. Memory does not grow with its rows where the format has rows. */
export interface EvaluationFile {
  path: string;
  /** Such as `promptfoo configuration`. */
  format: string;
  /** The number of cases: tests times prompts. */
  caseCount: number;
  testCount: number;
  /** Names of the prompts; one without a name for a format whose rows have their own prompts. */
  prompts: readonly string[];
  /** Undefined if the format cannot name models. */
  lanes?: readonly FileLane[] | undefined;
  /** What was understood, one line each, such as `question → prompt`. */
  summary: readonly string[];
  notRun: readonly NotRun[];
  warnings: readonly string[];
  /** Nothing may be sent unless this is empty. */
  unreadable: readonly UnreadableRow[];
  /** Reads the cases again, in the order of the file. Skips unreadable rows. */
  cases: () => AsyncIterable<TestCase>;
}

/** Returns whether a lane of the file answers a case. */
export function isAskedBy(lane: Pick<FileLane, 'id' | 'label' | 'prompts'>, testCase: TestCase): boolean {
  const { promptName, lanes } = testCase;
  const takesPrompt =
    lane.prompts === undefined || (promptName !== undefined && lane.prompts.some((name) => nameMatches(name, promptName)));
  return (
    takesPrompt &&
    (lanes === undefined ||
      lanes.some((name) => nameMatches(name, lane.id) || (lane.label !== undefined && nameMatches(name, lane.label))))
  );
}

/** A name matches itself, what it groups (`group:name`), and with a final `*` what begins like it. */
export function nameMatches(wanted: string, name: string): boolean {
  if (wanted.endsWith('*')) return name.startsWith(wanted.slice(0, -1));
  return (
    name === wanted || name.startsWith(`${wanted}:`) || /^ #\d+$/.test(name.startsWith(wanted) ? name.slice(wanted.length) : '')
  );
}
