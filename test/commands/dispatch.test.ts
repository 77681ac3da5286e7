import { describe, expect, it } from 'vitest';
import { setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, eve, omar, rita } from '../support/people.ts';

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
      if (/^\d /u.test(step) || step.includes('attempt 1')) seen.push(...(await health()));
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

function asList(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}
