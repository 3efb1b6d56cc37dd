// A recording's player: waveform by channel, marks, jumps, a loop, speeds, one side alone. A page works without it: the
// browser's own player is there then. What was heard is told to the service, each stretch once.
//
// For other scripts, on the player's box: `recording:note` (detail: {at, file}) is told when a note is wanted at a place;
// send it `recording:notes` (detail: [{number, at, text}]) to have them drawn, `recording:seek` (detail: ms) to jump.
// An element with data-seek-to (ms) jumps in the player that data-player-of names, else in the first one.
(() => {
  const STEP = 5000, SVG = 'http://www.w3.org/2000/svg';
  const clock = ms => {
    const s = Math.max(0, Math.floor(ms / 1000)), two = n => String(n).padStart(2, '0');
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };
  const stretches = text => text ? text.split(',').map(each => each.split('-').map(Number)) : [];

  class Player {
    constructor(box) {
      this.box = box;
      this.audio = box.querySelector('audio');
      this.jumps = stretches(box.dataset.jumps);
      this.spans = [];     // heard and not told yet, in ms of the file
      this.span = null;    // the one that is being heard
      this.told = Date.now();
      this.loop = null;    // [from, to] in ms
      this.drag = null;
      this.audio.removeAttribute('controls');
      this.audio.hidden = true;
      box.querySelector('.ctl').hidden = false;
      if (!window.AudioContext) box.querySelectorAll('[data-only]').forEach(each => { each.hidden = true; });
      box.querySelectorAll('[data-do=note]').forEach(each => { each.hidden = !document.querySelector('[data-takes-notes]'); });
      this.listen();
    }

    get length() { return Number.isFinite(this.audio.duration) ? this.audio.duration * 1000 : +this.box.dataset.length; }
    get at() { return this.audio.currentTime * 1000; }
    all(what) { return this.box.querySelectorAll(what); }

    listen() {
      const audio = this.audio, box = this.box;
      const ready = () => { box.dataset.ready = ''; this.show(); };
      audio.addEventListener('loadedmetadata', ready);
      if (audio.readyState > 0) ready();
      audio.addEventListener('timeupdate', () => { this.turnBack(); this.hear(); this.show(); });
      audio.addEventListener('seeking', () => { this.cut(); this.show(); });
      audio.addEventListener('play', () => this.turn(true));
      audio.addEventListener('pause', () => { this.hear(); this.turn(false); this.cut(); this.tell(); });
      audio.addEventListener('ended', () => { this.cut(); this.tell(); });
      audio.addEventListener('error', () => { box.querySelector('[data-broken]').hidden = false; });
      box.addEventListener('click', event => this.click(event));
      box.addEventListener('pointerdown', event => this.grab(event));
      box.addEventListener('pointermove', event => this.move(event));
      box.addEventListener('pointerup', event => this.drop(event));
      box.addEventListener('pointercancel', () => { this.drag = null; });
      box.addEventListener('recording:seek', event => this.seek(+event.detail));
      box.addEventListener('recording:notes', event => this.notes(event.detail));
    }

    click(event) {
      const act = event.target.closest('[data-do]'), speed = event.target.closest('[data-speed]');
      const only = event.target.closest('[data-only]');
      if (act) this.do(act.dataset.do);
      if (speed) this.speed(speed);
      if (only) this.only(only);
    }

    do(what) {
      if (what === 'play') this.audio.paused ? this.audio.play().catch(() => {}) : this.audio.pause();
      if (what === 'back') this.seek(this.at - STEP);
      if (what === 'on') this.seek(this.at + STEP);
      if (what === 'next') this.jump(this.jumps.find(each => each[0] > this.at + 50));
      if (what === 'before') this.jump(this.jumps.findLast(each => each[0] < this.at - 1500));
      if (what === 'unloop') this.repeat(null);
      if (what === 'note') this.box.dispatchEvent(new CustomEvent('recording:note', {
        bubbles: true, detail: { at: Math.round(this.at), file: this.box.dataset.file || '' },
      }));
    }

    jump(stretch) { if (stretch) this.seek(stretch[0]); }
    // Nothing is fetched before somebody wants to hear it: fetching it is put in the audit.
    seek(ms) {
      this.audio.preload = 'auto';
      this.audio.currentTime = Math.min(Math.max(ms, 0), this.length) / 1000;
      this.show();
    }

    // -- pointing and dragging on a lane ---------------------------------------------------------
    place(wave, event) {
      const box = wave.getBoundingClientRect();
      return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * this.length;
    }

    grab(event) {
      const wave = event.target.closest('[data-seek]');
      if (!wave || event.button) return;
      this.drag = { wave, from: this.place(wave, event), x: event.clientX, far: false };
      if (event.pointerType === 'mouse') wave.setPointerCapture?.(event.pointerId);
    }

    move(event) {
      const drag = this.drag;
      if (!drag || event.pointerType !== 'mouse') return;
      drag.far = drag.far || Math.abs(event.clientX - drag.x) > 6;
      if (drag.far) this.shade([drag.from, this.place(drag.wave, event)].sort((a, b) => a - b));
    }

    drop(event) {
      const drag = this.drag;
      this.drag = null;
      if (!drag) return;
      const to = this.place(drag.wave, event);
      if (drag.far) this.repeat([drag.from, to].sort((a, b) => a - b));
      else this.seek(drag.from);
    }

    repeat(stretch) {
      this.loop = stretch && stretch[1] - stretch[0] >= 200 ? stretch : null;
      this.shade(this.loop);
      this.all('[data-loop-words]').forEach(each => { each.hidden = !this.loop; });
      this.all('[data-loop-from]').forEach(each => { each.textContent = this.loop ? clock(this.loop[0]) : ''; });
      this.all('[data-loop-to]').forEach(each => { each.textContent = this.loop ? clock(this.loop[1]) : ''; });
      if (this.loop) this.seek(this.loop[0]);
    }

    shade(stretch) {
      this.all('[data-loop]').forEach(rect => {
        const bars = rect.closest('[data-bars]').dataset.bars, scale = this.length ? bars / this.length : 0;
        rect.setAttribute('x', stretch ? stretch[0] * scale : 0);
        rect.setAttribute('width', stretch ? (stretch[1] - stretch[0]) * scale : 0);
      });
    }

    turnBack() {
      if (this.loop && !this.audio.paused && !this.audio.seeking && this.at >= this.loop[1]) { this.hear(); this.seek(this.loop[0]); }
    }

    // -- speed, and one side alone ------------------------------------------------------------------
    speed(button) {
      this.audio.playbackRate = +button.dataset.speed;
      this.all('[data-speed]').forEach(each => each.setAttribute('aria-pressed', each === button));
    }

    only(button) {
      const wanted = button.getAttribute('aria-pressed') === 'true' ? null : +button.dataset.only;
      try {
        this.route(wanted);
      } catch {
        this.all('[data-only]').forEach(each => { each.hidden = true; });
        return;
      }
      this.all('[data-only]').forEach(each => each.setAttribute('aria-pressed', wanted !== null && each === button));
    }

    route(channel) {
      if (!this.graph) {
        const context = new AudioContext(), source = context.createMediaElementSource(this.audio);
        this.graph = { context, source, splitter: context.createChannelSplitter(2), gain: context.createGain() };
      }
      const { context, source, splitter, gain } = this.graph;
      for (const node of [source, splitter, gain]) node.disconnect();
      if (channel === null) source.connect(context.destination);
      else {
        source.connect(splitter);
        splitter.connect(gain, channel);   // one channel in is heard on both sides
        gain.connect(context.destination);
      }
      context.resume();
    }

    // -- what is shown -------------------------------------------------------------------------------
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
      if (plays) this.follow();
    }

    follow() {   // the needle goes on between the browser's own four looks a second
      this.show();
      if (!this.audio.paused) requestAnimationFrame(() => this.follow());
    }

    show() {
      const share = this.length ? Math.min(this.at / this.length, 1) : 0;
      this.all('[data-seek]').forEach(wave => {
        const x = share * wave.dataset.bars, needle = wave.querySelector('[data-needle]');
        wave.querySelector('[data-played]').setAttribute('width', x);
        needle.setAttribute('x1', x);
        needle.setAttribute('x2', x);
      });
      this.box.querySelector('[data-at]').textContent = clock(this.at);
      this.box.querySelector('[data-whole]').textContent = clock(this.length);
    }

    notes(list) {
      const row = this.box.querySelector('[data-marks]');
      if (!row) return;
      row.querySelectorAll('.pin').forEach(each => each.remove());
      for (const { number, at, text } of list) {
        const x = `${(this.length ? at / this.length : 0) * 100}%`, pin = document.createElementNS(SVG, 'g');
        pin.setAttribute('class', 'pin');
        for (const [name, more] of [['circle', { cx: x, cy: 8, r: 8, class: 'f-acc' }], ['text', { x, y: 12, class: 'on b', 'text-anchor': 'middle' }]]) {
          const part = document.createElementNS(SVG, name);
          for (const [key, value] of Object.entries(more)) part.setAttribute(key, value);
          if (name === 'text') part.textContent = number;
          pin.append(part);
        }
        const title = document.createElementNS(SVG, 'title');
        title.textContent = text || '';
        pin.append(title);
        pin.addEventListener('click', () => this.seek(at));
        row.append(pin);
      }
    }

    // -- what was heard: what was played without a leap is one span; the server counts each millisecond once ---------
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

  const players = [];
  const ACTS = { ' ': 'play', ArrowLeft: 'back', ArrowRight: 'on', '[': 'before', ']': 'next', n: 'note', N: 'note', Escape: 'unloop' };

  function press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.('input,textarea,select,[contenteditable],dialog,[popover]')) return;
    const player = players.find(each => !each.audio.paused) || players.find(each => each.box.contains(event.target)) || players[0];
    const act = ACTS[event.key];
    if (!player || !act || (event.key === ' ' && event.target.closest?.('button,a,summary'))) return;
    if (act === 'unloop' && !player.loop) return;
    event.preventDefault();
    player.do(act);
  }

  function seekTo(event) {
    const link = event.target.closest?.('[data-seek-to]');
    if (!link) return;
    const player = players.find(each => each.box.id === link.dataset.playerOf) || players[0];
    if (!player) return;
    event.preventDefault();
    player.seek(+link.dataset.seekTo);
    player.audio.play().catch(() => {});
  }

  document.querySelectorAll('[data-player]').forEach(box => players.push(new Player(box)));
  document.addEventListener('keydown', press);
  document.addEventListener('click', seekTo);
  addEventListener('pagehide', () => players.forEach(each => { each.hear(); each.cut(); each.tell(); }));
})();
