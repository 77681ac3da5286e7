import { beforeEach, describe, expect, it } from 'vitest';
import {
  DriftError,
  RejectedError,
  TenantAccessError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../src/core/errors.ts';
import { offersTo } from '../../src/core/offers.ts';
import type { Actor } from '../../src/core/person.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { progressView } from '../../src/views/progress.ts';
import { connectorName, houseFor, type Story, sentences } from '../support/memory-story.ts';
import type { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { eve, person, rita } from '../support/people.ts';
import { whenOnRecord } from '../support/when-on-record.ts';

const oskar = person('Oskar', '41', 'operator');
const detail = { operation: 'test', next: 'Ask the administrator.' };
const consentLost = new TenantAccessError('The consent was withdrawn.', { ...detail, reason: 'consent' });

let house: MemorySwitchyard;

/** The request as it stands when nothing more happens by itself. */
function approved(story: Story): Promise<ProvisioningRequest> {
  return house.carryThrough(sentences[story]);
}

const order = (word: string, actor: Actor = oskar, more = ''): Promise<ProvisioningRequest> =>
  house.order(word, actor, more);

/** Types it the moment before a step begins, as somebody who watches the card. */
function atStep(step: string, word: string, actor: Actor = oskar): void {
  house.engine.onStep = async (name) => {
    if (name !== step) return;
    house.engine.onStep = () => Promise.resolve();
    const { id } = await house.request();
    await house.say(`${word} ${id}`, actor);
  };
}

/** Types it while the run waits for the n-th time. */
function atWait(count: number, word: string, actor: Actor = oskar): void {
  let waits = 0;
  house.engine.onWait = async () => {
    waits += 1;
    if (waits !== count) return;
    const { id } = await house.request();
    await house.say(`${word} ${id}`, actor);
    await house.post();
  };
}

function audited(action: string): string[] {
  return house.store.audit.filter((entry) => entry.action === action).map(({ actor }) => actor?.name ?? 'Switchyard');
}

describe('a run that somebody pauses', () => {
  beforeEach(async () => {
    house = await houseFor('set-up-gateway');
  });

  it('finishes the step under way, writes nothing more, and says who and since when', async () => {
    atStep('1 Set-InboundConnector', 'pause');
    const request = await approved('set-up-gateway');
    expect(request).toMatchObject({ state: 'running', pause: { by: { name: 'Oskar' }, code: null } });
    expect(request.pause?.since).not.toBeNull();
    expect(request.steps.map(({ status }) => status)).toEqual(['done', 'waiting']);
    expect(house.sent()).toEqual(['New-InboundConnector']);
    expect(house.engine.parked()).toEqual([`${request.id}:run:1`]);
    expect(audited('pause')).toEqual(['Oskar']);
    expect(house.notices().filter(({ notice }) => notice.kind === 'paused')).toHaveLength(2);
  });

  it.each(['resume', 'retry'])('goes on after %s as if nothing had been', async (word) => {
    atStep('1 Set-InboundConnector', 'pause');
    await approved('set-up-gateway');
    const request = await order(word);
    expect(request).toMatchObject({ state: 'done', pause: null, outcome: { code: 'proven' } });
    expect(house.effective).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
    expect(audited(word)).toEqual(['Oskar']);
  });

  it('reads again before it goes on, and takes everything back when somebody changed the object meanwhile', async () => {
    atStep('1 Set-InboundConnector', 'pause');
    await approved('set-up-gateway');
    const parameters = { Identity: connectorName, EFSkipIPs: ['203.0.113.9'] };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    const request = await order('resume');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'drift' } });
    expect(await house.connectors()).toEqual([]);
  });

  it('takes everything back when it is stopped while it stands still', async () => {
    atStep('1 Set-InboundConnector', 'pause');
    await approved('set-up-gateway');
    const request = await order('cancel', rita);
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'stopped' }, pause: null });
    expect(await house.connectors()).toEqual([]);
  });

  it('stands still as well while it takes back', async () => {
    house.world.exchange.fail('Set-InboundConnector', new RejectedError('EFSkipIPs cannot be used', detail));
    whenOnRecord(house, 'step-running', 1, async () => house.say(`pause ${(await house.request()).id}`, oskar));
    await approved('set-up-gateway');
    expect(await house.connectors()).toHaveLength(1);
    expect(await order('resume')).toMatchObject({ state: 'undone', outcome: { code: 'rejected' } });
    expect(await house.connectors()).toEqual([]);
  });

  it('is not held up by a pause that was taken back before it took effect', async () => {
    house.engine.onStep = async (name) => {
      if (name !== '0 New-InboundConnector') return;
      house.engine.onStep = () => Promise.resolve();
      const { id } = await house.request();
      await house.say(`pause ${id}`, oskar);
      await house.say(`resume ${id}`, oskar);
    };
    expect(await approved('set-up-gateway')).toMatchObject({ state: 'done' });
  });

  it('reminds people again and again', async () => {
    atStep('1 Set-InboundConnector', 'pause');
    await approved('set-up-gateway');
    const reminded = () => house.notices().filter(({ notice }) => notice.headline.includes('still paused')).length;
    house.engine.onWait = () => {
      house.engine.impatient = reminded() < 6;
      return Promise.resolve();
    };
    house.engine.impatient = true;
    house.engine.wake();
    await house.settle();
    expect(reminded()).toBe(6);
    expect(await order('resume')).toMatchObject({ state: 'done' });
  });

  it('obeys operators only', async () => {
    atStep('0 New-InboundConnector', 'pause', rita);
    const request = await approved('set-up-gateway');
    expect(request.state).toBe('done');
    const refused = house.store.audit.filter(({ action, outcome }) => action === 'pause' && outcome === 'refused');
    expect(refused).toMatchObject([{ actor: { name: 'Rita' }, reason: expect.stringContaining('Only an operator') }]);
  });
});

describe('a run that insisted on a fact before it was paused', () => {
  beforeEach(async () => {
    house = await houseFor('lock-down');
  });

  it('insists on it again before it writes', async () => {
    atStep('0 Set-InboundConnector', 'pause');
    await approved('lock-down');
    house.world.dns.setMx('contoso.com', ['contoso-com.mail.protection.outlook.com']);
    const request = await order('resume');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'drift' } });
    expect(house.sent()).toEqual([]);
  });

  it('insists on it again before it writes once more', async () => {
    house.world.exchange.fail('Set-InboundConnector', consentLost);
    expect(await approved('lock-down')).toMatchObject({ state: 'running', steps: [{ status: 'running' }] });
    house.world.dns.setMx('contoso.com', ['contoso-com.mail.protection.outlook.com']);
    const request = await order('retry');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'drift' }, steps: [{ status: 'failed' }] });
    expect(await house.connectors()).toMatchObject([{ Enabled: false }]);
  });

  it('goes on when it still holds', async () => {
    atStep('0 Set-InboundConnector', 'pause');
    await approved('lock-down');
    expect(await order('resume')).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(house.sent()).toEqual(['Set-InboundConnector']);
  });
});

describe('a pause while a proof is waited for', () => {
  beforeEach(async () => {
    house = await houseFor('lock-down');
    house.edge = 'silent';
  });

  it('moves the deadline by as long as nobody looked', async () => {
    atWait(5, 'pause');
    const paused = await approved('lock-down');
    expect(paused).toMatchObject({ state: 'running', pause: { by: { name: 'Oskar' } } });
    const deadline = Date.parse(paused.proofs[0]?.deadline ?? '');
    expect(paused.proofs[0]?.attempts).toBe(4);
    house.world.clock.advance(7200);
    house.edge = 'obeys';
    const request = await order('resume');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(Date.parse(request.proofs[0]?.deadline ?? '') - deadline).toBe(7_200_000);
  });

  it('can be ended by stopping the run', async () => {
    atWait(5, 'pause');
    await approved('lock-down');
    expect(await order('cancel', rita)).toMatchObject({ state: 'undone', outcome: { code: 'stopped' } });
    expect(await house.connectors()).toMatchObject([{ Enabled: false }]);
  });
});

describe('a run that meets an error a person can do something about', () => {
  beforeEach(async () => {
    house = await houseFor('set-up-gateway');
  });

  it.each([
    ['throttled for ever', new ThrottledError('Too many calls.', { ...detail, retryAfterSeconds: null })],
    ['out of order', new UnavailableError('Exchange Online is out of order.', detail)],
    ['consent lost', consentLost],
    ['role lost', new TenantAccessError('The role is missing.', { ...detail, reason: 'directory-role' })],
    ['no answer', new UnknownOutcomeError('No answer came.', detail)],
  ])('pauses by itself, tells people, and goes on when asked to: %s', async (_what, error) => {
    house.world.exchange.fail('Set-InboundConnector', error, { times: 99 });
    const request = await approved('set-up-gateway');
    expect(request).toMatchObject({ state: 'running', pause: { by: null, code: error.code } });
    expect(request.pause?.reason).toContain(error.message);
    expect(request.pause?.next).toBe(error.next);
    expect(await house.connectors()).toHaveLength(1);
    const told = house.notices().filter(({ notice }) => notice.kind === 'paused');
    expect(told.map(({ audience }) => audience)).toEqual(['thread', 'requester', 'operators']);
    house.world.exchange.heal();
    expect(await order('retry')).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(house.effective).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
  });

  it('is stopped by the operators it asks to do that', async () => {
    house.world.exchange.fail('Set-InboundConnector', consentLost, { times: 99 });
    const request = await approved('set-up-gateway');
    const told = house.notices().find(({ notice }) => notice.kind === 'paused');
    expect(told?.notice.body).toContain('an operator presses Try again, or Stop and roll back');
    const now = house.world.clock.now();
    const buttons = offersTo(oskar, request, house.policies.inForce, now);
    expect(progressView.card({ request, now, buttons }).model).toMatchObject({ canStop: true, canRetry: true });
    house.world.exchange.heal();
    expect(await order('cancel')).toMatchObject({ state: 'undone', outcome: { code: 'stopped' } });
    expect(await house.connectors()).toEqual([]);
  });

  it('is not theirs to withdraw before anybody has approved it', async () => {
    await house.say(sentences['set-up-gateway']);
    await house.settle();
    expect((await order('cancel')).state).toBe('awaiting-approval');
    expect(house.store.audit.at(-1)).toMatchObject({ outcome: 'refused', actor: { name: 'Oskar' } });
  });

  it('waits as long as it is asked to, but not for hours inside a step', async () => {
    const asked = (retryAfterSeconds: number) =>
      new ThrottledError('Too many calls.', { ...detail, retryAfterSeconds });
    const from = house.world.clock.now().getTime();
    house.world.exchange.fail('New-InboundConnector', asked(37), { times: 1 });
    house.world.exchange.fail('Set-InboundConnector', asked(7200), { times: 1 });
    const request = await approved('set-up-gateway');
    expect(request).toMatchObject({ state: 'running', pause: { code: 'throttled' } });
    expect(request.steps.map(({ status }) => status)).toEqual(['done', 'running']);
    expect((house.world.clock.now().getTime() - from) / 1000).toBe(37);
  });

  it('pauses again as long as the error stays', async () => {
    house.world.exchange.fail('Set-InboundConnector', consentLost, { times: 2 });
    await approved('set-up-gateway');
    expect(await order('retry')).toMatchObject({ state: 'running', pause: { code: 'tenant-access' } });
    expect(await order('retry')).toMatchObject({ state: 'done' });
  });

  it('takes back what it can when it is stopped instead', async () => {
    house.world.exchange.fail('Set-InboundConnector', consentLost);
    await approved('set-up-gateway');
    const request = await order('cancel', rita);
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'stopped' } });
    expect(await house.connectors()).toEqual([]);
  });

  it('takes back a write nobody could see once more, although the object shows nothing of it', async () => {
    const silence = new UnknownOutcomeError('No answer came.', detail);
    house.world.exchange.fail('Set-InboundConnector', silence, { times: 6 });
    await approved('set-up-gateway');
    expect(await order('cancel', rita)).toMatchObject({ state: 'undone' });
    expect(house.effective).toEqual(['New-InboundConnector', 'Set-InboundConnector', 'Remove-InboundConnector']);
  });

  it('does not pause for what says something about the change itself', async () => {
    for (const error of [new RejectedError('no', detail), new DriftError('changed', detail)]) {
      house = await houseFor('set-up-gateway');
      house.world.exchange.fail('Set-InboundConnector', error);
      expect(await approved('set-up-gateway')).toMatchObject({ state: 'undone', outcome: { code: error.code } });
    }
  });

  it('leaves other people out of it', async () => {
    house.world.exchange.fail('Set-InboundConnector', consentLost);
    await approved('set-up-gateway');
    expect(await order('retry', eve)).toMatchObject({ state: 'running', pause: { code: 'tenant-access' } });
    expect(house.engine.parked()).toHaveLength(1);
  });
});
