// @ts-check
// The value's sentences as a list, made when it is opened: a long piece has hundreds.
import { find, make } from "../elements.js";

/** @param {import("../gradio.js").Given} given */
export function mountSpoken({ element, props, watch }) {
  const fold = find(element, "details", HTMLDetailsElement), list = find(element, "ol");
  list.tabIndex = 0;
  function read() {
    if (!fold.open) return;
    /** @type {string[]} */
    const sentences = props.value || [];
    list.replaceChildren(...sentences.map(textContent => make("li", { textContent })));
  }
  fold.addEventListener("toggle", read);
  watch("value", read);
}
