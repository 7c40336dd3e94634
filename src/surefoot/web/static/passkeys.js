// Passkeys: browsers give them to scripts alone. Every form works without this file, but those marked data-passkey.
"use strict";

const decoded = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const encoded = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const named = (list) => (list || []).map((one) => ({ ...one, id: decoded(one.id) }));

async function make(asked) {
  const options = { ...asked, challenge: decoded(asked.challenge), user: { ...asked.user, id: decoded(asked.user.id) } };
  options.excludeCredentials = named(asked.excludeCredentials);
  options.authenticatorSelection = {
    ...asked.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  const made = await navigator.credentials.create({ publicKey: options });
  const { attestationObject, clientDataJSON } = made.response;
  return [made, { attestationObject: encoded(attestationObject), clientDataJSON: encoded(clientDataJSON) }];
}

async function use(asked) {
  const options = { ...asked, challenge: decoded(asked.challenge), allowCredentials: named(asked.allowCredentials) };
  const used = await navigator.credentials.get({ publicKey: options });
  const { authenticatorData, clientDataJSON, signature, userHandle } = used.response;
  const response = {
    authenticatorData: encoded(authenticatorData),
    clientDataJSON: encoded(clientDataJSON),
    signature: encoded(signature),
    userHandle: userHandle ? encoded(userHandle) : null,
  };
  return [used, response];
}

async function answer(form) {
  const given = form.dataset.options
    ? JSON.parse(form.dataset.options)
    : (await (await fetch(form.action, { headers: { Accept: "application/json" } })).json()).request_options;
  const [credential, response] = await (form.dataset.passkey === "make" ? make : use)(given.publicKey);
  form.elements.credential.value = JSON.stringify({
    id: credential.id,
    rawId: encoded(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const note = document.getElementById("passkey-note");
  note.hidden = true;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form).catch(() => {
      note.textContent = "The passkey was not used. Try again, or choose another way.";
      note.hidden = false;
    });
  });
}
