import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** Trusts the authorities in a PEM file beside the usual ones, for every outgoing TLS connection of this process. */
export async function trustExtraCa(file: string): Promise<void> {
  setDefaultCACertificates([...getCACertificates('default'), await readFile(file, 'utf8')]);
}
