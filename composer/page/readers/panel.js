// @ts-check
// The seed's hearing, asked for when it is unfolded and again when the seed has changed; and tunes to a taste.
import { asking } from "../asking.js";
import { find } from "../elements.js";
import { hostOf } from "../gradio.js";
import { forgetTaste, tasteCount, tasteRows } from "./taste.js";
import { readersView } from "./view.js";

/** @param {import("../gradio.js").Given} given */
export function mountReaders(given) {
  const host = hostOf(given), { element, props, trigger, watch, signal } = host;
  const { ask } = asking(host), { hearingView, tunesView, hush } = readersView(host, ask);
  const hearing = find(element, ".hearing", HTMLDetailsElement), ofSeed = find(element, ".of-seed");
  const suggestButton = find(element, ".suggest", HTMLButtonElement);
  const forgetButton = find(element, ".forget", HTMLButtonElement);
  const suggested = find(element, ".suggested"), counted = find(element, ".count");

  function look() {
    ofSeed.setAttribute("aria-busy", "true");
    trigger("look", {});
  }

  function arrive() {
    const heard = props.value?.heard;
    if (!heard) {
      hush();
      if (hearing.open) look(); else ofSeed.replaceChildren();
      return;
    }
    ofSeed.removeAttribute("aria-busy");
    ofSeed.replaceChildren(...hearingView(heard));
  }

  function paintCount() {
    const [likes, dislikes] = tasteCount(), any = Boolean(likes + dislikes);
    counted.textContent = any
      ? `Remembered in this browser alone: ${likes} liked, ${dislikes} not.`
      : "Say of takes and tunes that you like them (♥) or not; that stays in this browser, and puts takes and tunes in order.";
    suggestButton.disabled = forgetButton.disabled = !any;
    if (!any) suggested.replaceChildren();
  }

  suggestButton.addEventListener("click", async () => {
    suggestButton.setAttribute("aria-busy", "true");
    const answer = await ask("suggest", { taste: tasteRows() });
    suggestButton.removeAttribute("aria-busy");
    hush();
    if (answer) suggested.replaceChildren(tunesView("Tunes to your taste", answer.tunes));
  });
  hearing.addEventListener("toggle", () => { if (hearing.open && !props.value?.heard) look(); });
  forgetButton.addEventListener("click", forgetTaste);
  document.addEventListener("motif:taste", paintCount, { signal });
  watch("value", arrive);
  paintCount();
}
