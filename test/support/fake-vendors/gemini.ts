import { alternationFaults, halves, isBlank, type Json, type Spoken, sse, type Wire } from './spoken.ts';

/** Placeholder for a lost signature. */
const SENTINEL = 'skip_thought_signature_validator';

/** Gemini 3: the first call of an answer is signed and must come back signed during its turn. */
export function geminiWire(name: string): Wire {
  /** The call or text that each signature belongs to, as JSON. */
  const signed = new Map<string, string>();
  /** Number of signed answers given to each question. */
  const given = new Map<string, number>();
  let answers = 0;

  const reply = ({ reasoning, text, calls }: Spoken, request: Json): readonly string[] => {
    answers += 1;
    const signature = Buffer.from(`${name}-signature-${answers}`).toString('base64');
    const said = halves(text).map((piece): Json => ({ text: piece }));
    const called = calls.map((call, index): Json => ({
      // Some versions send ids, others do not.
      functionCall: { ...(answers % 2 === 0 && { id: `fc_${answers}_${index}` }), name: call.name, args: call.arguments },
      ...(index === 0 && { thoughtSignature: signature }),
    }));
    signed.set(signature, calls[0]?.name ?? 'text');
    if (calls.length > 0) given.set(questionOf(request), (given.get(questionOf(request)) ?? 0) + 1);
    const parts: Json[] = [
      ...halves(reasoning).map((piece) => ({ text: piece, thought: true })),
      ...said,
      ...called,
      ...(calls.length > 0 ? [] : [{ text: '', thoughtSignature: signature }]),
    ];
    return parts.map((part, index) =>
      sse({
        candidates: [
          { content: { role: 'model', parts: [part] }, index: 0, ...(index === parts.length - 1 && { finishReason: 'STOP' }) },
        ],
        usageMetadata: {
          promptTokenCount: 20,
          candidatesTokenCount: index,
          thoughtsTokenCount: 5,
          totalTokenCount: 25 + index,
        },
        modelVersion: 'gemini-3-pro-preview',
        responseId: `${name}-${answers}`,
      }),
    );
  };

  const partFaults = (part: Json): string[] => {
    const { thoughtSignature: signature, functionCall: call } = part;
    const own = signed.get(signature);
    return [
      ...(isBlank(part.text) && signature === undefined ? ['a blank text'] : []),
      ...(signature === undefined || signature === SENTINEL || own !== undefined ? [] : [`a signature of others: ${signature}`]),
      ...(own !== undefined && own !== (call === undefined ? 'text' : call.name) ? ['a signature on another part'] : []),
    ];
  };

  /** A turn begins with the last content that holds more than results. */
  const openTurn = ({ contents }: Json): Json[] =>
    contents.slice(
      contents.findLastIndex(({ role, parts }: Json) => role === 'user' && !parts.some((part: Json) => part.functionResponse)),
    );
  const questionOf = (request: Json): string => JSON.stringify(openTurn(request)[0].parts);
  /** Returns the first call of each answer in the current turn. */
  const openCalls = (request: Json): Json[] =>
    openTurn(request).flatMap(({ role, parts }) =>
      role === 'model' ? (parts.find((part: Json) => part.functionCall) ?? []) : [],
    );

  const unsigned = ({ thoughtSignature }: Json): string[] =>
    thoughtSignature === undefined ? ['a call of this turn without a signature'] : [];
  const losses = (request: Json): readonly string[] => {
    const calls = openCalls(request);
    if (calls.length === 0) given.set(questionOf(request), 0);
    const own = calls.filter(({ thoughtSignature }) => signed.has(thoughtSignature));
    return own.length < (given.get(questionOf(request)) ?? 0) ? ['a signature of this turn'] : [];
  };

  const faults = (request: Json): readonly string[] => {
    const { contents, tools, systemInstruction } = request;
    return [
      ...alternationFaults(
        contents.map(({ role }: Json) => role),
        'user',
      ),
      ...contents.flatMap(({ parts }: Json) => (parts.length === 0 ? ['a content without parts'] : parts.flatMap(partFaults))),
      ...responseFaults(contents),
      ...openCalls(request).flatMap(unsigned),
      ...(JSON.stringify(contents).includes('"functionCall":') && tools === undefined
        ? ['calls of tools that are not declared']
        : []),
      ...(systemInstruction?.parts.length === 0 ? ['an empty instruction'] : []),
    ];
  };
  return { reply, faults, losses };
}

/** The next content must answer the calls of a content: the same number, by name, in order. */
function responseFaults(contents: readonly Json[]): string[] {
  return contents.flatMap(({ role, parts }, index) => {
    const given = parts.flatMap((part: Json) => part.functionResponse ?? []);
    const before: readonly Json[] = contents[index - 1]?.parts ?? [];
    const wanted: Json[] = before.flatMap((part) => part.functionCall ?? []);
    const namesOf = (list: readonly Json[]): string => list.map(({ name, id }) => `${name}#${id ?? ''}`).join();
    return [
      ...(given.length > 0 && role !== 'user' ? ['a result of the model'] : []),
      ...(namesOf(given) === namesOf(wanted) ? [] : [`calls ${namesOf(wanted)} got results ${namesOf(given)}`]),
      ...given.flatMap(({ response }: Json) => (isObject(response) ? [] : ['a result that is no object'])),
    ];
  });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
