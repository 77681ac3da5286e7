import { BOT_APP_ID } from '../entra/rehearsal-identity.ts';

/** Somebody a rehearsal can act as. `id` is the short name of the control API. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Entra object id. */
  readonly oid: string;
  readonly userRole: 'user' | 'guest';
}

export const BOT = { id: `28:${BOT_APP_ID}`, name: 'Switchyard' } as const;

export const SEEDED_PEOPLE: readonly Person[] = [
  person('rita', 'Rita (requester)', '0001'),
  person('omar', 'Omar (requester)', '0002'),
  person('ada', 'Ada (approver)', '0011'),
  person('ben', 'Ben (approver)', '0012'),
  person('gus', 'Gus (guest)', '0021', 'guest'),
  person('eve', 'Eve (no role)', '0031'),
];

/** The id Teams uses for a person on the wire. */
export function mriOf({ oid }: Person): string {
  return `29:${oid}`;
}

function person(id: string, name: string, digits: string, userRole: Person['userRole'] = 'user'): Person {
  return { id, name, oid: `11111111-0000-4000-8000-00000000${digits}`, userRole };
}
