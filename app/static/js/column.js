// Fields with data-column: Enter and the arrows go up and down within the column, as in a spreadsheet.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.dataset.column) return;
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  const column = [...field.form.querySelectorAll(`input[data-column="${field.dataset.column}"]`)];
  const next = column[column.indexOf(field) + step];
  if (next) {
    next.focus();
    next.select();
  }
});
