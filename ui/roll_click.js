// A click on a take goes there. A drag chooses bars to be filled in, while the `choosing` property says of how many.

let pressed = null;   // where a drag began: the pointer's place and its bar
let justChosen = false;

canvas.addEventListener("pointerdown", event => {
  justChosen = false;
  if (!props.choosing || event.button || event.pointerType === "touch") return;  // a finger scrolls
  pressed = { x: event.clientX, bar: barAt(event, props.choosing.bars) };
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", event => {
  if (!pressed || (!dragged && Math.abs(event.clientX - pressed.x) < 6)) return;
  const bar = barAt(event, props.choosing.bars);
  dragged = { first: Math.min(pressed.bar, bar), last: Math.max(pressed.bar, bar) };
  drawSoon();
});
canvas.addEventListener("pointerup", () => {
  if (pressed && dragged) {
    justChosen = true;
    chooseBars();
  }
  pressed = dragged = null;
  showChoice();
});
canvas.addEventListener("pointercancel", () => { pressed = dragged = null; drawSoon(); });
canvas.addEventListener("click", event => {
  if (justChosen) { justChosen = false; return; }  // this click only ended a drag
  seek(tickOf(event.clientX - scroller.getBoundingClientRect().left + scroller.scrollLeft));
});
