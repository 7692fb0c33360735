// The check-in desk: reads passes with the camera, sends each once, and puts the answer in place without leaving the
// page. Everything here also works as plain forms.
const door = document.querySelector("[data-door]");
const result = document.querySelector("#door-result");
const roster = document.querySelector("#door-roster");

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function buzz(tone) {
  const pattern = { open: [90], warn: [60, 60, 60], full: [300] }[tone];
  if (pattern && navigator.vibrate) navigator.vibrate(pattern);
}

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

const panel = document.querySelector("[data-camera]");
const view = panel.querySelector("[data-camera-view]");
const video = panel.querySelector("video");
const said = panel.querySelector("[data-camera-said]");
const start = panel.querySelector("[data-camera-start]");
const WAIT = 150;
const FORGET = 4000;
let stream = null;
let last = { text: "", at: 0 };

panel.hidden = false;

function load(address) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = fail;
    document.head.append(script);
  });
}

async function reader() {
  if ("BarcodeDetector" in window) {
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await detector.detect(video).catch(() => []))[0]?.rawValue;
    }
  }
  if (!window.jsQR) await load(panel.dataset.reader);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const scale = Math.min(1, 720 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (!canvas.width || !canvas.height) return undefined;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return window.jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;
  };
}

function tell(sentence) {
  said.textContent = sentence;
  said.hidden = !sentence;
}

async function open() {
  if (!navigator.mediaDevices?.getUserMedia) return tell(panel.dataset.insecure);
  tell("");
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
    });
  } catch (fault) {
    const why = { NotAllowedError: "refused", SecurityError: "refused", NotReadableError: "taken" }[fault.name];
    return tell(panel.dataset[why || "none"]);
  }
  view.hidden = false;
  video.srcObject = stream;
  await video.play().catch(() => {});
  const words = start.querySelector("span");
  start.dataset.start = words.textContent;
  words.textContent = start.dataset.stop;
  start.classList.replace("btn-primary", "btn-outline-primary");
  result.scrollIntoView({ block: "start", behavior: "instant" }); // result and view on one screen of a phone
  try {
    watch(await reader());
  } catch {
    close();
    tell(door.dataset.failed);
  }
}

function close() {
  for (const track of stream?.getTracks() || []) track.stop();
  stream = null;
  video.srcObject = null;
  view.hidden = true;
  start.querySelector("span").textContent = start.dataset.start;
  start.classList.replace("btn-outline-primary", "btn-primary");
}

// A pass that stays before the camera is read once; it counts anew after it was away for a while.
async function watch(read) {
  const mine = stream;
  while (stream && stream === mine) {
    const text = sending ? undefined : await read();
    const now = Date.now();
    if (text) {
      const isNew = text !== last.text || now - last.at > FORGET;
      last = { text, at: now };
      if (isNew) await scanned(text);
    }
    await new Promise((done) => setTimeout(done, WAIT));
  }
}

async function scanned(text) {
  const fields = new FormData(typed);
  fields.set("pass_code", text.slice(0, 300));
  fields.set("way", "camera");
  fields.set("idempotency_key", newKey());
  await send(fields, typed.action);
  last.at = Date.now();
}

start.addEventListener("click", () => (stream ? close() : open()));
addEventListener("pagehide", () => stream && close());
