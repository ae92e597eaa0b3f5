// Inspections without a signal: those of the week, and their checklists. Every tap is kept; what changed is sent.
import { choice, clone, find, put, say, today, words, type Draft } from "./pages";
import type { Entry } from "./sync";

type Given = [string, string]; // the answer, what was seen
type Times = Record<string, number>;

export interface Inspection {
  uid: string;
  home: string;
  place: string;
  address: string;
  no: string;
  kind: string;
  day: string;
  list: string;
  given: Record<string, Given>;
  signed?: boolean;
  last?: [string, [string, string, string][]];
  kept?: boolean; // answers were given here and are not sent yet
}

export interface Checklist {
  title: string;
  answers: [string, string][];
  groups: [string, [string, string, string][]][];
}

/** The inspections with what was answered here and waits. */
export function withWaiting(found: Inspection[], waiting: Entry[]): Inspection[] {
  return found.map((one) => {
    const mine = waiting.filter((entry) => entry.kind === "inspection" && entry.payload.inspection === one.uid);
    const rows = mine.flatMap((entry) => entry.payload.answers as [string, string, string, number][]);
    const late = Object.fromEntries(rows.map(([item, answer, note]) => [item, [answer, note] as Given]));
    return { ...one, given: { ...one.given, ...late }, kept: mine.length > 0 };
  });
}

/** Cards for a list: those of a day and late ones, or all of the week. */
export function cards(found: Inspection[], lists: Map<string, Checklist>, day: boolean): HTMLElement[] {
  const until = day ? today() : "9999";
  const shown = found.filter((one) => one.day <= until && lists.has(one.list));
  shown.sort((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : one.uid < other.uid ? -1 : 1));
  return shown.map((one) => card(one, lists.get(one.list)!));
}

const items = (list: Checklist): [string, string, string][] => list.groups.flatMap(([, asked]) => asked);

function card(one: Inspection, list: Checklist): HTMLElement {
  const row = clone("t-inspection");
  const asked = items(list);
  const done = asked.filter(([item]) => one.given[item]).length;
  put(row, "[data-name]", one.home);
  put(row, "[data-kind]", one.kind);
  put(row, "[data-where] span", [one.place, one.address].filter(Boolean).join(" "));
  const state = [say("planned", one.day.slice(5)), list.title, say("answered", `${done}/${asked.length}`), one.kept ? words.kept : ""];
  put(row, "[data-when]", state.filter(Boolean).join(" · "));
  if (one.last) put(row, "[data-last]", `${say("last", one.last[0])}: ${one.last[1].length ? say("not_in_order", one.last[1].length) : words.in_order}`);
  const open = find<HTMLAnchorElement>(row, "[data-open]");
  open.href = `#inspection/${one.uid}`;
  find(open, ".sr").textContent = ` ${one.home}`;
  return row;
}

export interface Keeping {
  keepDraft(draft: Draft): void;
  done(payload: Draft): Promise<void>;
}

export class ChecklistForm {
  readonly form = clone("t-checklist") as HTMLFormElement;
  private readonly given: Record<string, Given>;
  private readonly times: Times;

  constructor(private readonly found: Inspection, private readonly list: Checklist, draft: Draft | undefined, private readonly keeping: Keeping) {
    this.given = { ...found.given, ...((draft?.given ?? {}) as Record<string, Given>) };
    this.times = { ...((draft?.times ?? {}) as Times) };
    put(this.form, "[data-name]", found.home);
    put(this.form, "[data-title]", `${found.no} · ${list.title}`);
    find(this.form, "[data-signed]").hidden = !found.signed;
    this.before();
    list.groups.forEach(([title, asked]) => find(this.form, "[data-groups]").append(this.group(title, asked)));
    this.form.addEventListener("submit", (event) => void this.keep(event));
    this.left();
  }

  /** What was not in order last time, to be looked at first. */
  private before(): void {
    const [day, rows] = this.found.last ?? ["", []];
    const panel = find(this.form, "[data-before]");
    panel.hidden = !rows.length;
    put(panel, "[data-day]", say("last", day));
    for (const [, text, note] of rows) {
      const row = document.createElement("li");
      row.textContent = [text, note].filter(Boolean).join(": ");
      find(panel, "ul").append(row);
    }
  }

  private group(title: string, asked: [string, string, string][]): HTMLElement {
    const panel = clone("t-group");
    find(panel, "h2").textContent = title;
    asked.forEach((item) => panel.append(this.item(...item)));
    return panel;
  }

  private item(item: string, text: string, basis: string): HTMLElement {
    const row = clone("t-item");
    const note = find<HTMLTextAreaElement>(row, "textarea");
    find(row, "legend").textContent = text;
    put(row, "[data-basis]", basis);
    find(row, "[data-answers]").append(...this.list.answers.map(([value, label]) => choice("radio", item, value, label, value === "no")));
    const [answer, seen] = this.given[item] ?? ["", ""];
    row.querySelectorAll<HTMLInputElement>("input").forEach((input) => (input.checked = input.value === answer));
    note.value = seen;
    note.parentElement!.hidden = !answer;
    row.addEventListener("input", () => {
      const chosen = row.querySelector<HTMLInputElement>("input:checked")?.value ?? "";
      if (!chosen) return;
      note.parentElement!.hidden = false;
      this.given[item] = [chosen, note.value.trim()];
      this.times[item] = Date.now();
      this.left();
      this.keeping.keepDraft({ given: Object.fromEntries(this.changed().map(([key]) => [key, this.given[key]])), times: this.times });
    });
    return row;
  }

  /** What differs from what the platform has or will get. */
  private changed(): [string, string, string, number][] {
    return items(this.list)
      .filter(([item]) => this.given[item] && this.times[item] && String(this.given[item]) !== String(this.found.given[item] ?? ""))
      .map(([item]) => [item, ...this.given[item], this.times[item]]);
  }

  private left(): void {
    const open = items(this.list).filter(([item]) => !this.given[item]).length;
    find(this.form, "[data-keep]").textContent = open ? say("left_items", open) : words.keep;
  }

  private async keep(event: Event): Promise<void> {
    event.preventDefault();
    const answers = this.changed();
    put(this.form, "[data-error]", answers.length ? "" : words.say_answer);
    const button = find<HTMLButtonElement>(this.form, "[data-keep]");
    if (!answers.length || button.disabled) return;
    button.disabled = true;
    await this.keeping.done({ inspection: this.found.uid, name: this.found.home, answers });
  }
}
