import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/sdk/types.js';
import { exactJson } from '../text/exact-json.ts';

/** Returns a result as text for the model. Media are replaced by a note that names them. */
export function resultText({ content, structuredContent }: CallToolResult): string {
  if (content.length === 0 && structuredContent !== undefined) return exactJson(structuredContent);
  return content.map(blockText).join('\n');
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type}, ${block.mimeType}: not passed on]`;
    case 'resource_link':
      return `[${block.name}: ${block.uri}]`;
    case 'resource':
      return 'text' in block.resource ? block.resource.text : `[${block.resource.uri}: not text, not passed on]`;
  }
}
