// Records and figures: keys, and views that a reader keeps in his browser. The pages work without it.
(() => {
  const typing = el => el && (el.matches('input, select, textarea') || el.isContentEditable);
  const go = link => { if (link) location.assign(link.href); };
  let at = -1;
  const move = by => {
    const rows = [...document.querySelectorAll('tr[data-row]')];
    if (!rows.length) return;
    rows[at]?.classList.remove('at');
    at = Math.min(Math.max(at + by, 0), rows.length - 1);
    rows[at].classList.add('at');
    rows[at].querySelector('a')?.focus({preventScroll: true});
    rows[at].scrollIntoView({block: 'nearest'});
  };
  const define = () => {
    const place = document.activeElement?.closest('td, th, .kpi');
    let button = place?.querySelector('.def');
    if (!button && place?.matches('td')) button = place.closest('table').querySelectorAll('thead th')[place.cellIndex]?.querySelector('.def');
    button?.click();
  };
  const keys = {
    '/': () => document.querySelector('[data-search]')?.focus(),
    j: () => move(1),
    k: () => move(-1),
    f: () => document.querySelector('[data-filters] select, .filters select')?.focus(),
    e: () => go(document.querySelector('[data-key=E]')),
    '[': () => go(document.querySelector('[rel=prev]')),
    ']': () => go(document.querySelector('[rel=next][data-key]')),
    '?': define,
  };
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(document.activeElement)) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // -- what agents do now: asked for anew while somebody looks ---------------------------------
  async function refresh() {
    const cells = document.querySelectorAll('[data-now]');
    if (!cells.length) return;
    if (!document.hidden) {
      const answer = await fetch('/agents/now').catch(() => null);
      const told = answer?.ok ? await answer.json() : null;
      if (told) cells.forEach(cell => {
        const html = told[cell.dataset.now];
        if (html && cell.dataset.told !== html) { cell.innerHTML = html; cell.dataset.told = html; }
      });
    }
    setTimeout(refresh, 3000);
  }

  // -- views: name and address, in this browser only -------------------------------------------
  const read = () => { try { return JSON.parse(localStorage.getItem('views')) || []; } catch { return []; } };
  const write = views => localStorage.setItem('views', JSON.stringify(views));
  function show() {
    const place = document.querySelector('[data-views]');
    if (!place) return;
    place.replaceChildren(...read().map(({name, href}, n) => {
      const chip = Object.assign(document.createElement('a'), {className: 'chip', href, textContent: name});
      const drop = Object.assign(document.createElement('button'), {type: 'button', textContent: '×'});
      drop.setAttribute('aria-label', `${place.dataset.remove}: ${name}`);
      drop.addEventListener('click', event => {
        event.preventDefault();
        write(read().filter((_, k) => k !== n));
        show();
      });
      chip.append(drop);
      return chip;
    }));
  }
  addEventListener('DOMContentLoaded', () => {
    show();
    setTimeout(refresh, 3000);
    const save = document.querySelector('[data-save-view]');
    if (!save) return;
    save.hidden = !location.search;
    save.addEventListener('click', () => {
      const name = prompt(save.dataset.ask);
      if (name) { write([...read(), {name: name.slice(0, 40), href: location.pathname + location.search}]); show(); }
    });
  });
  // What a reader steps through from a call's page: the list he came from.
  addEventListener('click', event => {
    const link = event.target.closest('[data-list] a[href^="/calls/"]');
    if (!link) return;
    const calls = [...document.querySelectorAll('[data-list] tbody a[href^="/calls/"]')].map(each => each.getAttribute('href'));
    sessionStorage.setItem('calls', JSON.stringify({from: location.pathname + location.search, calls}));
  });
})();
