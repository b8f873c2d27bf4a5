#!/bin/sh
# Turns the text of an invoice into a line of CSV. orx checks the answer against the schema and exits with 7 if it does not fit:
#   pdftotext invoice.pdf - | examples/extract-invoice.sh >> invoices.csv
set -eu

orx chat -q --schema "vendor, number, date: as YYYY-MM-DD, total float, currency" "Extract the fields of this invoice." |
  jq -r '[.vendor, .number, .date, .total, .currency] | @csv'
