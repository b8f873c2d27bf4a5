import { nearNames } from '../core/near-names.ts';
import type { Settings } from '../core/settings.ts';
import { OrxError } from '../errors.ts';
import { CatalogueDesk } from './catalogue-desk.ts';
import type { Context } from './context.ts';

/** The same failure, with the nearest names where the API knows no model of that name. */
export async function withNearestModels(
  error: unknown,
  asked: readonly string[],
  settings: Settings,
  context: Context,
): Promise<unknown> {
  if (!(error instanceof OrxError) || !isUnknownModel(error)) return error;
  const models = await new CatalogueDesk(settings, context).modelsIfAny();
  const unknown = asked.find((name) => error.message.includes(name)) ?? asked[0] ?? '';
  const near = nearNames(unknown, models).filter((id) => id !== unknown);
  const { kind, code, status, requestId, wire, provider } = error;
  const hints = [...(near.length === 0 ? [] : [`nearest: ${near.join(', ')}`]), 'find one with: orx models <words>'];
  return new OrxError(error.message, { kind, code, status, requestId, wire, provider, hints, cause: error });
}

function isUnknownModel({ kind, message, code }: OrxError): boolean {
  return kind === 'no-endpoint' && (/is not a valid model id/i.test(message) || code === 'model_not_found');
}
