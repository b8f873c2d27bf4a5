// Made by bench/price-table.js. Rows without a date hold on PRICES_DATE.

export const PRICES_DATE = '2026-08-05';

export const CATALOGUE_TABLE = `[openai]
gpt-5.6-luna-pro in=0.1 out=0.6 read=0.01 write=0.125 above=272000 in=0.2 out=0.9 read=0.02 write=0.25 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.6-luna in=0.1 out=0.6 read=0.01 write=0.125 above=272000 in=0.2 out=0.9 read=0.02 write=0.25 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.6-terra-pro in=1 out=6 read=0.1 write=1.25 above=272000 in=2 out=9 read=0.2 write=2.5 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.6-terra in=1 out=6 read=0.1 write=1.25 above=272000 in=2 out=9 read=0.2 write=2.5 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.6-sol-pro in=5 out=30 read=0.5 write=6.25 above=272000 in=10 out=45 read=1 write=12.5 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.6-sol in=5 out=30 read=0.5 write=6.25 above=272000 in=10 out=45 read=1 write=12.5 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-chat-latest in=5 out=30 read=0.5 context=400000 output=128000 takes=file,image,text can=tools,structured_outputs
gpt-5.5-pro in=30 out=180 above=272000 in=60 out=270 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.5 in=5 out=30 read=0.5 above=272000 in=10 out=45 read=1 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.4-image-2 in=8 out=15 read=2 image_out=30 context=272000 output=128000 takes=file,image,text makes=image,text can=reasoning,structured_outputs
gpt-5.4-nano in=0.2 out=1.25 read=0.02 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.4-mini in=0.75 out=4.5 read=0.075 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.4-pro in=30 out=180 above=272000 in=60 out=270 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.4 in=2.5 out=15 read=0.25 above=272000 in=5 out=22.5 read=0.5 context=1050000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.3-chat,gpt-5.3-chat-latest in=1.75 out=14 read=0.175 context=128000 output=16384 takes=file,image,text can=tools,structured_outputs
gpt-5.3-codex in=1.75 out=14 read=0.175 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-audio in=2.5 out=10 audio=32 audio_out=64 context=128000 output=16384 takes=audio,text makes=audio,text can=tools,structured_outputs
gpt-audio-mini in=0.6 out=2.4 audio=0.6 audio_out=2.4 context=128000 output=16384 takes=audio,text makes=audio,text can=tools,structured_outputs
gpt-5.2-codex in=1.75 out=14 read=0.175 context=400000 output=128000 takes=image,text can=tools,reasoning,structured_outputs
gpt-5.2-chat,gpt-5.2-chat-latest in=1.75 out=14 read=0.175 context=128000 output=16384 takes=file,image,text can=tools,structured_outputs
gpt-5.2-pro in=21 out=168 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.2 in=1.75 out=14 read=0.175 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.1-codex-max in=1.25 out=10 read=0.125 context=400000 output=128000 takes=image,text can=tools,reasoning,structured_outputs
gpt-5.1 in=1.25 out=10 read=0.125 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5.1-codex in=1.25 out=10 read=0.13 context=400000 output=128000 takes=image,text can=tools,reasoning,structured_outputs
gpt-5.1-codex-mini in=0.25 out=2 read=0.03 context=400000 output=128000 takes=image,text can=tools,reasoning,structured_outputs
text-embedding-ada-002 in=0.1 out=0 context=8192 takes=text makes=embeddings
text-embedding-3-large in=0.13 out=0 context=8192 takes=text makes=embeddings
text-embedding-3-small in=0.02 out=0 context=8192 takes=text makes=embeddings
gpt-5-image-mini in=2.5 out=2 read=0.25 image_out=8 context=400000 output=128000 takes=file,image,text makes=image,text can=reasoning,structured_outputs
gpt-5-image in=10 out=10 read=1.25 image_out=40 context=400000 output=128000 takes=file,image,text makes=image,text can=reasoning,structured_outputs
gpt-5-pro in=15 out=120 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5 in=1.25 out=10 read=0.125 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5-mini in=0.25 out=2 read=0.025 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-5-nano in=0.05 out=0.4 read=0.005 context=400000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
o3-pro in=20 out=80 context=200000 output=100000 takes=file,image,text can=tools,reasoning,structured_outputs
o3 in=2 out=8 read=0.5 context=200000 output=100000 takes=file,image,text can=tools,reasoning,structured_outputs
o4-mini in=1.1 out=4.4 read=0.275 context=200000 output=100000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-4.1 in=2 out=8 read=0.5 context=1047576 output=32768 takes=file,image,text can=tools,structured_outputs
gpt-4.1-mini in=0.4 out=1.6 read=0.1 context=1047576 output=32768 takes=file,image,text can=tools,structured_outputs
gpt-4.1-nano in=0.1 out=0.4 read=0.025 context=1047576 output=32768 takes=file,image,text can=tools,structured_outputs
o1-pro in=150 out=600 context=200000 output=100000 takes=file,image,text can=reasoning,structured_outputs
o3-mini in=1.1 out=4.4 read=0.55 context=200000 output=100000 takes=file,text can=tools,reasoning,structured_outputs
o1 in=15 out=60 read=7.5 context=200000 output=100000 takes=file,image,text can=tools,reasoning,structured_outputs
gpt-4o-2024-11-20 in=2.5 out=10 read=1.25 context=128000 output=16384 takes=file,image,text can=tools,structured_outputs
gpt-4o-2024-08-06 in=2.5 out=10 read=1.25 context=128000 output=16384 takes=file,image,text can=tools,structured_outputs
gpt-4o-mini in=0.15 out=0.6 read=0.075 context=128000 output=16384 takes=file,image,text can=tools,structured_outputs
gpt-4o-mini-2024-07-18 in=0.15 out=0.6 read=0.075 context=128000 output=16384 takes=file,image,text can=tools,structured_outputs
gpt-4o in=2.5 out=10 read=1.25 context=128000 output=16384 takes=file,image,text can=tools,structured_outputs
gpt-4o-2024-05-13 in=5 out=15 context=128000 output=4096 takes=file,image,text can=tools,structured_outputs
gpt-4-turbo in=10 out=30 context=128000 output=4096 takes=image,text can=tools,structured_outputs
gpt-3.5-turbo-0613 in=1 out=2 context=4095 output=4096 takes=text can=tools,structured_outputs
gpt-4-turbo-preview in=10 out=30 context=128000 output=4096 takes=text can=tools,structured_outputs
gpt-3.5-turbo-instruct in=1.5 out=2 context=4095 output=4096 takes=text can=structured_outputs
gpt-3.5-turbo-16k in=3 out=4 context=16385 output=4096 takes=text can=tools,structured_outputs
gpt-3.5-turbo in=0.5 out=1.5 context=16385 output=4096 takes=text can=tools,structured_outputs
gpt-4 in=30 out=60 context=8191 output=4096 takes=text can=tools,structured_outputs
gpt-5.1-chat,gpt-5.1-chat-latest in=1.25 out=10 read=0.125 context=128000 output=16384 takes=file,image,text can=tools,structured_outputs date=2026-05-06
o3-deep-research in=10 out=40 read=2.5 context=200000 output=100000 takes=file,image,text can=tools,reasoning,structured_outputs date=2026-05-06
o4-mini-deep-research in=2 out=8 read=0.5 context=200000 output=100000 takes=file,image,text can=tools,reasoning,structured_outputs date=2026-05-06
gpt-5-codex in=1.25 out=10 read=0.125 context=400000 output=128000 takes=image,text can=tools,reasoning,structured_outputs date=2026-05-06
gpt-4o-audio-preview in=2.5 out=10 audio=40 context=128000 output=16384 takes=audio,text makes=audio,text can=tools,structured_outputs date=2026-05-06
gpt-5-chat,gpt-5-chat-latest in=1.25 out=10 read=0.125 context=128000 output=16384 takes=file,image,text can=structured_outputs date=2026-05-06
gpt-4o-mini-search-preview in=0.15 out=0.6 context=128000 output=16384 takes=text can=structured_outputs date=2026-05-06
gpt-4o-search-preview in=2.5 out=10 context=128000 output=16384 takes=text can=structured_outputs date=2026-05-06
gpt-4-1106-preview in=10 out=30 context=128000 output=4096 takes=text can=tools,structured_outputs date=2026-05-06
gpt-4-0314 in=30 out=60 context=8191 output=4096 takes=text can=tools,structured_outputs date=2026-05-06

[anthropic]
claude-opus-5 in=5 out=25 read=0.5 write=6.25 write1h=10 context=1000000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-sonnet-5 in=2 out=10 read=0.2 write=2.5 write1h=4 context=1000000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-fable-5 in=10 out=50 read=1 write=12.5 write1h=20 context=1000000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-opus-4-8 in=5 out=25 read=0.5 write=6.25 write1h=10 context=1000000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-opus-4-7 in=5 out=25 read=0.5 write=6.25 write1h=10 context=1000000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-sonnet-4-6 in=3 out=15 read=0.3 write=3.75 write1h=6 context=1000000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-opus-4-6 in=5 out=25 read=0.5 write=6.25 write1h=10 context=1000000 output=128000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-opus-4-5 in=5 out=25 read=0.5 write=6.25 write1h=10 context=200000 output=64000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-haiku-4-5 in=1 out=5 read=0.1 write=1.25 write1h=2 context=200000 output=64000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-sonnet-4-5 in=3 out=15 read=0.3 write=3.75 write1h=6 above=200000 in=6 out=22.5 read=0.6 write=7.5 write1h=12 context=1000000 output=64000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-opus-4-1 in=15 out=75 read=1.5 write=18.75 write1h=30 context=200000 output=32000 takes=file,image,text can=tools,reasoning,structured_outputs
claude-opus-4,claude-opus-4-0 in=15 out=75 read=1.5 write=18.75 write1h=30 context=200000 output=32000 takes=file,image,text can=tools,reasoning
claude-sonnet-4,claude-sonnet-4-0 in=3 out=15 read=0.3 write=3.75 write1h=6 above=200000 in=6 out=22.5 read=0.6 write=7.5 write1h=12 context=1000000 output=64000 takes=file,image,text can=tools,reasoning
claude-3-haiku in=0.25 out=1.25 read=0.03 write=0.3 write1h=0.5 context=200000 output=4096 takes=image,text can=tools
claude-3-7-sonnet,claude-3-7-sonnet-latest in=3 out=15 read=0.3 write=3.75 context=200000 output=64000 takes=file,image,text can=tools,reasoning date=2026-05-06
claude-3-5-haiku,claude-3-5-haiku-latest in=0.8 out=4 read=0.08 write=1 context=200000 output=8192 takes=image,text can=tools date=2026-05-06

[google]
gemini-3.6-flash,gemini-flash-latest in=1.5 out=7.5 read=0.15 audio=1.5 context=1048576 output=65536 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-3.5-flash-lite in=0.3 out=2.5 read=0.03 audio=0.3 context=1048576 output=65536 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-3.1-flash-lite-image in=0.25 out=1.5 image_out=30 context=65536 output=65536 takes=image,text makes=image,text can=reasoning
gemini-3.1-flash-image in=0.5 out=3 image_out=60 context=131072 output=32768 takes=image,text makes=image,text can=reasoning,structured_outputs
gemini-3-pro-image in=2 out=12 read=0.2 audio=2 image_out=120 context=131072 output=32768 takes=image,text makes=image,text can=tools,reasoning,structured_outputs
gemini-embedding-2 in=0.2 out=0 audio=6.5 context=8192 takes=audio,file,image,text,video makes=embeddings
gemini-3.5-flash in=1.5 out=9 read=0.15 audio=3 context=1048576 output=65536 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-3.1-flash-lite in=0.25 out=1.5 read=0.025 audio=0.5 context=1048576 output=65536 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-embedding-2-preview in=0.2 out=0 audio=6.5 context=8192 takes=audio,file,image,text,video makes=embeddings
gemini-3.1-flash-lite-preview in=0.25 out=1.5 read=0.025 audio=0.5 context=1048576 output=65536 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-3.1-flash-image-preview in=0.5 out=3 image_out=60 context=65536 output=65536 takes=image,text makes=image,text can=reasoning,structured_outputs
gemini-3.1-pro-preview-customtools in=2 out=12 read=0.2 audio=2 above=200000 in=4 out=18 read=0.4 audio=4 context=1048576 output=65536 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-3.1-pro-preview,gemini-pro-latest in=2 out=12 read=0.2 audio=2 above=200000 in=4 out=18 read=0.4 audio=4 context=1048576 output=65536 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-3-flash-preview in=0.5 out=3 read=0.05 audio=1 context=1048576 output=65535 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-3-pro-image-preview in=2 out=12 read=0.2 audio=2 image_out=120 context=65536 output=32768 takes=image,text makes=image,text can=reasoning,structured_outputs
gemini-embedding-001 in=0.15 out=0 context=20000 takes=text makes=embeddings
gemini-2.5-flash-image in=0.3 out=2.5 read=0.03 audio=1 image_out=30 context=32768 output=8192 takes=image,text makes=image,text can=structured_outputs
gemini-2.5-flash-lite in=0.1 out=0.4 read=0.01 audio=0.3 context=1048576 output=65535 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-2.5-flash in=0.3 out=2.5 read=0.03 audio=1 context=1048576 output=65535 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-2.5-pro in=1.25 out=10 read=0.125 audio=1.25 above=200000 in=2.5 out=15 read=0.25 audio=2.5 context=1048576 output=65536 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-2.5-pro-preview in=1.25 out=10 read=0.125 audio=1.25 above=200000 in=2.5 out=15 read=0.25 audio=2.5 context=1048576 output=65536 takes=audio,file,image,text can=tools,reasoning,structured_outputs
gemini-2.5-pro-preview-05-06 in=1.25 out=10 read=0.125 audio=1.25 above=200000 in=2.5 out=15 read=0.25 audio=2.5 context=1048576 output=65535 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs
gemini-2.5-flash-lite-preview-09-2025 in=0.1 out=0.4 read=0.01 audio=0.3 context=1048576 output=65535 takes=audio,file,image,text,video can=tools,reasoning,structured_outputs date=2026-05-06
gemini-2.0-flash-lite-001 in=0.075 out=0.3 audio=0.075 context=1048576 output=8192 takes=audio,file,image,text,video can=tools,structured_outputs date=2026-05-06
gemini-2.0-flash-001 in=0.1 out=0.4 read=0.025 audio=0.7 context=1048576 output=8192 takes=audio,file,image,text,video can=tools,structured_outputs date=2026-05-06

[mistral]
mistral-medium-3-5,mistral-medium-latest in=1.5 out=7.5 context=262144 takes=file,image,text can=tools,reasoning,structured_outputs
mistral-large-2512,mistral-large-latest in=0.5 out=1.5 read=0.05 context=262144 takes=file,image,text can=tools,structured_outputs
mistral-embed-2312 in=0.1 out=0 context=8192 takes=text makes=embeddings
codestral-embed-2505 in=0.15 out=0 context=8192 takes=text makes=embeddings
mistral-medium-3.1,mistral-medium-2508 in=0.4 out=2 read=0.04 context=131072 takes=file,image,text can=tools,structured_outputs
codestral-2508,codestral-latest in=0.3 out=0.9 read=0.03 context=256000 takes=file,text can=tools,structured_outputs
mistral-medium-3,mistral-medium-2505 in=0.4 out=2 read=0.04 context=131072 takes=file,image,text can=tools,structured_outputs
mistral-saba in=0.2 out=0.6 read=0.02 context=32768 takes=file,text can=tools,structured_outputs
mistral-large-2407 in=2 out=6 read=0.2 context=131072 takes=file,text can=tools,structured_outputs
mistral-large in=2 out=6 read=0.2 context=128000 takes=file,text can=tools,structured_outputs
devstral-medium,devstral-medium-2507 in=0.4 out=2 read=0.04 context=131072 takes=text can=tools,structured_outputs date=2026-05-06
mistral-large-2411 in=2 out=6 read=0.2 context=131072 takes=text can=tools,structured_outputs date=2026-05-06
pixtral-large-2411 in=2 out=6 read=0.2 context=131072 takes=image,text can=tools,structured_outputs date=2026-05-06

[xai]
grok-4.5 in=2 out=6 read=0.3 above=200000 in=4 out=12 read=0.6 context=500000 takes=file,image,text can=tools,reasoning,structured_outputs
grok-build-0.1 in=1 out=2 read=0.2 above=200000 in=2 out=4 read=0.4 context=256000 takes=file,image,text can=tools,reasoning,structured_outputs
grok-4.3 in=1.25 out=2.5 read=0.2 above=200000 in=2.5 out=5 read=0.4 context=1000000 takes=file,image,text can=tools,reasoning,structured_outputs
grok-4.20-multi-agent in=1.25 out=2.5 read=0.2 above=200000 in=2.5 out=5 read=0.4 context=2000000 takes=file,image,text can=reasoning,structured_outputs
grok-4.20 in=1.25 out=2.5 read=0.2 above=200000 in=2.5 out=5 read=0.4 context=2000000 takes=file,image,text can=tools,reasoning,structured_outputs
grok-4.1-fast,grok-4.1-fast-reasoning,grok-4.1-fast-non-reasoning in=0.2 out=0.5 read=0.05 context=2000000 output=30000 takes=file,image,text can=tools,reasoning,structured_outputs date=2026-05-06
grok-4-fast,grok-4-fast-reasoning,grok-4-fast-non-reasoning in=0.2 out=0.5 read=0.05 context=2000000 output=30000 takes=file,image,text can=tools,reasoning,structured_outputs date=2026-05-06
grok-code-fast-1,grok-code-fast in=0.2 out=1.5 read=0.02 context=256000 output=10000 takes=text can=tools,reasoning,structured_outputs date=2026-05-06
grok-4,grok-4-0709 in=3 out=15 read=0.75 context=256000 takes=file,image,text can=tools,reasoning,structured_outputs date=2026-05-06
grok-3-mini,grok-3-mini-latest in=0.3 out=0.5 read=0.075 context=131072 takes=text can=tools,reasoning,structured_outputs date=2026-05-06
grok-3,grok-3-latest in=3 out=15 read=0.75 context=131072 takes=text can=tools,structured_outputs date=2026-05-06
grok-3-mini-beta in=0.3 out=0.5 read=0.075 context=131072 takes=text can=tools,reasoning date=2026-05-06
grok-3-beta in=3 out=15 read=0.75 context=131072 takes=text can=tools date=2026-05-06

[cohere]
command-r7b-12-2024 in=0.0375 out=0.15 context=128000 output=4000 takes=text can=structured_outputs
command-r-08-2024 in=0.15 out=0.6 context=128000 output=4000 takes=text can=tools,structured_outputs
command-r-plus-08-2024 in=2.5 out=10 context=128000 output=4000 takes=text can=tools,structured_outputs
`;
