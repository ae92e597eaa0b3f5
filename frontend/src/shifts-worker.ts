// The service worker of the carer's pages: the network first, what was kept when there is none, for one shift at most.
// Its reach is the folder it is served from (/work/shifts/day/); pages elsewhere never meet it.
import { CACHE } from "./shifts-cache";

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
const LONGEST_MS = 12 * 3600 * 1000;
const PATIENCE_MS = 6000; // a signal that is there and does not carry is worse than none
const scope = new URL(worker.registration.scope).pathname;

worker.addEventListener("install", (event: Living) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event: Living) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event: Fetching) => {
  const url = new URL(event.request.url);
  const isOurs = url.pathname.startsWith(scope) && !/\/(ready|worker\.js)$/.test(url.pathname);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (isOurs || url.pathname.startsWith("/static/")) event.respondWith(answer(event.request, url));
});

async function answer(request: Request, url: URL): Promise<Response> {
  try {
    const fresh = await inTime(request);
    if (fresh.redirected && new URL(fresh.url).pathname.startsWith("/accounts/")) await caches.delete(CACHE);
    else if (fresh.ok && !fresh.redirected) await (await caches.open(CACHE)).put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = (await known(request.url)) ?? (url.pathname.startsWith(`${scope}p/`) ? await known(`${scope}scan`) : undefined);
    if (kept) return kept;
    throw error;
  }
}

async function inTime(request: Request): Promise<Response> {
  const late = new Promise<never>((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE_MS));
  return Promise.race([fetch(request), late]);
}

/** What was kept under an address, unless it is older than a shift. */
async function known(url: string): Promise<Response | undefined> {
  const kept = await (await caches.open(CACHE)).match(url, { ignoreVary: true });
  const at = Date.parse(kept?.headers.get("date") ?? "");
  const isStatic = new URL(url, location.origin).pathname.startsWith("/static/");
  return kept && (isStatic || Number.isNaN(at) || Date.now() - at < LONGEST_MS) ? kept : undefined;
}
