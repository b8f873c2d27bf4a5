import type { Quality } from '../../core/statistics/quality.ts';

const UNKNOWN = '–';

/** Returns a quality without its interval: `67%`, `7.5`. */
export function qualityText(quality: Quality | undefined): string {
  return quality === undefined ? UNKNOWN : valueText(quality.estimate, quality);
}

/** Returns the interval of a quality: `42%–85%`, `6.1–8.9`. */
export function qualityIntervalText(quality: Quality | undefined): string {
  if (quality?.isReference === true) return 'reference';
  const { interval } = quality ?? {};
  return quality === undefined || interval === undefined
    ? UNKNOWN
    : `${valueText(interval.lower, quality)}–${valueText(interval.upper, quality)}`;
}

/** Returns the range of a quality over the repetitions of a prompt. */
export function qualitySpreadText(quality: Quality | undefined): string {
  const { spread } = quality ?? {};
  if (quality === undefined || spread === undefined) return UNKNOWN;
  const [low, high] = [valueText(spread.low, quality), valueText(spread.high, quality)];
  return low === high ? low : `${low}–${high}`;
}

function valueText(value: number, { measure }: Quality): string {
  return measure === 'score' ? value.toFixed(1) : `${(100 * value).toFixed(0)}%`;
}

/** Returns a quality as data; null if it is not known. `unit` names what its values are: `prompts` or `answers`. */
export function qualityJson(quality: Quality | undefined, unit: 'prompts' | 'answers'): Record<string, unknown> | null {
  if (quality === undefined) return null;
  const { measure, estimate, interval, n, spread, isReference } = quality;
  return {
    measure: measure.replace('-', '_'),
    estimate,
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
    [unit]: n,
    ...(isReference === true && { reference: true }),
    ...(unit === 'answers' &&
      spread !== undefined &&
      spread.n > 1 && {
        spread: {
          median: spread.median,
          low: spread.low,
          high: spread.high,
          range: spread.kind === 'range' ? 'min-max' : 'p10-p90',
          values: spread.n,
        },
      }),
  };
}
