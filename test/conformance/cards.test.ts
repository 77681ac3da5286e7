import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Ajv, type AnySchemaObject } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { Renderer } from '../../src/teams/render.ts';
import { views } from '../../src/views/index.ts';
import { requestCard } from '../../src/views/request-card.ts';
import { samplePlan, sampleRequest } from '../../src/views/samples.ts';
import { bytesOf, type CardNode, elementsOf, expand, ofType, templateNames, templateText } from '../views/expand.ts';

const require = createRequire(import.meta.url);

interface ValidationEvent {
  readonly message: string;
}

interface Client {
  readonly SerializationContext: new () => { readonly eventCount: number; getEventAt(index: number): ValidationEvent };
  readonly AdaptiveCard: new () => {
    parse(json: unknown, context: unknown): void;
    validateProperties(): { readonly allIds: unknown; readonly validationEvents: readonly ValidationEvent[] };
  };
}

const client = require('adaptivecards/dist/adaptivecards.js') as Client;
const renderer = new Renderer({ cards: fileURLToPath(new URL('../../cards', import.meta.url)), rehearsal: false });
const berlin = { locale: 'de-DE', timeZone: 'Europe/Berlin' };

const { id, ...schema } = JSON.parse(
  readFileSync(new URL('../fixtures/adaptive-card-1.5.schema.json', import.meta.url), 'utf8'),
) as { id: string };
const ajv = new Ajv({ strict: false, formats: { uri: true, 'uri-reference': true } });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-06.json') as AnySchemaObject);
const matchesSchema = ajv.compile({ ...schema, $id: id });

const allStates = [
  'planning',
  'refused',
  'nothing-to-do',
  'awaiting-approval',
  'denied',
  'cancelled',
  'expired',
  'confirming',
  'approved',
  'running',
  'done',
  'undone',
  'undo-failed',
  'undoing',
] as const;

const now = new Date('2026-11-21T14:05:00Z');
const cards: readonly (readonly [string, Card])[] = [
  ...views.flatMap(({ template, samples }) => [
    [`${template}, full`, samples.full] as const,
    [`${template}, minimal`, samples.minimal] as const,
  ]),
  ...allStates.map((state) => [`a request that is ${state}`, requestCard({ ...sampleRequest, state }, now)] as const),
];

function actionsOf(card: CardNode): CardNode[] {
  return elementsOf(card).filter(({ type }) => String(type).startsWith('Action.'));
}

describe('cards', () => {
  it('has one view for each template', () => {
    expect(views.map(({ template }) => template)).toEqual(templateNames);
  });

  it('is tested against a schema that tells good from bad', () => {
    const bad = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'x', colour: 'red' }] };
    expect(matchesSchema(bad)).toBe(false);
    expect(
      matchesSchema({ ...bad, body: [{ type: 'Table', rows: [{ type: 'TableRow', cells: [{ items: 1 }] }] }] }),
    ).toBe(false);
  });

  it('loads nothing from the network', () => {
    for (const name of templateNames) {
      expect(templateText(name).replaceAll('http://adaptivecards.io/schemas/adaptive-card.json', '')).not.toMatch(
        /https?:/,
      );
      expect(templateText(name)).not.toMatch(/"(Image|ImageSet|Media|backgroundImage|Action\.Submit)"/);
    }
  });

  it('opens no address but those of consent and sign-in links, which the program makes', () => {
    const opening = templateNames.filter((name) => templateText(name).includes('"Action.OpenUrl"'));
    expect(opening).toEqual(['connect', 'sign-in']);
    for (const name of opening) expect(templateText(name).match(/"url": "[^"]*"/gu)).toEqual(['"url": "${url}"']);
  });

  describe.each(cards)('%s', (_name, card) => {
    const expanded = expand(card);

    it('leaves no binding open', () => {
      expect(JSON.stringify(expanded)).not.toContain('${');
    });

    it('matches the Adaptive Card 1.5 schema', () => {
      matchesSchema(expanded);
      expect(matchesSchema.errors ?? []).toEqual([]);
      expect(expanded['version']).toBe('1.5');
    });

    it('is parsed by the renderer without complaint', () => {
      const context = new client.SerializationContext();
      const parsed = new client.AdaptiveCard();
      parsed.parse(expanded, context);
      const heard = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
      expect([...heard, ...parsed.validateProperties().validationEvents.map(({ message }) => message)]).toEqual([]);
    });

    it('stays below 28 KB and six actions', () => {
      expect(bytesOf(expanded)).toBeLessThanOrEqual(28 * 1024 - 600);
      expect(actionsOf(expanded).length).toBeLessThanOrEqual(6);
    });

    it('says what it is without being drawn', () => {
      expect(card.summary).not.toBe('');
      expect(expanded['speak']).toBe(card.summary);
      expect(expanded['fallbackText']).not.toBe('');
    });

    it('wraps its texts and labels its inputs', () => {
      for (const block of ofType(expanded, 'TextBlock')) expect(block['wrap']).toBe(true);
      for (const input of ofType(expanded, 'Input.Text', 'Input.ChoiceSet')) {
        expect(input['label']).not.toBe('');
        expect(input['errorMessage']).not.toBe('');
        expect(typeof input['isRequired']).toBe('boolean');
      }
    });

    it('goes out with moments that no client has to write', () => {
      expect(JSON.stringify(renderer.content(card))).not.toContain('{{');
      expect(JSON.stringify(renderer.content(card, berlin))).not.toContain('{{');
    });

    it('carries no state in its buttons', () => {
      const allowed = ['requestId', 'digest', 'nonce', 'page', 'place', 'workflow', 'link'];
      for (const action of ofType(expanded, 'Action.Execute')) {
        const data = action['data'] as Record<string, unknown>;
        expect(allowed).toEqual(expect.arrayContaining(Object.keys(data)));
        for (const value of Object.values(data)) expect(typeof value).toBe('string');
      }
    });
  });

  it('puts exactly the request id, sixteen digits of the digest and the nonce behind the decision buttons', () => {
    const plan = expand(requestCard(sampleRequest, now));
    const buttons = ofType(plan, 'Action.Execute').map(({ verb, data }) => ({ verb, data }));
    const data = { requestId: sampleRequest.id, digest: samplePlan.digest.slice(0, 16), nonce: sampleRequest.nonce };
    expect(buttons).toEqual([
      { verb: 'approve', data },
      { verb: 'deny', data },
      { verb: 'cancel', data },
    ]);
  });

  it('offers to stop only while a run is under way and not stopping yet', () => {
    const verbs = (card: Card) => ofType(expand(card), 'Action.Execute').map(({ verb }) => verb);
    const { requester } = sampleRequest;
    expect(verbs(requestCard({ ...sampleRequest, state: 'running' }, now))).toContain('stop');
    expect(verbs(requestCard({ ...sampleRequest, state: 'running', stopRequestedBy: requester }, now))).not.toContain(
      'stop',
    );
    for (const state of [
      'done',
      'undone',
      'undo-failed',
      'undoing',
      'refused',
      'denied',
      'cancelled',
      'expired',
    ] as const) {
      expect(verbs(requestCard({ ...sampleRequest, state }, now))).not.toContain('stop');
    }
  });
});
