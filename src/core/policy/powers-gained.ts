import type { Warning } from '../workflow.ts';
import type { PolicyDocument, PolicyRule } from './approval-policy.ts';
import { ownerOf } from './one-person.ts';

/** Plans without a change are not decided at all. */
const decided = ['normal', 'high'] as const;
type Decided = (typeof decided)[number];

/**
 * What a change of the policy makes easier, and for whom, as sentences an approver must read: who can decide, start
 * alone, step into runs or ask and could not before, and what is easier to get approved. `called`: what somebody is
 * called, by object id. Dangers first; empty when nothing becomes easier.
 */
export function powersGained(
  before: PolicyDocument,
  after: PolicyDocument,
  called: (objectId: string) => string,
): readonly Warning[] {
  const names = (ids: readonly string[]): string => ids.map(called).join(', ');
  const dangers = [
    ...deciders(before, after, names),
    ...alone(before, after, names),
    ...decided.flatMap((risk) => easierRule(risk, before.rules[risk], after.rules[risk])),
    ...apart(before, after, called),
  ];
  const notices = [
    ...outsideRules(before, after, names),
    ...others(before, after, names),
    ...longer(before, after),
    ...decided.flatMap((risk) => anyTime(risk, before.rules[risk], after.rules[risk])),
  ];
  return [
    ...dangers.map((text) => ({ level: 'danger', text }) as const),
    ...notices.map((text) => ({ level: 'notice', text }) as const),
  ];
}

type Names = (ids: readonly string[]) => string;
type Circle = Pick<PolicyDocument['rings'][string], 'people' | 'groups'> | null | undefined;

function membersOf(...circles: readonly Circle[]): string[] {
  return [...new Set(circles.flatMap((circle) => (circle ? [...circle.people, ...circle.groups] : [])))];
}

function decidersOf({ rings, rules }: PolicyDocument, risk: Decided): string[] {
  return membersOf(...rules[risk].rings.map((ring) => rings[ring]));
}

function gained(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((id) => !before.includes(id));
}

/** Whoever decides on plans of some risk gains by deciding on another one too. */
function deciders(before: PolicyDocument, after: PolicyDocument, names: Names): string[] {
  const of = (risk: Decided): string[] => gained(decidersOf(before, risk), decidersOf(after, risk));
  const [normal, high] = [of('normal'), of('high')];
  const both = high.filter((id) => normal.includes(id));
  const kinds: (readonly [string, readonly string[]])[] = [
    ['normal and high', both],
    ['high', gained(both, high)],
    ['normal', gained(both, normal)],
  ];
  return kinds
    .filter(([, ids]) => ids.length > 0)
    .map(([risk, ids]) => `From then on ${names(ids)} may decide on plans of ${risk} risk.`);
}

function alone(before: PolicyDocument, after: PolicyDocument, names: Names): string[] {
  const ids = gained(membersOf(before.breakGlass), membersOf(after.breakGlass));
  return ids.length === 0 ? [] : [`From then on ${names(ids)} may start alone in an emergency (break glass).`];
}

/** From the weakest to the strongest proof of person. */
const proofs: readonly PolicyRule['proofOfPerson'][] = ['click', 'fresh-sign-in-or-two', 'fresh-sign-in'];
const proofWords: Record<PolicyRule['proofOfPerson'], string> = {
  click: 'a click',
  'fresh-sign-in-or-two': 'a fresh sign-in, or the click of two,',
  'fresh-sign-in': 'a fresh sign-in',
};

function easierRule(risk: Decided, before: PolicyRule, after: PolicyRule): string[] {
  const fewer = `From then on ${after.quorum} instead of ${before.quorum} approvals are enough for plans of ${risk} risk.`;
  const weaker = `From then on ${proofWords[after.proofOfPerson]} proves who approves plans of ${risk} risk, instead of ${proofWords[before.proofOfPerson].replace(/,$/u, '')}.`;
  return [
    ...(after.quorum < before.quorum ? [fewer] : []),
    ...(proofs.indexOf(after.proofOfPerson) < proofs.indexOf(before.proofOfPerson) ? [weaker] : []),
  ];
}

/** Two accounts of one person that count as two could approve what the other one asked for. */
function apart(before: PolicyDocument, after: PolicyDocument, called: (id: string) => string): string[] {
  const owner = (id: string): string => ownerOf({ tenantId: '', objectId: id }, after).objectId;
  return Object.entries(before.owners)
    .filter(([account, person]) => owner(account) !== owner(person))
    .map(
      ([account, person]) =>
        `From then on ${called(account)} and ${called(person)} count as two people; until now they are two accounts of one.`,
    );
}

/** A ring that no rule names decides on nothing, but its members are approvers all the same. */
function outsideRules(before: PolicyDocument, after: PolicyDocument, names: Names): string[] {
  const all = (document: PolicyDocument): string[] => membersOf(...Object.values(document.rings));
  const deciding = decided.flatMap((risk) => decidersOf(after, risk));
  const ids = gained([...all(before), ...deciding], all(after));
  return ids.length === 0
    ? []
    : [`From then on ${names(ids)} may stop requests and review emergency starts; no rule lets them decide.`];
}

function others(before: PolicyDocument, after: PolicyDocument, names: Names): string[] {
  const asking = gained(membersOf(before.requesters), membersOf(after.requesters));
  const operating = gained(membersOf(before.operators), membersOf(after.operators));
  return [
    ...(asking.length === 0 ? [] : [`From then on ${names(asking)} may ask for changes.`]),
    ...(operating.length === 0 ? [] : [`From then on ${names(operating)} may pause, resume, retry and stop runs.`]),
  ];
}

function longer(before: PolicyDocument, after: PolicyDocument): string[] {
  const clocks = [
    ['A plan waits for its decision', 'minutes', before.decideWithinMinutes, after.decideWithinMinutes],
    ['An approval holds until the start', 'minutes', before.startWithinMinutes, after.startWithinMinutes],
    [
      'An emergency start may stay unanswered',
      'hours',
      before.breakGlass?.answerWithinHours ?? Number.POSITIVE_INFINITY,
      after.breakGlass?.answerWithinHours ?? 0,
    ],
  ] as const;
  return clocks
    .filter(([, , from, to]) => to > from)
    .map(([what, unit, from, to]) => `${what} for ${to} ${unit} from then on, instead of ${from}.`);
}

function anyTime(risk: Decided, before: PolicyRule, after: PolicyRule): string[] {
  const isFreed = before.inChangeWindow && !after.inChangeWindow;
  return isFreed ? [`From then on plans of ${risk} risk may start outside the change windows.`] : [];
}
