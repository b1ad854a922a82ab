// @ts-check
// The takes: what is known here of a take that was written, and the order in which its parts are made.
import { asking } from "../asking.js";
import { hostOf } from "../gradio.js";
import { readersView } from "../readers/view.js";
import { takeCards } from "./cards.js";
import { composingState } from "./composing.js";
import { takeHearing } from "./hearing.js";
import { takeMixer } from "./mixer.js";
import { naming } from "./names.js";
import { tasteOrder } from "./order.js";
import { phrasePlane } from "./plane.js";
import { takeSheet } from "./sheet.js";
import { takeShowing } from "./show.js";
import { spokenTake } from "./spoken.js";
import { KEPT_AS, TakeStore } from "./store.js";
import { takeTools } from "./tools.js";
import { takesValue } from "./value.js";

/** @typedef {import("./store.js").Take} Take */
/**
 * What every part of the panel knows.
 * @typedef {object} Panel
 * @property {import("../gradio.js").Host} host
 * @property {TakeStore} store
 * @property {import("../asking.js").Ask} ask
 * @property {(text?: string) => void} tell
 * @property {(take: Take) => string} titleOf
 * @property {(take: Take) => string} nameOf
 * @property {(take: Take) => string} settingsOf
 * @property {(take: Take) => import("../wire/wire.js").SentTake} bare what Python needs of a take: nothing that only pictures it
 * @property {() => void} paint all anew, as things stand
 */

/** @param {import("../gradio.js").Given} given */
export function mountTakes(given) {
  const host = hostOf(given), { ask, tell } = asking(host), { titleOf, nameOf, settingsOf } = naming(host.props.tasks);
  const store = new TakeStore(localStorage, sessionStorage);
  /** @type {Panel} */
  const panel = {
    host, store, ask, tell, titleOf, nameOf, settingsOf,
    bare: ({ picture, audio, heard, ...rest }) => ({ ...rest, called: nameOf({ picture, ...rest }) }),
    paint: () => { words.paint(); cards.paint(); tools.paint(); hearing.paint(); },
  };
  const view = readersView(host, ask), showing = takeShowing(panel);
  const order = tasteOrder(panel, () => cards.paint());
  const cards = takeCards(panel, { order, showing });
  const composing = composingState(panel, showing);
  const folds = [takeSheet(panel), phrasePlane(panel), spokenTake(panel)];
  const mixer = takeMixer(panel, showing);
  const tools = takeTools(panel, { showing, composing, mixer, folds });
  const hearing = takeHearing(panel, view, tools);
  const words = takesValue(panel, { showing, composing, cards, tools, order });
  window.addEventListener("storage", event => {
    if (event.key !== KEPT_AS) return;
    if (store.hearOther()) showing.hide();
    panel.paint();
  }, { signal: host.signal });
  words.begin();
}
