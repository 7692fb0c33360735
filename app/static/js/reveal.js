// data-show-when="field=value|value": shown while the named field has one of the values; "field" alone: while it is set.
// What is not shown is not sent, and nothing else hangs on it. Without scripts everything is shown.
function valuesOf(form, name) {
  return [...form.elements]
    .filter((field) => field.name === name && !field.dataset.unseen)
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .flatMap((field) => (field.multiple && field.options ? [...field.selectedOptions].map((option) => option.value) : [field.value]))
    .filter((value) => value !== "");
}

function draw(form) {
  for (const part of form.querySelectorAll("[data-show-when]")) {
    const [name, wanted] = part.dataset.showWhen.split("=");
    const values = valuesOf(form, name);
    const isShown = wanted === undefined ? values.length > 0 : wanted.split("|").some((value) => values.includes(value));
    part.classList.toggle("is-unseen", !isShown);
    for (const field of part.querySelectorAll("input, select, textarea")) {
      if (!isShown && !field.disabled) {
        field.disabled = true;
        field.dataset.unseen = "yes";
      } else if (isShown && field.dataset.unseen) {
        field.disabled = false;
        delete field.dataset.unseen;
      }
    }
  }
}

function drawAll() {
  for (const form of document.querySelectorAll("form")) if (form.querySelector("[data-show-when]")) draw(form);
}

function redraw(event) {
  const form = event.target.form;
  if (form && form.querySelector("[data-show-when]")) draw(form);
}

document.addEventListener("change", redraw);
document.addEventListener("input", redraw);
document.addEventListener("htmx:afterSettle", drawAll);
drawAll();

// [data-in-wechat]: shown in WeChat's own browser only.
if (/MicroMessenger/i.test(navigator.userAgent)) {
  for (const part of document.querySelectorAll("[data-in-wechat]")) part.hidden = false;
}

// The eye beside a password.
for (const button of document.querySelectorAll("[data-password-toggle]")) {
  const field = document.getElementById(button.dataset.passwordToggle);
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
    button.querySelector("i").className = isShown ? "bi bi-eye-slash" : "bi bi-eye";
  });
}
