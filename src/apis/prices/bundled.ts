import { CATALOGUE_TABLE, PRICES_DATE } from './catalogue-table.ts';
import { parsePriceTable, type PriceTable } from './price-table.ts';

/**
 * Prices that the catalogue lacks: open-weights models at their author's own API, and at hosts. They are the prices of the
 * vendor's endpoint in OpenRouter's list.
 */
const OTHER_TABLE = `
[deepseek]
# The last two names are older ones of the same model.
deepseek-v4-flash,deepseek-chat,deepseek-reasoner in=0.14 out=0.28 read=0.0028 context=1048576 output=384000 takes=text can=tools,reasoning date=2026-08-08
deepseek-v4-pro in=0.435 out=0.87 read=0.003625 context=1048576 output=384000 takes=text can=tools,reasoning

[mistral]
mistral-small-2603,mistral-small-latest in=0.15 out=0.6 read=0.015 context=262144 takes=image,text can=tools,reasoning,structured_outputs
ministral-14b-2512,ministral-14b-latest in=0.2 out=0.2 read=0.02 context=262144 takes=image,text can=tools,structured_outputs
ministral-8b-2512,ministral-8b-latest in=0.15 out=0.15 read=0.015 context=262144 takes=image,text can=tools,structured_outputs
ministral-3b-2512,ministral-3b-latest in=0.1 out=0.1 read=0.01 context=131072 takes=image,text can=tools,structured_outputs
devstral-2512 in=0.4 out=2 read=0.04 context=262144 takes=text can=tools,structured_outputs date=2026-05-06

[cohere]
command-a-03-2025 in=2.5 out=10 context=256000 output=8192 takes=text can=tools,structured_outputs

[groq]
openai/gpt-oss-120b in=0.15 out=0.6 read=0.075 context=131072 output=65536 takes=text can=tools,reasoning,structured_outputs date=2026-08-08
llama-3.3-70b-versatile in=0.59 out=0.79 read=0.295 context=131072 output=32768 takes=text can=tools date=2026-08-08

[together]
openai/gpt-oss-120b in=0.15 out=0.6 context=131072 takes=text can=tools,reasoning,structured_outputs date=2026-08-08
meta-llama/Llama-3.3-70B-Instruct-Turbo in=1.04 out=1.04 context=131072 takes=text can=tools,structured_outputs date=2026-08-08
moonshotai/Kimi-K3 in=3 out=15 read=0.3 context=1000000 takes=image,text can=tools,reasoning,structured_outputs date=2026-08-08
deepseek-ai/DeepSeek-V4-Flash-0731 in=0.14 out=0.28 read=0.03 context=1048576 takes=text can=tools,reasoning,structured_outputs date=2026-08-08

[fireworks]
accounts/fireworks/models/kimi-k3 in=3 out=15 read=0.3 context=1048576 takes=image,text can=tools,reasoning,structured_outputs date=2026-08-08
accounts/fireworks/routers/kimi-k3-fast in=4.5 out=22.5 read=0.45 context=1048576 takes=image,text can=reasoning,structured_outputs date=2026-08-08
accounts/fireworks/models/deepseek-v4-flash-0731 in=0.14 out=0.28 read=0.028 context=1048576 takes=text can=tools,reasoning,structured_outputs date=2026-08-08

[cerebras]
gpt-oss-120b in=0.35 out=0.75 read=0.35 context=131072 output=40960 takes=text can=tools,reasoning,structured_outputs date=2026-08-08
`;

let table: PriceTable | undefined;

/** Returns the prices that ship with orx. Parsed on first use. */
export function bundledPrices(): PriceTable {
  table ??= parsePriceTable(`${CATALOGUE_TABLE}\n${OTHER_TABLE}`, PRICES_DATE);
  return table;
}
