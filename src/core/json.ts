import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** A value that survives a round trip through JSON unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** The same value as plain data, as a store would give it back: what JSON cannot carry is left out. */
export function asJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

/** What a text says in JSON; null when it is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The one text form of a value by RFC 8785 (JSON Canonicalization Scheme): equal values give equal texts. */
export function canonicalJson(value: Json): string {
  return canonicalize(value) ?? 'null';
}

/** SHA-256 over the canonical JSON of a value, as 64 lower-case hexadecimal digits. */
export function digestOf(value: Json): string {
  return sha256(canonicalJson(value));
}

/** SHA-256 over a text in UTF-8, as 64 lower-case hexadecimal digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether two values are the same data, whatever the order of their keys. */
export function sameJson(left: Json, right: Json): boolean {
  return canonicalJson(left) === canonicalJson(right);
}
