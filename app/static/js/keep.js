// form[data-keep="name"]: what is typed survives a reload within this tab, and leaving with unsent words asks once.
// Passwords, files and hidden fields are never kept, nor anything inside [data-private].
const PREFIX = "draft:";
const forms = [...document.querySelectorAll("form[data-keep]")];
const here = location.pathname;

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.closest("[data-private]"),
  );
}

function isSet(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    /* A full or closed store only means that nothing is kept. */
  }
}

// A draft that was sent, seen again from another page: it arrived.
try {
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    const draft = read(key);
    if (!draft || (draft.sent && draft.path !== here)) sessionStorage.removeItem(key);
  }
} catch {
  /* No store, no drafts. */
}

const arrival = performance.getEntriesByType("navigation")[0];
const isReturn = arrival && (arrival.type === "reload" || arrival.type === "back_forward");

for (const form of forms) {
  const key = PREFIX + form.dataset.keep;
  const draft = read(key);
  let isDirty = false;

  if (draft && !form.hasAttribute("data-has-errors") && (!draft.sent || isReturn)) {
    const entries = draft.values.slice();
    for (const field of fieldsOf(form)) {
      const at = entries.findIndex((entry) => entry[0] === field.name && (!isSet(field) || entry[2] === field.value));
      if (at < 0) continue;
      const [entry] = entries.splice(at, 1);
      if (isSet(field)) field.checked = entry[1];
      else if (field.tagName === "SELECT" && field.multiple) for (const option of field.options) option.selected = entry[1].includes(option.value);
      else field.value = entry[1];
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    isDirty = !draft.sent;
  }

  const save = (sent) => {
    const values = fieldsOf(form).map((field) => {
      if (isSet(field)) return [field.name, field.checked, field.value];
      if (field.tagName === "SELECT" && field.multiple) return [field.name, [...field.selectedOptions].map((option) => option.value)];
      return [field.name, field.value];
    });
    write(key, { path: here, sent, values });
  };

  form.addEventListener("input", () => {
    isDirty = true;
    save(false);
  });
  form.addEventListener("submit", () => {
    isDirty = false;
    save(true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty && form.hasAttribute("data-ask-leave")) event.preventDefault();
  });
}
