// A button that ticks every box of a name, or none when all are ticked. Without scripts the boxes are ticked by hand.
for (const button of document.querySelectorAll("[data-tick-all]")) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${button.dataset.tickAll}"]`)];
  if (!boxes.length) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const tick = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = tick;
  });
}
