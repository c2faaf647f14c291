// The only script file of ours on the console's pages: keeps an open page connected, signs every tab out at once, and
// saves exports with progress.
(() => {
  const longestPause = 15000;
  // A page that took longer to come to life is on a silo that hangs, or on a slow line: once it has been loaded anew,
  // it gets more time.
  const wasReloaded = performance.getEntriesByType('navigation')[0]?.type === 'reload';
  const startPatience = wasReloaded ? 60000 : 15000;
  // Where no connection ever comes about, coming back must not be a storm of its own.
  const firstPause = wasReloaded ? 5000 : 1000;
  const banner = document.getElementById('away');
  const signOut = '/console/sign-out';
  const tabs = new BroadcastChannel('eventflux-session');
  let isDown = false;
  let isComingBack = false;

  const isAlive = () => !isDown && !document.querySelector('main[aria-busy]');
  const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

  // The page's state is on the silo that served it. When that one is gone, another serves the page anew: what is
  // shown stands in the address. Who is signed out meanwhile is led to the sign-in.
  async function comeBack() {
    if (isComingBack) return;
    isComingBack = true;
    for (let wait = firstPause; !isAlive(); wait = Math.min(2 * wait, longestPause)) {
      await pause(wait);
      if (isDown && await window.Blazor.reconnect().catch(() => false)) continue;
      if (isAlive()) break;
      const page = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' })
        .catch(() => null);
      if (page && (page.ok || page.status === 401 || page.status === 403)) return location.reload();
    }
    isComingBack = false;
  }

  // A socket that closes before the page has come to life: nobody else would notice.
  class WatchedSocket extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols);
      this.addEventListener('close', () => { if (!isAlive()) comeBack(); });
    }
  }

  // Lost with a silo: the document itself sees to that.
  if (!window.Blazor) return;

  Blazor.start({
    circuit: {
      // A socket at once: the usual first question might be answered by another silo.
      configureSignalR: builder => builder.withUrl(
        '_blazor', { skipNegotiation: true, transport: 1, WebSocket: WatchedSocket }),
      reconnectionHandler: {
        onConnectionDown() {
          isDown = true;
          banner.hidden = false;
          comeBack();
        },
        onConnectionUp() {
          isDown = false;
          banner.hidden = true;
        }
      }
    }
  });

  // A first connection may also hang.
  setTimeout(() => { if (!isAlive()) comeBack(); }, startPatience);

  // Signed out in one tab is signed out in all: an open page would go on with the session that it began with.
  tabs.onmessage = () => location.reload();
  document.addEventListener('submit', async event => {
    if (new URL(event.target.action, location.href).pathname !== signOut) return;
    event.preventDefault();
    await fetch(signOut, { method: 'POST', body: new URLSearchParams(new FormData(event.target)) });
    tabs.postMessage('signed out');
    location.assign('/console');
  });

  // Reads an export to its end before it is saved, so that half of one never passes for the whole.
  async function save(url, page) {
    const answer = await fetch(url, { cache: 'no-store' });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => null);
      throw new Error(problem?.detail ?? `The server answered ${answer.status}.`);
    }
    const total = Number(answer.headers.get('X-Total-Count'));
    const name = /filename="?([^";]+)/.exec(answer.headers.get('Content-Disposition'))?.[1] ?? 'export.csv';
    const reader = answer.body.getReader();
    const parts = [];
    let rows = -1;
    let told = 0;
    try {
      for (let piece; !(piece = await reader.read()).done;) {
        parts.push(piece.value);
        for (const byte of piece.value) if (byte === 10) rows++;
        if (performance.now() - told > 200) {
          told = performance.now();
          // Fails when the page has moved on; then nobody wants the rest.
          await page.invokeMethodAsync('ShowProgress', Math.max(rows, 0), total);
        }
      }
    } finally {
      reader.cancel().catch(() => { });
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    return Math.max(rows, 0);
  }

  window.eventflux = { save };
})();
