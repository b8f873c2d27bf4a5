// Measures what pacing (the request limits that all processes share) and routing metadata cost a piped chat before its first
// byte, compared with a chat without both. What was learned of another model, or of this one, is learned as by a user: from a
// request that the server refuses.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { middleAndLeast } from '../support/figures.js';
import { withResourceUsage } from '../support/resource-usage.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { CHAT, ORX, SHORT_ANSWER } from '../support/setup.js';
import { runsInTurn } from '../support/statistics.js';

/** The exit code for a request that was refused for its rate. */
const RATE_LIMIT = 5;
const WITHOUT = 'without pacing and metadata';
const WITH = {
  nothing: 'nothing learned',
  other: 'a limit of another model known',
  own: 'a limit of this model known',
};

/** @typedef {{ args: readonly string[], options: { cwd: string, env: Record<string, string> } }} Variant */

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measurePacing({ folder, origins, rounds, environment }) {
  /** @param {string} name @param {Partial<import('../support/setup.js').AnswerPlan>} [plan] @returns {Promise<Variant['options']>} */
  const homeOf = async (name, plan = {}) => {
    const cwd = join(folder, `pacing-${name}`);
    await mkdir(cwd);
    return { cwd, env: { ...environment({ ...SHORT_ANSWER, ...plan }), ORX_HOME: cwd } };
  };
  /** @param {Variant['options']} options @param {string} model */
  const learn = async ({ cwd, env }, model) => {
    const refusing = { ...env, OPENROUTER_BASE_URL: `${origins.http}/limited/api/v1` };
    await runInPipe([ORX, 'chat', '-m', model, '--retries', '0', 'Hello there'], { cwd, env: refusing, exitCode: RATE_LIMIT });
  };
  const homes = { other: await homeOf('other'), own: await homeOf('own') };
  /** @type {Record<string, Variant>} */
  const variants = {
    [WITHOUT]: { args: [...CHAT, '--no-pacing'], options: await homeOf('without', { isPlain: true }) },
    [WITH.nothing]: { args: CHAT, options: await homeOf('nothing') },
    [WITH.other]: { args: CHAT, options: homes.other },
    [WITH.own]: { args: CHAT, options: homes.own },
  };
  /** @param {(variant: Variant) => Promise<number | undefined>} measure */
  const measured = async (measure) => {
    // A limit is forgotten ten minutes after the last refusal.
    await learn(homes.other, 'bench/other');
    await learn(homes.own, 'bench/model');
    return runsInTurn(
      rounds * 2,
      Object.fromEntries(Object.entries(variants).map(([name, variant]) => [name, () => measure(variant)])),
    );
  };
  const times = await measured(async ({ args, options }) => (await runInPipe(args, options)).firstByteMs);
  const processor = await measured(
    async ({ args, options }) =>
      (await withResourceUsage(runInPipe, args, { ...options, countsFirstByte: true })).firstByteProcessorMs,
  );
  return Object.values(WITH).flatMap((name) => [
    ...figureOf(`pacing and metadata, ${name}: first byte`, name, times),
    ...figureOf(`pacing and metadata, ${name}: processor time to the first byte`, name, processor, false),
  ]);
}

/**
 * @param {string} what
 * @param {string} name
 * @param {Readonly<Record<string, readonly (number | undefined)[]>>} taken
 * @param {boolean} [isTarget]
 * @returns {import('../support/figures.js').Figure[]}
 */
function figureOf(what, name, taken, isTarget = true) {
  const valuesOf = (/** @type {string} */ of) => (taken[of] ?? []).filter((value) => value !== undefined);
  const [values, without] = [valuesOf(name), valuesOf(WITHOUT)];
  // Only Linux states the processor time of another process.
  if (values.length === 0 || without.length === 0) return [];
  return [
    {
      what,
      ...middleAndLeast(values, { name: WITHOUT, values: without }),
      unit: 'ms',
      ...(isTarget && { target: /** @type {const} */ ('pacing-and-metadata') }),
    },
  ];
}
