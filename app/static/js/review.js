// A comment on a field means that the entry goes back: the decision is set to that, unless one was chosen already.
// Without scripts it is chosen by hand.
const part = document.querySelector("[data-comments]");
if (part) {
  const choices = [...part.closest("form").querySelectorAll("input[name=decision]")];
  part.addEventListener("input", () => {
    const back = choices.find((choice) => choice.value === "send_back");
    if (back && !choices.some((choice) => choice.checked)) back.checked = true;
  });
}

// [data-turn-scan]: turn a scanned page by a quarter. [data-grow-scan]: at its full size, and back.
for (const button of document.querySelectorAll("[data-turn-scan], [data-grow-scan]")) {
  const scan = document.getElementById(button.dataset.turnScan || button.dataset.growScan);
  if (!scan) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    if (button.dataset.growScan) scan.classList.toggle("big");
    else scan.dataset.turn = String((Number(scan.dataset.turn || "0") + 1) % 4);
  });
}
