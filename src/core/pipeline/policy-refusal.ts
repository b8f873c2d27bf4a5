import type { OrxError } from '../../errors.ts';

/** Returns whether the content of the request was refused: orx does not send refused content to another model. */
export function isPolicyRefusal({ code, reason }: OrxError): boolean {
  return reason === 'content-policy' || /content_policy|moderation|^refusal$/.test(code ?? '');
}
