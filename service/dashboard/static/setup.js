// The first start works without this. It adds: copying lines, and going on once the service is there again.
(() => {
  document.querySelectorAll('[data-copy]').forEach(button => button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.closest('.fix').querySelector('pre').textContent);
    button.classList.add('good');
  }));
  const waiting = document.querySelector('[data-again]');
  if (!waiting) return;
  let gone = false;
  const look = async () => {
    const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
    if (!answer) gone = true;
    if (answer?.ok && gone) location.href = waiting.dataset.again;
    else setTimeout(look, 300);
  };
  setTimeout(look, 200);
  // Where it was back before anybody looked, it is there by now.
  setTimeout(() => { gone = true; }, 6000);
})();
