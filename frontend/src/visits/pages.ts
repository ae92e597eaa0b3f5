// What stands on the screen. Templates come from the page; here they are filled. Nothing is put in as HTML.
import type { Document, Reply } from "./sync";

export const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}") as Record<string, string>;
export const say = (key: string, value: unknown = ""): string => (words[key] ?? key).replace("0", String(value));

export function clone(id: string): HTMLElement {
  return (document.getElementById(id) as HTMLTemplateElement).content.firstElementChild!.cloneNode(true) as HTMLElement;
}

export const find = <T extends HTMLElement>(where: ParentNode, what: string): T => where.querySelector<T>(what)!;

export function put(where: ParentNode, what: string, text: string): void {
  const place = find(where, what);
  place.textContent = text;
  place.hidden = !text;
}

export interface Visit {
  uid: string;
  p: string;
  s: string;
  due: string;
  why: string;
  n?: number;
  plan?: string;
  done?: { at: string; met: boolean; found: string };
  kept?: boolean; // made here, not sent yet
  met?: boolean;
}

export interface Person {
  name: string;
  age?: number;
  place: string;
  address: string;
  tags: string[];
  tel?: string;
  xy?: [number, number];
  last?: [string, string, string];
  photo: boolean;
}

export interface Lists {
  blocks: [string, [string, string][]][];
  actions: [string, string][];
  signs: [string, string][];
  rungs: [string, string][];
  words: { found: Record<string, string> };
}

export const clock = (iso: string | number): string => {
  const at = new Date(iso);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
};

export const today = (): string => {
  const at = new Date();
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
};

const inOrder = (one: Visit, other: Visit): number =>
  (one.n ?? 99) - (other.n ?? 99) || (one.due < other.due ? -1 : one.due > other.due ? 1 : one.uid < other.uid ? -1 : 1);

/** The list of a day (what is due by then or planned for it) or of the week. */
export function list(visits: Visit[], persons: Map<string, Person>, lists: Lists | undefined, day: boolean): HTMLElement {
  const until = day ? today() : "9999";
  const shown = visits.filter((one) => one.kept || one.s === "done" || one.due <= until || one.plan?.startsWith(until)).sort(inOrder);
  const stack = document.createElement("ol");
  stack.className = "stack";
  shown.filter((one) => one.kept || one.s === "done").forEach((one) => stack.append(made(one, persons.get(one.p), lists)));
  shown.filter((one) => !one.kept && one.s === "due").forEach((one, place) => stack.append(card(one, persons.get(one.p), place, lists)));
  return stack;
}

function made(one: Visit, who: Person | undefined, lists: Lists | undefined): HTMLElement {
  const row = clone("t-done");
  put(row, "[data-name]", who?.name ?? "");
  const at = one.done?.at ? clock(one.done.at) : "";
  put(row, "[data-note]", `${at} ${one.kept ? words.kept : (lists?.words.found[one.done?.found ?? ""] ?? words.made)}`);
  const missed = one.kept ? one.met === false : one.done?.met === false;
  if (missed) link(find(row, "[data-acts]"), `#try/${one.uid}`, find(clone("t-try"), "h2").textContent ?? "");
  return row;
}

function card(one: Visit, who: Person | undefined, place: number, lists: Lists | undefined): HTMLElement {
  const row = clone("t-card");
  put(row, ".no", String(place + 1));
  put(row, "[data-name]", who?.name ?? "");
  put(row, "[data-tags]", [...(who?.tags ?? []).slice(0, 1), who?.age === undefined ? "" : say("age", who.age)].filter(Boolean).join(", "));
  put(row, "[data-where] span", [who?.place, who?.address].filter(Boolean).join(" "));
  const when = one.plan ? clock(one.plan) : say("due", one.due.slice(5));
  put(row, "[data-why]", `${when} · ${one.why}`);
  const last = who?.last;
  if (last) put(row, "[data-last]", `${say("last", last[0].slice(5))}: ${last[2] || (lists?.words.found[last[1]] ?? "")}`);
  find<HTMLAnchorElement>(row, "[data-begin]").href = `#visit/${one.uid}`;
  if (place) find(row, "[data-begin]").classList.remove("main");
  return row;
}

function link(where: HTMLElement, href: string, text: string): void {
  const made = document.createElement("a");
  made.className = "btn wide";
  made.href = href;
  made.textContent = text;
  where.append(made);
}

/** What the platform said to what was sent: refusals, and two reports of one visit. */
export function answers(replies: (Reply & { id: string })[], seen: (id: string) => void): void {
  const box = find(document, "[data-answers]");
  box.hidden = !replies.length;
  find(box, "ul").replaceChildren(...replies.map((reply) => answer(reply, seen)));
}

function answer(reply: Reply & { id: string }, seen: (id: string) => void): HTMLElement {
  const row = document.createElement("li");
  const text = document.createElement("span");
  const button = document.createElement("button");
  const head = reply.outcome === "refused" ? words.refused : reply.outcome === "settled" ? words.settled : "";
  const fields = (reply.differences ?? []).map(([, stands, given]) => `${say("stands", stands || "—")}; ${say("yours", given || "—")}`);
  text.className = "grow";
  text.textContent = [[reply.what, head].filter(Boolean).join(" · "), reply.words, ...fields].filter(Boolean).join(": ");
  button.type = "button";
  button.className = "btn sm";
  button.textContent = words.understood;
  button.addEventListener("click", () => seen(reply.id));
  row.append(text, button);
  return row;
}

/** A radio or a tick with its words, as the form's lists say. */
export function choice(type: "radio" | "checkbox", name: string, value: string, text: string, care = false): HTMLElement {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const span = document.createElement("span");
  input.type = type;
  input.name = name;
  input.value = value;
  if (care) input.className = "care";
  span.textContent = text;
  label.append(input, span);
  return label;
}

export function options(select: HTMLSelectElement, of: [string, string][]): void {
  for (const [value, text] of of) select.append(new Option(text, value));
}

/** Aloud, where the phone can speak. */
export function aloud(button: HTMLElement, text: string): void {
  if (!("speechSynthesis" in window)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en";
    speechSynthesis.cancel();
    speechSynthesis.speak(spoken);
  });
}

export type Draft = Document;
