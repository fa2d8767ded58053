// Passkeys: registers one, or signs in with one. Without this file, and in browsers that know none, the forms stay hidden.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;
  const none = document.querySelector("[data-passkey-none]"), words = form.querySelector("[data-passkey-says]");
  form.hidden = false;
  if (none) none.hidden = true;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const say = (said) => { words.textContent = said; words.hidden = !said; };
  const fill = (values) => { for (const name in values) form.elements[name].value = values[name]; };

  const ask = async () => {
    const body = new URLSearchParams();
    if (form.dataset.passkey === "new") for (const name of ["name", "current"]) body.set(name, form.elements[name].value);
    const answer = await fetch(form.dataset.ask, { method: "POST", body, credentials: "same-origin" });
    if (answer.ok && !answer.redirected) return answer.json();
    const wrong = answer.status === 422 ? await answer.json() : {};
    say(wrong.words || form.dataset.failed);
    const field = wrong.field && form.elements[wrong.field];
    if (field) field.focus();
    return null;
  };

  const create = async (options) => {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    for (const known of options.excludeCredentials) known.id = bytes(known.id);
    const { response } = await navigator.credentials.create({ publicKey: options });
    fill({ client_data: text(response.clientDataJSON), attestation: text(response.attestationObject), current: "" });
  };

  const use = async (options) => {
    options.challenge = bytes(options.challenge);
    const made = await navigator.credentials.get({ publicKey: options });
    const { response } = made;
    fill({
      credential: text(made.rawId),
      owner: response.userHandle ? text(response.userHandle) : "",
      client_data: text(response.clientDataJSON),
      authenticator_data: text(response.authenticatorData),
      signature: text(response.signature),
    });
  };

  let busy = false;
  form.addEventListener("submit", async (event) => {
    // The browser's own dialog comes first; the form is sent by hand below, and app.js need not know.
    event.preventDefault();
    event.stopPropagation();
    if (busy) return;
    busy = true;
    say("");
    try {
      const options = await ask();
      if (!options) return;
      await (form.dataset.passkey === "new" ? create(options) : use(options));
      form.submit();
    } catch (error) {
      const known = error.name === "InvalidStateError" && form.dataset.known;
      say(known || (error.name === "NotAllowedError" ? form.dataset.cancelled : form.dataset.failed));
    } finally {
      busy = false;
    }
  });
})();
