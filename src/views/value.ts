import { type Json, sameJson } from '../core/json.ts';
import { clean, counted } from './text.ts';

/** How much of a value fits: characters of a text, entries of a list. */
export interface Room {
  readonly text: number;
  readonly list: number;
}

/** A value of a property in words an administrator reads. */
export function showValue(value: Json, room: Room): string {
  if (value === null) return 'not set';
  if (value === '') return 'empty';
  if (isList(value)) return showList(value, room);
  return typeof value === 'object'
    ? showObject(value, room)
    : clean(String(value), room.text) || 'invisible characters';
}

/** The new value of a property beside its old one: of two lists only what comes and goes, once they are long. */
export function showAfter(before: Json, after: Json, room: Room): string {
  if (sameJson(before, after)) return `${showValue(after, room)} (stays)`;
  if (!isList(before) || !isList(after) || before.length + after.length <= 4) return showValue(after, room);
  const comes = after.filter((entry) => !before.includes(entry));
  const goes = before.filter((entry) => !after.includes(entry));
  if (comes.length + goes.length === 0)
    return `the same ${counted(after.length, 'entry', 'entries')}, in another order`;
  const parts = [
    comes.length > 0 ? `adds ${showEntries(comes, room)}` : '',
    goes.length > 0 ? `removes ${showEntries(goes, room)}` : '',
    `keeps ${after.length - comes.length}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function showList(list: readonly Json[], room: Room): string {
  if (list.length === 0) return 'empty list';
  return showEntries(list, room);
}

function showEntries(list: readonly Json[], room: Room): string {
  const shown = list.slice(0, room.list).map((entry) => showValue(entry, inner(room)));
  const more = list.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} … and ${more} more`;
}

function showObject(value: { readonly [key: string]: Json }, room: Room): string {
  const entries = Object.entries(value).slice(0, room.list);
  const shown = entries.map(([key, entry]) => `${clean(key, 60)}: ${showValue(entry, inner(room))}`);
  const more = Object.keys(value).length - entries.length;
  return (more === 0 ? shown.join('; ') : `${shown.join('; ')} … and ${more} more`) || 'empty';
}

// What stands inside a list or an object gets less room than what stands alone.
function inner(room: Room): Room {
  return { text: Math.min(80, room.text), list: 3 };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
