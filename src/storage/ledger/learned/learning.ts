import type { Calibration, MeasuredSpeed, OutputLength, RatioBounds } from '../reports/report.ts';
import type { SqlValue } from '../../sqlite/sql.ts';
import type { Store } from '../store.ts';
import { fitTokens, type TokenSample } from './token-fit.ts';

const CALIBRATION_ENTRIES = 200;
const LENGTH_ENTRIES = 200;
const SPEED_ENTRIES = 500;
const FEWEST_LENGTHS = 5;
/** Largest share of a prompt that may be something other than message text. */
const EXTRA = 0.05;

/**
 * Learns from the latest entries of a family that have both counts. The size of anything but message text (media, tools) is only an estimate:
 * see EXTRA.
 */
export function readCalibration({ sql, labels }: Store, family: string, bounds: RatioBounds): Calibration | undefined {
  const samples = sql.all<TokenSample>(
    `SELECT real, estimated FROM (
       SELECT row, prompt_tokens real, estimated_prompt_tokens estimated FROM entry INDEXED BY entry_calibration
       WHERE family = ? AND outcome = 0 AND prompt_tokens > 0 AND estimated_prompt_tokens > 0
       ORDER BY opened_at DESC LIMIT ${CALIBRATION_ENTRIES}
     ) JOIN entry USING (row) WHERE COALESCE(estimated_extra_tokens, 0) <= estimated * ${EXTRA}`,
    [labels.find(family) ?? -1],
  );
  return fitTokens(samples, bounds);
}

/** Learns from the latest complete answers, with a template from those to it. Undefined if there are too few. */
export function readOutputLength(store: Store, model: string, template?: string): OutputLength | undefined {
  const rows =
    template === undefined
      ? answersOf<{ completion: number }>(store, model, {
          columns: 'completion_tokens completion',
          condition: 'completion_tokens > 0',
          limit: LENGTH_ENTRIES,
          fewest: FEWEST_LENGTHS,
        })
      : answersToTemplate(store, model, template);
  if (rows.length < FEWEST_LENGTHS) return undefined;
  const lengths = rows.map(({ completion }) => completion);
  return { samples: lengths.length, median: quantile(lengths, 0.5), p90: quantile(lengths, 0.9) };
}

/** Measures the latest complete answers by provider; the provider with the most answers comes first. */
export function readMeasuredSpeeds(store: Store, model: string): MeasuredSpeed[] {
  const rows = answersOf<{ provider: number; first: number | null; throughput: number | null }>(store, model, {
    columns: 'provider, time_to_first_token_ms first, throughput',
    condition: 'provider IS NOT NULL',
    limit: SPEED_ENTRIES,
    fewest: 1,
  });
  return [...new Set(rows.map(({ provider }) => provider))]
    .map((provider) => {
      const answers = rows.filter((row) => row.provider === provider);
      const firsts = answers.flatMap(({ first }) => first ?? []);
      const throughputs = answers.flatMap(({ throughput }) => throughput ?? []);
      return {
        provider: store.labels.text(provider),
        samples: answers.length,
        timeToFirstTokenMs: firsts.length === 0 ? undefined : { p50: quantile(firsts, 0.5), p95: quantile(firsts, 0.95) },
        throughput: throughputs.length === 0 ? undefined : { p50: quantile(throughputs, 0.5) },
      };
    })
    .toSorted((one, other) => other.samples - one.samples);
}

// Searches by the name of the model that answered. If the API answers with other names than requested, there are none, and it searches by the
// requested name.
function answersOf<Row>(
  { sql, labels }: Store,
  model: string,
  { columns, condition, limit, fewest }: { columns: string; condition: string; limit: number; fewest: number },
): Row[] {
  const values: SqlValue[] = [labels.find(model) ?? -1];
  const latest = (column: string, index: string): Row[] =>
    sql.all<Row>(
      `SELECT ${columns} FROM entry INDEXED BY ${index} WHERE ${column} = ? AND outcome = 0 AND ${condition}
       ORDER BY opened_at DESC LIMIT ${limit}`,
      values,
    );
  const served = latest('model', 'entry_answer');
  return served.length >= fewest ? served : latest('requested_model', 'entry_asked');
}

function answersToTemplate({ sql, labels }: Store, model: string, template: string): { completion: number }[] {
  const id = labels.find(model) ?? -1;
  return sql.all(
    `SELECT completion_tokens completion FROM entry INDEXED BY entry_template
     WHERE template = ? AND outcome = 0 AND completion_tokens > 0 AND (model = ? OR requested_model = ?)
     ORDER BY opened_at DESC LIMIT ${LENGTH_ENTRIES}`,
    [labels.find(template) ?? -1, id, id],
  );
}

// Returns the value that this share of the values does not exceed, interpolated between the two nearest.
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}
