// @ts-check
// Gradio gives every radio a name of its own, so that each is a Tab stop and arrow keys do nothing. Here those of a group
// share one, which is all that a browser needs; the group is named by its label, which is a heading too.
import { radioGroup } from "./gradio.js";

const GROUPS = ["network", "task"];

/** @param {string} id */
function tend(id) {
  const found = radioGroup(id);
  if (!found) return;
  const { group, title, radios } = found;
  for (const radio of radios) if (radio.name !== id) radio.name = id;
  if (group.getAttribute("role") === "radiogroup" || !title) return;
  title.id = `${id}-title`;
  title.setAttribute("role", "heading");
  title.setAttribute("aria-level", "2");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-labelledby", title.id);
}

/** Now, and whenever Gradio draws them anew. */
export function tendRadios() {
  const tendAll = () => GROUPS.forEach(tend);
  new MutationObserver(tendAll).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["name"],
  });
  tendAll();
}
