// One figure from many runs. The machine's speed drifts while it measures, so what is compared is run in turn, not one after the
// other, and the middle of the runs counts: a run that was disturbed is slow, never fast.

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
 * Takes each measurement once per round, in turn, and gives the median of each. One round before the first is not counted.
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
