import type { OrxError } from '../../errors.ts';

/** Whether the content of the request was refused: another model is not asked to say what one has refused. */
export function isPolicyRefusal({ code, reason }: OrxError): boolean {
  return reason === 'content-policy' || /content_policy|moderation|^refusal$/.test(code ?? '');
}
