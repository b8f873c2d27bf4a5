#!/bin/sh
# Asks two models to review the current branch and names the cheaper one:
#   examples/review.sh [base-branch]
set -eu

answers=$(git diff "${1:-main}" | orx compare --json \
  -m deepseek/deepseek-chat -m anthropic/claude-haiku-4.5 \
  "Review this change. List bugs first, each with its line. Do not praise.")

printf '%s\n' "$answers" | jq -r '.lanes[] | "## \(.requested_model)\n\n\(.content)\n"'
printf '%s\n' "$answers" | jq -r '"Cheapest: \(.ranking[0].requested_model), \(.ranking[0].cost) USD"'
