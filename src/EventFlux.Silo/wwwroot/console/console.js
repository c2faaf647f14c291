// The only script of ours on the console's pages: keeps an open page connected, and saves exports with progress.
(() => {
  const retryMilliseconds = 1000;
  const startMilliseconds = 8000;
  const banner = document.getElementById('away');
  let isAway = false;

  // The page's state is on the silo that served it. When that one is gone, another serves the page anew: what is
  // shown stands in the address.
  async function comeBack() {
    while (isAway) {
      await new Promise(resolve => setTimeout(resolve, retryMilliseconds));
      try {
        if (await Blazor.reconnect()) return;
        const page = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
        if (page.ok) return location.reload();
      } catch {
        // Nobody answers yet.
      }
    }
  }

  Blazor.start({
    circuit: {
      // A socket at once: the usual first question might be answered by another silo.
      configureSignalR: builder => builder.withUrl('_blazor', { skipNegotiation: true, transport: 1 }),
      reconnectionHandler: {
        onConnectionDown() {
          banner.hidden = false;
          if (!isAway) {
            isAway = true;
            comeBack();
          }
        },
        onConnectionUp() {
          isAway = false;
          banner.hidden = true;
        }
      }
    }
  });

  // Says when it is alive. Where its first connection failed, nobody else would try again.
  setInterval(() => {
    if (isAway || !document.querySelector('main[aria-busy]')) return;
    isAway = true;
    comeBack();
  }, startMilliseconds);

  // Reads an export to its end before it is saved, so that half of one never passes for the whole.
  async function save(url, page) {
    const answer = await fetch(url, { cache: 'no-store' });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => null);
      throw new Error(problem?.detail ?? `The server answered ${answer.status}.`);
    }
    const total = Number(answer.headers.get('X-Total-Count'));
    const name = /filename="?([^";]+)/.exec(answer.headers.get('Content-Disposition'))?.[1] ?? 'export.csv';
    const parts = [];
    let rows = -1;
    let told = 0;
    for (const reader = answer.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      for (const byte of value) if (byte === 10) rows++;
      if (performance.now() - told > 200) {
        told = performance.now();
        await page.invokeMethodAsync('ShowProgress', Math.max(rows, 0), total);
      }
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
