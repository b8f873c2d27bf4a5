import { badRequest } from '../bad-request.ts';
import type { Fields } from './fields.ts';

/** Returns the model of a body and the others in OpenRouter's `models`. Throws status 400 when there is none. */
export function askedModels(fields: Fields): { model: string; fallbackModels: readonly string[] } {
  const others = fields.texts('models') ?? [];
  if (others.some((name) => name.trim() === '')) throw badRequest('models must be a list of model ids');
  const asked = fields.text('model');
  const model = asked ?? others[0];
  if (model === undefined || model.trim() === '') {
    throw badRequest('model is missing; set it, for example to "deepseek/deepseek-chat"');
  }
  return { model, fallbackModels: asked === undefined ? others.slice(1) : others };
}
