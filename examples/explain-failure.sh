#!/bin/sh
# Runs a command. If it fails, explains the end of its output and exits with the command's own code:
#   examples/explain-failure.sh make test
set -u

log=$(mktemp)
trap 'rm -f "$log"' EXIT

"$@" >"$log" 2>&1
code=$?
cat "$log"
if [ "$code" -ne 0 ]; then
  tail -n 100 "$log" | orx chat -q "The command \`$*\` exited with $code. Explain why in two sentences, then give the most likely fix." >&2
fi
exit "$code"
