import type { PolicyDocument, PolicyRule } from './approval-policy.ts';
import { fewestOf } from './quorum.ts';
import { isTimeZone } from './wall-clock.ts';

/**
 * What makes a policy unusable although its shape is right, each as a sentence. Empty when it can be put in force.
 * `offersSignIn`: whether people can sign in afresh here; default: they can.
 */
export function policyFaults(document: PolicyDocument, offersSignIn = true): readonly string[] {
  const { rules, requesters } = document;
  return [
    ...(requesters.people.length + requesters.groups.length > 0 ? [] : ['requesters: nobody could ask for anything.']),
    ...Object.entries(rules).flatMap(([risk, rule]) => ruleFaults(`rules.${risk}`, rule, document, offersSignIn)),
    ...lockFaults(document, offersSignIn),
    ...(offersSignIn ? [] : signInFaults(document)),
    ...ownerFaults(document),
    ...timeFaults(document),
    ...startFaults(document),
  ];
}

function ruleFaults(name: string, rule: PolicyRule, document: PolicyDocument, offersSignIn: boolean): string[] {
  const { rings, proofOfPerson } = rule;
  const unknown = rings.filter((ring) => !(ring in document.rings));
  if (unknown.length > 0) return [`${name}.rings: there is no ring named ${unknown.join(', ')}.`];
  const known = rings.map((ring) => document.rings[ring] ?? { people: [], groups: [] });
  // How many people a group has is only known when it is read.
  if (known.some(({ groups }) => groups.length > 0)) return [];
  const people = new Set(known.flatMap((ring) => ring.people).map((id) => document.owners[id] ?? id)).size;
  const needed = neededBy(rule, offersSignIn);
  if (people >= needed) return [];
  const proof = proofOfPerson === 'click' ? '' : ` (${proofOfPerson})`;
  return [`${name}: asks for ${needed} approvals${proof}, but ${rings.join(' and ')} have ${people} people.`];
}

/** Where nobody can sign in afresh, a rule that insists on it is told about by itself: see {@link signInFaults}. */
function neededBy(rule: PolicyRule, offersSignIn: boolean): number {
  const fewest = fewestOf(rule, offersSignIn);
  return Number.isFinite(fewest) ? fewest : rule.quorum;
}

/** Whoever asks cannot approve: with nobody left beside every requester, the policy could never be changed again. */
function lockFaults(document: PolicyDocument, offersSignIn: boolean): string[] {
  const { requesters, rules, rings, owners } = document;
  const circles = [requesters, ...rules.high.rings.map((ring) => rings[ring] ?? { people: [], groups: [] })];
  // Who is in a group is only known when it is read.
  if (circles.some(({ groups }) => groups.length > 0)) return [];
  const [asking = [], ...deciding] = circles.map(({ people }) => people.map((id) => owners[id] ?? id));
  const deciders = [...new Set(deciding.flat())];
  const needed = neededBy(rules.high, offersSignIn);
  // Too few deciders at all are told about by themselves.
  if (asking.length === 0 || deciders.length < needed) return [];
  if (asking.some((id) => deciders.filter((one) => one !== id).length >= needed)) return [];
  return [
    `rules.high: nobody could change this policy any more, because beside whoever asks fewer than ${needed} could approve.`,
  ];
}

/** Where nobody can sign in afresh, a rule that insists on it lets nobody approve, not even another policy. */
function signInFaults({ rules }: PolicyDocument): string[] {
  return Object.entries(rules)
    .filter(([, { proofOfPerson }]) => proofOfPerson === 'fresh-sign-in')
    .map(([risk]) => `rules.${risk}.proofOfPerson: signing in afresh is not set up here, so nobody could approve.`);
}

/** An owner who is a second account of somebody else would leave open who is meant. */
function ownerFaults({ owners }: PolicyDocument): string[] {
  return Object.entries(owners)
    .filter(([, owner]) => owner in owners)
    .map(([account, owner]) => `owners: ${owner} owns ${account} and is itself named as a second account.`);
}

/** What could never start, and an emergency right that nobody has. */
function startFaults({ rules, changeWindows, breakGlass }: PolicyDocument): string[] {
  const windowed = Object.entries(rules).filter(
    ([, { inChangeWindow }]) => inChangeWindow && changeWindows.length === 0,
  );
  const faults = windowed.map(([risk]) => `rules.${risk}.inChangeWindow: there is no change window it could start in.`);
  const isEmpty = breakGlass !== null && breakGlass.people.length + breakGlass.groups.length === 0;
  return isEmpty ? [...faults, 'breakGlass: names nobody; leave it out instead.'] : faults;
}

function timeFaults({ timeZone, remindBeforeMinutes, decideWithinMinutes, freezes }: PolicyDocument): string[] {
  const faults = isTimeZone(timeZone) ? [] : [`timeZone: ${timeZone} is no IANA time zone such as Europe/Berlin.`];
  const late = remindBeforeMinutes.filter((minutes) => minutes >= decideWithinMinutes);
  if (late.length > 0) faults.push(`remindBeforeMinutes: ${late.join(', ')} is before there is anything to decide.`);
  const turned = freezes.filter(({ from, to }) => Date.parse(to) <= Date.parse(from));
  return [...faults, ...turned.map(({ from }) => `freezes: the one from ${from} ends before it begins.`)];
}
