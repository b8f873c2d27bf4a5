#!/bin/sh
# Writes a commit message for the staged changes:
#   git commit -e -m "$(examples/commit-message.sh)"
set -eu

if git diff --staged --quiet; then
  echo "commit-message: nothing is staged" >&2
  exit 1
fi

git diff --staged | orx chat -q -n --max-tokens 300 \
  -s "Write a Git commit message for this diff: a subject of at most 60 characters in the imperative, an empty line, then why. Output only the message."
