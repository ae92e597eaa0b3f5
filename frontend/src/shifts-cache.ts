// The name of the cache of the carer's pages, known to the pages, to their service worker and to logging out.
export const CACHE = "yinling-shifts";

/** Logging out takes the kept pages away: they name residents. What was recorded stays until it is sent. */
export function forgetAtLogOut(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if ("caches" in window && /\/accounts\/.*(logout|switch)/.test(form.action)) void caches.delete(CACHE);
  });
}
