// The data key: it comes from the platform at log-in and lives in memory. For work without a signal it also lies on the
// phone, wrapped twice: by the PIN (PBKDF2), and by a device key that the browser does not give out.
import { lockBytes, one, unlockBytes, write } from "./store";

const ROUNDS = 300_000;
const TRIES = 5;

export interface Owner {
  id: "owner";
  phone: string;
  user: string;
  device: CryptoKey;
  salt?: Uint8Array;
  wrapped?: ArrayBuffer;
  wrong: number;
}

export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

export const owner = (): Promise<Owner | undefined> => one<Owner>("meta", "owner");

export const keyOf = (raw: BufferSource): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** This phone is now this user's. What another user left stays locked, and is not shown. */
export async function own(phone: string, user: string): Promise<Owner> {
  const known = await owner();
  if (known && known.phone === phone) return known;
  const device = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const made: Owner = { id: "owner", phone, user, device, wrong: 0 };
  await write([["meta", "put", made], ["documents", "clear"], ["meta", "put", { id: "cursor", answer: 0 }]]);
  return made;
}

async function pinKey(pin: string, salt: Uint8Array): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(way, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function setPin(mine: Owner, pin: string, raw: Uint8Array): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const wrapped = await lockBytes(mine.device, await lockBytes(await pinKey(pin, salt), raw as BufferSource));
  await write([["meta", "put", { ...mine, salt, wrapped, wrong: 0 }]]);
}

/** The data key for a PIN; else how many tries are left. At none, the wrapped key is deleted: a log-in brings it back. */
export async function byPin(mine: Owner, pin: string): Promise<CryptoKey | number> {
  if (!mine.salt || !mine.wrapped) return 0;
  const left = TRIES - 1 - mine.wrong;
  // The try is counted before it is made, so that closing the page in between wins nothing.
  await write([["meta", "put", left > 0 ? { ...mine, wrong: mine.wrong + 1 } : { ...mine, wrapped: undefined, salt: undefined, wrong: 0 }]]);
  try {
    const raw = await unlockBytes(await pinKey(pin, mine.salt), await unlockBytes(mine.device, mine.wrapped));
    await write([["meta", "put", { ...mine, wrong: 0 }]]);
    return await keyOf(raw);
  } catch {
    return Math.max(left, 0);
  }
}
