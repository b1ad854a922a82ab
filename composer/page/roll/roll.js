// @ts-check
// The roll of a take, which comes from Python, growing or with its sound, or from the takes under it, which stand in the
// browser.
import { around } from "../elements.js";
import { hostOf } from "../gradio.js";
import { EMPTY, rollCanvas } from "./canvas.js";
import { barChoice } from "./choice.js";
import { heedClicks } from "./click.js";
import { heedDrops } from "./drop.js";
import { drawLost } from "./lost.js";
import { rollPlayer } from "./player.js";
import { layOutWhole } from "./view.js";

/** @param {import("../gradio.js").Given} given */
export function mountRoll(given) {
  const host = hostOf(given), { element, props, watch, signal } = host;
  const canvas = rollCanvas(host, { shown: () => props.value || EMPTY, frozen: note => choice.freezes(note) });
  const { roll, scroller, spacer } = canvas;
  drawLost(canvas);
  const layOut = layOutWhole(host, canvas), choice = barChoice(host, canvas), player = rollPlayer(host, canvas);
  heedClicks(host, canvas, choice, player);
  heedDrops(scroller);
  let looping = false;
  let grew = false;  // whether a take was being written when the last value came

  function arrive() {
    const value = roll();
    player.playButton.removeAttribute("aria-busy");
    if (props.choosing && props.choosing.last > value.bars.length - 1) props.choosing = null;
    layOut();
    canvas.describe();
    element.dataset.lost = String(value.lost?.length ?? 0);
    if (value.writing && !grew) element.scrollIntoView({ block: "nearest" });  // it was not shown until now
    grew = Boolean(value.writing);
    if (value.audio) {
      if (value.audio.url !== player.source()) player.sound({ ...value, audio: value.audio });
    } else {
      arriveSilent(value);
    }
    player.showPlaying();
  }

  /** @param {import("./canvas.js").Picture} value */
  function arriveSilent(value) {
    if (player.source() || !value.writing) player.silence();
    if (!player.opening.plays()) {
      if (!player.opening.stoppedByHand()) player.beginAt(0);
      scroller.scrollLeft = value.writing ? spacer.offsetWidth : 0;
    }
    if (value.writing && value.opening) player.opening.play(value.opening);
  }

  /**
   * Another take, or the same with another sound: it goes on where the one before it was.
   * @param {{ value: import("./canvas.js").Picture | null, play?: boolean }} detail
   */
  function show({ value, play }) {
    const before = roll(), now = player.headTick(), playing = player.isPlaying();
    if (value === null) { props.value = null; props.choosing = null; arrive(); return; }
    const same = before.notes.length && (player.source() || now) ? now : value.play_from ?? 0;
    const from = Math.min(same, value.end - 1);
    props.value = { ...value, play_from: from, autoplay: playing || Boolean(play) };
    player.beginAt(0);
    arrive();
    if (!player.source()) {
      player.seek(from);
      player.showAt(from);  // what is new is in view, on a phone too
    }
  }

  // The chosen bars again and again, while they are looped.
  function loop() {
    const bars = choice.chosenBars(), { audio, secondsOf } = player;
    if (!looping || !bars || signal.aborted) return;
    const begin = secondsOf(roll().bars[bars.first - 1]), end = secondsOf(roll().bars[bars.last]);
    if (player.source() && !audio.paused && (audio.currentTime >= end || audio.currentTime < begin - 0.05)) audio.currentTime = begin;
    requestAnimationFrame(loop);
  }

  /**
   * What other parts of the page tell the roll.
   * @param {string} name
   * @param {(detail: any) => void} heed
   */
  const on = (name, heed) => document.addEventListener(name, event => heed(/** @type {CustomEvent} */ (event).detail), { signal });
  on("motif:show", show);
  on("motif:span", detail => {
    props.choosing = detail && { ...detail, bars: roll().bars.length - 1 };
    choice.showChoice();
  });
  on("motif:seek", player.seek);
  on("motif:loop", detail => { looping = detail; if (detail) loop(); });
  document.addEventListener("click", event => { if (around(event, "#compose")) player.unlock(); }, { capture: true, signal });
  player.playButton.addEventListener("click", () => {
    if (!player.source() && !roll().writing) document.dispatchEvent(new CustomEvent("motif:listen"));
  });
  watch("value", arrive);
  arrive();
}
