// time[data-countdown]: the time left, in two units; at the end the words of data-over.
const clocks = [...document.querySelectorAll("time[data-countdown]")];

function draw(clock) {
  const left = Math.floor((Date.parse(clock.dateTime) - Date.now()) / 1000);
  if (left <= 0) {
    clock.textContent = clock.dataset.over;
    return;
  }
  const [day, hour, minute, second] = clock.dataset.units.split(",");
  const parts = [
    [Math.floor(left / 86400), day],
    [Math.floor(left / 3600) % 24, hour],
    [Math.floor(left / 60) % 60, minute],
    [left % 60, second],
  ];
  const first = parts.findIndex(([number]) => number > 0);
  clock.textContent = parts
    .slice(first, first + 2)
    .map(([number, unit]) => `${number} ${unit}`)
    .join(" ");
}

if (clocks.length) {
  const drawAll = () => clocks.forEach(draw);
  drawAll();
  setInterval(drawAll, 1000);
}
