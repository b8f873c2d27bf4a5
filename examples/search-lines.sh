#!/bin/sh
# Prints the lines of a file whose meaning is nearest to a question. The vectors are stored beside the file, so only the first
# search of a file costs more than a fraction of a cent:
#   examples/search-lines.sh notes.txt "how do I get my money back?"
set -eu

model=openai/text-embedding-3-small
file=$1
question=$2
vectors=$file.vectors.jsonl

if [ ! -e "$vectors" ] || [ -n "$(find "$file" -newer "$vectors")" ]; then
  orx embed -q -m "$model" -f "$file" --input-format lines > "$vectors.new"
  mv "$vectors.new" "$vectors"
fi

# OpenAI's vectors have length 1, so the sum of the products is the cosine of the angle between them.
orx embed -q -m "$model" "$question" | jq -r --slurpfile lines "$vectors" '
  .embedding as $asked
  | $lines
  | map({text, near: ([.embedding, $asked] | transpose | map(.[0] * .[1]) | add)})
  | sort_by(-.near) | .[:5][] | .text'
