import { instantsOf, wallTimeAt } from './wall-clock.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A moment as people of a time zone read it, e.g. `Sat 28 Nov 22:00 (Europe/Berlin)`. In the hour that clocks repeat
 * both moments would read the same, so UTC is added.
 */
export function momentIn(iso: string, timeZone: string): string {
  const at = new Date(iso);
  const wall = wallTimeAt(at, timeZone);
  const shown = new Date(wall);
  const day = `${weekdays[shown.getUTCDay()]} ${shown.getUTCDate()} ${months[shown.getUTCMonth()]}`;
  const time = shown.toISOString().slice(11, 16);
  if (timeZone === 'UTC') return `${day} ${time} UTC`;
  const isRepeated = instantsOf(wall, timeZone).length > 1;
  return `${day} ${time} (${timeZone}${isRepeated ? `, ${at.toISOString().slice(11, 16)} UTC` : ''})`;
}
