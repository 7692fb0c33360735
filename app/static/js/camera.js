// A camera that reads QR codes, by the browser's own detector or the library; and a photo made smaller. The panel says
// in its data attributes what to say when there is no camera.
const WAIT = 150;
const FORGET = 4000;

function load(address) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = fail;
    document.head.append(script);
  });
}

async function reader(panel, video) {
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

// scanned(text): told once for each code held up, awaited; isBusy(): no reading meanwhile; opened(): the view is there.
export function camera(panel, { scanned, isBusy = () => false, opened = () => {}, failed }) {
  const view = panel.querySelector("[data-camera-view]");
  const video = panel.querySelector("video");
  const said = panel.querySelector("[data-camera-said]");
  const start = panel.querySelector("[data-camera-start]");
  let stream = null;
  let last = { text: "", at: 0 };

  panel.hidden = false;

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
    opened();
    try {
      watch(await reader(panel, video));
    } catch {
      close();
      tell(failed);
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
      const text = isBusy() ? undefined : await read();
      const now = Date.now();
      if (text) {
        const isNew = text !== last.text || now - last.at > FORGET;
        last = { text, at: now };
        if (isNew) {
          await scanned(text);
          last.at = Date.now();
        }
      }
      await new Promise((done) => setTimeout(done, WAIT));
    }
  }

  start.addEventListener("click", () => (stream ? close() : open()));
  addEventListener("pagehide", () => stream && close());
}

export function buzz(tone) {
  const pattern = { open: [90], warn: [60, 60, 60], full: [300] }[tone];
  if (pattern && navigator.vibrate) navigator.vibrate(pattern);
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
