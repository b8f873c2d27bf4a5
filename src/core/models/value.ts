import type { Decimal } from '../../decimal.ts';
import { parseDecimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Benchmark } from './benchmarks.ts';
import { type Blend, blendedPrice } from './blend.ts';

const MILLION = 1_000_000;

/**
 * Returns the benchmark points per USD of the blended price per million tokens; `free` for a model that costs nothing and has points. Undefined
 * if the model has no benchmark or is not priced per token.
 */
export function modelValue(model: Model, benchmark: Benchmark, blend: Blend): Decimal | 'free' | undefined {
  const points = parseDecimal(model.benchmarks?.[benchmark]);
  const price = blendedPrice(model, blend);
  if (points === undefined || price === undefined) return undefined;
  return price.eq(0) ? 'free' : points.div(price.times(MILLION));
}
