#!/bin/sh
# Summarizes the last 500 lines of a log:
#   journalctl -u nginx --since today | examples/summarize-log.sh
set -eu

tail -n 500 | orx chat -q \
  "Summarize this log in five bullet points. Quote the first line of each distinct error with its time."
