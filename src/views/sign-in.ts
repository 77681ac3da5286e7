import type { Card } from '../core/card.ts';
import { freshSignInMinutes } from '../core/policy/quorum.ts';
import { clean } from './text.ts';
import { defineView } from './view.ts';

/** Why somebody has to sign in before their approval counts, and where. */
export interface SignInInput {
  readonly requestId: string;
  readonly title: string;
  readonly tenant: string;
  /** Sixteen digits, as on the card of the plan and on the page behind the link. */
  readonly digest: string;
  readonly nonce: string;
  /** What the click did, as a sentence. */
  readonly standing: string;
  /** An address of ours. */
  readonly url: string;
  readonly validForMinutes: number;
}

export const signInView = defineView<SignInInput>({
  template: 'sign-in',
  model: ({ requestId, title, tenant, digest, nonce, standing, url, validForMinutes }) => ({
    requestId,
    digest,
    nonce,
    url,
    title: clean(title, 200),
    where: clean(`${requestId} · ${tenant}`, 200),
    standing: clean(standing, 400),
    fingerprint: digest.replaceAll(/(.{4})(?=.)/gu, '$1 '),
    validity: `The link is yours alone, works once, and for ${validForMinutes} minutes. It opens in your browser.`,
  }),
  summary: ({ requestId }) => `Sign in to approve ${requestId}`,
  sample: {
    requestId: 'R-7K2QXD4M',
    title: 'Lock contoso.com down to ExchangeDefender',
    tenant: 'contoso',
    digest: '0123456789abcdef',
    nonce: 'abcdefgh12345678',
    standing: `This plan needs an approver who has signed in within the last ${freshSignInMinutes} minutes. Sign in afresh, then approve.`,
    url: 'https://switchyard.example/sign-in/x',
    validForMinutes: 10,
  },
  minimal: {
    requestId: 'R-22222222',
    title: 'x',
    tenant: 'x',
    digest: '0000000000000000',
    nonce: 'aaaaaaaa',
    standing: 'x',
    url: 'https://switchyard.example/',
    validForMinutes: 1,
  },
});

/** For the one person who clicked: a click is not enough, here is where to prove that it is them. */
export function signInCard(input: SignInInput): Card {
  return signInView.card(input);
}
