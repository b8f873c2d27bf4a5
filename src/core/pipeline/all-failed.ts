import { OrxError, withFacts } from '../../errors.ts';

/** Returns the error of a request that no model answered: the first failure, with the others in hints. */
export function allFailed(failures: readonly { model: string; error: unknown }[]): unknown {
  const [first, ...others] = failures;
  const error = first!.error;
  if (!(error instanceof OrxError)) return error;
  const rest = others.map(({ model, error: other }) => `${model}: ${other instanceof Error ? other.message : String(other)}`);
  return withFacts(error, {
    hints: [
      ...error.hints.slice(0, 3 - Math.min(2, rest.length)),
      ...rest.slice(0, 2).map((line) => `the fallback failed too: ${line}`),
    ],
  });
}
