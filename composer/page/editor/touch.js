// A piano for fingers, under the tools while "Keys" is on: an octave and a note, where there is no keyboard of letters.

const touch = part("touch-keys"), SPAN = 13;  // semitones from the octave's C to the next
const FINGERS = matchMedia("(pointer: coarse)");

function paintTouch() {
  touch.replaceChildren(...Array.from({ length: SPAN }, (_, step) => {
    const pitch = octave + step, key = document.createElement("button");
    key.type = "button";
    key.className = BLACK.includes(pitch % 12) ? "black" : "white";
    key.dataset.pitch = pitch;
    key.setAttribute("aria-label", nameOf(pitch));
    key.textContent = pitch % 12 ? "" : nameOf(pitch);
    return key;
  }));
}

const keyUnder = event => event.target.closest?.("[data-pitch]");
touch.addEventListener("pointerdown", event => {
  const key = keyUnder(event);
  if (!key) return;
  event.preventDefault();
  key.releasePointerCapture?.(event.pointerId);
  press(`finger ${event.pointerId}`, Number(key.dataset.pitch), 90, event.timeStamp);
});
for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
  touch.addEventListener(name, event => release(`finger ${event.pointerId}`, event.timeStamp));
}
// By keyboard, as any button: a short stroke.
touch.addEventListener("click", event => {
  const key = keyUnder(event);
  if (!key || event.detail) return;
  press("button", Number(key.dataset.pitch));
  setTimeout(() => release("button"), 200);
});
part("lower").addEventListener("click", () => shiftOctave(-12));
part("higher").addEventListener("click", () => shiftOctave(12));
paintTouch();
