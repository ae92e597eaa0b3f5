// Panels load alone and fail alone. The server answers most failures with a sentence of its own;
// what is left is no answer at all (no network, a proxy's error page), and answers that take long.

const SLOW_MS = 2000;

function failed(panel: Element): void {
  const words = panel.querySelector<HTMLTemplateElement>("template[data-failed]");
  if (!words) return;
  panel.removeAttribute("aria-busy");
  panel.querySelectorAll(".ghost, [role=status], .failed").forEach((part) => part.remove());
  panel.append(words.content.cloneNode(true));
  window.htmx.process(panel as HTMLElement);
}

function whenSlow(panel: Element): void {
  const status = panel.querySelector("[role=status][data-slow]");
  if (!status) return;
  window.setTimeout(() => {
    status.textContent = status.getAttribute("data-slow");
    status.classList.remove("sr");
  }, SLOW_MS);
}

function panelOf(event: Event): Element | null {
  const target = (event as CustomEvent).detail?.elt as Element | undefined;
  return target?.closest("[data-panel]") ?? null;
}

export function watchPanels(): void {
  const body = document.body;
  body.addEventListener("htmx:beforeRequest", (event) => {
    const panel = panelOf(event);
    if (panel) whenSlow(panel);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(name, (event) => {
      const panel = panelOf(event);
      if (panel) failed(panel);
    });
  }
  // An answer without our mark (a proxy's page, a login page) must not be pasted into a panel.
  body.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent).detail;
    const panel = panelOf(event);
    if (!panel || !detail.isError || detail.xhr.getResponseHeader("X-Fragment")) return;
    detail.shouldSwap = false;
    failed(panel);
  });
}
