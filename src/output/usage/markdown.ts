import type { UsageView } from '../../core/usage/usage-view.ts';
import { markdownTable } from '../table/markdown.ts';
import { withSandboxLabel } from '../text/sandbox-label.ts';
import { usageTable } from './table.ts';
import { totalText, usageNotes } from './text.ts';

/** Returns a report as Markdown: a heading, the sums, the table, the notes. */
export function usageMarkdown(view: UsageView, limit?: number): string {
  const { isSandbox, period, report } = view;
  const total = report.rows.length > 1 ? report.total : undefined;
  const notes = usageNotes(view).map(({ text }) => `\n${markdownText(text)}\n`);
  return `## ${withSandboxLabel(`Usage: ${period.label}, by ${report.by}`, isSandbox)}\n\n${totalText(report.total)}\n\n${markdownTable(
    usageTable(report.rows.slice(0, limit), { by: report.by, total }),
  )}${notes.join('')}`;
}

/** Returns a line of text for outside of tables, escaped so that it contains no markup. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_[\]|~#]/g, String.raw`\$&`).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
