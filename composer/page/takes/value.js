// @ts-check
// What comes from Python: takes that were written, and the one that is growing. Then, what this browser remembers.
import { find, make } from "../elements.js";
import { letterOf } from "./names.js";

/** @typedef {import("./store.js").Take} Take */

/**
 * @param {import("./panel.js").Panel} panel
 * @param {{
 *   showing: import("./show.js").Showing, composing: import("./composing.js").Composing,
 *   cards: import("./cards.js").Cards, tools: import("./tools.js").Tools, order: import("./order.js").TasteOrder,
 * }} parts
 */
export function takesValue({ host, store, titleOf, paint }, { showing, composing, cards, tools, order }) {
  const { element, props, watch, trigger, signal } = host;
  const words = find(element, ".take-words"), sent = find(element, ".sent");
  /** @type {string | null} */
  let last = null;  // the take that was shown before the one that is being written

  // What is said of the take that is shown.
  function paintWords() {
    const take = store.shownTake();
    find(words, "p").textContent = take?.headline ?? "";
    const twin = take && store.takeOf(take.twin);
    const same = twin ? [`The same, note for note, as take ${letterOf(twin.index)}.`] : [];
    const sentences = take ? [...same, ...take.sentences, ...(take.silence ? [take.silence] : [])] : [];
    find(words, "ul").replaceChildren(...sentences.map(textContent => make("li", { textContent })));
  }

  // Bars that were redone stay chosen, to be redone again.
  /** @param {Take | null} take */
  const isRedone = take => take?.recipe.request.region && take.parent === last;

  function arrive() {
    const value = props.value || {};
    composing.follow(value);
    if (!value.takes?.length && !("show" in value)) { cards.paintGrowing(); return; }  // many a second: the cards stay
    for (const take of value.takes || []) store.add(take);
    if (value.show === null) {
      last = store.shown ?? last;
      store.show(null);
    } else if (value.show && value.show !== store.shown) {
      store.remindOf(store.shown ?? last);
      store.show(value.show);
      if (!isRedone(store.shownTake())) tools.forgetSpan();
    }
    if (value.takes?.length) store.remember();
    if (value.sent) welcome();
    paint();
    order.put();
  }

  // A take that somebody sent is in view, with a word on what it is; one press plays it.
  function welcome() {
    const take = store.shownTake();
    if (!take) return;
    sent.hidden = false;
    find(sent, "p").textContent = `Somebody sent you a take: ${titleOf(take)}, ${take.headline}.`;
    setTimeout(() => {
      find(document, "#shown").scrollIntoView({ block: "start" });
      find(sent, "button").focus({ preventScroll: true });
    }, 300);  // milliseconds: the seed above it takes its place first
  }

  // A link that brings a take: Python opens it, and the address is plain again.
  function openLink() {
    if (!location.hash.startsWith("#take=")) return;
    window.motif.linked = true;
    const packed = location.hash.slice("#take=".length);
    history.replaceState(null, "", location.pathname + location.search);
    trigger("open", { packed });
  }

  /** Once all parts are there. */
  function begin() {
    store.recall();
    watch("value", arrive);
    composing.paint();
    paint();
    order.put();
    const shown = store.shownTake();
    if (!shown) store.show(null);
    else if (!location.hash.startsWith("#take=")) showing.show(shown);
    document.addEventListener("motif:language", cards.paint, { signal });
    const looks = new MutationObserver(cards.paint);
    looks.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    signal.addEventListener("abort", () => looks.disconnect());
    find(sent, "button").addEventListener("click", () => {
      sent.hidden = true;
      find(document, "#roll .play").click();
    });
    window.addEventListener("hashchange", openLink, { signal });
    setTimeout(openLink, 0);
  }
  return { paint: paintWords, begin };
}
