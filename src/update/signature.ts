import { createPublicKey, verify, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** More would only be work for whoever wants us to work. */
const SIGNATURES_MAX = 16;

/** Null, or why the text is not a public key: 32 raw bytes of Ed25519, in base64. */
export function keyProblem(key: string): string | null {
  return bytesOf(key, KEY_BYTES) === null
    ? 'it must be an Ed25519 public key: 32 bytes in base64, 44 characters'
    : null;
}

/**
 * Whether one of the keys has signed these very bytes.
 * @param signatures base64 of raw signatures, one a line; lines that are none are passed over.
 * @param keys base64 of raw public keys, of which those that are none are passed over.
 */
export function isSigned(bytes: Uint8Array, signatures: string, keys: readonly string[]): boolean {
  const known = keys.map(publicKey).filter((key) => key !== null);
  const lines = signatures.split('\n').slice(0, SIGNATURES_MAX);
  return lines.some((line) => {
    const signature = bytesOf(line.trim(), SIGNATURE_BYTES);
    return signature !== null && known.some((key) => verify(null, bytes, key, signature));
  });
}

function publicKey(text: string): KeyObject | null {
  const raw = bytesOf(text, KEY_BYTES);
  if (raw === null) return null;
  const key = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return null;
  }
}

/** Null for what is not that many bytes, in the one base64 of them. */
function bytesOf(text: string, length: number): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === length && bytes.toString('base64') === text ? bytes : null;
}
