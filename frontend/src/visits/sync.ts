// The protocol, docs/decisions/0012-sync.md: commands up, documents down, photographs in parts.
import { all, lock, newUid, one, unlock, wipe, write, type Locked, type Shelf } from "./store";
import { bytesOf, keyOf, own, type Owner } from "./keys";

export const APP = "1";
const PART = 256 * 1024;
const AT_ONCE = 20;
const PATIENCE_MS = 60_000;

export type Document = Record<string, unknown>;

export interface Entry {
  uid: string;
  kind: string;
  at: number;
  payload: Document;
  piece?: string;
}

export interface Reply {
  uid: string;
  outcome: "done" | "refused" | "settled" | "failed";
  words: string;
  differences?: [string, string, string][];
  what?: string;
}

interface Told {
  wipe?: boolean;
  results: Reply[];
  answer: number;
  after: number;
  full: boolean;
  put: Record<string, Record<string, Document>>;
  drop: Record<string, string[]>;
}

export class Wiped extends Error {}
export class NoSession extends Error {}

export class Sync {
  token = "";

  constructor(private readonly at: Record<string, string>) {}

  private async ask(url: string, body: unknown, raw = false): Promise<Record<string, unknown>> {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(url, {
        method: "POST", cache: "no-store", redirect: "manual", signal: stop.signal, body: raw ? (body as BodyInit) : JSON.stringify(body),
        headers: { "Content-Type": raw ? "application/octet-stream" : "application/json", "X-CSRFToken": this.token },
      });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new NoSession();
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json()) as Record<string, unknown>;
    } finally {
      clearTimeout(late);
    }
  }

  /** Log-in is there: whose phone this is, and its key. */
  async open(known?: Owner): Promise<{ mine: Owner; key: CryptoKey; raw: Uint8Array }> {
    const found = await this.ask(this.at.open, { phone: known?.phone ?? "", time: Date.now(), app: APP });
    if (found.wipe) await this.die(known?.phone);
    this.token = String(found.token);
    const raw = bytesOf(String(found.key));
    const mine = await own(String(found.phone), String(found.user));
    return { mine, key: await keyOf(raw as BufferSource), raw };
  }

  /** Asked without a log-in. */
  async look(mine: Owner): Promise<void> {
    const found = await this.ask(this.at.standing, { phone: mine.phone });
    if (found.wipe) await this.die(mine.phone);
  }

  private async die(phone?: string): Promise<never> {
    await wipe();
    if (phone) await this.ask(this.at.standing, { phone, wiped: true }).catch(() => ({}));
    throw new Wiped();
  }

  /** One act, kept before anything else happens. */
  async keep(mine: Owner, key: CryptoKey, kind: string, payload: Document, photo?: { digest: string; box: ArrayBuffer }): Promise<string> {
    const entry: Entry = { uid: newUid(), kind, at: Date.now(), payload, piece: photo?.digest };
    const row = { id: entry.uid, user: mine.phone, order: entry.at, box: await lock(key, entry) };
    const changes: [Shelf, "put", unknown][] = [["queue", "put", row]];
    if (photo) changes.push(["pieces", "put", { id: photo.digest, box: photo.box }]);
    await write(changes);
    return entry.uid;
  }

  /** What waits, oldest first. */
  async waiting(mine: Owner, key: CryptoKey): Promise<Entry[]> {
    const rows = (await all<Locked & { order: number }>("queue")).filter((row) => row.user === mine.phone);
    rows.sort((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1));
    return Promise.all(rows.map((row) => unlock<Entry>(key, row.box)));
  }

  /** Everything up, everything down. A reply and the end of waiting are kept in one step. */
  async run(mine: Owner, key: CryptoKey): Promise<void> {
    let entries = await this.waiting(mine, key);
    const failed = new Set<string>();
    do {
      const now = entries.filter((entry) => !failed.has(entry.uid)).slice(0, AT_ONCE);
      for (const entry of now) if (entry.piece) await this.raise(mine, entry.piece);
      const cursor = (await one<{ answer: number }>("meta", "cursor"))?.answer ?? 0;
      const commands = now.map((entry) => ({ ...entry, piece: entry.piece ?? "" }));
      const told = (await this.ask(this.at.exchange, { phone: mine.phone, time: Date.now(), app: APP, answer: cursor, commands })) as unknown as Told;
      if (told.wipe) await this.die(mine.phone);
      await this.heard(key, told, now, cursor);
      told.results.filter((reply) => reply.outcome === "failed").forEach((reply) => failed.add(reply.uid));
      entries = await this.waiting(mine, key);
    } while (entries.some((entry) => !failed.has(entry.uid)));
  }

  private async heard(key: CryptoKey, told: Told, sent: Entry[], cursor: number): Promise<void> {
    const changes: [Shelf, "put" | "delete" | "clear", unknown?][] = [];
    for (const reply of told.results) {
      const entry = sent.find((one) => one.uid === reply.uid);
      if (!entry || reply.outcome === "failed") continue;
      changes.push(["queue", "delete", reply.uid]);
      if (entry.piece) changes.push(["pieces", "delete", entry.piece]);
      const said = { ...reply, what: String(entry.payload.name ?? "") };
      if (reply.words || reply.outcome !== "done") changes.push(["answers", "put", { id: reply.uid, box: await lock(key, said) }]);
    }
    if (told.after === cursor && told.answer !== cursor) {
      if (told.full) changes.push(["documents", "clear"]);
      for (const [kind, found] of Object.entries(told.put))
        for (const [uid, document] of Object.entries(found))
          changes.push(["documents", "put", { id: `${kind}:${uid}`, box: await lock(key, document) }]);
      for (const [kind, uids] of Object.entries(told.drop)) uids.forEach((uid) => changes.push(["documents", "delete", `${kind}:${uid}`]));
      changes.push(["meta", "put", { id: "cursor", answer: told.answer }]);
    }
    await write(changes);
  }

  /** A photograph goes up from where it stopped. */
  private async raise(mine: Owner, digest: string): Promise<void> {
    const held = await one<Locked>("pieces", digest);
    if (!held) return;
    const url = this.at.pieces.replace("DIGEST", digest);
    const query = `phone=${mine.phone}&size=${held.box.byteLength}`;
    const answer = await fetch(`${url}?${query}`, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    let here = Number(((await answer.json()) as { received?: number }).received ?? 0);
    while (here < held.box.byteLength) {
      const found = await this.ask(`${url}?${query}&offset=${here}`, held.box.slice(here, here + PART), true);
      here = Number(found.received);
    }
  }
}
