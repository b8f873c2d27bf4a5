import { type Command, type FlagsOf, Option } from '../commander.ts';

export type RawApiFlags = FlagsOf<typeof rawApiFlags>;

/** A field and its place among all fields, of either flag. */
interface TypedField {
  text: string;
  place: number;
}

const RAW_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export function rawApiFlags(command: Command) {
  const repeated = (text: string, before: string[] = []): string[] => [...before, text];
  let count = 0;
  const field = (text: string, before: TypedField[] = []): TypedField[] => [...before, { text, place: (count += 1) }];
  const method = new Option('-X, --method <method>', 'method: GET, POST, PUT, PATCH or DELETE (default: GET)').choices(
    RAW_METHODS,
  );
  const choose = method.parseArg;
  method.parseArg = <T>(text: string, before: T): T => choose?.(text.toUpperCase(), before) as T;
  return command
    .addOption(method)
    .option('-f, --raw-field <key=value>', 'text field of the body or the query (repeatable)', field)
    .option('-F, --field <key=value>', 'field with a JSON value, text or @FILE (repeatable)', field)
    .option('-H, --header <name:value>', 'request header (repeatable)', repeated)
    .option('--input <file>', 'body of the request: a file, or - for standard input')
    .option('--paginate', 'fetch all pages of a list')
    .option('-i, --include', 'print the status and the headers first');
}
