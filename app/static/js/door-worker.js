// Keeps the pages below /door/ and what they are made of, so that they open without a network. Names are not among it:
// rosters and uploads are never kept here.
const KEPT = "door-2";

addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));

addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name.startsWith("door-") && name !== KEPT) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(old());
});

async function keep(address) {
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(address, answer);
}

addEventListener("message", (event) => {
  const { keep: addresses, port } = { keep: event.data?.keep || [], port: event.ports[0] };
  const all = Promise.all(addresses.map((address) => keep(address).catch(() => {})));
  event.waitUntil(all.then(() => port?.postMessage("kept")));
});

async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === "basic") (await caches.open(KEPT)).put(request.url, answer.clone());
    return answer;
  } catch {
    return (await caches.match(request.url)) || Response.error();
  }
}

// What was kept, and for the next time what there is now.
async function part(request) {
  const kept = await caches.match(request.url);
  const fresh = keep(request.url).catch(() => {});
  if (kept) return kept;
  await fresh;
  return (await caches.match(request.url)) || fetch(request);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") return event.respondWith(page(request));
  if (address.pathname.includes("/static/")) event.respondWith(part(request));
});
