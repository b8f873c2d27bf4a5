// Combines many runs into one figure. The machine's speed drifts during measurements, so compared programs run alternately, and
// the median counts: a disturbed run is slow, never fast.

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
 * Takes each measurement once per round, alternately, and returns the median of each. An additional first round is not counted.
 * @template {string} Name
 * @param {number} rounds
 * @param {Record<Name, () => Promise<number>>} measurements
 * @returns {Promise<Record<Name, number>>}
 */
export async function inTurn(rounds, measurements) {
  const names = /** @type {Name[]} */ (Object.keys(measurements));
  const taken = names.map((name) => ({ name, values: /** @type {number[]} */ ([]) }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, values } of taken) {
      const value = await measurements[name]();
      if (round > 0) values.push(value);
    }
  }
  const medians = Object.fromEntries(taken.map(({ name, values }) => [name, median(values)]));
  return /** @type {Record<Name, number>} */ (medians);
}
