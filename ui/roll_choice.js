// A click on a take goes there. A drag chooses bars to be filled in, while the `choosing` property says of how many.

let pressed = null;   // where a drag began: the pointer's place and its bar
let dragged = null;   // the bars dragged over, until the page has taken them over
let justChosen = false;

// The bars shown as chosen: { first, last }, counted from 1; null where there is nothing to choose.
function chosenBars() {
  const choice = props.choosing && (dragged || props.choosing);
  return choice && choice.last < roll().bars.length ? choice : null;
}

function barAt(event) {
  const tick = tickOf(event.clientX - scroller.getBoundingClientRect().left + scroller.scrollLeft);
  return Math.max(1, Math.min(roll().bars.filter(start => start <= tick).length, props.choosing.bars));
}

canvas.addEventListener("pointerdown", event => {
  justChosen = false;
  if (!props.choosing || event.button || event.pointerType === "touch") return;  // a finger scrolls
  pressed = { x: event.clientX, bar: barAt(event) };
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", event => {
  if (!pressed || (!dragged && Math.abs(event.clientX - pressed.x) < 6)) return;
  const bar = barAt(event);
  dragged = { first: Math.min(pressed.bar, bar), last: Math.max(pressed.bar, bar) };
  drawSoon();
});
canvas.addEventListener("pointerup", () => {
  if (pressed && dragged) {
    justChosen = true;
    props.choosing = { ...props.choosing, ...dragged };
    trigger("choose", dragged);
  }
  pressed = dragged = null;
  showChoice();
});
canvas.addEventListener("pointercancel", () => { pressed = dragged = null; drawSoon(); });

canvas.addEventListener("click", event => {
  if (justChosen) { justChosen = false; return; }  // this click only ended a drag
  seek(tickOf(event.clientX - scroller.getBoundingClientRect().left + scroller.scrollLeft));
});

function showChoice() {
  element.dataset.choosing = props.choosing ? `${props.choosing.first}-${props.choosing.last}` : "";
  drawSoon();
}

// A bracket over the bars.
under.push(value => {
  const choice = chosenBars();
  if (!choice) return;
  const x = xOf(value.bars[choice.first - 1]), width = xOf(value.bars[choice.last]) - x;
  pen.fillStyle = colour("roll-chosen");
  pen.fillRect(x, RULER, width, view.height);
  pen.fillStyle = colour("action");
  pen.fillRect(x, RULER - 4, width, 4);
  pen.fillRect(x - 1, RULER - 4, 3, view.height);
  pen.fillRect(x + width - 1, RULER - 4, 3, view.height);
});
watch("choosing", showChoice);
showChoice();
