import { generateKeyPairSync, sign } from 'node:crypto';

/** A key, and what it signs. */
export interface Signer {
  /** As the settings have it. */
  public: string;
  /** As a line of `manifest.json.sig`. */
  sign(bytes: Uint8Array): string;
}

export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    public: Buffer.from(x, 'base64url').toString('base64'),
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64'),
  };
}
