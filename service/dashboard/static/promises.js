// Work lists: choose all on the page, and say how many are chosen. Without script the boxes work by themselves.
(() => {
  for (const form of document.querySelectorAll('form[data-picks]')) {
    const boxes = [...form.querySelectorAll('input[name=id]')];
    const all = form.querySelector('[data-all]'), told = form.querySelector('[data-picked]');
    if (!boxes.length || !all || !told) continue;
    const plain = told.textContent, buttons = form.querySelectorAll('button[name=what]');
    const show = () => {
      const n = boxes.filter(box => box.checked).length;
      all.checked = n === boxes.length;
      all.indeterminate = n > 0 && n < boxes.length;
      told.textContent = n ? told.dataset.picked.replace('{n}', n) : plain;
      buttons.forEach(button => { button.disabled = !n; });
      boxes.forEach(box => box.closest('tr').classList.toggle('sel', box.checked));
    };
    all.hidden = false;
    all.addEventListener('change', () => { boxes.forEach(box => { box.checked = all.checked; }); show(); });
    form.addEventListener('change', show);
    addEventListener('pageshow', show);
    show();
  }
})();
