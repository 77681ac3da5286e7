import { randomInt } from 'node:crypto';
import { type Answer, type DecodedPacket, decode, encode, RECURSION_DESIRED } from 'dns-packet';

export type QuestionType = 'A' | 'MX' | 'TXT';

export interface DnsQuestion {
  readonly id: number;
  readonly name: string;
  readonly type: QuestionType;
}

/** A reply that really belongs to the question. */
export interface DnsReply {
  /** RCODE of RFC 1035 §4.1.1. */
  readonly rcode: number;
  readonly truncated: boolean;
  readonly answers: readonly Answer[];
}

/** Octets that fit through every usual path without fragments. */
const udpPayloadSize = 1232;

export function newQuestion(name: string, type: QuestionType): DnsQuestion {
  return { id: randomInt(0x1_00_00), name, type };
}

export function writeQuestion({ id, name, type }: DnsQuestion): Buffer {
  const options = { udpPayloadSize, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] };
  return encode({
    id,
    type: 'query',
    flags: RECURSION_DESIRED,
    questions: [{ name, type, class: 'IN' }],
    additionals: [{ type: 'OPT', name: '.', ...options }],
  });
}

/** Null for anything that is no answer to exactly this question: forged, late or broken. */
export function readReply(message: Buffer, question: DnsQuestion): DnsReply | null {
  const packet = decoded(message);
  if (!packet?.flag_qr || packet.id !== question.id) return null;
  const [asked, ...others] = packet.questions ?? [];
  if (!asked || others.length > 0 || asked.type !== question.type) return null;
  if (asked.name.toLowerCase() !== question.name.toLowerCase()) return null;
  return { rcode: (packet.flags ?? 0) & 0xf, truncated: packet.flag_tc, answers: packet.answers ?? [] };
}

function decoded(message: Buffer): DecodedPacket | null {
  try {
    return decode(message);
  } catch {
    return null;
  }
}
