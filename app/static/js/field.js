// The door without a network: passes are checked against the roster on this phone, kept until the network is back, and
// then sent. Each scan has a key of its own, so that what is sent twice is stored once.
import { buzz, camera, newKey } from "./camera.js";
import * as store from "./store.js";

const page = document.querySelector("[data-field]");
const words = page.dataset;
const place = words.place;
const result = page.querySelector("[data-result]");
const typed = page.querySelector(".door-typed");
const ALPHABET = /^[0-9a-z]{8}$/;
const CHUNK = 100;
const AGAIN = 20_000;
let roster = null;
let sending = false;

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
const clock = (ms) => new Date(ms).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

// --- the roster -----------------------------------------------------------------------------------------

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The roster on this phone, if it is whole and of today; what is over is thrown away.
async function kept() {
  for (const each of await store.all("rosters")) {
    if (JSON.parse(each.head).expires < Date.now() + each.offset) await store.remove("rosters", each.place);
  }
  const row = await store.get("rosters", place);
  if (!row) return null;
  const head = JSON.parse(row.head);
  if ((await digest(row.lines)) !== head.digest) return null;
  return { ...row, said: head, people: new Map(JSON.parse(row.lines).map((line) => [line[0], line])) };
}

// A fresh one from the site: its answer, or null without a network, or "expired" where somebody must sign in.
async function fetched() {
  let answer;
  try {
    answer = await fetch(words.roster, { headers: { Accept: "application/json" }, cache: "no-store" });
  } catch {
    return null;
  }
  if (answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) return "expired";
  const made = await answer.json();
  if (!answer.ok) return "expired";
  await store.put("rosters", {
    place,
    head: made.head,
    lines: made.lines,
    signature: made.signature,
    offset: made.now - Date.now(),
  });
  roster = await kept();
  return made;
}

// --- one pass -------------------------------------------------------------------------------------------

function readPass(text) {
  let found = text.trim().toLowerCase();
  const at = found.lastIndexOf("/pass/");
  if (at >= 0) found = found.slice(at + 6).split(/[/?#]/)[0];
  found = found.normalize("NFKC").replace(/[\s\-‐-―−_.·•]+/g, "").replace(/o/g, "0").replace(/[il]/g, "1");
  return ALPHABET.test(found) ? found : null;
}

const direction = () => page.querySelector("[name=direction]:checked")?.value || "in";

async function check(text, way) {
  const code = readPass(text);
  if (!code) return show("full", words.notPass);
  if (!roster) return show("full", words.noRoster);
  if (Date.now() + roster.offset > roster.said.expires) return show("full", words.rosterOver);
  const out = direction() === "out";
  const line = roster.people.get((await digest(`${roster.said.salt}:${code}`)).slice(0, roster.said.signs));
  const [, name, track, refused, came, left] = line || ["", "", "", "", "", ""];
  if (refused) return show("full", refused, name, track);
  const waiting = (await store.all("queue")).filter((row) => row.place === place && row.pass === code);
  const noted = waiting.find((row) => row.direction === (out ? "out" : "in"));
  const before = noted ? clock(noted.at) : out ? left : came;
  if (before) return show("warn", fill(out ? words.leftBefore : words.cameBefore, { time: before }), name, track);
  const at = Date.now() + roster.offset;
  const { head, signature } = roster;
  await store.put("queue", { key: newKey(), place, pass: code, at, way, direction: out ? "out" : "in", name, head, signature });
  if (!line) show("full", words.unknown);
  else if (out && !came && !waiting.length) show("warn", words.outFirst, name, track);
  else show("open", out ? words.leftNow : words.cameNow, name, track);
  await draw();
  send();
  return undefined;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const ICONS = { open: "check-circle-fill", warn: "exclamation-circle-fill", full: "x-circle-fill" };

function show(tone, word, name = "", line = "") {
  const box = element("div", `door-result ${tone}`);
  box.dataset.tone = tone;
  const icon = element("i", `bi bi-${ICONS[tone]}`);
  icon.setAttribute("aria-hidden", "true");
  const said = element("div", "");
  said.append(element("span", "door-word", word));
  if (name) said.append(element("b", "door-name", name));
  if (line) said.append(element("span", "door-line", line));
  box.append(icon, said);
  result.replaceChildren(box);
  buzz(tone);
}

// --- sending --------------------------------------------------------------------------------------------

async function send() {
  if (sending) return;
  sending = true;
  try {
    if (navigator.locks) await navigator.locks.request("yongjiang-door", sendAll);
    else await sendAll();
  } finally {
    sending = false;
    await draw();
  }
}

async function sendAll() {
  const rows = (await store.all("queue")).filter((row) => row.place === place);
  if (!rows.length) return;
  const fresh = await fetched();
  if (!fresh) return reach(false);
  reach(true);
  tell(fresh === "expired" ? words.expired : "");
  if (fresh === "expired") return;
  for (const head of new Set(rows.map((row) => row.head))) {
    const mine = rows.filter((row) => row.head === head).sort((one, other) => one.at - other.at);
    for (let from = 0; from < mine.length; from += CHUNK) {
      if (!(await sendSome(mine.slice(from, from + CHUNK), fresh.csrf_token))) return;
    }
  }
  await fetched();
}

async function sendSome(rows, token) {
  const fields = new FormData();
  fields.set("csrf_token", token);
  fields.set("idempotency_key", newKey());
  fields.set("head", rows[0].head);
  fields.set("signature", rows[0].signature);
  const scans = rows.map(({ key, pass, at, way, direction: to }) => ({ key, pass, at, way, direction: to }));
  fields.set("scans", JSON.stringify(scans));
  let answer;
  try {
    answer = await fetch(words.upload, { method: "POST", body: fields });
  } catch {
    reach(false);
    return false;
  }
  if (!answer.headers.get("Content-Type")?.includes("json")) {
    tell(words.failed);
    return false;
  }
  const { taken, refused } = await answer.json();
  if (refused || !taken) {
    tell(refused || words.failed);
    return false;
  }
  const known = new Map(rows.map((row) => [row.key, row]));
  await store.answered(
    taken.map((each) => {
      const { at, pass, direction: to } = known.get(each.key);
      return { ...each, place, at, pass, direction: to, seen: each.tone === "open" };
    }),
  );
  return true;
}

// --- what the page says -----------------------------------------------------------------------------------

let reached = navigator.onLine;

function reach(is) {
  reached = is;
}

function tell(sentence) {
  const box = page.querySelector("[data-said]");
  box.textContent = sentence;
  box.hidden = !sentence;
}

async function draw() {
  const waiting = (await store.all("queue")).filter((row) => row.place === place);
  const answers = (await store.all("answers")).filter((row) => row.place === place);
  const online = navigator.onLine && reached;
  const net = page.querySelector("[data-net]");
  net.textContent = online ? words.online : words.offline;
  net.className = `state ${online ? "open" : "warn"}`;
  page.querySelector("[data-waiting]").textContent = fill(words.waiting, { n: waiting.length });
  page.querySelector("[data-stored]").textContent = fill(words.stored, {
    n: answers.filter((row) => row.tone === "open").length,
  });
  page.querySelector("[data-roster]").textContent = roster
    ? fill(words.rosterOf, { time: clock(roster.said.issued), n: roster.people.size })
    : words.noRoster;
  page.querySelector("[data-send]").disabled = !waiting.length;
  const asks = answers.filter((row) => !row.seen).sort((one, other) => other.at - one.at);
  page.querySelector("[data-conflicts]").hidden = !asks.length;
  page.querySelector("[data-conflict-rows]").replaceChildren(...asks.map(conflict));
  const rows = waiting.sort((one, other) => other.at - one.at);
  page.querySelector("[data-queue]").hidden = !rows.length;
  page.querySelector("[data-queue-rows]").replaceChildren(
    ...rows.slice(0, 50).map((row) => {
      const item = element("li", "");
      const who = element("div", "door-person");
      who.append(element("b", "", row.name || row.pass.toUpperCase()));
      item.append(who, element("span", "num", clock(row.at)));
      return item;
    }),
  );
}

function conflict(row) {
  const item = element("li", "");
  const who = element("div", "door-person");
  who.append(element("b", "", row.name || row.pass.toUpperCase()), element("span", "num", ` ${clock(row.at)}`));
  who.append(element("small", "", `${row.sentence} ${row.tone === "full" ? words.todo : ""}`));
  const done = element("button", "btn btn-outline-primary btn-sm", words.seen);
  done.type = "button";
  done.append(element("span", "visually-hidden", ` ${row.name || row.pass}`));
  done.addEventListener("click", async () => {
    await store.put("answers", { ...row, seen: true });
    await draw();
  });
  item.append(who, done);
  return item;
}

// --- the worker, and the beginning ------------------------------------------------------------------------

async function keepPage() {
  if (!("serviceWorker" in navigator)) return tell(words.noWorker);
  await navigator.serviceWorker.register(words.worker);
  const ready = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((each) => each.name);
  const mine = parts.filter((each) => each.startsWith(location.origin) && each.includes("/static/"));
  const line = new MessageChannel();
  const kept_ = new Promise((done) => {
    line.port1.onmessage = done;
  });
  ready.active.postMessage({ keep: [...new Set([location.href, words.reader, ...mine])] }, [line.port2]);
  await kept_;
  page.dataset.ready = "yes";
}

// Before submit.js, which would put the button to sleep.
document.addEventListener(
  "submit",
  async (event) => {
    if (event.target !== typed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await check(typed.elements.pass_code.value, "typed");
    typed.elements.pass_code.select();
  },
  true,
);
page.querySelector("[data-send]").addEventListener("click", send);
page.querySelector("[data-fetch]").addEventListener("click", async () => {
  const fresh = await fetched();
  reach(Boolean(fresh));
  tell(fresh === "expired" ? words.expired : "");
  await draw();
});
addEventListener("online", () => {
  reach(true);
  send();
});
addEventListener("offline", draw);
setInterval(send, AGAIN);
camera(page.querySelector("[data-camera]"), {
  failed: words.failed,
  opened: () => result.scrollIntoView({ block: "start", behavior: "instant" }),
  scanned: (text) => check(text.slice(0, 300), "camera"),
});

page.hidden = false;
roster = await kept();
await draw();
const first = await fetched();
reach(Boolean(first));
if (first === "expired") tell(words.expired);
await draw();
send();
if (first) await keepPage().catch(() => tell(words.noWorker));
