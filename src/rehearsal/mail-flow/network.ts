import { z } from 'zod/v4';
import type { ExchangeObject } from '../exchange/exchange-object.ts';

/** Where a connection to a host name ends. */
export type Site =
  | {
      readonly kind: 'edge' | 'gateway' | 'scanner' | 'signer' | 'own-server' | 'internet';
      readonly host: string;
      readonly address: string;
      /** Names in the certificate it shows; empty where it offers no STARTTLS. */
      readonly names: readonly string[];
      /** Whether somebody whom everybody trusts issued that certificate. */
      readonly isTrusted: boolean;
    }
  | { readonly kind: 'nowhere'; readonly host: string; readonly why: string };

export type Reached = Exclude<Site, { kind: 'nowhere' }>;

const scannerFaults = ['none', 'no-stamp', 'wrong-address', 'down', 'rewrites-body'] as const;

export const scanner = z.object({
  /** What its verdict header begins with: known to it and the organisation only. */
  secret: z.string().min(16),
  returnAddress: z.ipv4(),
  /** Names in the certificate with which it comes back; empty when it shows none. */
  certificate: z.array(z.string()),
  /** It delivers outgoing mail itself instead of handing it back. */
  deliversOutgoing: z.boolean(),
  /** The domain in whose name it seals what it passes on (ARC); null when it does not. */
  sealer: z.string().nullable(),
  /** How it misbehaves. */
  fault: z.enum(scannerFaults),
});

export type Scanner = Readonly<z.infer<typeof scanner>>;

/** What DANE says of a mail host with TLSA records. */
export const daneAnswers = ['valid', 'expired', 'mismatch', 'bogus', 'wrong-name'] as const;

export type DaneAnswer = (typeof daneAnswers)[number];

/** What a domain tells senders about its mail hosts (MTA-STS). */
export const mtaStsPolicy = z.strictObject({
  mode: z.enum(['enforce', 'testing', 'none']),
  /** Host names; `*.` stands for one label. */
  mx: z.array(z.string()),
});

export type MtaStsPolicy = Readonly<z.infer<typeof mtaStsPolicy>>;

/** Everything outside Exchange Online that mail can meet. */
export interface Network {
  site(host: string): Site;
  /** Host names in order of preference; empty for a domain that takes no mail, null for one that nobody knows here. */
  mx(domain: string): readonly string[] | null;
  /** The host through which Exchange Online takes mail for a domain. */
  tenantHost(domain: string): string;
  /** Null for a host without TLSA records. */
  dane(host: string): DaneAnswer | null;
  /** Null for a domain without a policy. */
  mtaSts(domain: string): MtaStsPolicy | null;
  text(name: string): readonly string[];
  /** Whether the world finds the keys of a DKIM signing configuration. */
  publishesKeys(config: ExchangeObject): boolean;
  /** The name of the server at an address; null when nobody has given it one. */
  reverse(address: string): string | null;
  /** Public addresses of a host name. */
  addresses(name: string): readonly string[];
  /** What the gateway or own server behind a site is called on the internet. */
  egress(site: Site): string;
  serves(site: Site, domain: string): boolean;
  scanner(tenantId: string): Scanner;
  readonly microsoftEgress: string;
}
