// @ts-check
// A take's name, to be typed anew: Enter or leaving it takes it over, Escape leaves it as it was.
import { make } from "../elements.js";

/** @typedef {import("./store.js").Take} Take */

/**
 * Put a field in an element's place; `done` is told the new name, or null where it stays.
 * @param {HTMLElement} place
 * @param {string} title
 * @param {string} label
 * @param {(name: string | null) => void} done
 */
export function rename(place, title, label, done) {
  const field = make("input", { type: "text", className: "rename", value: title, maxLength: 60 });
  field.setAttribute("aria-label", label);
  let settled = false;
  /** @param {boolean} keeps */
  const settle = keeps => {
    if (settled) return;
    settled = true;
    const name = field.value.trim();
    done(keeps && name !== title ? name : null);
  };
  field.addEventListener("keydown", event => {
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();  // the key would press the button that gets the focus back
    settle(event.key === "Enter");
  });
  field.addEventListener("blur", () => settle(true));
  place.replaceWith(field);
  field.focus();
  field.select();
}
