#!/bin/sh
# Compares what one request for each file costs on several models. Sends nothing:
#   examples/price-batch.sh reports/*.txt
set -eu

for file in "$@"; do
  echo "$file"
  orx price deepseek/deepseek-chat openai/gpt-4o-mini anthropic/claude-haiku-4.5 -f "$file" --out 300 </dev/null
done
