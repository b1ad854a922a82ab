// @ts-check
// Which take is shown on the roll above, and its sound, which is made when it is asked for.
import { addressOf } from "../gradio.js";

/** @typedef {import("./store.js").Take} Take */
/** @typedef {ReturnType<typeof takeShowing>} Showing */

/**
 * A take's picture with the tempo that its mixer gives it, by which the play-head goes.
 * @param {Take} take
 */
function pictured(take) {
  const tempo = take.mix?.tempo;
  return tempo ? { ...take.picture, tempos: [{ tick: 0, seconds: 0, seconds_per_tick: 60 / tempo / 24 }] } : take.picture;
}

/** @param {import("./panel.js").Panel} panel */
export function takeShowing({ host, store, ask, bare, paint }) {
  /** @param {object} detail */
  const onRoll = detail => document.dispatchEvent(new CustomEvent("motif:show", { detail }));

  /**
   * Put a take on the roll: at the same place as the one before it, and playing if that one played.
   * @param {Take | null} take
   * @param {{ play?: boolean, stay?: boolean }} settings
   */
  function show(take, settings = {}) {
    if (!take) return;
    if (store.shown !== take.id) store.remindOf(store.shown);
    store.show(take.id);
    onRoll({ value: { ...pictured(take), audio: take.audio }, ...settings });
    store.remember();
    paint();
  }

  /** No take stands on the roll. */
  const hide = () => onRoll({ value: null });

  /** @param {Take} take */
  async function withSound(take) {
    if (take.audio) return true;
    const answer = await ask("sound", { take: bare(take), mix: take.mix });
    if (answer) take.audio = { path: answer.path, url: addressOf(answer.path) };
    return Boolean(answer);
  }

  /** @param {Take | null} take */
  async function pick(take) {
    const playing = document.querySelector("#roll .play[data-playing]");
    if (take && playing && !take.audio) await withSound(take);
    show(take);
  }

  document.addEventListener("motif:listen", async () => {
    const take = store.shownTake();
    if (take && await withSound(take)) show(take, { play: true });
  }, { signal: host.signal });
  return { show, hide, withSound, pick };
}
