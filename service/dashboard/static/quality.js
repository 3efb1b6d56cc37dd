// A sample's page works without this: the card is a form. It adds: the mark as it grows, digits and arrows, a draft that
// is kept, a question before what stays, and notes pinned to the instant that is heard without leaving the page.
(() => {
  const form = document.querySelector('[data-card]'), box = document.querySelector('[data-player]');
  const audio = box?.querySelector('audio');
  const busy = target => target.closest?.('input:not([type=radio]):not([type=checkbox]),textarea,select,[contenteditable]');
  const clock = ms => {
    const s = Math.max(0, Math.floor(ms / 1000)), two = n => String(n).padStart(2, '0');
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };

  // -- the card ------------------------------------------------------------------------------------
  const items = form ? [...form.querySelectorAll('[data-item]')] : [];
  let at = Math.max(0, items.findIndex(each => !each.querySelector(':checked')));

  const text = hundredths => String(Math.round(hundredths) / 100);   // 87.5, 93
  function count() {
    const scale = +form.dataset.scale;
    let sum = 0, whole = true;
    for (const item of items) {
      const mark = item.querySelector('.marks :checked'), points = item.querySelector('[data-points]');
      if (!mark) { whole = false; points.textContent = ''; continue; }
      const brings = item.dataset.weight * mark.value * 100 / scale;
      sum += brings;
      points.textContent = text(Math.floor(brings));
    }
    const critical = form.querySelector('[name^=critical-]:checked'), mark = critical ? 0 : sum;
    form.querySelector('[data-total]').textContent = whole ? text(mark) : '—';
    const word = form.querySelector('[data-word][data-passed]'), passes = !critical && sum >= form.dataset.pass * 100;
    word.textContent = !whole ? ' ' : critical ? word.dataset.critical : passes ? word.dataset.passed : word.dataset.failed;
    word.className = !whole ? '' : critical ? 'bad' : passes ? 'good' : 'warn';
    const dot = form.querySelector('[data-dot]');
    dot.toggleAttribute('hidden', !whole);
    dot.setAttribute('cx', `${Math.max(0, Math.min(mark / 100, 100))}%`);
  }

  function stand(index) {
    at = Math.max(0, Math.min(index, items.length - 1));
    items.forEach((each, n) => each.classList.toggle('on', n === at));
  }

  function digit(key) {
    const input = items[at]?.querySelector(`.marks input[value="${key}"]`);
    if (!input) return false;
    input.checked = true;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    if (at < items.length - 1) stand(at + 1);
    return true;
  }

  // -- the draft -----------------------------------------------------------------------------------
  let later = 0;
  function keep() {
    clearTimeout(later);
    if (!form.dataset.draft) return;
    later = setTimeout(async () => {
      const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== 'proof' && name !== 'mode'));
      const answer = await fetch(form.dataset.draft, {
        method: 'POST', keepalive: true, headers: { 'Content-Type': 'application/json', 'X-Proof': form.dataset.proof },
        body: JSON.stringify({ fields }),
      }).catch(() => null);
      const saved = form.querySelector('[data-saved]');
      if (answer?.ok && saved) saved.textContent = `${saved.dataset.word} ${(await answer.json()).saved_at}`;
    }, 600);
  }

  // -- a question before what stays ------------------------------------------------------------------
  const sure = document.querySelector('#sure');
  let asked = null;
  function ask(event) {
    const button = event.submitter;
    if (!button?.dataset.confirm || asked === button || !sure?.showPopover) return;
    event.preventDefault();
    sure.querySelector('[data-sure]').textContent = button.dataset.confirm;
    sure.querySelector('[data-yes]').textContent = button.textContent.trim();
    asked = null;
    sure.showPopover();
    sure.querySelector('[data-no]').focus();
    sure.querySelector('[data-yes]').onclick = () => { asked = button; sure.hidePopover(); form.requestSubmit(button); };
    sure.querySelector('[data-no]').onclick = () => { sure.hidePopover(); button.focus(); };
  }

  // -- notes -----------------------------------------------------------------------------------------
  const bar = document.querySelector('[data-note-form]'), list = document.querySelector('[data-notes]');

  function pins() {   // the player draws them, if it can
    const told = [...(list?.querySelectorAll('[data-note]') || [])].map(each => ({
      number: each.dataset.note, at: +each.dataset.at, text: each.children[2].textContent.trim(),
    }));
    box?.dispatchEvent(new CustomEvent('recording:notes', { detail: told }));
  }

  function begin(ms) {
    if (!bar) return;
    bar.elements.at.value = clock(ms);
    bar.elements.text.focus();
  }

  async function post(url, data) {
    const answer = await fetch(url, { method: 'POST', headers: { 'X-Fragment': 'notes' }, body: data }).catch(() => null);
    if (!answer?.ok) return false;
    list.innerHTML = await answer.text();
    pins();
    return true;
  }

  bar?.addEventListener('submit', async event => {
    event.preventDefault();
    if (await post(bar.action, new URLSearchParams(new FormData(bar)))) { bar.elements.text.value = ''; bar.elements.criterion.value = ''; bar.elements.text.blur(); }
    else bar.submit();
  });
  list?.addEventListener('click', async event => {
    const button = event.target.closest('[data-withdraw]');
    if (!button) return;
    event.preventDefault();
    const proof = new URLSearchParams({ proof: document.querySelector('#withdraw [name=proof]').value });
    if (!await post(button.getAttribute('formaction'), proof)) document.querySelector('#withdraw').requestSubmit(button);
  });
  document.addEventListener('recording:note', event => begin(event.detail.at));

  // -- keys --------------------------------------------------------------------------------------------
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && busy(event.target)) { event.target.blur(); return; }
    if (busy(event.target) || document.querySelector('[popover]:popover-open')) return;
    let done = false;
    if (/^[0-9]$/.test(event.key)) done = digit(event.key);
    if (event.key === 'ArrowDown' && items.length) { stand(at + 1); done = true; }
    if (event.key === 'ArrowUp' && items.length) { stand(at - 1); done = true; }
    if (/^n$/i.test(event.key) && bar) { begin(audio ? audio.currentTime * 1000 : 0); done = true; }
    if (done) event.preventDefault();
  });
  document.addEventListener('click', event => {
    const link = event.target.closest?.('[data-seek-to]');
    if (!link || event.defaultPrevented || !audio) return;
    event.preventDefault();
    audio.preload = 'auto';
    audio.currentTime = link.dataset.seekTo / 1000;
    audio.play().catch(() => {});
  });

  if (form) {
    form.addEventListener('input', () => { count(); keep(); });
    form.addEventListener('change', () => { count(); keep(); });
    document.addEventListener('change', event => { if (event.target.form === form) keep(); });
    form.addEventListener('focusin', event => {
      const item = event.target.closest('[data-item]');
      if (item) stand(items.indexOf(item));
    });
    form.addEventListener('submit', ask);
    count();
    stand(at);
  }
  pins();
})();
