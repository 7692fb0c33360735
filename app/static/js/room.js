// The screen in the room: the code is changed in place a moment after it is due, and tried again where the net is down.
const room = document.querySelector("[data-room]");

function wait(seconds) {
  setTimeout(change, seconds * 1000 + 300);
}

async function change() {
  try {
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = parts.querySelector("[data-room-part]");
    if (!part) return location.reload(); // signed out, most likely
    room.querySelector("[data-room-part]").replaceWith(document.importNode(part, true));
    wait(Number(part.dataset.left));
  } catch {
    wait(5);
  }
}

wait(Number(room.querySelector("[data-room-part]").dataset.left));
