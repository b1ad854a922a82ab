// A click on a take goes there, a drag chooses bars, a click outside of them chooses none; the play-head is dragged by its
// tip. On the bar numbers it is the same as in the editor. The same by keys: arrows, with Shift for bars; Space plays.

let pressed = null;   // where a drag began: the pointer's place, its bar, and whether it moves the play-head
const placeIn = event => { const box = canvas.getBoundingClientRect(); return { x: event.clientX - box.left, y: event.clientY - box.top }; };
let justChosen = false;  // or just dragged the play-head
const lastOf = () => roll().bars.length - 1;

function span(first, last) {
  props.choosing = first ? { first, last, bars: lastOf(), voices: props.choosing?.voices ?? null } : null;
  showChoice();
  document.dispatchEvent(new CustomEvent("motif:dragged", { detail: first ? { first, last } : null }));
}

const tickUnder = event => tickOf(event.clientX - scroller.getBoundingClientRect().left + scroller.scrollLeft);

canvas.addEventListener("pointerdown", event => {
  justChosen = false;
  const { x, y } = placeIn(event), scrubs = y < RULER && onTip(x);
  if (event.button || roll().writing || (event.pointerType === "touch" && y >= RULER)) return;  // a finger scrolls
  pressed = { x: event.clientX, bar: barAt(event, lastOf()), scrubs };
  canvas.setPointerCapture(event.pointerId);
});
// On the bar numbers a finger chooses bars; the browser decides at the touch whether it may scroll instead.
canvas.addEventListener("touchstart", event => { if (placeIn(event.touches[0]).y < RULER) event.preventDefault(); }, { passive: false });
canvas.addEventListener("pointermove", event => {
  if (!pressed) return;
  if (pressed.scrubs) { seek(tickUnder(event)); return; }
  if (!dragged && Math.abs(event.clientX - pressed.x) < 6) return;
  const bar = barAt(event, lastOf());
  dragged = { first: Math.min(pressed.bar, bar), last: Math.max(pressed.bar, bar), bars: lastOf() };
  drawSoon();
});
canvas.addEventListener("pointerup", event => {
  const bars = dragged;
  if (pressed && !bars && !pressed.scrubs && event.pointerType === "touch") seek(tickUnder(event));  // no click comes
  justChosen = Boolean(bars) || Boolean(pressed?.scrubs);
  pressed = dragged = null;
  if (bars) span(bars.first, bars.last);
  showChoice();
});
canvas.addEventListener("pointercancel", () => { pressed = dragged = null; drawSoon(); });
canvas.addEventListener("click", event => {
  if (justChosen) { justChosen = false; return; }  // this click only ended a drag
  const choice = chosenBars(), bar = barAt(event, lastOf());
  if (choice && (bar < choice.first || bar > choice.last)) span(null);
  seek(tickUnder(event));
});

scroller.addEventListener("keydown", event => {
  const now = Number(element.dataset.head) || 0, beat = roll().metres.filter(change => change.tick <= now).pop()?.beat || 24;
  const bar = Math.max(1, roll().bars.filter(start => start <= now).length), step = event.key === "ArrowRight" ? 1 : -1;
  if (event.key === " ") playButton.click();
  else if (event.key === "Home") seek(0);
  else if (event.key === "End") seek(roll().bars[lastOf() - 1]);
  else if (event.key === "Escape") span(null);
  else if (event.key.startsWith("Arrow") && "LeftRight".includes(event.key.slice(5))) {
    if (event.shiftKey) widen(Math.min(bar, lastOf()), step); else seek(Math.max(0, Math.min(roll().end - 1, now + step * beat)));
  } else return;
  event.preventDefault();
});

function widen(bar, step) {
  const choice = chosenBars();
  if (!choice) span(bar, bar);
  else span(choice.first, Math.max(choice.first, Math.min(lastOf(), choice.last + step)));
}
