// The page of the API is whole without this. It adds: addresses that follow what is typed, tries in place, the theme.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  if (!root.dataset.theme) root.dataset.theme = dark.matches ? 'dark' : 'light';
  const main = document.getElementById('main');
  const LONGEST = 40_000;

  document.querySelectorAll('[data-origin]').forEach(el => { el.textContent = location.origin; });
  document.querySelectorAll('[data-act=theme]').forEach(link => link.addEventListener('click', event => {
    event.preventDefault();
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  }));

  // The address that the fields of an endpoint make; what is left empty is left out.
  function address(section) {
    let path = section.dataset.path;
    const query = [];
    for (const field of section.querySelectorAll('[name]')) {
      const value = field.value.trim();
      const written = encodeURIComponent(value).replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%2F/g, '/');
      if (field.dataset.place === 'path') path = path.replace(`{${field.name}}`, written || `{${field.name}}`);
      else if (value) query.push(`${field.name}=${written}`);
    }
    return path + (query.length ? '?' + query.join('&') : '');
  }

  function shown(text, kind) {
    let told = text;
    if (kind.startsWith('application/json')) try { told = JSON.stringify(JSON.parse(text), null, 2); } catch { /* as it came */ }
    return told.length > LONGEST ? told.slice(0, LONGEST) + '\n… ' + main.dataset.cut : told;
  }

  async function attempt(section) {
    const box = section.querySelector('.outcome');
    const status = box.querySelector('[data-status]'), kind = box.querySelector('[data-kind]');
    const answer = box.querySelector('[data-answer]');
    const token = document.getElementById('token')?.value.trim();
    box.hidden = false;
    try {
      const found = await fetch(address(section), token ? { headers: { Authorization: `Bearer ${token}` } } : {});
      const type = found.headers.get('Content-Type') || '';
      status.textContent = found.status;
      status.className = 'tag ' + (found.ok ? 'good' : 'bad');
      kind.textContent = [type, found.headers.get('ETag')].filter(Boolean).join(' · ');
      if (type.includes('spreadsheet')) {
        const size = (await found.arrayBuffer()).byteLength;
        answer.textContent = main.dataset.saved.replace('{n}', size.toLocaleString('en'));
      } else answer.textContent = shown(await found.text(), type);
    } catch {
      status.textContent = '—';
      status.className = 'tag bad';
      kind.textContent = '';
      answer.textContent = main.dataset.failed;
    }
  }

  document.querySelectorAll('.endpoint').forEach(section => {
    const form = section.querySelector('form');
    const follow = () => {
      const url = address(section);
      section.querySelector('[data-url]').textContent = url;
      const link = section.querySelector('[data-open]');
      link.textContent = url;
      link.href = url;
    };
    form.addEventListener('input', follow);
    form.addEventListener('submit', event => { event.preventDefault(); attempt(section); });
  });
})();
