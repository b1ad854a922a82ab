// @ts-check
// The take bar by bar in words, made when it is opened.
import { find, make } from "../elements.js";

/** @param {import("./panel.js").Panel} panel */
export function spokenTake({ host: { element }, store, ask, bare }) {
  const fold = find(element, ".spoken", HTMLDetailsElement), bars = find(fold, "ol");
  /** @type {string | null} */
  let readTake = null;  // the take that is read out

  async function paint() {
    const take = store.shownTake();
    if (!fold.open || !take || readTake === take.id) return;
    readTake = take.id;
    const answer = await ask("spoken", { take: bare(take) });
    if (!answer || readTake !== take.id) { readTake = null; return; }
    bars.replaceChildren(...answer.sentences.map((/** @type {string} */ textContent) => make("li", { textContent })));
  }
  fold.addEventListener("toggle", paint);
  return { paint };
}
