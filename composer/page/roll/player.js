// @ts-check
// The player: the roll's sound, its play-head, and the buttons under it. Seconds meet ticks here, by `clock.js`.
import { find } from "../elements.js";
import { clockOf, secondsAt, tickAt as tickIn } from "./clock.js";
import { GUTTER, barNumber } from "./geometry.js";
import { openingSound } from "./opening.js";
import { soundOutput } from "./output.js";

/** @typedef {ReturnType<typeof rollPlayer>} Player */
/** @typedef {{ audio?: { url: string } | null, play_from?: number, autoplay?: boolean }} Sound */

// A tenth of a second of nothing: playing it while Compose is pressed lets Safari play the take when it comes.
const NOTHING = "data:audio/wav;base64,UklGRjQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YRAAAAAAAAAAAAAAAAAAAAAAAAAA";
const SLIDER_STEP = 0.1;  // seconds: the play-head moves in every frame, the slider and what it says now and then

/**
 * @param {import("../gradio.js").Host} host
 * @param {import("./canvas.js").RollCanvas} canvas
 */
export function rollPlayer({ element, trigger, signal }, { scroller, head, roll, xOf }) {
  const audio = find(element, "audio", HTMLAudioElement), playButton = find(element, ".play", HTMLButtonElement);
  const position = find(element, ".position", HTMLInputElement), clock = find(element, ".clock");
  /** @type {string | null} */
  let source = null;      // the address of the sound that belongs to this value
  let startTick = 0;      // where to begin when the sound comes
  let scrolledByHand = -Infinity; // when, in milliseconds
  let frame = 0;          // the one that is asked for, or 0
  // Where the roll is scrolled to and how wide it is, in pixels: asked of the browser in every frame, they would have it
  // lay out the page in every frame.
  const shownPart = { left: 0, width: 0 };
  const lookAround = () => { shownPart.left = scroller.scrollLeft; shownPart.width = scroller.clientWidth; };

  /** @param {number} tick */
  const secondsOf = tick => secondsAt(roll().tempos, tick);
  /** @param {number} seconds */
  const tickAt = seconds => tickIn(roll().tempos, seconds);
  const musicEnd = () => secondsOf(roll().ends_at ?? roll().end);
  const opening = openingSound({ audio, signal, secondsOf, isWhole: () => source !== null, changed: () => showPlaying() });

  /**
   * @param {number} tick
   * @param {boolean} visible
   */
  function placeHead(tick, visible = true) {
    head.hidden = !visible;
    const x = xOf(Math.min(tick, roll().end));
    head.style.transform = `translateX(${x}px)`;
    head.style.visibility = x - shownPart.left < GUTTER ? "hidden" : "visible";
    element.dataset.head = tick.toFixed(1);
    element.dispatchEvent(new CustomEvent("motif:head", { bubbles: true, detail: visible ? tick : -1 }));  // for the notation
  }

  /** Where the play-head stands, in ticks. */
  const headTick = () => Number(element.dataset.head) || 0;

  /**
   * Whether a place, in pixels from the roll's left edge, is on the tip of the play-head, by which it is dragged.
   * @param {number} x
   */
  const onTip = x => !head.hidden && Math.abs(x + scroller.scrollLeft - xOf(headTick())) < 9;

  /** @param {number} tick */
  function follow(tick) {
    if (performance.now() - scrolledByHand < 2500) return;
    const x = xOf(tick) - shownPart.left, { width } = shownPart;
    if (x < GUTTER || x > width * 0.85) { scroller.scrollLeft = xOf(tick) - width * 0.2; lookAround(); }
  }

  const isPlaying = () => opening.plays() || (Boolean(source) && !audio.paused && !audio.ended);
  // Where in the music it is, in seconds.
  const secondsNow = () => opening.plays() ? opening.now() : source ? audio.currentTime : secondsOf(startTick);

  function showTime() {
    const end = source ? Math.max(audio.duration || 0, musicEnd()) : musicEnd(), now = secondsNow();
    const tick = Math.min(source || opening.plays() ? tickAt(now) : startTick, roll().end);
    const said = `${clockOf(now)} / ${clockOf(end)}`;
    if (clock.textContent !== said) clock.textContent = said;
    if (position.max !== String(end) || Math.abs(Number(position.value) - now) > SLIDER_STEP) {
      position.max = String(end);
      position.value = String(now);
      const bar = Math.min(barNumber(roll().bars, tick), roll().bars.length - 1);
      position.setAttribute("aria-valuetext", `bar ${bar}, ${clockOf(now)}`);
    }
    placeHead(tick, Boolean(source) || opening.plays() || tick > 0);
  }

  function tick() {
    frame = 0;
    showTime();
    if (!isPlaying()) return;
    if (opening.plays() ? opening.sounds() : audio.currentTime > 0) element.dataset.sounds = opening.plays() ? "opening" : "whole";
    follow(tickAt(secondsNow()));
    frame = requestAnimationFrame(tick);
  }

  function showPlaying() {
    const on = isPlaying();
    if (!on) delete element.dataset.sounds;
    playButton.toggleAttribute("data-playing", on);
    playButton.setAttribute("aria-label", on ? "Pause" : "Play");
    playButton.title = on ? "Pause" : "Play";
    if (!on) showTime();
    else if (!frame) frame = requestAnimationFrame(tick);
  }

  /** @param {number} ticks */
  function seek(ticks) {
    startTick = ticks;
    opening.close();
    if (source) audio.currentTime = Math.min(secondsOf(ticks), audio.duration || Infinity);
    showTime();
  }

  function silence() {
    source = null;
    opening.close();
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
    position.disabled = true;
  }

  /** @param {number} tick */
  function showAt(tick) {
    scrolledByHand = -Infinity;
    follow(tick);
  }

  /** @param {Sound & { audio: { url: string } }} value */
  function sound(value) {
    source = value.audio.url;
    position.disabled = false;
    if (opening.plays() && value.autoplay) {
      startTick = 0;
      audio.src = source;
      opening.handOver();
      return;
    }
    opening.close();
    const begin = startTick || (value.play_from ?? 0);
    startTick = 0;
    audio.src = source;
    audio.addEventListener("loadedmetadata", () => { seek(begin); showAt(begin); }, { once: true });
    if (value.autoplay && !opening.stoppedByHand()) audio.play().catch(() => showPlaying());  // a browser may want a press of Play first
  }

  /** At a press, so that what comes of it later may sound. */
  function unlock() {
    soundOutput();
    opening.close();
    if (source) { audio.pause(); return; }
    audio.src = NOTHING;
    audio.play().catch(() => {});
  }

  playButton.addEventListener("click", () => {
    if (opening.plays()) {
      const tick = tickAt(opening.now());
      opening.stopByHand(true);
      seek(tick);
      showPlaying();
      return;
    }
    opening.stopByHand(false);
    if (roll().writing) return;
    if (!source) {
      playButton.setAttribute("aria-busy", "true");
      unlock();
      trigger("listen");
    } else if (audio.paused || audio.ended) {
      audio.play();
    } else {
      audio.pause();
    }
  });
  find(element, ".start").addEventListener("click", () => { seek(0); scroller.scrollLeft = 0; });
  position.addEventListener("input", () => seek(tickAt(Number(position.value))));
  for (const name of ["play", "pause", "ended", "seeked", "durationchange"]) audio.addEventListener(name, showPlaying);
  scroller.addEventListener("scroll", lookAround, { passive: true });
  const resized = new ResizeObserver(lookAround);
  resized.observe(scroller);
  for (const name of ["wheel", "touchmove"]) {
    scroller.addEventListener(name, () => { scrolledByHand = performance.now(); }, { passive: true });
  }
  signal.addEventListener("abort", () => { resized.disconnect(); audio.pause(); });
  return {
    audio, playButton, opening, secondsOf, tickAt, placeHead, headTick, onTip, isPlaying, showPlaying, seek, silence, sound, showAt, unlock,
    /** The address of the sound that is there. */
    source: () => source,
    /** Where to begin when the sound comes. @param {number} tick */
    beginAt: tick => { startTick = tick; },
  };
}
