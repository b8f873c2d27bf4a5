/** The one grammar of times, for the help of every command that takes one: core/time/parse-time.ts. */
export const TIME_HELP = `
Times are local: 12h reaches back from now; 30d, 2w, 6m and 1y count whole days, today among them;
today, yesterday, week (from Monday), month, year, 2026, 2026-11 and 2026-11-30 are whole: --since
takes their beginning, --until their end; 2026-11-30T16:40 is a moment; all is all there is.`;
