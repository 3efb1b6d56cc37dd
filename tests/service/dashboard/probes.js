// What the browser tests ask of a page; loaded before it, apart from its own scripts.
window.probes = {
  // How far the page scrolls sideways.
  sideways: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,

  // Words that are cut off by their own box; what ends in an ellipsis does so by design.
  clipped: () => [...document.querySelectorAll('h1,h2,.kpi .k,.kpi .v,.btn,.tag,.nav a,.seg>*,.banner span')]
    .filter(el => el.offsetParent && el.scrollWidth > el.clientWidth + 1)
    .filter(el => getComputedStyle(el).overflow !== 'visible')
    .map(el => el.textContent.trim()),

  // Words of one tile that run into the next.
  spilt: () => [...document.querySelectorAll('.kpi .v, .kpi .s, .kpi .k')]
    .filter(el => el.offsetParent && el.getBoundingClientRect().right > el.closest('.kpi').getBoundingClientRect().right)
    .map(el => el.textContent.trim()),

  // Labels of one picture that lie on each other.
  covered: () => [...document.querySelectorAll('svg.ch')].flatMap(svg => {
    const boxes = [...svg.querySelectorAll('text')].map(el => [el.getBoundingClientRect(), el.textContent]);
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
    return boxes.flatMap(([a, s], i) => boxes.slice(i + 1).filter(([b]) => meet(a, b)).map(([, t]) => `${s} | ${t}`));
  }),

  // Words with less than 4.5 : 1 to what they stand on.
  faint: () => {
    const parse = c => c.match(/[\d.]+/g).map(Number);
    const light = c => parse(c).slice(0, 3).map(v => v / 255)
      .map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = el => {
      for (; el; el = el.parentElement) {
        const c = getComputedStyle(el).backgroundColor;
        if (c.startsWith('rgb') && (parse(c)[3] ?? 1) === 1) return c;
      }
      return 'rgb(255,255,255)';
    };
    const own = el => [...el.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    return [...document.querySelectorAll('main *, nav *')]
      .filter(el => el.offsetParent && !el.closest('svg') && !el.closest('option') && own(el))
      .map(el => {
        const a = light(getComputedStyle(el).color), b = light(ground(el));
        return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), el];
      })
      .filter(([ratio]) => ratio < 4.5)
      .map(([ratio, el]) => `${ratio.toFixed(2)} ${el.className}: ${el.textContent.trim().slice(0, 30)}`);
  },
};
