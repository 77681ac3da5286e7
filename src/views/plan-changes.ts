import { type Change, type FieldChange, isWrite as isSent } from '../core/change.ts';
import type { Plan } from '../core/plan.ts';
import { clean, counted } from './text.ts';
import { type Room, showAfter, showValue } from './value.ts';

/** How much of a plan's changes fits on the card. */
export interface ChangesRoom extends Room {
  readonly objects: number;
  readonly rows: number;
}

/** What a write does to its object, for people. */
export const verbs = { create: 'Creates', update: 'Changes', remove: 'Removes' } as const;

type Write = Change & { readonly action: keyof typeof verbs };

/** The writes of a plan as the card's tables, in the order they are carried out. */
export function changesModel(plan: Plan, room: ChangesRoom) {
  const writes = plan.changes.filter(isWrite);
  const fair = Math.max(1, Math.floor(room.rows / Math.max(1, Math.min(writes.length, room.objects))));
  const objects = writes
    .slice(0, room.objects)
    .map((change, at) => objectModel(change, at + 1, { ...room, rows: fair }));
  const kept = plan.changes.filter(({ action }) => action === 'no-op');
  return {
    objects,
    writes: writes.length === 0 ? 'No change is sent' : counted(writes.length, 'change'),
    moreObjects: writes.length - objects.length,
    kept: kept.slice(0, room.objects).map(({ object, title }) => ({
      text: `${clean(object.kind, 60)} ${clean(object.identity, 80)}: ${clean(title, room.text)}`,
    })),
  };
}

/** Whether the change is sent to the tenant, rather than found to be so already or only proven. */
export function isWrite(change: Change): change is Write {
  return isSent(change);
}

function objectModel(change: Write, number: number, room: ChangesRoom) {
  const rows = change.fields.slice(0, room.rows).map((field) => rowModel(change, field, room));
  const more = change.fields.length - rows.length;
  return {
    number: String(number),
    title: clean(change.title, room.text),
    verb: verbs[change.action],
    object: `${clean(change.object.kind, 60)} ${clean(change.object.identity, 120)}`,
    step: clean(change.step, 60),
    risky: change.risky,
    update: change.action === 'update' && rows.length > 0,
    single: change.action !== 'update' && rows.length > 0,
    valueHeading: change.action === 'create' ? 'Will be' : 'Was, until removed',
    rows,
    hasMore: more > 0,
    more: `… and ${more} more ${more === 1 ? 'field' : 'fields'}`,
    lasting: change.inverse === null,
    lastingReason: clean(change.irreversible ?? 'no way back is known', room.text),
  };
}

// A property name stands in a TextBlock, because only that breaks long words on a narrow screen.
function propertyName(field: string): string {
  return (
    field
      .replace(/[.-]/g, ' ')
      .replace(/[^A-Za-z0-9 ]/g, '')
      .slice(0, 60) || 'unnamed'
  );
}

function rowModel(change: Write, { field, before, after }: FieldChange, room: Room) {
  const single = change.action === 'remove' ? before : after;
  return {
    field: propertyName(field),
    before: showValue(before, room),
    after: change.action === 'update' ? showAfter(before, after, room) : showValue(single, room),
  };
}
