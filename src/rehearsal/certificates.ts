import { randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';

/** PEM texts of a private key and its certificate. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const YEAR = 365 * 24 * 3600 * 1000;
const IP = 7;
const DNS = 2;

/** The rehearsal's own certificate authority: what the bot is told to trust besides the public ones. */
export async function createAuthority(): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: `Switchyard rehearsal authority ${randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 24 * 3600 * 1000),
    notAfterDate: new Date(Date.now() + 10 * YEAR),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}

/** A server certificate for these names and IPv4 addresses; the first is its subject. */
export async function issueCertificate(authority: Certificate, names: readonly string[]): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 24 * 3600 * 1000),
    notAfterDate: new Date(Date.now() + YEAR),
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames: names.map(altName) },
    ],
  });
  return { key: made.private, cert: made.cert };
}

function altName(name: string): { type: typeof IP; ip: string } | { type: typeof DNS; value: string } {
  return /^[\d.]+$/u.test(name) ? { type: IP, ip: name } : { type: DNS, value: name };
}
