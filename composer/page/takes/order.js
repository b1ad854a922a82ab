// @ts-check
// "Most to your taste first": the order is asked for anew whenever the taste or the takes change.
import { find } from "../elements.js";
import { tasteRows } from "../readers/taste.js";

/** @typedef {Record<string, { place: number, why: string }>} Order by the takes' ids */
/** @typedef {ReturnType<typeof tasteOrder>} TasteOrder */

/**
 * @param {import("./panel.js").Panel} panel
 * @param {() => void} paintCards
 */
export function tasteOrder({ host: { element, signal }, store, ask }, paintCards) {
  const byTaste = find(element, ".by-taste"), none = find(element, ".no-taste");
  /** @type {Order | null} */
  let order = null;
  let asked = "";  // what it was asked with

  async function put() {
    byTaste.setAttribute("aria-pressed", String(store.byTaste));
    const taste = tasteRows(), told = taste.likes.length + taste.dislikes.length;
    none.hidden = !store.byTaste || Boolean(told);
    if (!store.byTaste || !told || !store.takes.length) {
      asked = "";
      if (order) { order = null; paintCards(); }
      return;
    }
    const takes = store.takes.map(({ id, traits }) => ({ id, traits }));
    const question = JSON.stringify([taste, takes]);
    if (question === asked) return;
    asked = question;
    const answer = await ask("order", { taste, takes });
    if (asked !== question || !answer) return;
    order = Object.fromEntries(answer.order.map((/** @type {{ id: string, why: string }} */ { id, why }, /** @type {number} */ place) => [id, { place, why }]));
    paintCards();
  }
  byTaste.addEventListener("click", () => { store.orderByTaste(!store.byTaste); store.remember(); put(); });
  document.addEventListener("motif:taste", put, { signal });
  return { put, now: () => order };
}
