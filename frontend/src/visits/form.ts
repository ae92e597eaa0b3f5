// The visit in taps: met or not, five blocks, on the whole, what was done, proof, where. Every tap is kept at once.
import { aloud, choice, clock, clone, find, options, put, say, words, type Draft, type Lists, type Person, type Visit } from "./pages";
import { lockBytes } from "./store";

const SIDE_PX = 1024;
const QUALITY = 0.7;
const SLOW_MS = 20_000;

export interface Photo {
  digest: string;
  box: ArrayBuffer;
}

export interface Kept {
  keepDraft(draft: Draft): void;
  done(payload: Draft, photos: Photo[]): Promise<void>;
}

export class VisitForm {
  readonly form = clone("t-form") as HTMLFormElement;
  private readonly began: number;
  private at: [number, number, number] | undefined;
  private photos: Photo[] = [];
  private camera: MediaStream | undefined;

  constructor(private readonly visit: Visit, private readonly who: Person, private readonly lists: Lists, private readonly key: CryptoKey, draft: Draft | undefined, private readonly kept: Kept) {
    this.began = Number(draft?.began ?? Date.now());
    put(this.form, "[data-name]", [who.name, who.age === undefined ? "" : say("age", who.age)].filter(Boolean).join(", "));
    put(this.form, "[data-began]", say("began", clock(this.began)));
    this.fill();
    if (draft) this.restore(draft);
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("submit", (event) => void this.keep(event));
    this.whereAmI();
    this.changed();
  }

  private fill(): void {
    const { form, who, lists } = this;
    callable(form, who);
    const text = [who.name, `${who.place} ${who.address}`, ...who.tags, this.visit.why, who.last ? say("last", `${who.last[0]} ${who.last[2]}`) : ""];
    aloud(find(form, "[data-read]"), text.filter(Boolean).join("。"));
    for (const [block, title, codes] of lists.blocks.map(([name, found]) => [name, words[`block_${name}`] ?? name, found] as const)) {
      const panel = clone("t-block");
      const heading = find(panel, "h2");
      heading.textContent = title;
      heading.id = `b-${block}`;
      panel.querySelectorAll("fieldset").forEach((set) => set.setAttribute("aria-labelledby", heading.id));
      panel.querySelectorAll<HTMLInputElement>("input").forEach((input) => (input.name = `d-${block}`));
      find(panel, "[data-codes]").append(...codes.map(([code, label]) => choice("checkbox", `c-${block}`, code, label)));
      find(form, "[data-blocks]").append(panel);
    }
    find(form, "[data-found]").append(...Object.entries(lists.words.found).map(([code, label]) => choice("radio", "found", code, label, code !== "normal")));
    find(form, "[data-actions]").append(...lists.actions.map(([code, label]) => choice("checkbox", "actions", code, label)));
    options(find<HTMLSelectElement>(form, "[data-signs]"), lists.signs);
    find(form, "[data-camera]").hidden = !who.photo;
    put(form, "[data-photos]", who.photo ? "" : words.no_consent);
    find(form, "[data-photo]").addEventListener("change", (event) => void this.photograph(event.target as HTMLInputElement));
    find(form, "[data-scan]").addEventListener("click", () => void this.scan());
  }

  private values(): Draft {
    const all: [string, string][] = [];
    new FormData(this.form).forEach((value, name) => typeof value === "string" && value && all.push([name, value]));
    return { began: this.began, fields: all };
  }

  private restore(draft: Draft): void {
    for (const [name, value] of (draft.fields ?? []) as [string, string][]) {
      this.form.querySelectorAll<HTMLInputElement>(`[name="${name}"]`).forEach((input) => {
        if (input.type === "radio" || input.type === "checkbox") input.checked ||= input.value === value;
        else input.value = value;
      });
    }
  }

  private value = (name: string): string => String(new FormData(this.form).get(name) ?? "");
  private many = (name: string): string[] => new FormData(this.form).getAll(name).map(String);

  /** Codes are offered where something is to be watched; the button says how many blocks are left. */
  private changed(): void {
    const met = this.value("contact");
    find(this.form, "[data-met]").hidden = met === "no";
    let left = 0;
    for (const [block] of this.lists.blocks) {
      const degree = this.value(`d-${block}`);
      left += degree ? 0 : 1;
      const codes = find(this.form, `#b-${block}`).parentElement!.querySelector<HTMLElement>("[data-codes]")!;
      codes.hidden = degree !== "care";
    }
    find(this.form, "[data-keep]").textContent = met !== "no" && left ? say("left", left) : words.keep;
    this.kept.keepDraft(this.values());
  }

  private wrong(): string {
    const met = this.value("contact");
    if (!met) return words.say_met;
    if (met === "no") return "";
    if (!this.value("found")) return words.say_found;
    return ["help", "urgent"].includes(this.value("found")) && !this.many("actions").length ? words.say_action : "";
  }

  private async keep(event: Event): Promise<void> {
    event.preventDefault();
    put(this.form, "[data-error]", this.wrong());
    if (this.wrong()) return;
    const button = find<HTMLButtonElement>(this.form, "[data-keep]");
    if (button.disabled) return;
    button.disabled = true;
    const contact = this.value("contact");
    const blocks: Record<string, string[]> = {};
    for (const [block] of this.lists.blocks) {
      const degree = this.value(`d-${block}`);
      if (degree && contact !== "no") blocks[block] = degree === "care" ? this.many(`c-${block}`) : [];
    }
    const met = contact !== "no";
    const payload: Draft = {
      visit: this.visit.uid, name: this.who.name, way: contact === "phone" ? "phone" : "door", started: this.began, ended: Date.now(),
      contact: met, found: met ? this.value("found") : "", blocks, actions: met ? this.many("actions") : [],
      note: met ? this.value("note") : "", signed: met ? this.value("signed") : "", door: token(this.value("door")),
    };
    if (this.at) payload.at = this.at;
    this.stop();
    await this.kept.done(payload, met ? this.photos : []);
  }

  private whereAmI(): void {
    if (!("geolocation" in navigator)) return put(this.form, "[data-position]", words.no_position);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.at = [coords.longitude, coords.latitude, Math.round(coords.accuracy)];
        const far = this.who.xy && metres(this.who.xy, this.at);
        put(this.form, "[data-position]", far === undefined ? say("found", this.at[2]) : say("far", far));
      },
      () => put(this.form, "[data-position]", words.no_position),
      { enableHighAccuracy: true, timeout: SLOW_MS, maximumAge: 60_000 },
    );
  }

  /** Made small before it is locked and kept: a phone's photograph is a hundred times what is needed. */
  private async photograph(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise<Blob | null>((give) => canvas.toBlob(give, "image/jpeg", QUALITY));
    if (!small) return;
    const box = await lockBytes(this.key, await small.arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", box));
    this.photos.push({ box, digest: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") });
    put(this.form, "[data-photos]", say("photos", this.photos.length));
    input.value = "";
  }

  /** The camera, where the browser reads codes; else the code is typed. */
  private async scan(): Promise<void> {
    const Reader = (window as unknown as { BarcodeDetector?: new (o: object) => { detect(v: HTMLVideoElement): Promise<{ rawValue: string }[]> } }).BarcodeDetector;
    const field = find<HTMLInputElement>(this.form, "[name=door]");
    if (!Reader || !navigator.mediaDevices) {
      put(this.form, "[data-position]", words.no_camera);
      return field.focus();
    }
    const video = find<HTMLVideoElement>(this.form, "[data-video]");
    try {
      this.camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      put(this.form, "[data-position]", words.no_camera);
      return field.focus();
    }
    video.srcObject = this.camera;
    video.hidden = false;
    await video.play();
    const reader = new Reader({ formats: ["qr_code"] });
    const look = async (): Promise<void> => {
      if (!this.camera) return;
      const found = (await reader.detect(video).catch(() => []))[0]?.rawValue;
      if (!found) return void setTimeout(() => void look(), 300);
      field.value = token(found);
      put(this.form, "[data-position]", words.door_read);
      this.stop();
      this.changed();
    };
    await look();
  }

  private stop(): void {
    this.camera?.getTracks().forEach((track) => track.stop());
    this.camera = undefined;
    find(this.form, "[data-video]").hidden = true;
  }
}

export function callable(where: HTMLElement, who: Person): void {
  const link = find<HTMLAnchorElement>(where, "[data-call]");
  if (!who.tel) return;
  link.hidden = false;
  link.href = `tel:${who.tel}`;
  find(link, "span").textContent = say("called", who.tel.replace(/^(.{3}).*(.{4})$/, "$1****$2"));
}

/** The code behind the address that stands in the picture at the door. */
const token = (text: string): string => text.trim().replace(/\/+$/, "").split("/").pop() ?? "";

function metres(one: [number, number], other: [number, number, number]): number {
  const east = (other[0] - one[0]) * 111_320 * Math.cos((one[1] * Math.PI) / 180);
  return Math.round(Math.hypot(east, (other[1] - one[1]) * 110_540));
}
