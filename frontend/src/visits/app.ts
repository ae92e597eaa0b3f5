// The visitor's app: opened by log-in or PIN, works from what lies on the phone, sends when it can.
import { VisitForm, callable, type Photo } from "./form";
import { ChecklistForm, cards, withWaiting, type Checklist, type Inspection } from "./inspections";
import { byPin, owner, setPin, type Owner } from "./keys";
import { answers, clone, find, list, options, put, say, words, type Draft, type Lists, type Person, type Visit } from "./pages";
import { all, lock, one, unlock, write, type Locked } from "./store";
import { NoSession, Sync, Wiped, type Reply } from "./sync";

const EVERY_MS = 60_000;
const frame = document.querySelector<HTMLElement>("[data-visits]");

class App {
  private readonly sync: Sync;
  private readonly view: HTMLElement;
  private mine: Owner | undefined;
  private key: CryptoKey | undefined;
  private raw: Uint8Array | undefined;
  private visits: Visit[] = [];
  private persons = new Map<string, Person>();
  private lists: Lists | undefined;
  private inspections: Inspection[] = [];
  private checklists = new Map<string, Checklist>();
  private hours: { minutes: number } | undefined;
  private isOffline = !navigator.onLine;
  private isBusy = false;
  private needsLogin = false;

  constructor(private readonly frame: HTMLElement, private readonly at: Record<string, string>) {
    this.sync = new Sync(at);
    this.view = find(frame, "[data-view]");
    window.addEventListener("online", () => void this.send());
    window.addEventListener("offline", () => this.offline(true));
    window.addEventListener("hashchange", () => void this.show());
    find(document, "[data-back]").addEventListener("click", () => (location.hash = "#today"));
    setInterval(() => void this.send(), EVERY_MS);
    void this.start();
  }

  private async start(): Promise<void> {
    if ("serviceWorker" in navigator)
      navigator.serviceWorker.register(this.frame.dataset.worker ?? "", { scope: this.frame.dataset.scope }).then(() => this.keepShell(), () => undefined);
    this.mine = await owner();
    try {
      await this.enter();
    } catch (error) {
      if (error instanceof Wiped) return this.state(words.wiped);
      this.needsLogin = error instanceof NoSession;
      this.offline(!this.needsLogin);
      if (this.needsLogin && this.mine) await this.sync.look(this.mine).catch((no) => no instanceof Wiped && (this.mine = undefined));
    }
    await this.show();
    if (this.key) await this.send();
  }

  /** By the log-in that is there. */
  private async enter(): Promise<void> {
    const opened = await this.sync.open(this.mine);
    [this.mine, this.key, this.raw] = [opened.mine, opened.key, opened.raw];
    this.needsLogin = false;
    this.offline(false);
    await this.load();
  }

  private async keepShell(): Promise<void> {
    const cache = await caches.open("yinling-visits-shell");
    const drawn = performance.getEntriesByType("resource").map((entry) => entry.name).filter((url) => new URL(url).pathname.startsWith("/static/"));
    await cache.addAll([location.pathname, ...new Set(drawn)]).catch(() => undefined);
  }

  /** What lies on the phone, opened. A visit made here and not sent yet counts as made. */
  private async load(): Promise<void> {
    if (!this.key || !this.mine) return;
    const key = this.key;
    const found = await Promise.all((await all<Locked>("documents")).map(async (row) => [row.id, await unlock<Draft>(key, row.box)] as const));
    const of = (kind: string): [string, Draft][] => found.filter(([id]) => id.startsWith(`${kind}:`)).map(([id, value]) => [id.slice(kind.length + 1), value]);
    this.persons = new Map(of("person").map(([uid, value]) => [uid, value as unknown as Person]));
    this.lists = of("lists")[0]?.[1] as unknown as Lists | undefined;
    this.hours = of("hours")[0]?.[1] as unknown as { minutes: number } | undefined;
    const waiting = await this.sync.waiting(this.mine, key);
    const made = new Map(waiting.filter((entry) => entry.kind === "visit").map((entry) => [String(entry.payload.visit), entry]));
    this.visits = of("visit").map(([uid, value]) => {
      const entry = made.get(uid);
      const visit = { ...(value as unknown as Visit), uid };
      return entry ? { ...visit, kept: true, met: entry.payload.contact === true, done: { at: new Date(entry.at).toISOString(), met: true, found: "" } } : visit;
    });
    this.checklists = new Map(of("checklist").map(([uid, value]) => [uid, value as unknown as Checklist]));
    this.inspections = withWaiting(of("inspection").map(([uid, value]) => ({ ...(value as unknown as Inspection), uid })), waiting);
    const replies = await Promise.all((await all<Locked>("answers")).map(async (row) => ({ id: row.id, ...(await unlock<Reply>(key, row.box)) })));
    answers(replies, (id) => void write([["answers", "delete", id]]).then(() => this.load()));
    const others = (await all<Locked>("queue")).filter((row) => row.user !== this.mine?.phone).length;
    const text = [waiting.length ? say("waiting", waiting.length) : this.isOffline ? words.offline : words.sent];
    if (others) text.push(say("another", others));
    if (this.needsLogin) text.push(words.login);
    this.state(text.join(" "));
  }

  private async send(): Promise<void> {
    if (this.isBusy || !this.key || !this.mine) return;
    this.isBusy = true;
    try {
      if (!this.sync.token) await this.enter();
      await this.sync.run(this.mine, this.key);
      this.offline(false);
    } catch (error) {
      if (error instanceof Wiped) return this.gone();
      this.needsLogin = error instanceof NoSession;
      if (this.needsLogin) this.sync.token = "";
      else this.offline(true);
    } finally {
      this.isBusy = false;
    }
    await this.load();
    if (/^#(today|week|hours|)$/.test(location.hash)) await this.show();
  }

  private gone(): void {
    [this.key, this.mine, this.visits, this.inspections] = [undefined, undefined, [], []];
    this.view.replaceChildren();
    this.state(words.wiped);
  }

  private offline(is: boolean): void {
    this.isOffline = is;
    find(document, "[data-offline]").hidden = !is;
  }

  private state(text: string): void {
    find(this.frame, "[data-state] [data-text]").textContent = text;
  }

  private async show(): Promise<void> {
    const [page, uid] = location.hash.slice(1).split("/");
    const tab = page || "today";
    document.querySelectorAll("[data-tab]").forEach((link) => link.toggleAttribute("aria-current", (link as HTMLElement).dataset.tab === tab));
    find(document, "[data-back]").hidden = !uid;
    put(document, "[data-heading]", uid ? "" : (words[tab] ?? words.today));
    if (tab === "help") return this.view.replaceChildren(this.help());
    if (!this.key) return this.locked();
    if (this.raw && !this.mine?.wrapped) return this.choosePin();
    await this.load();
    if (tab === "visit" && uid) return this.visitForm(uid);
    if (tab === "inspection" && uid) return this.checklist(uid);
    if (tab === "try" && uid) return this.view.replaceChildren(this.attempt(uid));
    if (tab === "hours") return this.view.replaceChildren(this.saved());
    const shown = list(this.visits, this.persons, this.lists, tab !== "week");
    shown.append(...cards(this.inspections, this.checklists, tab !== "week"));
    if (shown.children.length) return this.view.replaceChildren(shown);
    const week = list(this.visits, this.persons, this.lists, false);
    week.append(...cards(this.inspections, this.checklists, false));
    this.view.replaceChildren(paragraph(week.children.length ? words.none_today : words.none), week);
  }

  private locked(): void {
    if (this.mine?.wrapped) return this.askPin(words.enter_pin, (pin) => this.tryPin(pin));
    this.state(this.mine ? words.login : words.first);
    const to = document.createElement("a");
    to.className = "btn main wide";
    to.href = `${this.at.login}?next=${encodeURIComponent(location.pathname)}`;
    to.textContent = words.login;
    this.view.replaceChildren(to);
  }

  private askPin(label: string, then: (pin: string) => Promise<string>): void {
    const form = clone("t-pin") as HTMLFormElement;
    put(form, "[data-label]", label);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const field = find<HTMLInputElement>(form, "#pin");
      void then(field.value).then((wrong) => put(form, "[data-error]", wrong));
      field.value = "";
    });
    this.view.replaceChildren(form);
    find(form, "#pin").focus();
  }

  private choosePin(): void {
    this.askPin(words.choose_pin, async (pin) => {
      if (!/^\d{6}$/.test(pin) || !this.mine || !this.raw) return words.choose_pin;
      await setPin(this.mine, pin, this.raw);
      this.mine = await owner();
      this.raw = undefined;
      await this.show();
      return "";
    });
  }

  private async tryPin(pin: string): Promise<string> {
    const found = await byPin((await owner())!, pin);
    this.mine = await owner();
    if (typeof found === "number") return found ? say("wrong_pin", found) : words.pin_gone;
    this.key = found;
    await this.show();
    void this.send();
    return "";
  }

  private async visitForm(uid: string): Promise<void> {
    const visit = this.visits.find((found) => found.uid === uid);
    const who = visit && this.persons.get(visit.p);
    if (!visit || !who || !this.lists || !this.key || !this.mine || visit.kept || visit.s !== "due") return void (location.hash = "#today");
    const [key, mine] = [this.key, this.mine];
    const draft = await drafted(key, `draft:${uid}`);
    const form = new VisitForm(visit, who, this.lists, key, draft.found, {
      keepDraft: draft.keep,
      done: async (payload, photos) => {
        await this.sync.keep(mine, key, "visit", payload);
        for (const photo of photos) await this.keepPhoto(mine, key, uid, who, photo);
        await draft.drop();
        location.hash = payload.contact ? "#today" : `#try/${uid}`;
        void this.send();
      },
    });
    this.view.replaceChildren(form.form);
  }

  private async checklist(uid: string): Promise<void> {
    const found = this.inspections.find((one) => one.uid === uid);
    const asked = found && this.checklists.get(found.list);
    if (!found || !asked || !this.key || !this.mine) return void (location.hash = "#today");
    const [key, mine] = [this.key, this.mine];
    const draft = await drafted(key, `draft:${uid}`);
    const form = new ChecklistForm(found, asked, draft.found, {
      keepDraft: draft.keep,
      done: async (payload) => {
        await this.sync.keep(mine, key, "inspection", payload);
        await draft.drop();
        location.hash = "#today";
        void this.send();
      },
    });
    this.view.replaceChildren(form.form);
  }

  private async keepPhoto(mine: Owner, key: CryptoKey, visit: string, who: Person, photo: Photo): Promise<void> {
    await this.sync.keep(mine, key, "photo", { visit, name: who.name }, photo);
  }

  private attempt(uid: string): HTMLElement {
    const form = clone("t-try") as HTMLFormElement;
    const who = this.persons.get(this.visits.find((found) => found.uid === uid)?.p ?? "");
    if (who) callable(form, who);
    options(find<HTMLSelectElement>(form, "#rung"), this.lists?.rungs ?? []);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = new FormData(form);
      const payload = { visit: uid, name: who?.name ?? "", rung: String(given.get("rung")), answered: given.get("answered") === "yes" };
      if (!this.mine || !this.key) return;
      void this.sync.keep(this.mine, this.key, "attempt", payload).then(() => {
        location.hash = "#today";
        void this.send();
      });
    });
    return form;
  }

  private saved(): HTMLElement {
    const minutes = this.hours?.minutes;
    const text = minutes === undefined ? words.no_hours : say("saved", `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`);
    return paragraph(text);
  }

  /** The call goes into the queue where the phone is open; the numbers to ring are there in any case. */
  private help(): HTMLElement {
    const panel = clone("t-help");
    const button = find<HTMLButtonElement>(panel, "[data-help]");
    button.hidden = !this.key;
    button.addEventListener("click", () => {
      if (!this.mine || !this.key || button.disabled) return;
      button.disabled = true;
      void this.sync.keep(this.mine, this.key, "help", {}).then(() => {
        panel.prepend(paragraph(words.help_sent));
        void this.send();
      });
    });
    return panel;
  }
}

/** A form's draft: what was kept, locked; written in the order of the taps. */
async function drafted(key: CryptoKey, id: string): Promise<{ found: Draft | undefined; keep(values: Draft): void; drop(): Promise<void> }> {
  const held = await one<Locked>("meta", id);
  const found = held && (await unlock<Draft>(key, held.box).catch(() => undefined));
  let last = Promise.resolve();
  return {
    found,
    keep: (values) => void (last = last.then(async () => write([["meta", "put", { id, box: await lock(key, values) }]]))),
    drop: async () => {
      await last;
      await write([["meta", "delete", id]]);
    },
  };
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement("p");
  made.className = "say";
  made.setAttribute("role", "status");
  made.textContent = text;
  return made;
}

if (frame) new App(frame, JSON.parse(document.getElementById("addresses")?.textContent ?? "{}") as Record<string, string>);
