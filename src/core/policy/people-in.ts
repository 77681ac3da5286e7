import type { PolicyDocument } from './approval-policy.ts';

/** Object ids of everybody whom a policy lists by name, each once. Members of its groups are not among them. */
export function peopleIn({ requesters, operators, rings, breakGlass, owners }: PolicyDocument): readonly string[] {
  const circles = [requesters, operators, ...Object.values(rings), ...(breakGlass ? [breakGlass] : [])];
  const listed = circles.flatMap(({ people }) => people);
  return [...new Set([...listed, ...Object.keys(owners), ...Object.values(owners)])];
}
