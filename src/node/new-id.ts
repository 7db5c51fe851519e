import { randomBytes } from 'node:crypto';
import { ulid } from '#core/ids.ts';
import type { NewId } from '#core/ports.ts';

/** A ULID of this moment. */
export const newUlid: NewId = () => ulid(Date.now(), randomBytes(10));
