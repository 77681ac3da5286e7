import { defineGateway } from '../gateway.ts';

/** A gateway the catalogue does not know; the form asks for its addresses and mail exchangers. */
export const generic = defineGateway({
  key: 'generic',
  name: 'Generic gateway',
  aliases: ['other', 'another gateway', 'third-party filter'],
  ranges: [],
  mxPatterns: [],
  spfIncludes: [],
  smartHosts: [],
  version: '1',
  asOf: '2026-11-21',
  confidence: 'user',
  sources: ['The administrator, from the documentation of the gateway'],
  quirks: ['Ranges and mail exchangers are taken as typed; check them against the documentation of the gateway.'],
});
