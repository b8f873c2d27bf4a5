// Combines many runs into one figure. The machine's speed drifts during measurements, so compared programs run alternately, and
// the median counts: a disturbed run is slow, never fast. The minimum moves less, because some run is not disturbed.

/**
 * @param {readonly number[]} values
 * @returns {number}
 */
export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  if (upper === undefined || lower === undefined) throw new Error('no value to take the median of');
  return (upper + lower) / 2;
}

/**
 * Makes each run once per round, alternately, and returns the results of each. An additional first round is not counted.
 * @template Result
 * @template {string} Name
 * @param {number} rounds
 * @param {Record<Name, () => Promise<Result>>} runs
 * @returns {Promise<Record<Name, Result[]>>}
 */
export async function runsInTurn(rounds, runs) {
  const names = /** @type {Name[]} */ (Object.keys(runs));
  const made = names.map((name) => ({ name, results: /** @type {Result[]} */ ([]) }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, results } of made) {
      const result = await runs[name]();
      if (round > 0) results.push(result);
    }
  }
  return /** @type {Record<Name, Result[]>} */ (Object.fromEntries(made.map(({ name, results }) => [name, results])));
}

/**
 * Takes each measurement once per round, alternately, and returns the median of each. An additional first round is not counted.
 * @template {string} Name
 * @param {number} rounds
 * @param {Record<Name, () => Promise<number>>} measurements
 * @returns {Promise<Record<Name, number>>}
 */
export async function inTurn(rounds, measurements) {
  const taken = await runsInTurn(rounds, measurements);
  const medians = Object.entries(taken).map(([name, values]) => [name, median(/** @type {number[]} */ (values))]);
  return /** @type {Record<Name, number>} */ (Object.fromEntries(medians));
}
