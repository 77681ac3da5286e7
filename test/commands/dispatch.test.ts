import { describe, expect, it } from 'vitest';
import { conversation, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, eve, omar, rita } from '../support/people.ts';

const setUp = 'set up gateway exchangedefender for contoso.com';
const cyrillic = 'c\u043entoso.com';

/** What the reply shows, as text. */
async function answerTo(text: string, actor = rita, house = new MemorySwitchyard()): Promise<string> {
  const { card } = await house.say(text, actor);
  return `${card.template}: ${card.summary} ${JSON.stringify(card.model)}`;
}

describe('a message', () => {
  it.each(['', '   ', 'help', 'HELP!', '?', 'hi', 'help me please'])('“%s” brings the help', async (text) => {
    expect(await answerTo(text)).toMatch(/^help: /u);
  });

  it('that asks for a change in a personal chat is sent to a channel, where somebody can approve it', async () => {
    const house = new MemorySwitchyard();
    const { card } = await house.say(setUp, rita, 'message-personal', 'personal');
    expect(card).toMatchObject({ template: 'error', model: { code: 'not-here' } });
    expect(await house.requests()).toEqual([]);
  });

  it.each([
    ['cont0so.com', 'contoso.com'],
    ['contoso.co', 'contoso.com'],
    ['sales.contos.com', 'sales.contoso.com'],
    [cyrillic, 'contoso.com'],
  ])('that names %s is asked back with %s and opens nothing', async (domain, meant) => {
    const house = new MemorySwitchyard();
    const answer = await answerTo(`lock down ${domain}`, rita, house);
    expect(answer).toMatch(/^ask-back: /u);
    expect(answer).toContain(meant);
    expect(await house.requests()).toEqual([]);
  });

  it.each([
    'lock down contoso\u202e.com',
    'lock down \u202emoc.osotnoc',
    'lock down contoso\u200b.com',
    'lock down contoso..com',
    'lock down -contoso.com',
    'lock down contoso_.com',
    'lock down 203.0.113.9',
  ])('with a name that cannot be read is an error that changes nothing', async (text) => {
    const house = new MemorySwitchyard();
    expect(await answerTo(text, rita, house)).toMatch(/^(error|ask-back): /u);
    expect(await house.requests()).toEqual([]);
    expect(house.defects).toEqual([]);
  });

  it('of 10,000 characters is an error', async () => {
    expect(await answerTo('x'.repeat(10_000))).toMatch(/^error: .*10000 characters/u);
  });

  it.each([
    ['statsu', 'status'],
    ['pendign', 'pending'],
    ['blah blah', ''],
  ])('with the unknown word “%s” is asked back', async (text, meant) => {
    const answer = await answerTo(text);
    expect(answer).toMatch(/^ask-back: /u);
    expect(answer).toContain(meant);
  });

  it('that names an unknown gateway is asked back with the one that is near', async () => {
    const house = new MemorySwitchyard();
    const answer = await answerTo('set up gateway exchangdefender for contoso.com', rita, house);
    expect(answer).toMatch(/^ask-back: /u);
    expect(answer).toContain('exchangedefender');
    expect(await house.requests()).toEqual([]);
  });

  it.each(['toString', '__proto__', 'constructor'])('that names the gateway %s is asked back', async (gateway) => {
    expect(await answerTo(`set up gateway ${gateway} for contoso.com`)).toMatch(/^ask-back: /u);
  });

  it('without the addresses of a generic gateway brings the form with what is known', async () => {
    const house = new MemorySwitchyard();
    const { card } = await house.say('set up gateway generic for contoso.com');
    expect(card.template).toBe('form');
    const fields = new Map(asList(card.model['fields']).map((field) => [field['id'], field['value']]));
    expect(fields.get('domain')).toBe('contoso.com');
    expect(fields.get('gateway')).toBe('generic');
    expect(await house.requests()).toEqual([]);
  });

  it('without a domain brings the form', async () => {
    expect(await answerTo('lock down')).toMatch(/^form: /u);
  });

  it.each([ada, eve])('of somebody who is no requester is refused with the reason', async (actor) => {
    const house = new MemorySwitchyard();
    expect(await answerTo(setUp, actor, house)).toMatch(/^error: .*Only a requester/u);
    expect(await house.requests()).toEqual([]);
  });

  it('for a lock-down with an option it does not know is an error', async () => {
    const house = new MemorySwitchyard();
    expect(await answerTo('lock down contoso.com ranges 203.0.113.0/24', rita, house)).toMatch(/^error: /u);
    expect(await house.requests()).toEqual([]);
  });

  it('that is delivered twice opens one request', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp, rita, 'activity-1');
    const again = await house.say(setUp, rita, 'activity-1');
    await house.say(setUp, rita, 'activity-2');
    expect(await house.requests()).toHaveLength(1);
    expect(again.livingCardOf).toBeUndefined();
    await house.settle();
    expect(house.store.audit.filter(({ action }) => action === 'requested')).toHaveLength(1);
  });

  it.each([
    ['the same id', 'activity-1'],
    ['a new id', 'activity-2'],
  ])('that is delivered twice at once with %s opens one request', async (_what, second) => {
    const house = new MemorySwitchyard();
    await Promise.all([house.say(setUp, rita, 'activity-1'), house.say(setUp, rita, second)]);
    expect(await house.requests()).toHaveLength(1);
  });

  it('that is delivered again after its request has ended does not open another', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp, rita, 'activity-1');
    await house.settle();
    await house.click('deny', ada);
    await house.say(setUp, rita, 'activity-1');
    expect(await house.requests()).toMatchObject([{ state: 'denied' }]);
  });

  it('of a colleague who wants the same thing finds the open request, however the gateway is called', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp, rita);
    const { card } = await house.say('set up gateway Exchange Defender for CONTOSO.com', omar);
    const [request, ...others] = await house.requests();
    expect(others).toEqual([]);
    expect(JSON.stringify(card)).toContain(`show ${request?.id}`);
    expect(JSON.stringify(card)).not.toContain('Working out the plan');
  });

  it('shows, lists and withdraws requests', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const { id } = await house.request();
    expect(await answerTo(`show ${id.toLowerCase()}`, eve, house)).toContain(id);
    expect(await answerTo('pending', eve, house)).toContain(id);
    expect(await answerTo('status?', eve, house)).toContain(id);
    expect(await answerTo(`cancel ${id}`, eve, house)).toMatch(/^error: .*requester or an approver/u);
    expect(await answerTo(`cancel the request ${id}.`, rita, house)).toContain('cancelled');
    expect((await house.request()).state).toBe('cancelled');
    expect(await answerTo(`cancel ${id}`, rita, house)).toMatch(/^error: /u);
  });

  it('tells whoever lists what is pending where to decide', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    expect(await answerTo('pending', ada, house)).toContain('further up in this conversation');
    const { id } = await house.request();
    expect(await answerTo(`show ${id}`, ada, house)).not.toContain('"buttons":true');
  });

  it('shows a set-up as it is while requests about it are under way', async () => {
    const house = new MemorySwitchyard();
    const health = async () => {
      const { card } = await house.say('status', eve);
      return asList(card.model['setUps']).map((row) => row['health']);
    };
    await house.say(setUp);
    await house.settle();
    expect(await health()).toEqual(['○ planned']);
    const seen: unknown[] = [];
    house.engine.onStep = async (step) => {
      if (step.endsWith('apply') || step.includes('attempt 1')) seen.push(...(await health()));
    };
    await house.click('approve', ada);
    await house.settle();
    expect(seen).toEqual(['▶ being changed', '▶ being changed', '◷ settling']);
    expect(await health()).toEqual(['✓ proven']);
  });

  it.each(['show', 'show nothing', 'show R-22222222', 'cancel', 'show __proto__'])(
    '“%s” says what is missing',
    async (text) => {
      expect(await answerTo(text)).toMatch(/^error: /u);
    },
  );
});

describe('a click', () => {
  async function planned() {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const { id, plan, nonce } = await house.request();
    return { house, data: { requestId: id, digest: plan?.digest.slice(0, 16) ?? '', nonce } };
  }

  it('of an approver is answered with the card, a second one with a friendly word', async () => {
    const { house, data } = await planned();
    expect(await house.click('approve', ada, data)).toMatchObject({ kind: 'card' });
    expect(await house.click('approve', ada, data)).toMatchObject({ kind: 'message' });
    const late =
      'Ada approved [^ ]+ at \\d{4}-\\d\\d-\\d\\d 09:00 UTC; it is approved and being confirmed. Your click changed nothing.';
    expect(await house.click('approve', ben, data)).toMatchObject({
      kind: 'error',
      status: 409,
      message: expect.stringMatching(late),
    });
  });

  it('after the request has ended says what became of it', async () => {
    const { house, data } = await planned();
    await house.click('deny', ada, data);
    const { message } = { message: '', ...(await house.click('approve', ben, data)) };
    expect(message).toMatch(/^Ada denied R-\w+ at \d{4}-\d\d-\d\d 09:00 UTC. Your click changed nothing.$/u);
    house.world.clock.advance(86_400);
    expect(JSON.stringify(await house.click('cancel', ada, data))).toMatch(
      /\d{4}-\d\d-\d\d 09:00 UTC\. So that cannot be done now/u,
    );
  });

  it('of the requester or of somebody without the role is refused', async () => {
    const { house, data } = await planned();
    expect(await house.click('approve', rita, data)).toMatchObject({ status: 403 });
    expect(await house.click('deny', eve, data)).toMatchObject({ status: 403, code: 'not-allowed' });
    expect((await house.request()).state).toBe('awaiting-approval');
  });

  it('from another conversation does not act', async () => {
    const { house, data } = await planned();
    const elsewhere = '19:other@thread.tacv2;messageid=1';
    expect(await house.click('approve', ada, data, elsewhere)).toMatchObject({ status: 403, code: 'refused' });
    expect((await house.request()).decisions).toEqual([]);
  });

  it('with data that is not ours is refused and changes nothing', async () => {
    const { house, data } = await planned();
    const hostile: unknown[] = [
      'approve',
      0,
      [],
      [data],
      {},
      { ...data, state: 'approved' },
      { ...data, actor: ada },
      { ...data, requestId: [data.requestId] },
      { ...data, requestId: { toString: 'R-22222222' } },
      { ...data, requestId: "R-22222222' or '1'='1" },
      { ...data, digest: data.digest.toUpperCase() },
      { ...data, digest: data.digest.slice(0, 8) },
      { ...data, digest: 1e21 },
      { ...data, nonce: '' },
      { ...data, nonce: 'x'.repeat(10_000) },
      JSON.parse(`{"__proto__":${JSON.stringify(data)}}`),
      JSON.parse(
        `{"requestId":"${data.requestId}","nonce":"${data.nonce}","constructor":{"prototype":{"roles":["approver"]}}}`,
      ),
    ];
    for (const one of hostile) {
      expect(await house.click('approve', ada, one)).toMatchObject({ kind: 'error', status: 400 });
    }
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval', decisions: [] });
    expect(house.defects).toEqual([]);
  });

  it('on a request that does not exist is answered with 404', async () => {
    const { house, data } = await planned();
    expect(await house.click('approve', ada, { ...data, requestId: 'R-22222222' })).toMatchObject({ status: 404 });
  });

  it('without a digest decides nothing', async () => {
    const { house, data } = await planned();
    const { digest: _digest, ...rest } = data;
    expect(await house.click('approve', ada, rest)).toMatchObject({ status: 409, code: 'stale' });
  });

  it.each(['explode', '__proto__', 'constructor', ''])('with the unknown verb “%s” is refused', async (verb) => {
    const { house, data } = await planned();
    expect(await house.click(verb, ada, data)).toMatchObject({ kind: 'error', status: 400, code: 'unknown-verb' });
  });

  it('after the time to decide has passed is refused', async () => {
    const { house, data } = await planned();
    house.world.clock.advance(house.policy.document.decideWithinMinutes * 60);
    expect(await house.click('approve', ada, data)).toMatchObject({ status: 409, code: 'wrong-state' });
  });
});

describe('a form', () => {
  const filled = { workflow: 'set-up-gateway', domain: 'contoso.com', gateway: 'exchangedefender' };
  const submit = (house: MemorySwitchyard, data: unknown, actor = rita) => house.submit(actor, data, 'form-1');

  it('opens the same request as a sentence, and its message becomes the living card', async () => {
    const house = new MemorySwitchyard();
    expect(await submit(house, { ...filled, ranges: '', mx: ' ' })).toMatchObject({ kind: 'card' });
    const { id, input } = await house.request();
    expect(input).toEqual({ domain: 'contoso.com', gateway: 'exchangedefender' });
    expect(await house.store.cardOf(id)).toEqual({ conversation, messageId: 'form-1' });
    await submit(house, filled);
    await house.say(setUp);
    expect(await house.requests()).toHaveLength(1);
  });

  it('for what was asked for elsewhere shows that request without buttons', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const where = '19:other@thread.tacv2;messageid=7';
    const answer = await house.submit(omar, filled, 'form-2', where);
    expect(answer).toMatchObject({ kind: 'card', card: { template: 'plan', model: { buttons: false } } });
    expect(await house.submit(omar, filled, 'form-3')).toMatchObject({ card: { model: { buttons: true } } });
  });

  it('comes back with what is still missing', async () => {
    const house = new MemorySwitchyard();
    const answer = await submit(house, { ...filled, gateway: 'generic' });
    expect(JSON.stringify(answer)).toContain('Still needed');
    expect(await house.requests()).toEqual([]);
  });

  it.each([ada, eve])('of somebody who is no requester is refused', async (actor) => {
    const house = new MemorySwitchyard();
    expect(JSON.stringify(await submit(house, filled, actor))).toContain('Only a requester');
    expect(await house.requests()).toEqual([]);
  });

  it('with forged fields opens nothing', async () => {
    const forged: unknown[] = [
      null,
      [],
      [filled],
      { ...filled, tenant: 'fabrikam' },
      { ...filled, requester: 'ada' },
      { ...filled, domain: ['contoso.com'] },
      { ...filled, domain: { $ne: '' } },
      { ...filled, workflow: 'toString' },
      { ...filled, workflow: '__proto__' },
      { ...filled, mx: 'x'.repeat(5000) },
      { ...filled, constructor: 'x' },
    ];
    const house = new MemorySwitchyard();
    for (const data of forged) expect(await submit(house, data)).toMatchObject({ kind: 'error', status: 400 });
    expect(await house.requests()).toEqual([]);
    expect(house.defects).toEqual([]);
  });

  it('takes nothing from the prototype of what was sent', async () => {
    const house = new MemorySwitchyard();
    const answer = await submit(house, JSON.parse('{"workflow":"lock-down","__proto__":{"domain":"contoso.com"}}'));
    expect(answer).not.toMatchObject({ kind: 'card', card: { template: 'planning' } });
    expect(await house.requests()).toEqual([]);
  });
});

function asList(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}
