// The live board. A bounded stream of events says when to draw it anew; where the server has no thread to spare for one
// (204), or a proxy holds events back, the board asks every few seconds instead. Sound on red is the reader's choice.

const BEEP_HZ = 880;
const BEEP_S = 0.6;
const STALE_MS = 40_000; // a stream lasts 25 seconds; after this long without a word it is as good as dead
const KEPT = "board-sound";

function beep(): void {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  tone.frequency.value = BEEP_HZ;
  loudness.gain.value = 0.2;
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + BEEP_S);
  tone.onended = () => void audio.close();
}

function redOf(board: HTMLElement): Set<string> {
  const words = board.querySelector<HTMLElement>("[data-red]")?.dataset.red ?? "";
  return new Set(words.split(" ").filter(Boolean));
}

class LiveBoard {
  private polling = 0;
  private known: Set<string>;
  private heard = Date.now();

  constructor(private readonly board: HTMLElement) {
    this.known = redOf(board);
    board.addEventListener("htmx:afterSwap", () => this.sound());
    this.listen();
    window.setInterval(() => this.watch(), STALE_MS / 4);
  }

  private draw(): void {
    if (this.board.contains(document.activeElement) && document.activeElement?.matches("input, textarea, select")) return;
    window.htmx.trigger(this.board, "board-changed", {});
  }

  private listen(): void {
    if (!("EventSource" in window)) return this.poll();
    const source = new EventSource(this.board.dataset.board ?? "");
    source.addEventListener("hello", () => this.alive());
    source.addEventListener("changed", () => {
      this.alive();
      this.draw();
    });
    source.addEventListener("error", () => {
      // While it is CONNECTING the browser comes back by itself; CLOSED means 204 or no such thing.
      if (source.readyState === EventSource.CLOSED) this.poll();
    });
  }

  private alive(): void {
    this.heard = Date.now();
  }

  private watch(): void {
    if (!this.polling && Date.now() - this.heard > STALE_MS) this.poll();
    if (!this.polling) this.draw(); // clocks move on though nothing happens
  }

  private poll(): void {
    const every = Number(this.board.dataset.poll ?? "5") * 1000;
    this.polling ||= window.setInterval(() => this.draw(), every);
  }

  private sound(): void {
    const red = redOf(this.board);
    const isNew = [...red].some((uid) => !this.known.has(uid));
    this.known = red;
    if (isNew && localStorage.getItem(KEPT) === "on") beep();
  }
}

function mountSound(button: HTMLButtonElement): void {
  const show = () => button.setAttribute("aria-pressed", String(localStorage.getItem(KEPT) === "on"));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    const isOn = localStorage.getItem(KEPT) === "on";
    localStorage.setItem(KEPT, isOn ? "off" : "on");
    if (!isOn) beep(); // browsers allow sound only after a press, and the ear knows then what to expect
    show();
  });
}

/** Forms that say where the phone is. Without leave or signal they go out as they are. */
function fillPositions(): void {
  const forms = document.querySelectorAll<HTMLFormElement>("form[data-position]");
  if (!forms.length || !navigator.geolocation) return;
  void navigator.permissions?.query({ name: "geolocation" }).then((leave) => {
    if (leave.state !== "granted") return;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      for (const form of forms) {
        for (const name of ["longitude", "latitude", "accuracy"] as const) {
          const field = form.elements.namedItem(name);
          if (field instanceof HTMLInputElement) field.value = String(coords[name]);
        }
      }
    });
  });
}

export function mountBoard(): void {
  const board = document.querySelector<HTMLElement>("[data-board]");
  if (board) new LiveBoard(board);
  document.querySelectorAll<HTMLButtonElement>("button[data-sound]").forEach(mountSound);
  fillPositions();
}
