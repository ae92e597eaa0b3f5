// The carer's day without a signal: forms marked data-queue are kept on the phone and sent when it is back.
// Each entry carries a uid of its own and the time of doing, so a second sending is harmless (the server knows both).
// The pages themselves are kept by the service worker, whose reach ends with the carer's pages.
import { CACHE } from "./shifts-cache";

const STORE = "yinling.shifts.queue";
const EVERY_MS = 20_000;

interface Entry {
  uid: string;
  user: string;
  url: string;
  fields: [string, string][];
  at: string;
  words: string; // what the row said, for whoever has to look at a refusal
  refused?: string;
}

const frame = document.querySelector<HTMLElement>("[data-shifts]");

function read(): Entry[] {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "[]") as Entry[];
  } catch {
    return [];
  }
}

const write = (entries: Entry[]): void => localStorage.setItem(STORE, JSON.stringify(entries));
const without = (uid: string): void => write(read().filter((entry) => entry.uid !== uid));

/** A random uid; crypto.randomUUID is younger than the phones. */
function newUid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class Day {
  private isOffline = !navigator.onLine;
  private isSending = false;

  constructor(private readonly frame: HTMLElement) {
    document.querySelectorAll<HTMLFormElement>("form[data-here]").forEach((form) => (form.action = location.pathname));
    // Before the guard against double clicks: what is queued is no submission.
    document.addEventListener("submit", (event) => this.keep(event), true);
    window.addEventListener("online", () => void this.send());
    window.addEventListener("offline", () => this.show((this.isOffline = true)));
    setInterval(() => void this.send(), EVERY_MS);
    this.show();
    void this.send();
    void this.keepPages();
  }

  /** A form for later: into the queue first, then off at once where there is a signal. */
  private keep(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (!form.matches("form[data-queue]")) return;
    event.preventDefault();
    event.stopPropagation();
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken") as [string, string][];
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.name) fields.push([button.name, button.value]);
    const at = new Date().toISOString();
    const words = form.dataset.queue || (form.closest("li")?.querySelector(".grow")?.textContent ?? "").trim();
    const given = fields.find(([name]) => name === "uid")?.[1];
    const uid = given || newUid();
    const entry = { uid, user: this.frame.dataset.user ?? "", url: form.action, fields, at, words };
    write([...read().filter((one) => one.uid !== uid), entry]);
    this.show();
    void this.send(form.dataset.then);
  }

  /** Send what waits, oldest first. `then`: the page to go to when everything went through. */
  private async send(then?: string): Promise<void> {
    const waiting = read().filter((entry) => !entry.refused);
    if (this.isSending || (!waiting.length && !this.isOffline)) return;
    this.isSending = true;
    try {
      const token = await this.token();
      if (token) await this.post(waiting, token, then);
    } catch {
      this.isOffline = true;
    }
    this.isSending = false;
    this.show();
  }

  /** A token to send with; "" when nobody is logged in. Throws without a signal. */
  private async token(): Promise<string> {
    const answer = await fetch(this.frame.dataset.ready ?? "", { cache: "no-store" });
    this.isOffline = false;
    if (answer.redirected || !answer.ok) return "";
    const found = (await answer.json()) as { user: string; token: string };
    // What one carer did is never sent under another's name.
    return found.user === this.frame.dataset.user ? found.token : "";
  }

  private async post(waiting: Entry[], token: string, then?: string): Promise<void> {
    let sent = 0;
    for (const entry of waiting.filter((one) => one.user === this.frame.dataset.user)) {
      const body = new URLSearchParams([...entry.fields.filter(([name]) => name !== "uid"), ["uid", entry.uid], ["done_at", entry.at]]);
      const answer = await fetch(entry.url, { method: "POST", body, headers: { "X-CSRFToken": token, "X-Queue": "1" } });
      if (answer.ok) {
        without(entry.uid);
        sent += 1;
      } else if (answer.status < 500) {
        const said = ((await answer.json().catch(() => ({}))) as { words?: string }).words ?? String(answer.status);
        write(read().map((one) => (one.uid === entry.uid ? { ...one, refused: said } : one)));
      } else {
        return; // the platform is unwell: later
      }
    }
    const isClean = !read().some((entry) => entry.refused);
    if (sent && isClean && then) location.assign(then);
    else if (sent) location.reload();
  }

  /** The banner, the count, refusals, and the rows that are recorded here only. */
  private show(_changed = true): void {
    const mine = read().filter((entry) => entry.user === this.frame.dataset.user);
    const waiting = mine.filter((entry) => !entry.refused);
    const others = read().length - mine.length;
    const banner = this.frame.querySelector<HTMLElement>("[data-banner]")!;
    const text: string[] = [];
    if (this.isOffline) text.push(this.frame.dataset.offline ?? "");
    if (waiting.length) text.push((this.frame.dataset.waiting ?? "").replace("0", String(waiting.length)));
    if (others) text.push((this.frame.dataset.others ?? "").replace("0", String(others)));
    banner.hidden = !text.length;
    banner.querySelector("[data-text]")!.textContent = text.join(" ");
    this.showRefused(mine.filter((entry) => entry.refused));
    waiting.forEach((entry) => this.mark(entry));
  }

  private showRefused(entries: Entry[]): void {
    const box = this.frame.querySelector<HTMLElement>("[data-refused]")!;
    box.hidden = !entries.length;
    const list = box.querySelector("ul")!;
    list.replaceChildren(...entries.map((entry) => this.refusal(entry)));
  }

  private refusal(entry: Entry): HTMLElement {
    const row = document.createElement("li");
    const words = document.createElement("span");
    const button = document.createElement("button");
    words.className = "grow";
    words.textContent = `${entry.words} ${new Date(entry.at).toLocaleTimeString().slice(0, 5)}: ${entry.refused}`;
    button.type = "button";
    button.className = "btn sm";
    button.textContent = this.frame.dataset.seen ?? "";
    button.addEventListener("click", () => {
      without(entry.uid);
      this.show();
    });
    row.append(words, button);
    return row;
  }

  /** The row of a kept entry says so instead of offering its button again. */
  private mark(entry: Entry): void {
    const task = entry.fields.find(([name]) => name === "task")?.[1];
    const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-queue]")].filter((form) => {
      const own = form.querySelector<HTMLInputElement>("input[name=task]")?.value;
      return form.action === entry.url && own === task && form.dataset.queue !== "report";
    });
    const last = forms.pop(); // the button itself; the others are ways to say more
    forms.forEach((form) => form.closest("details")?.remove());
    if (!last) return;
    const kept = document.createElement("span");
    kept.className = "tag doubt";
    kept.textContent = this.frame.dataset.kept ?? "";
    last.replaceWith(kept);
  }

  /** Keep this page, those it names and what they are drawn with. */
  private async keepPages(): Promise<void> {
    if (!("serviceWorker" in navigator) || this.isOffline) return;
    try {
      const scope = this.frame.dataset.scope ?? "";
      await navigator.serviceWorker.register(`${scope}worker.js`, { scope });
      const cache = await caches.open(CACHE);
      const named = (this.frame.dataset.keep ?? "").split(" ").filter(Boolean);
      const drawn = performance.getEntriesByType("resource").map((entry) => entry.name);
      const look = drawn.filter((url) => new URL(url).pathname.startsWith("/static/"));
      await cache.addAll([...new Set([location.href.split("#")[0], ...named, ...look])]);
    } catch {
      // no service worker here (plain http): the queue works all the same while the page stays open
    }
  }
}

if (frame) new Day(frame);
