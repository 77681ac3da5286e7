import { describe, expect, it } from 'vitest';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { controlsOf } from '../../src/core/audit/controls.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Person } from '../../src/core/person.ts';
import { ada, ben } from '../support/people.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

const request = sampleRequest();
const digest = 'd'.repeat(64);

function entry(action: string, actor: Person | null, detail: JsonObject = {}, minute = 0) {
  const said = { ...auditOf(request, action), actor, detail, digest };
  return auditEvent(said, new Date(Date.UTC(2026, 10, 21, 9, minute)), `${action}-${minute}`, null);
}

const started = [entry('break-glass', ada, { reason: 'Mail is refused' }), entry('run-started', null, {}, 1)];

function about(question: string, events: typeof started) {
  return controlsOf(request, events).find((control) => control.question === question);
}

describe('the evidence of an emergency start', () => {
  const another = 'Another person approved it';

  it('says that nobody else approved it, and that nobody has reviewed it', () => {
    const fact = 'Ada started it alone in an emergency at 2026-11-21T09:00:00.000Z; not reviewed';
    expect(about(another, started)).toMatchObject({ holds: false, fact });
  });

  it('names who accepted it afterwards, or who objected', () => {
    const accepted = [...started, entry('review', ben, { verdict: 'accepted' }, 5)];
    expect(about(another, accepted)).toMatchObject({ holds: null, fact: expect.stringContaining('Ben accepted it') });
    const objection = [...started, entry('review', ben, { verdict: 'objection' }, 5)];
    expect(about(another, objection)).toMatchObject({ holds: false, fact: expect.stringContaining('Ben objected') });
  });

  it('does not take the review of an earlier emergency for that of this one', () => {
    const earlier = [entry('break-glass', ben), entry('review', ada, { verdict: 'accepted' }, 1)];
    const again = [...earlier, entry('superseded', null, {}, 2), entry('break-glass', ada, {}, 3)];
    expect(about(another, [...again, entry('run-started', null, {}, 4)])).toMatchObject({
      holds: false,
      fact: expect.stringContaining('not reviewed'),
    });
    const reviewed = [...again, entry('review', ben, { verdict: 'accepted' }, 5)];
    expect(about(another, reviewed)).toMatchObject({ holds: null, fact: expect.stringContaining('Ben accepted it') });
  });

  it('compares what ran with the plan that was started alone', () => {
    expect(about('The plan that was approved is the plan that ran', started)).toMatchObject({ holds: true });
  });

  it('does not count for a plan that was made anew afterwards', () => {
    const anew = [started[0], entry('superseded', null, {}, 1), entry('run-started', null, {}, 2)].filter(
      (one) => one !== undefined,
    );
    expect(about(another, anew)).toMatchObject({ holds: false, fact: 'nobody approved it' });
  });
});
