// @ts-check
// A click on a take goes there, a drag chooses bars, a click outside of them chooses none; the play-head is dragged by its
// tip. On the bar numbers it is the same as in the editor. The same by keys: arrows, with Shift for bars; Space plays.
import { RULER, barNumber } from "./geometry.js";

/**
 * @param {import("../gradio.js").Host} host
 * @param {import("./canvas.js").RollCanvas} roll
 * @param {import("./choice.js").Choice} choice
 * @param {import("./player.js").Player} player
 */
export function heedClicks({ props }, { canvas, scroller, roll, tickUnder, drawSoon }, choice, { seek, onTip, headTick, playButton }) {
  /** @type {{ x: number, bar: number, scrubs: boolean } | null} */
  let pressed = null;   // where a drag began: the pointer's place, its bar, and whether it moves the play-head
  let justChosen = false;  // or just dragged the play-head
  const lastOf = () => roll().bars.length - 1;

  /** @param {{ clientX: number, clientY: number }} event */
  const placeIn = event => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  /** @param {import("./choice.js").BarChoice | null} bars */
  function span(bars) {
    const chosen = bars && { first: bars.first, last: bars.last };
    props.choosing = chosen && { ...chosen, bars: lastOf(), voices: props.choosing?.voices ?? null };
    choice.showChoice();
    document.dispatchEvent(new CustomEvent("motif:dragged", { detail: chosen }));
  }

  /**
   * @param {number} bar
   * @param {number} step
   */
  function widen(bar, step) {
    const bars = choice.chosenBars();
    if (!bars) span({ first: bar, last: bar });
    else span({ first: bars.first, last: Math.max(bars.first, Math.min(lastOf(), bars.last + step)) });
  }

  canvas.addEventListener("pointerdown", event => {
    justChosen = false;
    const { x, y } = placeIn(event), scrubs = y < RULER && onTip(x);
    if (event.button || roll().writing || (event.pointerType === "touch" && y >= RULER)) return;  // a finger scrolls
    pressed = { x: event.clientX, bar: choice.barAt(event, lastOf()), scrubs };
    canvas.setPointerCapture(event.pointerId);
  });
  // On the bar numbers a finger chooses bars; the browser decides at the touch whether it may scroll instead.
  canvas.addEventListener("touchstart", event => { if (placeIn(event.touches[0]).y < RULER) event.preventDefault(); }, { passive: false });
  canvas.addEventListener("pointermove", event => {
    if (!pressed) return;
    if (pressed.scrubs) { seek(tickUnder(event)); return; }
    if (!choice.isDragging() && Math.abs(event.clientX - pressed.x) < 6) return;
    choice.drag(pressed.bar, choice.barAt(event, lastOf()));
  });
  canvas.addEventListener("pointerup", event => {
    const bars = choice.letGo();
    if (pressed && !bars && !pressed.scrubs && event.pointerType === "touch") seek(tickUnder(event));  // no click comes
    justChosen = Boolean(bars) || Boolean(pressed?.scrubs);
    pressed = null;
    if (bars) span(bars);
    choice.showChoice();
  });
  canvas.addEventListener("pointercancel", () => { pressed = null; choice.letGo(); drawSoon(); });
  canvas.addEventListener("click", event => {
    if (justChosen) { justChosen = false; return; }  // this click only ended a drag
    const bars = choice.chosenBars(), bar = choice.barAt(event, lastOf());
    if (bars && (bar < bars.first || bar > bars.last)) span(null);
    seek(tickUnder(event));
  });

  scroller.addEventListener("keydown", event => {
    const now = headTick(), beat = roll().metres.filter(change => change.tick <= now).pop()?.beat || 24;
    const bar = Math.max(1, barNumber(roll().bars, now)), step = event.key === "ArrowRight" ? 1 : -1;
    if (event.key === " ") playButton.click();
    else if (event.key === "Home") seek(0);
    else if (event.key === "End") seek(roll().bars[lastOf() - 1]);
    else if (event.key === "Escape") span(null);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      if (event.shiftKey) widen(Math.min(bar, lastOf()), step); else seek(Math.max(0, Math.min(roll().end - 1, now + step * beat)));
    } else return;
    event.preventDefault();
  });
}
