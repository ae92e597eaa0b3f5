// The service worker of the visitor's app: the shell and what it is drawn with, kept; the shell holds no person.
const CACHE = "yinling-visits-shell";

interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Living extends Event {
  waitUntil(work: Promise<unknown>): void;
}

const worker = self as unknown as {
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: string, hear: (event: never) => void): void;
};
const PATIENCE_MS = 4000;
const scope = new URL(worker.registration.scope).pathname;

worker.addEventListener("install", (event: Living) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event: Living) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event: Fetching) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/") || url.pathname === scope || url.pathname.endsWith(".webmanifest")) event.respondWith(answer(event.request, url));
});

/** Static files have their digest in the name, so what is kept is right; the shell is asked for anew in good time. */
async function answer(request: Request, url: URL): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(request.url, { ignoreVary: true, ignoreSearch: true });
  if (kept && url.pathname.startsWith("/static/") && /\.[0-9a-f]{8,}\./.test(url.pathname)) return kept;
  try {
    const late = new Promise<never>((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE_MS));
    const fresh = await (kept ? Promise.race([fetch(request), late]) : fetch(request));
    if (fresh.ok && !fresh.redirected) await (await caches.open(CACHE)).put(request, fresh.clone());
    return fresh.ok || !kept ? fresh : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
