// A call's page works without this: pictures and tables. It adds: keys, and words beside a stretch that is pointed at or has
// the focus. Its recordings are player.js's.
(() => {
  // -- words beside a stretch ------------------------------------------------------------------
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;

  function point(event) {
    const bar = event.target.closest?.('svg .stretch');
    tip.hidden = !bar;
    if (!bar) return;
    bar.querySelector('title')?.remove();
    tip.textContent = bar.getAttribute('aria-label');
    const box = bar.getBoundingClientRect(), half = tip.offsetWidth / 2;
    const middle = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
    tip.style.left = Math.max(8, Math.min(middle - half, innerWidth - tip.offsetWidth - 8)) + 'px';
    tip.style.top = Math.max(8, box.top - tip.offsetHeight - 6) + 'px';
  }

  // -- keys --------------------------------------------------------------------------------------
  const busy = target => target.closest?.('input,textarea,select,[contenteditable]');

  function along(event) {   // from stretch to stretch in the order of time
    const bar = event.target.closest?.('svg .stretch');
    if (!bar || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return false;
    const all = [...bar.ownerSVGElement.querySelectorAll('.stretch')];
    all[all.indexOf(bar) + (event.key === 'ArrowRight' ? 1 : -1)]?.focus();
    event.preventDefault();
    return true;
  }

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || busy(event.target) || along(event)) return;
    const link = /^[jk]$/i.test(event.key) && document.querySelector(`a[data-key=${event.key.toLowerCase()}]`);
    if (link) link.click();
  }

  // A call that goes on is drawn anew each second: the focus stays on the stretch that had it.
  let focused = -1;
  document.addEventListener('focusin', event => {
    const bar = event.target.closest?.('svg .stretch');
    focused = bar ? [...bar.ownerSVGElement.querySelectorAll('.stretch')].indexOf(bar) : -1;
  });
  const story = document.querySelector('#story[data-stream-of]');
  if (story) new MutationObserver((changes, observer) => {
    if (focused >= 0 && document.activeElement === document.body) story.querySelectorAll('svg .stretch')[focused]?.focus();
    if (story.querySelector('[data-live="story.banner"] .banner')) return;
    observer.disconnect();
    if (story.querySelector('[data-growing]')) setTimeout(whole, 3500);
  }).observe(story, { childList: true, subtree: true });

  // The call is over: its recording is whole a moment later, and the page is told anew unless somebody listens.
  function whole() {
    if ([...document.querySelectorAll('[data-player] audio')].every(each => each.paused)) location.reload();
    else setTimeout(whole, 3500);
  }

  document.body.append(tip);
  for (const name of ['mouseover', 'focusin']) document.addEventListener(name, point);
  for (const name of ['mouseout', 'focusout']) document.addEventListener(name, () => { tip.hidden = true; });
  addEventListener('scroll', () => { tip.hidden = true; }, true);
  document.addEventListener('keydown', press);
})();
