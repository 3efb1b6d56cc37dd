// The wall takes no input. This adds what a screen of its own needs: pages that turn, and a board that says by itself
// since when it stands.
(() => {
  const TURN = 12000, SWEEP = 3 * 3600 * 1000;
  const turned = new Map();                            // the page that is shown of each list

  function lay(list) {
    const size = +list.dataset.pages, rows = [...list.children];
    if (list.dataset.full) list.classList.toggle('dense', rows.length > +list.dataset.full);
    const pages = size && rows.length > size ? Math.ceil(rows.length / size) : 1;
    const shown = (turned.get(list.dataset.live) ?? 0) % pages;
    turned.set(list.dataset.live, shown);
    const first = pages > 1 ? Math.min(shown * size, rows.length - size) : 0;   // the last page is as full as the others
    rows.forEach((row, k) => { row.hidden = pages > 1 && (k < first || k >= first + size); });
    const word = document.querySelector(`[data-page-of="${list.dataset.live}"]`);
    if (word) word.textContent = pages > 1 ? `${shown + 1} / ${pages}` : '';
  }

  const lists = () => document.querySelectorAll('[data-pages]');

  function turn() {
    lists().forEach(list => {
      turned.set(list.dataset.live, (turned.get(list.dataset.live) ?? 0) + 1);
      lay(list);
    });
  }

  // A tile that was replaced is on the page that its place is on; a list is laid out whole.
  function replaced(part) {
    if (part.matches('[data-pages]')) { lay(part); return; }
    const list = part.parentElement?.closest('[data-pages]');
    if (!list) return;
    if (list.children.length > +list.dataset.pages) lay(list);
  }

  function stale({ stale, told }) {
    document.body.classList.toggle('stopped', stale);
    document.querySelector('.wtop .stopped').hidden = !stale;
    const since = document.querySelector('time[data-lost]');
    if (stale) since.dataset.since = told; else { delete since.dataset.since; since.textContent = ''; }
  }

  addEventListener('DOMContentLoaded', () => {
    lists().forEach(lay);
    setInterval(turn, TURN);
    document.addEventListener('swapped', event => replaced(event.detail));
    document.addEventListener('stale', event => stale(event.detail));
    // A screen runs for weeks: what a browser may have gathered by then is let go of, while the service answers.
    setInterval(() => { if (!document.body.classList.contains('stopped')) location.reload(); }, SWEEP);
  });
})();
