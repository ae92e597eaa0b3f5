// A pad to draw a signature on with finger, pen or mouse, above any <input type="file" data-pad="label">.
// What is drawn becomes the input's file, so the server sees an uploaded picture. The input itself stays for whoever has
// a picture, and the ways that need no drawing (PIN, password, typed name) stay for whoever uses a keyboard.

const WIDTH = 800;
const HEIGHT = 300;
const INK = "#111";
const PAPER = "#fff"; // the picture is also printed and shown on dark pages

class Pad {
  private readonly canvas = document.createElement("canvas");
  private readonly pen: CanvasRenderingContext2D;
  private last: [number, number] | null = null;

  constructor(private readonly input: HTMLInputElement) {
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.canvas.className = "pad";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", input.dataset.pad ?? "");
    this.pen = this.canvas.getContext("2d")!; // every browser that we build for has one
    this.blank();
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.draw(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
    input.addEventListener("change", () => this.blank()); // a chosen picture replaces the drawing
  }

  /** The pad with its words and the button that takes everything back. */
  field(): HTMLElement {
    const field = document.createElement("div");
    const words = document.createElement("span");
    const clear = document.createElement("button");
    field.className = "field";
    words.textContent = this.input.dataset.pad ?? "";
    clear.type = "button";
    clear.className = "btn";
    clear.textContent = this.input.dataset.padClear ?? "×";
    clear.addEventListener("click", () => {
      this.blank();
      this.input.value = "";
    });
    field.append(words, this.canvas, clear);
    return field;
  }

  private blank(): void {
    this.pen.fillStyle = PAPER;
    this.pen.fillRect(0, 0, WIDTH, HEIGHT);
  }

  private at(event: PointerEvent): [number, number] {
    const scale = WIDTH / this.canvas.clientWidth;
    return [event.offsetX * scale, event.offsetY * scale];
  }

  private begin(event: PointerEvent): void {
    if (!event.isPrimary || event.button > 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.at(event);
    this.stroke(this.last); // a tap leaves a dot
  }

  private draw(event: PointerEvent): void {
    if (!this.last || !event.isPrimary) return;
    const between = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const point of between.length ? between : [event]) this.stroke(this.at(point));
  }

  private stroke(to: [number, number]): void {
    const from = this.last ?? to;
    Object.assign(this.pen, { strokeStyle: INK, lineWidth: 5, lineCap: "round", lineJoin: "round" });
    this.pen.beginPath();
    this.pen.moveTo(...from);
    this.pen.lineTo(...to);
    this.pen.stroke();
    this.last = to;
  }

  private end(): void {
    if (!this.last) return;
    this.last = null;
    const png = atob(this.canvas.toDataURL("image/png").split(",")[1]);
    const held = new DataTransfer();
    held.items.add(new File([Uint8Array.from(png, (c) => c.charCodeAt(0))], "signature.png", { type: "image/png" }));
    this.input.files = held.files;
    // Whoever draws signs by drawing.
    const way = this.input.form?.querySelector<HTMLInputElement>('input[type="radio"][value="drawn"]');
    if (way) way.checked = true;
  }
}

function canHandOver(): boolean {
  try {
    return "PointerEvent" in window && new DataTransfer().items !== undefined;
  } catch {
    return false; // Safari before 14.1: the picture way is left
  }
}

export function mountPads(): void {
  if (!canHandOver()) return;
  document.querySelectorAll<HTMLInputElement>('input[type="file"][data-pad]').forEach((input) => {
    (input.closest(".field") ?? input).before(new Pad(input).field());
  });
}
