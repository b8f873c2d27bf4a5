import { describe, expect, test } from 'vitest';
import { encodeFor } from '../../../src/apis/direct/encode-for.ts';
import { loadDialect } from '../../../src/apis/direct/dialects.ts';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { ContentPart } from '../../../src/apis/message.ts';
import { findVendor } from '../../../src/apis/vendors.ts';

const IMAGE: ContentPart = { type: 'image', url: 'data:image/png;base64,AA==' };
const PDF: ContentPart = { type: 'file', name: 'paper.pdf', url: 'data:application/pdf;base64,AA==' };
const VIDEO: ContentPart = { type: 'video', url: 'data:video/mp4;base64,AA==' };
const text = (words: string): ContentPart => ({ type: 'text', text: words });

function conversation(first: readonly ContentPart[], last: readonly ContentPart[]): ChatRequest {
  return {
    model: 'm',
    stream: true,
    messages: [
      { role: 'user', content: first },
      { role: 'assistant', content: 'seen' },
      { role: 'user', content: last },
    ],
  };
}

async function encoded(vendor: string, request: ChatRequest) {
  const row = findVendor(vendor)!;
  const { body, dropped } = encodeFor(request, await loadDialect(row.dialect), row);
  return { text: JSON.stringify(body), dropped };
}

describe('a conversation that continues at a vendor with fewer media types', () => {
  test('has text in place of earlier attachments, with a notice', async () => {
    const { text: body, dropped } = await encoded(
      'deepseek',
      conversation([text('what is this?'), IMAGE, PDF], [text('and why?')]),
    );
    expect(body).toContain('[image]');
    expect(body).toContain('[file: paper.pdf]');
    expect(body).not.toContain('base64');
    expect(dropped).toEqual([
      'files of earlier turns: DeepSeek does not accept them here',
      'images of earlier turns: DeepSeek does not accept them here',
    ]);
  });

  test('keeps the types that the vendor supports', async () => {
    const { text: body, dropped } = await encoded(
      'anthropic',
      conversation([text('look'), IMAGE, PDF, VIDEO], [text('and why?')]),
    );
    expect(body).toContain('[video]');
    expect(body.match(/base64/g)!.length).toBeGreaterThan(1);
    expect(dropped).toEqual(['videos of earlier turns: Anthropic does not accept them here']);
  });

  test('never drops attachments of the last question', async () => {
    await expect(encoded('deepseek', conversation([text('look'), IMAGE], [text('and this?'), IMAGE]))).rejects.toMatchObject({
      kind: 'usage',
      code: 'not-supported',
    });
  });

  test('is unchanged if the vendor supports all of it', async () => {
    const { dropped } = await encoded('google', conversation([text('look'), IMAGE, PDF], [text('and this?'), IMAGE]));
    expect(dropped).toEqual([]);
  });
});
