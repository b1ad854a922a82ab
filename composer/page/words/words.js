// @ts-check
// The value's words as text, never as markup.
import { find, make } from "../elements.js";

/** @param {import("../gradio.js").Given} given */
export function mountWords({ element, props, watch }) {
  const headline = find(element, "p"), list = find(element, "ul");
  function say() {
    /** @type {{ headline: string, sentences: string[] }} */
    const value = props.value || { headline: "", sentences: [] };
    headline.textContent = value.headline;
    list.replaceChildren(...value.sentences.map(textContent => make("li", { textContent })));
    element.dataset.empty = String(!value.headline && !value.sentences.length);
  }
  watch("value", say);
  say();
}
