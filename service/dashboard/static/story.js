// A call's page works without this: pictures, tables, the browser's own player. It adds: the player with its waveform,
// keys, and words beside a stretch that is pointed at or has the focus.
(() => {
  const clock = ms => {
    const s = Math.max(0, Math.floor(ms / 1000)), two = n => String(n).padStart(2, '0');
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };

  // -- one recording ---------------------------------------------------------------------------
  class Player {
    constructor(box) {
      this.box = box;
      this.audio = box.querySelector('audio');
      this.quiet = box.dataset.quiet ? box.dataset.quiet.split(',').map(each => each.split('-').map(Number)) : [];
      this.spans = [];     // heard and not told yet, in ms of the file
      this.span = null;    // the one that is being heard
      this.told = Date.now();
      this.audio.removeAttribute('controls');
      this.audio.hidden = true;
      box.querySelector('.ctl').hidden = false;
      this.listen();
    }

    get length() { return Number.isFinite(this.audio.duration) ? this.audio.duration * 1000 : +this.box.dataset.length; }
    get at() { return this.audio.currentTime * 1000; }

    listen() {
      const audio = this.audio;
      const ready = () => { this.box.dataset.ready = ''; this.show(); };
      audio.addEventListener('loadedmetadata', ready);
      if (audio.readyState > 0) ready();
      audio.addEventListener('timeupdate', () => { this.hear(); this.show(); });
      audio.addEventListener('seeking', () => { this.cut(); this.show(); });
      audio.addEventListener('play', () => this.turn(true));
      audio.addEventListener('pause', () => { this.hear(); this.turn(false); this.cut(); this.tell(); });
      audio.addEventListener('ended', () => { this.cut(); this.tell(); });
      audio.addEventListener('error', () => { this.box.querySelector('[data-broken]').hidden = false; });
      this.box.addEventListener('click', event => this.click(event));
    }

    click(event) {
      const act = event.target.closest('[data-do]'), speed = event.target.closest('[data-speed]');
      const wave = event.target.closest('[data-seek]');
      if (act) this.do(act.dataset.do);
      if (speed) this.speed(speed);
      if (wave) {
        const place = wave.getBoundingClientRect();
        this.seek((event.clientX - place.left) / place.width * this.length);
      }
    }

    do(what) {
      if (what === 'play') this.audio.paused ? this.audio.play().catch(() => {}) : this.audio.pause();
      if (what === 'back') this.seek(this.at - 5000);
      if (what === 'on') this.seek(this.at + 5000);
      if (what === 'quiet-next') this.jump(this.quiet.find(each => each[0] > this.at + 50));
      if (what === 'quiet-before') this.jump(this.quiet.findLast(each => each[0] < this.at - 1500));
    }

    jump(quiet) { if (quiet) this.seek(quiet[0]); }
    // Nothing is fetched before somebody wants to hear it: fetching it is put in the audit.
    seek(ms) {
      this.audio.preload = 'auto';
      this.audio.currentTime = Math.min(Math.max(ms, 0), this.length) / 1000;
      this.show();
    }

    speed(button) {
      this.audio.playbackRate = +button.dataset.speed;
      this.box.querySelectorAll('[data-speed]').forEach(each => each.setAttribute('aria-pressed', each === button));
    }

    turn(plays) {
      if (plays) players.forEach(each => { if (each !== this) each.audio.pause(); });
      this.box.querySelector('[data-icon=play]').hidden = plays;
      this.box.querySelector('[data-icon=pause]').hidden = !plays;
      const button = this.box.querySelector('[data-do=play]'), other = button.dataset.other;
      if ((button.dataset.plays === 'yes') !== plays) {
        button.dataset.other = button.getAttribute('aria-label');
        button.setAttribute('aria-label', other);
        button.dataset.plays = plays ? 'yes' : 'no';
      }
    }

    show() {
      const share = this.length ? Math.min(this.at / this.length, 1) : 0;
      this.box.querySelectorAll('[data-seek]').forEach(wave => {
        const x = share * wave.dataset.bars;
        wave.querySelector('[data-played]').setAttribute('width', x);
        const needle = wave.querySelector('[data-needle]');
        needle.setAttribute('x1', x);
        needle.setAttribute('x2', x);
      });
      this.box.querySelector('[data-at]').textContent = clock(this.at);
      this.box.querySelector('[data-whole]').textContent = clock(this.length);
    }

    // What was played without a leap is one span; the server counts each millisecond once.
    hear() {
      const at = Math.round(this.at);
      if (this.audio.seeking) return;
      if (this.span && at >= this.span[1] && at - this.span[1] < 3000) this.span[1] = at;
      else if (!this.audio.paused) { this.cut(); this.span = [at, at]; }
      if (Date.now() - this.told > 60000) { this.cut(); this.tell(); }
    }

    cut() {
      if (this.span && this.span[1] > this.span[0]) this.spans.push(this.span);
      this.span = null;
    }

    tell() {
      this.told = Date.now();
      const spans = this.spans.splice(0, 400);
      if (!spans.length) return;
      fetch(this.box.dataset.heard, {
        method: 'POST', keepalive: true, headers: { 'Content-Type': 'application/json', 'X-Proof': this.box.dataset.proof },
        body: JSON.stringify({ spans }),
      }).catch(() => { this.spans.unshift(...spans); });
    }
  }

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
  const players = [];
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
    if (link) { link.click(); return; }
    const player = players.find(each => !each.audio.paused) || players.find(each => each.box.contains(event.target)) || players[0];
    const act = { ' ': 'play', ArrowLeft: 'back', ArrowRight: 'on', '[': 'quiet-before', ']': 'quiet-next' }[event.key];
    if (!player || !act || (event.key === ' ' && event.target.closest?.('button,a,summary'))) return;
    event.preventDefault();
    player.do(act);
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
    if (players.every(each => each.audio.paused)) location.reload();
    else setTimeout(whole, 3500);
  }

  document.body.append(tip);
  document.querySelectorAll('[data-player]').forEach(box => players.push(new Player(box)));
  for (const name of ['mouseover', 'focusin']) document.addEventListener(name, point);
  for (const name of ['mouseout', 'focusout']) document.addEventListener(name, () => { tip.hidden = true; });
  addEventListener('scroll', () => { tip.hidden = true; }, true);
  document.addEventListener('keydown', press);
  addEventListener('pagehide', () => players.forEach(each => { each.hear(); each.cut(); each.tell(); }));
})();
