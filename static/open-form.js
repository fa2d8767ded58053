// The page between an open form and its receipt: waits or works, then sends the form. Without this file its button does.
"use strict";
(() => {
  const form = document.querySelector("form[data-open-form]");
  if (!form) return;
  const send = () => (form.requestSubmit ? form.requestSubmit() : form.submit());
  if (form.dataset.seed) {
    let worker;
    try { worker = new Worker(form.dataset.worker); } catch { return; }
    worker.addEventListener("message", (event) => {
      worker.terminate();
      form.elements.work.value = event.data;
      send();
    });
    form.querySelector("[data-works]").hidden = false;
    worker.addEventListener("error", () => { form.querySelector("[data-works]").hidden = true; });
    worker.postMessage([form.dataset.seed, Number(form.dataset.bits)]);
    return;
  }
  const left = form.querySelector("[data-left]"), until = Date.now() + Number(left.textContent) * 1000;
  const timer = setInterval(() => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds > 0) {
      left.textContent = seconds;
      return;
    }
    left.textContent = 0;
    clearInterval(timer);
    send();
  }, 250);
})();
