#!/bin/sh
# Prints what the last seven days cost, by model, as Markdown:
#   examples/weekly-report.sh > report.md
set -eu

echo "# Model costs, week of $(date +%Y-%m-%d)"
echo
orx usage --since 7d --by model -o markdown
