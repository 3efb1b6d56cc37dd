// Acts on rows: the buttons that a row's acts allow, the menu, the question before a call is ended, what came of it.
// Without this the link of each row leads to a page with the same forms.
(() => {
  const SHOWN = 6000, AFTER = 90;
  let tools, menu, dialog, opener = null;
  const notes = new Map();   // what is shown on a row, by the agent or call: rows are drawn anew under it
  const quick = new Map();   // the buttons of a row as they were asked for last

  const slot = row => row?.querySelector('.acts-slot');
  const rowOf = key => [...document.querySelectorAll('[data-acts-of]')].find(each => each.dataset.actsOf === key)?.closest('tr');

  // -- the buttons of a row: asked for when somebody points at it ------------------------------------
  let pointing = 0;
  function point(event) {
    const found = slot(event.target.closest?.('tr'));
    if (!found || found.dataset.filled || !found.querySelector('.acts-quick')) return;
    clearTimeout(pointing);
    pointing = setTimeout(() => fill(found), AFTER);
  }

  async function fill(found) {
    if (!found.isConnected || found.dataset.filled) return;
    found.dataset.filled = 'yes';
    const html = await part(found.dataset.acts, 'quick');
    if (html === null) { found.hidden = true; return; }
    quick.set(found.dataset.actsOf, html);
    found.querySelector('.acts-quick').innerHTML = html;
  }

  async function part(path, which) {
    const answer = await fetch(`${path}?part=${which}&lang=${document.documentElement.dataset.language}`).catch(() => null);
    return answer?.ok ? answer.text() : null;
  }

  // A row that was drawn anew has what it had: its note, and its buttons while it is pointed at.
  function again() {
    for (const [key, note] of notes) {
      const row = rowOf(key);
      if (row && !row.querySelector('.acts-note')) put(row, note);
    }
    document.querySelectorAll('tr:hover,tr:focus-within').forEach(row => {
      const found = slot(row), html = found && quick.get(found.dataset.actsOf);
      if (html && !found.dataset.filled) {
        found.dataset.filled = 'yes';
        found.querySelector('.acts-quick').innerHTML = html;
        setTimeout(() => { delete found.dataset.filled; fill(found); }, AFTER);
      }
    });
  }

  // -- what came of it ----------------------------------------------------------------------------------
  function put(row, note) {
    row.querySelector('.acts-note')?.remove();
    const shown = document.createElement('span');
    shown.className = `acts-note${note.bad ? ' bad' : ''}`;
    shown.setAttribute('role', note.bad ? 'alert' : 'status');
    shown.append(note.text);
    if (note.bad) {
      const close = document.createElement('button');
      close.type = 'button';
      close.setAttribute('aria-label', tools.dataset.close);
      close.textContent = '×';
      close.addEventListener('click', () => forget(note.key));
      shown.append(close);
    }
    (slot(row)?.closest('td') ?? row.lastElementChild).append(shown);
  }

  function say(key, text, bad) {
    const note = { key, text, bad }, row = rowOf(key);
    notes.set(key, note);
    if (row) put(row, note);
    else if (bad) toast({ text });
  }

  function forget(key) {
    notes.delete(key);
    rowOf(key)?.querySelector('.acts-note')?.remove();
  }

  let ending = 0;
  function toast(told) {
    const place = document.getElementById('acts-toast'), shown = document.createElement('div');
    shown.className = 'toast';
    shown.append(told.text);
    if (told.undo) {
      const undo = document.createElement('button');
      undo.type = 'button';
      undo.textContent = tools.dataset.undo;
      undo.addEventListener('click', () => { place.replaceChildren(); send(told.undo, new URLSearchParams(), told.agent); });
      shown.append(undo);
    }
    place.replaceChildren(shown);
    clearTimeout(ending);
    ending = setTimeout(() => place.replaceChildren(), SHOWN);
  }

  // -- doing it --------------------------------------------------------------------------------------------
  async function send(action, body, key) {
    body.set('proof', tools.dataset.proof);
    say(key, tools.dataset.doing, false);
    const options = { method: 'POST', body, headers: { Accept: 'application/json' } };
    const answer = await fetch(action, options).catch(() => null);
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    forget(key);
    quick.delete(key);
    const found = slot(rowOf(key));
    if (found) { delete found.dataset.filled; if (found.closest('tr').matches(':hover,:focus-within')) fill(found); }
    if (!told) return say(key, tools.dataset.failed, true);
    if (told.ok) return toast(told);
    if (told.why === 'no_phone' && found) return open(found, true);
    say(key, told.text, true);
  }

  // -- the menu and the question ------------------------------------------------------------------------
  async function open(found, phone) {
    opener = found.querySelector('.acts-more');
    menu.dataset.of = found.dataset.actsOf;
    const html = await part(found.dataset.acts, 'menu');
    if (html === null) return;
    menu.innerHTML = html;
    found.closest('tr').classList.add('acts-on');
    menu.showPopover();
    const box = opener.getBoundingClientRect(), high = menu.offsetHeight;
    const below = box.bottom + 6 + high < innerHeight ? box.bottom + 6 : Math.max(8, box.top - 6 - high);
    menu.style.left = `${Math.max(8, Math.min(box.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 12)) + scrollX}px`;
    menu.style.top = `${below + scrollY}px`;
    (phone ? menu.querySelector('[name=phone]') : menu.querySelector('button,input:not([type=hidden]),a'))?.focus();
  }

  async function ask(link) {
    const key = link.closest('[data-acts-of]')?.dataset.actsOf ?? menu.dataset.of;
    const html = await part(link.getAttribute('href'), 'ask');
    if (menu.matches(':popover-open')) menu.hidePopover();
    if (html === null) { location.href = link.href; return; }
    opener = link.isConnected ? link : slot(rowOf(key))?.querySelector('.acts-more');
    dialog.dataset.of = key;
    dialog.innerHTML = html;
    dialog.showPopover();
    dialog.querySelector('[data-cancel]')?.focus();
  }

  function click(event) {
    const target = event.target.closest?.('[data-post],[data-menu],[data-asks],[data-cancel],.acts-more');
    if (!target) return;
    const found = target.closest('.acts-slot');
    if (target.matches('[data-post]')) {
      event.preventDefault();
      send(target.dataset.post, new URLSearchParams(), found.dataset.actsOf);
    } else if (target.matches('[data-asks]') && dialog) {
      event.preventDefault();
      ask(target);
    } else if (target.matches('[data-cancel]') && dialog.contains(target)) {
      event.preventDefault();
      dialog.hidePopover();
    } else if (found && menu && !target.matches('[data-asks]')) {
      event.preventDefault();
      open(found, false);
    }
  }

  function submit(event) {
    const place = event.target.closest('#acts-menu,#acts-ask');
    if (!place) return;
    event.preventDefault();
    const form = event.target, button = event.submitter;
    const body = new URLSearchParams(new FormData(form, button));
    place.hidePopover();
    send(button?.getAttribute('formaction') ?? form.getAttribute('action'), body, place.dataset.of);
  }

  function closed(event) {
    if (event.newState !== 'closed') return;
    document.querySelectorAll('tr.acts-on').forEach(row => row.classList.remove('acts-on'));
    opener?.focus({ preventScroll: true });
  }

  addEventListener('DOMContentLoaded', () => {
    tools = document.getElementById('acts-tools');
    if (!tools) return;
    menu = document.getElementById('acts-menu');
    dialog = document.getElementById('acts-ask');
    for (const each of [menu, dialog]) each.addEventListener('toggle', closed);
    addEventListener('pointerover', point);
    addEventListener('focusin', point);
    addEventListener('click', click);
    addEventListener('submit', submit);
    new MutationObserver(again).observe(document.getElementById('main'), { childList: true, subtree: true });
  });
})();
