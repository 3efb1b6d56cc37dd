// The pages work without this. It adds: the theme switch, popovers in place, running times, live updates.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  if (!root.dataset.theme) root.dataset.theme = dark.matches ? 'dark' : 'light';

  // -- time: the browser's clock, corrected by the server's ------------------------------------
  let ahead = 0, heard = 0, told = 0;
  const now = () => Date.now() + ahead;
  const clock = ms => {
    const s = Math.max(0, Math.floor(ms / 1000)), two = n => String(n).padStart(2, '0');
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };
  const brief = ms => {                                // no hours: where there is room for minutes only
    const s = Math.max(0, Math.floor(ms / 1000));
    return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
  };
  const write = (el, text) => { if (el.textContent !== text) el.textContent = text; };

  function ringing(el) {
    const n = Math.floor(Math.max(0, now() - el.dataset.ring) / el.dataset.cycle) + 1;
    if (el.dataset.n === String(n)) return;
    el.dataset.n = n;
    el.setAttribute('aria-label', el.dataset.word.replace('{n}', n));
    el.querySelectorAll('i').forEach((pip, k) => {
      pip.className = k < 3 ? (k + 1 === n ? 'now' : k < n ? 'on' : '') : n > 3 ? 'late' : 'slot';
    });
  }

  const wall = ms => new Date(ms).toLocaleTimeString('en-GB', { timeZone: root.dataset.zone });

  function tick(part = document) {
    part.querySelectorAll('time[data-clock]').forEach(el => write(el, wall(now())));
    part.querySelectorAll('time[data-since]').forEach(el => write(el, (el.dataset.brief === undefined ? clock : brief)(now() - el.dataset.since)));
    part.querySelectorAll('time[data-until]').forEach(el => {
      const left = el.dataset.until - now();
      write(el, (left < 0 ? '+' : '') + clock(Math.abs(left)));
      el.classList.toggle('bad', left < 0);
    });
    part.querySelectorAll('[data-ring]').forEach(ringing);
    part.querySelectorAll('[data-nth]').forEach(el => {
      const ms = Math.max(0, now() - el.dataset.nth), late = ms >= +el.dataset.limit;
      write(el, el.dataset.word.replace('{n}', Math.floor(ms / el.dataset.cycle) + 1));
      el.parentElement.classList.toggle('bad', late);
      el.parentElement.classList.toggle('strong', late);
    });
    part.querySelectorAll('[data-secs]').forEach(el => {
      const ms = Math.max(0, now() - el.dataset.secs), late = ms >= +el.dataset.limit;
      write(el, (ms / 1000).toFixed(1) + ' s');
      el.parentElement.classList.toggle('bad', late);
      el.parentElement.classList.toggle('strong', late);
    });
  }

  // A live figure is current or says since when it is not.
  function staleness() {
    const stale = heard > 0 && Date.now() - heard > 5000;
    if (stale === root.hasAttribute('data-stale')) return;
    root.toggleAttribute('data-stale', stale);
    const at = wall(told);
    document.querySelectorAll('[data-stale]').forEach(el => { if (el !== root) write(el, at); });
    document.querySelectorAll('.s.stale').forEach(el => { el.hidden = !stale; });
    document.dispatchEvent(new CustomEvent('stale', { detail: { stale, told } }));
  }

  // -- live updates: each event names the element that it replaces -----------------------------
  const bound = new Set();
  let source = null;

  // What an element says, running times left out.
  function said(el) {
    const copy = el.cloneNode(true);
    copy.querySelectorAll('time,[data-secs]').forEach(each => each.remove());
    return copy.textContent.replace(/\s+/g, ' ').trim();
  }

  // The rows of a list in their order: those that are new are made, and told right after.
  function arrange(list, names) {
    const kind = list.dataset.rows, rows = new Map();
    for (const row of [...list.children]) {
      const name = row.dataset.live;
      if (name && names.includes(name.slice(kind.length + 1))) rows.set(name, row); else row.remove();
    }
    let before = null;
    for (const each of names) {
      const name = `${kind}.${each}`;
      let row = rows.get(name);
      if (!row) {
        row = document.createElement(list.tagName === 'TBODY' ? 'tr' : 'div');
        row.dataset.live = name;
      }
      const place = before ? before.nextElementSibling : list.firstElementChild;
      if (place !== row) list.insertBefore(row, place);
      before = row;
    }
    listen(list);
    document.dispatchEvent(new CustomEvent('swapped', { detail: list }));
  }

  function swap(event) {
    const list = document.querySelector(`[data-live="${CSS.escape(event.type)}"][data-rows]`);
    if (list) { arrange(list, event.data.split(' ').filter(Boolean)); return; }
    const old = document.querySelector(`[data-live="${CSS.escape(event.type)}"]`);
    if (!old) return;
    const box = document.createElement('template');
    box.innerHTML = event.data;
    const fresh = box.content.firstElementChild;
    if (!fresh || !old.dispatchEvent(new CustomEvent('swap', { bubbles: true, cancelable: true, detail: fresh }))) return;
    const focus = old.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    if (heard) tick(box.content);
    const changed = said(old) !== said(fresh);
    old.replaceWith(fresh);
    if (changed && fresh.matches('.figures, tr')) fresh.classList.add('changed');
    if (focus) fresh.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus();
    listen(fresh);
    document.dispatchEvent(new CustomEvent('swapped', { detail: fresh }));
  }

  function listen(part) {
    if (!source) return;
    const named = [...part.querySelectorAll('[data-live]')];
    if (part.matches?.('[data-live]')) named.push(part);
    for (const el of named) {
      if (bound.has(el.dataset.live)) continue;
      bound.add(el.dataset.live);
      source.addEventListener(el.dataset.live, swap);
    }
  }

  function connect() {
    const own = document.querySelector('[data-events]')?.dataset.events;
    source = new EventSource(own ?? `/events?lang=${root.dataset.language}&page=${root.dataset.page}`);
    // Made of other files than the service has now: the page is fetched anew. So too where the door is closed.
    source.addEventListener('version', event => {
      if (root.dataset.version && root.dataset.version !== event.data) location.reload();
      root.dataset.version = event.data;
    });
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(comeBack, heard ? 0 : 5000); };
    source.addEventListener('time', hear);
    listen(document);
  }

  function hear(event) {
    told = +event.data; ahead = told - Date.now(); heard = Date.now();
    if (!root.dataset.stream) tick();
    root.dataset.stream = 'open';
    staleness();
  }

  async function comeBack() {
    const answer = await fetch(location.href, { cache: 'no-store' }).catch(() => null);
    if (answer && answer.status < 500) location.reload(); else setTimeout(comeBack, 5000);
  }

  // -- a page with a stream of its own: the same events, for the elements within ----------------
  const others = [];
  function connectOwn() {
    document.querySelectorAll('[data-stream-of]').forEach(part => {
      const own = new EventSource(`${part.dataset.streamOf}?lang=${root.dataset.language}`);
      part.querySelectorAll('[data-live]').forEach(el => own.addEventListener(el.dataset.live, swap));
      own.addEventListener('time', hear);
      others.push(own);
    });
  }

  // -- the switches ----------------------------------------------------------------------------
  function switches() {
    document.querySelectorAll('[data-act=theme]').forEach(link => link.addEventListener('click', event => {
      event.preventDefault();
      root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
      document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
      const url = new URL(location.href);
      url.searchParams.delete('theme');
      history.replaceState(null, '', url);
    }));
    document.querySelectorAll('form[data-auto]').forEach(form => {
      form.querySelector('button[type=submit]')?.remove();
      form.addEventListener('change', () => form.requestSubmit());
      form.addEventListener('submit', () => form.querySelectorAll('select').forEach(s => { s.disabled = !s.value; }));
    });
    document.querySelectorAll('[popovertarget]').forEach(button => {
      const pop = document.getElementById(button.getAttribute('popovertarget'));
      pop?.addEventListener('toggle', event => {
        const open = event.newState === 'open';
        button.setAttribute('aria-expanded', open);
        if (!open || pop.matches('.dialog')) return;
        const box = button.getBoundingClientRect();   // CSSOM writes are allowed by style-src 'self'
        pop.style.left = Math.max(8, Math.min(box.left + scrollX - 8, innerWidth - pop.offsetWidth - 12)) + 'px';
        pop.style.top = box.bottom + scrollY + 8 + 'px';
      });
    });
  }

  addEventListener('DOMContentLoaded', () => {
    switches();
    if (document.querySelector('[data-events]') || document.querySelector('[data-stream-of]')) setInterval(() => { if (heard) tick(); }, 250);
    setInterval(staleness, 1000);
    if (root.dataset.page === 'outside') return;
    const begin = () => { if (!document.querySelector('[data-stream-alone]')) connect(); connectOwn(); };
    begin();
    addEventListener('pagehide', () => { source?.close(); others.splice(0).forEach(each => each.close()); });
    addEventListener('pageshow', event => { if (event.persisted) { bound.clear(); begin(); } });
  });
})();
