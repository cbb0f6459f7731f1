// Keeps the app's files on the device, so that it starts without signal. Never answers for /api: data is sealed elsewhere.

const worker = self as unknown as ServiceWorkerGlobalScope;
const files = 'FILES' as unknown as string[]; // both are filled in when the app is built
const edition: string = 'EDITION';
const cacheName = `huella-${edition}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName)
    .then((cache) => cache.addAll(files.map((path) => new Request(path, { cache: 'reload' }))))
    .then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((keys) => Promise.all(keys.filter((key) => key !== cacheName).map((key) => caches.delete(key))))
    .then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin || /^\/(api|h|openrosa)(\/|$)/.test(url.pathname)) return;
  const wanted = request.mode === 'navigate' ? '/' : url.pathname;
  event.respondWith(caches.open(cacheName).then(async (cache) => (await cache.match(wanted)) ?? fetch(request)));
});
export {};
