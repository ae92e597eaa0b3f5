// Dragging a visit on the planner's page. While it is held, every visitor's time line says what the visit would cost
// there; letting go opens the page that asks for confirmation. Without this script the same page is two links away.

const FAR_PX = 6; // less is a click

class Drag {
  private costs: Record<string, number> = {};
  private isFar = false;
  private readonly from: [number, number];

  constructor(private readonly chart: SVGSVGElement, private readonly stop: SVGAElement, event: PointerEvent) {
    this.from = [event.clientX, event.clientY];
    void this.ask();
  }

  private async ask(): Promise<void> {
    const answer = await fetch(this.stop.dataset.costs ?? "", { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    this.costs = (await answer.json()) as Record<string, number>;
    if (this.isFar) this.show();
  }

  move(event: PointerEvent): void {
    const [x, y] = [event.clientX - this.from[0], event.clientY - this.from[1]];
    if (!this.isFar && Math.hypot(x, y) < FAR_PX) return;
    if (!this.isFar) this.show();
    this.isFar = true;
    this.stop.setAttribute("transform", `translate(${x} ${y})`);
  }

  /** Whether it was a drag and no click. */
  end(event: PointerEvent): boolean {
    this.stop.removeAttribute("transform");
    for (const words of this.chart.querySelectorAll("[data-cost]")) words.textContent = "";
    const lane = this.isFar ? this.laneAt(event.clientY) : undefined;
    const to = lane?.dataset.carer;
    if (to && to !== this.stop.closest<SVGGElement>("[data-carer]")?.dataset.carer) {
      window.location.href = `${this.stop.dataset.move}?to=${to}`;
    }
    return this.isFar;
  }

  private show(): void {
    for (const lane of this.chart.querySelectorAll<SVGGElement>("[data-carer]")) {
      const words = lane.querySelector("[data-cost]");
      const cost = this.costs[lane.dataset.carer ?? ""];
      if (words) words.textContent = cost === undefined ? (this.chart.dataset.never ?? "") : `${cost > 0 ? "+" : ""}${Math.round(cost)}`;
    }
  }

  private laneAt(y: number): SVGGElement | undefined {
    const lanes = [...this.chart.querySelectorAll<SVGGElement>("[data-carer]")];
    return lanes.find((lane) => {
      const ground = lane.querySelector("[data-ground]")!.getBoundingClientRect();
      return y >= ground.top && y < ground.bottom;
    });
  }
}

function mount(chart: SVGSVGElement): void {
  let drag: Drag | null = null;
  let wasDrag = false;
  chart.addEventListener("pointerdown", (event) => {
    const stop = (event.target as Element).closest<SVGAElement>("a[data-move]");
    if (!stop || !event.isPrimary || event.button > 0) return;
    event.preventDefault();
    stop.focus();
    drag = new Drag(chart, stop, event);
  });
  window.addEventListener("pointermove", (event) => drag?.move(event));
  window.addEventListener("pointerup", (event) => {
    wasDrag = drag?.end(event) ?? false;
    drag = null;
  });
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("click", (event) => {
    if (wasDrag) event.preventDefault();
    wasDrag = false;
  });
}

document.querySelectorAll<SVGSVGElement>("svg[data-planner]").forEach(mount);
