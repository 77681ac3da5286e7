import { describe, expect, it } from 'vitest';
import { routeMessage } from '../../../src/mail/routing/route-message.ts';
import type { Route, RoutingDomain, RoutingMessage, RoutingTenant } from '../../../src/mail/routing/types.ts';
import { ordinaryDomain } from './ordinary-domain.ts';

function route(facts: Partial<RoutingTenant>, about: Partial<RoutingMessage>): Route {
  const from = about.from ?? 'alex@contoso.com';
  const tenant = {
    acceptedDomains: [ordinaryDomain],
    inboundConnectors: [],
    outboundConnectors: [],
    transportRules: [],
    remoteDomains: [],
    rejectDirectSend: false,
  };
  const message: RoutingMessage = {
    origin: { by: 'user' },
    from,
    headerFrom: from,
    to: 'a@outside.example',
    headers: [],
    type: null,
    size: 4096,
    scl: null,
    recipientExists: null,
    divertedBy: [],
    at: 0,
  };
  return routeMessage({ ...tenant, ...facts }, { ...message, ...about });
}

const internet = { by: 'server', address: '198.51.100.25', tls: true, certificate: [] } as const;

function domain(more: Partial<RoutingDomain>): Partial<RoutingTenant> {
  return { acceptedDomains: [{ ...ordinaryDomain, ...more }] };
}

describe('mail/routing, domains that are switched off', () => {
  it('refuses what the tenant sends from a domain that must not send', () => {
    const muted = domain({ SendingFromDomainDisabled: true });
    const refused = { kind: 'refused', code: '5.7.1' };
    expect(route(muted, {})).toMatchObject({ verdict: refused, doubts: [], rules: [] });
    expect(route(muted, {}).why).toContain('Nobody may send from contoso.com (SendingFromDomainDisabled).');
    expect(route(muted, { from: '', headerFrom: 'alex@contoso.com' }).verdict).toEqual(refused);
    const inbound = { origin: internet, from: 'a@outside.example', to: 'info@contoso.com' };
    expect(route(muted, inbound).verdict).toEqual({ kind: 'delivered' });
  });

  it('refuses everything for a domain to which nothing is delivered', () => {
    const closed = domain({ SendingToDomainDisabled: true });
    const inbound = { origin: internet, from: 'a@outside.example', to: 'info@contoso.com' };
    for (const about of [inbound, { to: 'info@contoso.com' }]) {
      expect(route(closed, about)).toMatchObject({ verdict: { kind: 'refused', code: '5.7.1' }, doubts: [] });
    }
    expect(route(closed, {}).verdict).toEqual({ kind: 'sent', hosts: [] });
  });
});

describe('mail/routing, automatic forwards', () => {
  const forward = { type: 'AutoForward' };
  const remoteDomains = [
    { DomainName: '*', AutoForwardEnabled: true },
    { DomainName: 'outside.example', AutoForwardEnabled: false },
  ];

  it('deletes them for the closest remote domain that forbids them', () => {
    expect(route({ remoteDomains }, forward)).toMatchObject({ verdict: { kind: 'deleted' }, doubts: [] });
    expect(route({ remoteDomains }, { ...forward, to: 'a@mail.outside.example' }).verdict.kind).toBe('sent');
    expect(route({ remoteDomains }, {}).verdict.kind).toBe('sent');
    expect(route({ remoteDomains }, { ...forward, to: 'info@contoso.com' }).verdict.kind).toBe('delivered');
  });

  it('doubts whether they may leave when nobody has read the remote domains', () => {
    expect(route({ remoteDomains: null }, forward)).toMatchObject({
      verdict: { kind: 'sent' },
      doubts: ['Whether automatic forwards may leave for outside.example is not known.'],
    });
    expect(route({ remoteDomains: null }, {}).doubts).toEqual([]);
  });
});
