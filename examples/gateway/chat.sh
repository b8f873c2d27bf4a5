#!/bin/sh
# Asks the gateway with curl and prints answer and cost:
#   examples/gateway/chat.sh "Why is the sky blue?"
set -eu

url=${OPENAI_BASE_URL:-http://127.0.0.1:4141/v1}
jq -n --arg prompt "$1" '{model: "openai/gpt-4o-mini", messages: [{role: "user", content: $prompt}]}' |
  curl -sS --fail-with-body "$url/chat/completions" -H 'content-type: application/json' -H "authorization: Bearer ${OPENAI_API_KEY:-any}" -d @- |
  jq -r '.choices[0].message.content, "cost: \(.usage.cost) USD"'
