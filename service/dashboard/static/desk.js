// The desk works without this. It adds: drafts, digits, times as they are understood, what belongs to a choice.
(() => {
  const EVERY = 5000;
  const form = () => document.getElementById('desk-form');
  const one = (selector, part = document) => part.querySelector(selector);
  let kept = '', asking = 0, understood = '';

  // -- what is typed ---------------------------------------------------------------------------
  function fields(of) {
    const told = Object.fromEntries(new FormData(of));
    for (const name of ['proof', 'agent', 'call']) delete told[name];
    return told;
  }

  function post(path, of, body) {
    const proof = of.elements.proof.value;
    const told = { agent: of.dataset.agent, call: of.dataset.call, ...body };
    return fetch(path, {
      method: 'POST', keepalive: true, body: JSON.stringify(told),
      headers: { 'Content-Type': 'application/json', 'X-Proof': proof },
    });
  }

  async function keep(of = form()) {
    if (!of || !of.dataset.dirty) return;
    const told = fields(of), text = JSON.stringify(told);
    if (text === kept) return;
    const shown = one('.draft');
    try {
      const answer = await post('/desk/draft', of, { fields: told });
      if (!answer.ok) throw new Error(answer.status);
      kept = text;
      const { saved_at: at } = await answer.json();
      if (of === form() && shown) shown.textContent = shown.dataset.draftText.replace('{at}', at);
    } catch {
      if (of === form() && shown) shown.textContent = shown.dataset.lostText;
    }
  }

  // -- what belongs to a choice ----------------------------------------------------------------
  function settle() {
    const of = form();
    if (!of) return;
    const step = of.elements.next?.value.split(':')[0] ?? '';
    const timed = step === 'promise' || step === 'agree';
    one('.when', of).hidden = !timed;
    if (of.elements.skill) of.elements.skill.closest('.field').hidden = step !== 'promise';
    of.querySelectorAll('[data-asked-of]').forEach(each => {
      each.hidden = !each.dataset.askedOf.split(' ').some(id => of.elements[`settle.${id}`]?.checked);
    });
    wrapUp();
  }

  function wrapUp() {
    const until = one('.state[data-activity=wrap_up] time[data-until]'), beside = one('.wrapping time');
    if (!beside) return;
    if (until) beside.dataset.until = until.dataset.until; else delete beside.dataset.until;
  }

  // -- times -----------------------------------------------------------------------------------
  function say(text, isWrong) {
    const said = one('[data-said]');
    said.textContent = text;
    said.classList.toggle('warn', isWrong);
  }

  function offer(told) {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'btn sm', textContent: told.instead_text });
    button.dataset.instead = told.instead;
    one('[data-said]').append(' ', button);
  }

  async function understand() {
    const of = form(), field = of?.elements.time, mine = ++asking;
    if (!field) return;
    one('#wrong-time', of)?.remove();
    field.classList.remove('err');
    if (!field.value.trim()) { understood = ''; say('', false); return; }
    const answer = await post('/desk/time', of, {
      text: field.value, next: of.elements.next.value, customer: of.elements.customer?.value ?? '',
    }).catch(() => null);
    if (!answer?.ok || mine !== asking) return;
    const told = await answer.json();
    understood = told.value ?? '';
    say([told.said, told.wrong].filter(Boolean).join(' · '), Boolean(told.wrong));
    if (told.instead) offer(told);
    one('[data-wish]', of).hidden = !(told.wrong && told.value);
  }

  // -- listening -------------------------------------------------------------------------------
  let timer = 0;
  document.addEventListener('input', event => {
    const of = event.target.form;
    if (!of || of.id !== 'desk-form') return;
    of.dataset.dirty = '1';
    settle();
    if (event.target.name === 'time' || event.target.name === 'next') {
      clearTimeout(timer);
      timer = setTimeout(understand, 250);
    }
  });

  document.addEventListener('change', event => {
    const { target } = event;
    if (target.name === 'time' && understood) target.value = understood;   // 明天 is another day tomorrow
    if ('choose' in target.dataset) choose(target);
  });

  async function choose(target) {
    const of = form();
    of.dataset.dirty = '1';
    await keep(of);
    const url = new URL(location.href);
    url.searchParams.set('call', of.dataset.call);
    url.searchParams.set('customer', target.value);
    location.assign(url);
  }

  document.addEventListener('click', event => {
    const button = event.target.closest('[data-instead]');
    if (!button) return;
    const field = form().elements.time;
    field.value = button.dataset.instead;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  });

  document.addEventListener('keydown', event => {
    const of = form(), typing = event.target.matches('input:not([type=radio]):not([type=checkbox]),textarea,select');
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && of) {
      event.preventDefault();
      of.requestSubmit();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = of && /^[1-9]$/.test(event.key) && one(`input[data-digit="${event.key}"]`, of);
    if (digit) {
      digit.checked = true;
      digit.focus();
      digit.dispatchEvent(new Event('input', { bubbles: true }));
    } else if (event.key.toLowerCase() === 'd') {
      one('[data-dial] button:not([disabled]), .due form button:not([disabled])')?.click();
    } else return;
    event.preventDefault();
  });

  // A new call comes to hand: what was typed of the one before is kept. The same call is left as it is.
  document.addEventListener('swap', event => {
    const { target, detail: fresh } = event;
    if (target.dataset.live === 'desk.hand') {
      if (target.dataset.call === fresh.dataset.call) event.preventDefault();
      else { keep(); kept = ''; queueMicrotask(settle); }
    } else if (target.dataset.live === 'desk.script' && target.dataset.call === fresh.dataset.call) {
      event.preventDefault();
    } else if (target.dataset.live === 'desk.state') {
      if (target.dataset.activity !== fresh.dataset.activity) keep();
      queueMicrotask(wrapUp);
    }
  });

  document.addEventListener('submit', event => {
    if (event.target.id === 'desk-form') delete event.target.dataset.dirty;
  });

  addEventListener('DOMContentLoaded', () => {
    settle();
    one('.err-text')?.closest('.field')?.querySelector('input,select,textarea')?.focus();
    setInterval(keep, EVERY);
    addEventListener('pagehide', () => keep());
  });
})();
