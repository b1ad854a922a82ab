// @ts-check
// A piano for fingers, under the tools while "Keys" is on: an octave and a note, where there is no keyboard of letters.
import { around, find, make } from "../elements.js";
import { isBlack, nameOf } from "../roll/geometry.js";

const SPAN = 13;  // semitones from the octave's C to the next

/**
 * Gives what paints it anew.
 * @param {HTMLElement} element
 * @param {() => import("./play.js").Keys} keys
 */
export function touchKeys(element, keys) {
  const touch = find(element, ".tools .touch-keys");

  function paint() {
    touch.replaceChildren(...Array.from({ length: SPAN }, (_, step) => {
      const pitch = keys().octave() + step, textContent = pitch % 12 ? "" : nameOf(pitch);
      const key = make("button", { type: "button", className: isBlack(pitch) ? "black" : "white", textContent, data: { pitch } });
      key.setAttribute("aria-label", nameOf(pitch));
      return key;
    }));
  }

  touch.addEventListener("pointerdown", event => {
    const key = around(event, "[data-pitch]");
    if (!key) return;
    event.preventDefault();
    key.releasePointerCapture?.(event.pointerId);
    keys().press(`finger ${event.pointerId}`, Number(key.dataset.pitch), 90, event.timeStamp);
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel", "pointerleave"])) {
    touch.addEventListener(name, event => keys().release(`finger ${event.pointerId}`, event.timeStamp));
  }
  // By keyboard, as any button: a short stroke.
  touch.addEventListener("click", event => {
    const key = around(event, "[data-pitch]");
    if (!key || event.detail) return;
    keys().press("button", Number(key.dataset.pitch));
    setTimeout(() => keys().release("button"), 200);
  });
  find(element, ".tools .lower").addEventListener("click", () => keys().shiftOctave(-12));
  find(element, ".tools .higher").addEventListener("click", () => keys().shiftOctave(12));
  return paint;
}
