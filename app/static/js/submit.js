// One press sends once: the button of a form[data-once] waits for the answer.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  const button = event.submitter;
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => {
    for (const each of form.querySelectorAll("button[type=submit]")) each.disabled = true;
    if (button && button.dataset.busy) {
      button.dataset.words = button.innerHTML;
      button.textContent = button.dataset.busy;
    }
  });
});

// The way back from the cache of the browser finds the buttons awake again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("button[type=submit]")) {
      button.disabled = false;
      if (button.dataset.words) button.innerHTML = button.dataset.words;
    }
  }
});

// A form that came back with errors: the summary is read first.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "start", behavior: "instant" });
}
