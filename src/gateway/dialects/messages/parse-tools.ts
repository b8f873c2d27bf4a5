import type { FunctionTool, RequestParameters } from '../../../apis/request-parameters.ts';
import { badRequest } from '../../bad-request.ts';
import type { Fields } from '../fields.ts';

/**
 * Returns the tools of a client. Tools that Anthropic defines or runs itself have no schema for other vendors: they are added to
 * `untranslated`.
 */
export function parseTools(fields: Fields, untranslated: string[]): readonly FunctionTool[] | undefined {
  const tools = fields.objects('tools').flatMap((tool): FunctionTool[] => {
    const type = tool.text('type') ?? 'custom';
    if (type !== 'custom') {
      untranslated.push(`the tool ${type}`);
      return [];
    }
    const description = tool.text('description');
    const parameters = tool.object('input_schema')?.values;
    const strict = tool.flag('strict');
    return [
      {
        type: 'function',
        name: tool.requiredText('name'),
        ...(description !== undefined && { description }),
        ...(parameters !== undefined && { parameters }),
        ...(strict !== undefined && { strict }),
      },
    ];
  });
  return tools.length === 0 ? undefined : tools;
}

export function parseToolChoice(choice: Fields | undefined): Pick<RequestParameters, 'toolChoice' | 'parallelToolCalls'> {
  if (choice === undefined) return {};
  const isSingle = choice.flag('disable_parallel_tool_use') === true ? { parallelToolCalls: false } : {};
  switch (choice.text('type')) {
    case 'auto':
      return { toolChoice: 'auto', ...isSingle };
    case 'any':
      return { toolChoice: 'required', ...isSingle };
    case 'tool':
      return { toolChoice: { name: choice.requiredText('name') }, ...isSingle };
    case 'none':
      return { toolChoice: 'none' };
    default:
      throw badRequest('tool_choice.type must be one of auto, any, tool, none');
  }
}
