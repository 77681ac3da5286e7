import { describe, expect, it } from 'vitest';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { controlsOf } from '../../src/core/audit/controls.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Person } from '../../src/core/person.ts';
import { ada, ben } from '../support/people.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

const request = sampleRequest();

function entry(action: string, actor: Person | null, detail: JsonObject = {}) {
  return auditEvent({ ...auditOf(request, action), actor, detail }, new Date('2026-11-21T09:00:00Z'), action, null);
}

function approve(actor: Person, approvals: number) {
  return entry('approve', actor, { approvals, needed: 2 });
}

function about(question: string, events: Parameters<typeof controlsOf>[1]) {
  return controlsOf(request, events).find((control) => control.question === question);
}

const enough = 'As many people approved it as the policy asked for';
const another = 'Another person approved it';
const started = entry('run-started', null);

describe('the evidence of an approval', () => {
  it('says how many approved and how many were needed', () => {
    const fact = '2 approved, 2 were needed';
    expect(about(enough, [approve(ada, 1), approve(ben, 2), started])).toMatchObject({ holds: true, fact });
    expect(about(enough, [approve(ada, 1), started])).toMatchObject({ holds: false });
    expect(about(enough, [approve(ada, 1)])).toMatchObject({ holds: null });
  });

  it('does not count whom the start found without their right, until they approve again', () => {
    const lost = entry('approval-lost', null, { lost: [ben.objectId] });
    const events = [approve(ada, 1), approve(ben, 2), lost];
    expect(about(another, [...events, started])?.fact).toBe('Ada at 2026-11-21T09:00:00.000Z');
    expect(about(enough, [...events, started])).toMatchObject({ holds: false });
    expect(about(enough, [...events, approve(ben, 2), started])).toMatchObject({ holds: true });
  });

  it('does not count approvals under a policy that was changed', () => {
    const events = [approve(ada, 1), approve(ben, 2), entry('policy-changed', null), started];
    expect(about(another, events)).toMatchObject({ holds: false, fact: 'nobody approved it' });
  });
});
