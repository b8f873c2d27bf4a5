import { modelFailures } from '../fallback-reason.ts';
import { allFailed } from '../pipeline/all-failed.ts';

/** The failed attempts of a routed request. */
export class RouteFailures {
  readonly #failures: { model: string; error: unknown }[] = [];

  add(model: string, error: unknown): void {
    this.#failures.push({ model, error });
  }

  /** Returns why the request goes to this model: the failures of the others. Undefined if none has failed. */
  reasonFor(model: string): string | undefined {
    return modelFailures(this.#firstOfEach().filter((failed) => failed.model !== model));
  }

  /** Returns the error of the request if it fails with `last`: that of the first attempt, with the others in hints. */
  errorOfAll(last: unknown): unknown {
    return this.#failures.length < 2 ? last : allFailed(this.#firstOfEach());
  }

  /** Returns the first failure of each model. */
  #firstOfEach(): { model: string; error: unknown }[] {
    const seen = new Set<string>();
    return this.#failures.filter(({ model }) => !seen.has(model) && seen.add(model));
  }
}
