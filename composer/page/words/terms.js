// @ts-check
// The value's pairs as terms and what they mean.
import { find, make } from "../elements.js";

/** @param {import("../gradio.js").Given} given */
export function mountTerms({ element, props }) {
  /** @type {[string, string][]} */
  const pairs = props.value || [];
  find(element, "dl").replaceChildren(...pairs.flatMap(([term, meaning]) => [
    make("dt", { textContent: term, translate: term !== term.toUpperCase() }),  // a network's name stays as it is
    make("dd", { textContent: meaning }),
  ]));
}
