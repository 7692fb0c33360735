// The check-in desk: reads passes with the camera, sends each once, and puts the answer in place without leaving the
// page. Everything here also works as plain forms.
import { buzz, camera, newKey } from "./camera.js";

const door = document.querySelector("[data-door]");
const result = document.querySelector("#door-result");
const roster = document.querySelector("#door-roster");

function say(sentence) {
  const box = document.createElement("div");
  box.className = "door-result full";
  box.dataset.tone = "full";
  const icon = document.createElement("i");
  icon.className = "bi bi-x-circle-fill";
  icon.setAttribute("aria-hidden", "true");
  const words = document.createElement("span");
  words.className = "door-word";
  words.textContent = sentence;
  box.append(icon, words);
  result.replaceChildren(box);
  buzz("full");
}

async function ask(address, options = {}) {
  try {
    const answer = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { answer, parts };
  } catch {
    return { answer: null, parts: null };
  }
}

function put(parts, name, place) {
  const part = parts.querySelector(`[data-part="${name}"]`);
  if (part) place.replaceChildren(...document.importNode(part, true).childNodes);
  return Boolean(part);
}

let sending = false;

async function send(form, address) {
  if (sending) return;
  sending = true;
  result.firstElementChild?.classList.add("is-busy");
  const back = roster.contains(document.activeElement);
  const { answer, parts } = await ask(address, { method: "POST", body: form });
  sending = false;
  if (!answer) return say(door.dataset.offline);
  if (!put(parts, "result", result)) {
    return say(new URL(answer.url).pathname.startsWith("/sign-in") ? door.dataset.expired : door.dataset.failed);
  }
  put(parts, "roster", roster);
  if (back) roster.querySelector("input[type=search]")?.focus({ preventScroll: true });
  buzz(result.querySelector("[data-tone]")?.dataset.tone);
}

const typed = document.querySelector(".door-typed");
const photo = document.querySelector(".door-photo");

// Before submit.js, which would put the button to sleep.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!door.contains(form)) return;
    if (form.method === "get") {
      event.preventDefault();
      const query = new URLSearchParams(new FormData(form));
      return look(`${form.action}?${query}`);
    }
    event.preventDefault();
    const fields = new FormData(form);
    fields.set("idempotency_key", newKey());
    await send(fields, form.action);
    if (form === typed) typed.elements.pass_code.select();
  },
  true,
);

async function look(address) {
  const { answer, parts } = await ask(address);
  if (answer && put(parts, "roster", roster)) return;
  location.assign(address);
}

roster.addEventListener("click", (event) => {
  const link = event.target.closest(".door-tools a, .pager a, .empty a");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  look(link.href);
});

// --- a photo: made smaller here, so that it is sent in a moment over a phone's network ---------------

async function smaller(file, most = 1600) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, most / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.9));
  } catch {
    return file;
  }
}

if (photo) {
  photo.classList.add("by-script");
  photo.elements.photo.addEventListener("change", async () => {
    const file = photo.elements.photo.files[0];
    if (!file) return;
    const fields = new FormData(photo);
    fields.set("photo", await smaller(file), "photo.jpg");
    fields.set("idempotency_key", newKey());
    await send(fields, photo.action);
    photo.elements.photo.value = "";
  });
}

// --- the camera ---------------------------------------------------------------------------------------

camera(document.querySelector("[data-camera]"), {
  failed: door.dataset.failed,
  isBusy: () => sending,
  opened: () => result.scrollIntoView({ block: "start", behavior: "instant" }), // both on one screen of a phone
  scanned: async (text) => {
    const fields = new FormData(typed);
    fields.set("pass_code", text.slice(0, 300));
    fields.set("way", "camera");
    fields.set("idempotency_key", newKey());
    await send(fields, typed.action);
  },
});
