/** Returns a count with separators: `1,204`. */
export function countText(count: number): string {
  // Loading locales takes ten times longer than printing a list.
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Returns milliseconds as seconds with at most three significant digits: `0.41 s`, `12.3 s`. */
export function secondsText(ms: number): string {
  const seconds = ms / 1000;
  return `${seconds < 10 ? seconds.toFixed(2) : seconds < 100 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
}

/** Returns tokens per second: `83 tok/s`, `4.2 tok/s`. */
export function throughputText(tokensPerSecond: number): string {
  return `${tokensPerSecond < 10 ? tokensPerSecond.toFixed(1) : tokensPerSecond.toFixed(0)} tok/s`;
}

/** Returns an age: `38 s`, `5 min`, `3 h`, `12 d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
