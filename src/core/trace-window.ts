const day = 86_400_000;
const longest = 10;
const furthest = 90;

/**
 * Why mail of this time cannot be asked for in one question, or null. Both services that tell what became of messages
 * go 90 days back and answer for at most ten days at once. Source: Get-MessageTraceV2 and messageTraces of Microsoft
 * Graph (Microsoft Learn).
 */
export function traceProblem(from: Date, to: Date, now: Date): string | null {
  const length = to.getTime() - from.getTime();
  if (!(length >= 0)) return 'the end comes before the beginning: exchange them';
  if (length > longest * day) return 'from the beginning to the end are more than ten days: ask in parts';
  if (from.getTime() >= now.getTime() - furthest * day) return null;
  const earliest = new Date(now.getTime() - furthest * day).toISOString().slice(0, 10);
  return `Microsoft keeps traces for ${furthest} days, and these days are gone: ask from ${earliest} on`;
}
