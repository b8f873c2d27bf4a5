import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type {
  CustomizeVariantOptions,
  QuickJSContext,
  QuickJSHandle,
  QuickJSSyncVariant,
  QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import type { RunScript, Script, ScriptOutcome } from './script.ts';
import { anyText } from '../text/any-text.ts';

/**
 * 16 MB: the whole memory of the WebAssembly program, and the least that it accepts. QuickJS' own limit is not enough: this build counts the number of
 * blocks instead of their size.
 */
const MEMORY_PAGES = 256;
/** WebAssembly uses Node's own stack: with more than this, a recursion would end in an error of Node instead of the script. */
const STACK = 96 * 1024;
const TIME_MS = 200;
/** On a busy machine the process may wait for 200 ms before the script does anything: QuickJS asks after each 10,000 steps. */
const LEAST_ASKED = 3;
/** Ends a script that does few long steps. */
const LONGEST_MS = 2000;

/**
 * Runs a text as an expression, as the body of a function, or as a script whose last value counts: the first that is valid. A returned function is
 * called, a returned promise is awaited. The box is what `READ` reads when all promises are done.
 */
const RUN = `(function (code, outputText, contextText) {
  var output = JSON.parse(outputText).value, context = JSON.parse(contextText);
  var box = { state: 'pending', stringify: JSON.stringify };
  function compile(body, Kind) {
    try { return new Kind('output', 'context', 'vars', body); } catch (error) { if (error instanceof SyntaxError) return error; throw error; }
  }
  var Async = Object.getPrototypeOf(async function () {}).constructor;
  var made = compile('return (' + code + '\\n)', Function);
  var isBody = typeof made !== 'function';
  if (isBody) made = compile(code, Function);
  if (typeof made !== 'function') { var late = compile(code, Async); if (typeof late === 'function') made = late; }
  if (typeof made !== 'function') throw made;
  var result = made(output, context, context.vars);
  if (isBody && result === undefined) {
    globalThis.output = output; globalThis.context = context; globalThis.vars = context.vars;
    try { result = (0, eval)(code); } catch (error) { if (!(error instanceof SyntaxError)) throw error; }
  }
  if (typeof result === 'function') result = result(output, context);
  if (result !== null && typeof result === 'object' && typeof result.then === 'function')
    result.then(function (value) { box.state = 'returned'; box.value = value; }, function (error) { box.state = 'failed'; box.error = error; });
  else { box.state = 'returned'; box.value = result; }
  return box;
})`;
const READ = `(function (box) {
  if (box.state === 'returned') return box.stringify({ value: box.value });
  if (box.state === 'failed') throw box.error;
  throw new Error('its promise is never settled');
})`;

/**
 * Returns a function that runs scripts in QuickJS compiled to WebAssembly: 16 MB, 200 ms, and a new context for each script. Node's own `vm` is no
 * boundary: a script would reach `process` through the constructor of any object. QuickJS is loaded with the first script.
 */
export function scriptRunner(): RunScript {
  let loading: Promise<QuickJSWASMModule> | undefined;
  return async (script) => {
    loading ??= load();
    const quickJs = await loading;
    try {
      return run(quickJs, script);
    } catch (error) {
      // The state of the WebAssembly memory is unknown: the next script gets a new one.
      loading = undefined;
      return {
        state: 'failed',
        reason: `the script ended QuickJS (${error instanceof Error ? error.message.split('\n')[0] : 'unknown'})`,
      };
    }
  };
}

/** The types of Node do not declare the constructors of WebAssembly. */
interface MemoryMaker {
  Memory: new (pages: { initial: number; maximum: number }) => NonNullable<CustomizeVariantOptions['wasmMemory']>;
}

async function load(): Promise<QuickJSWASMModule> {
  const [{ newQuickJSWASMModuleFromVariant, newVariant }, module] = await Promise.all([
    import('quickjs-emscripten-core'),
    import('@jitl/quickjs-wasmfile-release-sync'),
  ]);
  // Its types describe its CommonJS form.
  const variant = module.default as unknown as QuickJSSyncVariant;
  // In the bundle, the library would look for the file in its own folder.
  const bytes = await readFile(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm'));
  const wasmBinary = new Uint8Array(bytes).buffer;
  const { Memory } = (globalThis as unknown as { WebAssembly: MemoryMaker }).WebAssembly;
  const wasmMemory = new Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  return newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmBinary, wasmMemory }));
}

function run(quickJs: QuickJSWASMModule, { code, output, context }: Script): ScriptOutcome {
  const runtime = quickJs.newRuntime();
  runtime.setMaxStackSize(STACK);
  const start = performance.now();
  let asked = 0;
  runtime.setInterruptHandler(() => {
    asked += 1;
    const ms = performance.now() - start;
    return ms > LONGEST_MS || (ms > TIME_MS && asked > LEAST_ASKED);
  });
  const vm = runtime.newContext();
  const handles: QuickJSHandle[] = [];
  const kept = (handle: QuickJSHandle): QuickJSHandle => {
    handles.push(handle);
    return handle;
  };
  const call = (source: string, ...words: QuickJSHandle[]): QuickJSHandle => {
    const work = kept(unwrap(vm, vm.evalCode(source)));
    return kept(unwrap(vm, vm.callFunction(work, vm.undefined, ...words)));
  };
  const text = (value: string): QuickJSHandle => kept(vm.newString(value));
  try {
    const box = call(RUN, text(code), text(JSON.stringify({ value: output })), text(JSON.stringify(context)));
    const jobs = runtime.executePendingJobs();
    if (jobs.error !== undefined) {
      kept(jobs.error);
      throw new ScriptFailure(reasonOf(jobs.error.context.dump(jobs.error)));
    }
    const read = vm.getString(call(READ, box));
    return { state: 'returned', value: (JSON.parse(read) as { value?: unknown }).value };
  } catch (error) {
    if (error instanceof ScriptFailure) return { state: 'failed', reason: error.message };
    throw error;
  } finally {
    for (const handle of handles.toReversed()) if (handle.alive) handle.dispose();
    vm.dispose();
    runtime.dispose();
  }
}

class ScriptFailure extends Error {}

type CallResult = ReturnType<QuickJSContext['evalCode']>;

function unwrap(vm: QuickJSContext, result: CallResult): QuickJSHandle {
  if (result.error === undefined) return result.value;
  const dumped: unknown = vm.dump(result.error);
  result.error.dispose();
  throw new ScriptFailure(reasonOf(dumped));
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return `the script threw ${JSON.stringify(error) ?? 'undefined'}`;
  const { name, message } = error as { name?: unknown; message?: unknown };
  if (name === 'InternalError' && message === 'interrupted') return `the script ran longer than ${TIME_MS} ms`;
  if (name === 'InternalError' && message === 'out of memory') return 'the script needed more than 16 MB';
  return `the script failed: ${anyText(name)}: ${anyText(message)}`;
}
