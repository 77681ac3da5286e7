import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { OpsError } from '../errors.ts';

/** A statement about an audit trail: when it had `size` entries, the last one's hash was `root`. */
export interface Checkpoint {
  /** Which trail, e.g. `switchyard/7f0c…`. */
  readonly origin: string;
  readonly size: number;
  /** 64 lower-case hexadecimal digits. */
  readonly root: string;
}

/** A checkpoint whose signature was checked, with the text that carries it. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
}

/** With whose key checkpoints are checked. */
export interface VerifierKey {
  /** Name of the key, which is the origin of the trail it signs. */
  readonly name: string;
  readonly key: KeyObject;
}

/** A key or a checkpoint is not what it should be. */
export class CheckpointError extends OpsError {
  override readonly name = 'CheckpointError';
  readonly code = 'checkpoint';
}

/** Marks Ed25519 in key ids and verifier keys of the signed-note format. */
const ed25519 = 1;
const keyIdBytes = 4;

/**
 * A signed checkpoint as text, in the format of C2SP `tlog-checkpoint`: three lines, an empty one, a signature.
 * `key` is an Ed25519 private key.
 */
export function checkpointNote(checkpoint: Checkpoint, key: KeyObject): string {
  const text = bodyOf(checkpoint);
  const id = keyId(checkpoint.origin, createPublicKey(key));
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)]).toString('base64');
  return `${text}\n— ${checkpoint.origin} ${signature}\n`;
}

/** The public half of a key as one line that a verifier reads: name, key id and key (C2SP `signed-note`). */
export function verifierKeyLine(name: string, key: KeyObject): string {
  return `${name}+${keyId(name, key).toString('hex')}+${taggedKey(key).toString('base64')}`;
}

/** Reads a verifier key line. Throws `CheckpointError` when it is none. */
export function readVerifierKey(line: string): VerifierKey {
  const [, name = '', id = '', data = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(line.trim()) ?? [];
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== 33 || bytes[0] !== ed25519) throw notAKey();
  const x = bytes.subarray(1).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (keyId(name, key).toString('hex') !== id) throw notAKey();
  return { name, key };
}

/**
 * Reads any number of signed checkpoints, oldest first. Throws `CheckpointError` when one of them is not signed with
 * this key, is of another trail, or cannot be read: whatever else a file says then, it is not to be trusted.
 */
export function readCheckpoints(text: string, key: VerifierKey): readonly SignedCheckpoint[] {
  const notes = text.split(/(?<=\n— \S+ \S+\n)\n*(?!— )/u).filter((note) => note.trim() !== '');
  const id = keyId(key.name, key.key);
  return notes.map((note, index) => readNote(note, key, id, index + 1));
}

function readNote(note: string, { name, key }: VerifierKey, id: Buffer, place: number): SignedCheckpoint {
  const [, text = '', origin = '', size = '', root = '', signatures = ''] =
    /^((\S+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n)\n((?:— \S+ \S+\n)+)$/u.exec(note) ?? [];
  const signed = [...signatures.matchAll(/^— (\S+) (\S+)$/gmu)]
    .filter(([, signer]) => signer === name)
    .map(([, , data = '']) => Buffer.from(data, 'base64'))
    .some((data) => data.subarray(0, keyIdBytes).equals(id) && verify(null, Buffer.from(text), key, data.subarray(4)));
  if (!signed || origin !== name) {
    throw new CheckpointError(`Checkpoint ${place} of the file does not carry a valid signature of ${name}.`, {
      operation: 'read checkpoints',
      next: 'Compare the file with a copy kept elsewhere, and the key with the one you know.',
    });
  }
  return { origin, size: Number(size), root: Buffer.from(root, 'base64').toString('hex'), note };
}

function bodyOf({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`;
}

function keyId(name: string, key: KeyObject): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(taggedKey(key));
  return hash.digest().subarray(0, keyIdBytes);
}

function taggedKey(key: KeyObject): Buffer {
  const { x = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from([ed25519]), Buffer.from(x, 'base64url')]);
}

function notAKey(): CheckpointError {
  return new CheckpointError('This is not a verifier key.', {
    operation: 'read a verifier key',
    next: 'A key is one line such as switchyard/…+1234abcd+AQ…; the bot writes its own to audit/public-key.',
  });
}
