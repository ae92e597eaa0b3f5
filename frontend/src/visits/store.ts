// What lies on the phone: one database, every value locked with AES-GCM under the phone's data key.
// Plain are only uids and counters; a name, an address or a note never is.

const NAME = "yinling-visits";
export type Shelf = "documents" | "queue" | "pieces" | "answers" | "meta";
const SHELVES: Shelf[] = ["documents", "queue", "pieces", "answers", "meta"];

export interface Locked {
  id: string;
  user?: string;
  box: ArrayBuffer; // 12 bytes of nonce, then the ciphertext
}

let held: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  held ??= new Promise((give, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => SHELVES.forEach((shelf) => asked.result.createObjectStore(shelf, { keyPath: "id" }));
    asked.onsuccess = () => give(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error("no database"));
  });
  return held;
}

/** All of these writes or none. */
export async function write(changes: [Shelf, "put" | "delete" | "clear", unknown?][]): Promise<void> {
  const base = await database();
  const names = [...new Set(changes.map(([shelf]) => shelf))];
  if (!names.length) return;
  await new Promise<void>((give, fail) => {
    const turn = base.transaction(names, "readwrite");
    turn.oncomplete = () => give();
    turn.onerror = turn.onabort = () => fail(turn.error ?? new Error("not kept"));
    for (const [shelf, verb, value] of changes) {
      const store = turn.objectStore(shelf);
      if (verb === "put") store.put(value);
      else if (verb === "delete") store.delete(value as string);
      else store.clear();
    }
  });
}

export async function all<T>(shelf: Shelf): Promise<T[]> {
  const base = await database();
  return new Promise((give, fail) => {
    const asked = base.transaction(shelf).objectStore(shelf).getAll();
    asked.onsuccess = () => give(asked.result as T[]);
    asked.onerror = () => fail(asked.error ?? new Error("not read"));
  });
}

export async function one<T>(shelf: Shelf, id: string): Promise<T | undefined> {
  const base = await database();
  return new Promise((give, fail) => {
    const asked = base.transaction(shelf).objectStore(shelf).get(id);
    asked.onsuccess = () => give(asked.result as T | undefined);
    asked.onerror = () => fail(asked.error ?? new Error("not read"));
  });
}

/** Everything is gone: documents, queue, photographs, keys, kept pages. */
export async function wipe(): Promise<void> {
  await write(SHELVES.map((shelf) => [shelf, "clear"]));
  if ("caches" in window) for (const name of await caches.keys()) if (name === NAME) await caches.delete(name);
}

export async function lock(key: CryptoKey, value: unknown): Promise<ArrayBuffer> {
  return lockBytes(key, new TextEncoder().encode(JSON.stringify(value)));
}

export async function lockBytes(key: CryptoKey, bytes: BufferSource): Promise<ArrayBuffer> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const body = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, bytes));
  const box = new Uint8Array(12 + body.length);
  box.set(nonce);
  box.set(body, 12);
  return box.buffer;
}

export async function unlockBytes(key: CryptoKey, box: ArrayBuffer): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(box, 0, 12) }, key, new Uint8Array(box, 12));
}

export async function unlock<T>(key: CryptoKey, box: ArrayBuffer): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await unlockBytes(key, box))) as T;
}

/** A random uid; crypto.randomUUID is younger than the phones. */
export function newUid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
