#!/bin/sh
# Summarizes every file into FILE.summary. The budget is a limit in the ledger, so parallel runs share it. orx exits with 4 when a request would
# exceed it; then run the script again tomorrow: it continues where it stopped.
#   BUDGET=0.50 examples/batch-in-budget.sh reports/*.txt
set -eu

orx profile set batch >&2
orx budget add --profile batch --day "${BUDGET:-0.50}" >&2

for file in "$@"; do
  [ -e "$file.summary" ] && continue
  code=0
  orx chat -q --profile batch --max-tokens 300 -f "$file" "Summarize this in three sentences." >"$file.partial" </dev/null || code=$?
  if [ "$code" -eq 0 ]; then
    mv "$file.partial" "$file.summary"
    continue
  fi
  rm -f "$file.partial"
  [ "$code" -eq 4 ] && echo "batch: the budget of today is used up at $file" >&2
  exit "$code"
done
