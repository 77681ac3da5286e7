import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CheckpointError } from '../../core/audit/checkpoint.ts';

/** The Ed25519 key that signs checkpoints: the given PEM file, or one of our own that is made when it is missing. */
export function loadSigningKey(auditFolder: string, givenFile: string | null): KeyObject {
  const file = keyFile(auditFolder, givenFile);
  if (givenFile === null) makeOnce(file);
  const key = read(file);
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new CheckpointError(`The file ${file} holds no Ed25519 private key in PEM.`, {
    operation: 'load the key that signs audit checkpoints',
    next: 'Make one with "openssl genpkey -algorithm ed25519", or leave AUDIT_SIGNING_KEY_FILE out.',
  });
}

/** The same key where it is there already; null where this is not the machine that signs. */
export function presentSigningKey(auditFolder: string, givenFile: string | null): KeyObject | null {
  return existsSync(keyFile(auditFolder, givenFile)) ? loadSigningKey(auditFolder, givenFile) : null;
}

function keyFile(auditFolder: string, givenFile: string | null): string {
  return givenFile ?? join(auditFolder, 'signing-key.pem');
}

function read(file: string): KeyObject | null {
  try {
    return createPrivateKey(readFileSync(file));
  } catch {
    return null;
  }
}

/** A link fails when the file is there already, so of two processes one makes the key and both use it. */
function makeOnce(file: string): void {
  if (read(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(unfinished, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(unfinished);
  }
}
