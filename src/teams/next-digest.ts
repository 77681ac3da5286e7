import type { DigestPeriod } from '../core/subscription.ts';

const hourMs = 3_600_000;
/** A daily digest comes in the morning. */
const morning = 8;

/** When the digest that collects something now is posted: at the next full hour, or at the next eight in the morning. */
export function nextDigest(period: DigestPeriod, now: Date, timeZone: string | null): Date {
  const nextHour = (Math.floor(now.getTime() / hourMs) + 1) * hourMs;
  if (period === 'hourly') return new Date(nextHour);
  // Quarters of an hour: some zones are not whole hours away. A day can have 25 hours.
  for (let at = nextHour - hourMs; at <= nextHour + 26 * hourMs; at += hourMs / 4) {
    if (at > now.getTime() && isMorning(new Date(at), timeZone)) return new Date(at);
  }
  return new Date(nextHour);
}

function isMorning(at: Date, timeZone: string | null): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: timeZone ?? 'UTC',
  }).format(at);
  return parts === `${String(morning).padStart(2, '0')}:00`;
}
