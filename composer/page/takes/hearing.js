// @ts-check
// What the readers say of the take that is shown, asked for when it is shown first.
import { find } from "../elements.js";

/**
 * @param {import("./panel.js").Panel} panel
 * @param {ReturnType<typeof import("../readers/view.js").readersView>} view
 * @param {Pick<import("./tools.js").Tools, "chooseSpan">} tools
 */
export function takeHearing({ host: { element }, store, ask, bare }, { hearingView, hush }, { chooseSpan }) {
  const hearing = find(element, ".hearing", HTMLDetailsElement), heardOf = find(hearing, ".heard");
  /** @type {string | null} */
  let heardTake = null;  // the take whose hearing is there

  async function paint() {
    const take = store.shownTake();
    if (!hearing.open || !take || heardTake === take.id) return;
    heardTake = take.id;
    hush();
    if (!take.heard) {
      heardOf.setAttribute("aria-busy", "true");
      const answer = await ask("hear", { take: bare(take) });
      heardOf.removeAttribute("aria-busy");
      if (!answer) { if (heardTake === take.id) heardTake = null; return; }
      take.heard = answer;
      take.traits ||= answer.traits;
    }
    if (store.shownTake()?.id !== take.id) return;
    heardOf.replaceChildren(...hearingView(take.heard, bar => chooseSpan({ first: bar, last: bar })));
  }
  hearing.addEventListener("toggle", paint);
  return { paint };
}
