// The player: the roll's sound, its play-head, and the buttons under it. Seconds meet ticks here and nowhere else.

const audio = element.querySelector("audio"), playButton = element.querySelector(".play");
const position = element.querySelector(".position"), clock = element.querySelector(".clock");
// A tenth of a second of nothing: playing it while Compose is pressed lets Safari play the take when it comes.
const NOTHING = "data:audio/wav;base64,UklGRjQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YRAAAAAAAAAAAAAAAAAAAAAAAAAA";
const SLIDER_STEP = 0.1;  // seconds: the play-head moves in every frame, the slider and what it says now and then
let source = null;      // the address of the sound that belongs to this value
let startTick = 0;      // where to begin when the sound comes
let scrolledByHand = -Infinity; // when, in milliseconds
// Where the roll is scrolled to and how wide it is, in pixels: asked of the browser in every frame, they would have it lay
// out the page in every frame.
const shownPart = { left: 0, width: 0 };
const lookAround = () => { shownPart.left = scroller.scrollLeft; shownPart.width = scroller.clientWidth; };

function secondsOf(tick) {
  const tempo = roll().tempos.filter(change => change.tick <= tick).pop();
  return tempo ? tempo.seconds + (tick - tempo.tick) * tempo.seconds_per_tick : 0;
}
function tickAt(seconds) {
  const tempo = roll().tempos.filter(change => change.seconds <= seconds).pop();
  return tempo ? tempo.tick + (seconds - tempo.seconds) / tempo.seconds_per_tick : 0;
}
const clockOf = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const musicEnd = () => secondsOf(roll().ends_at ?? roll().end);

function placeHead(tick, visible = true) {
  head.hidden = !visible;
  const x = xOf(Math.min(tick, roll().end));
  head.style.transform = `translateX(${x}px)`;
  head.style.visibility = x - shownPart.left < GUTTER ? "hidden" : "visible";
  element.dataset.head = tick.toFixed(1);
  element.dispatchEvent(new CustomEvent("motif:head", { bubbles: true, detail: visible ? tick : -1 }));  // for the notation
}

// Whether a place, in pixels from the roll's left edge, is on the tip of the play-head, by which it is dragged.
const onTip = x => !head.hidden && Math.abs(x + scroller.scrollLeft - xOf(Number(element.dataset.head) || 0)) < 9;

function follow(tick) {
  if (performance.now() - scrolledByHand < 2500) return;
  const x = xOf(tick) - shownPart.left, width = shownPart.width;
  if (x < GUTTER || x > width * 0.85) { scroller.scrollLeft = xOf(tick) - width * 0.2; lookAround(); }
}

const isPlaying = () => Boolean(opening) || (Boolean(source) && !audio.paused && !audio.ended);
// Where in the music it is, in seconds.
const secondsNow = () => opening ? openingNow() : source ? audio.currentTime : secondsOf(startTick);

function showTime() {
  const end = source ? Math.max(audio.duration || 0, musicEnd()) : musicEnd(), now = secondsNow();
  const tick = Math.min(source || opening ? tickAt(now) : startTick, roll().end);
  const said = `${clockOf(now)} / ${clockOf(end)}`;
  if (clock.textContent !== said) clock.textContent = said;
  if (position.max !== String(end) || Math.abs(position.value - now) > SLIDER_STEP) {
    position.max = end;
    position.value = now;
    const bar = roll().bars.filter(start => start <= tick).length;
    position.setAttribute("aria-valuetext", `bar ${Math.min(bar, roll().bars.length - 1)}, ${clockOf(now)}`);
  }
  placeHead(tick, Boolean(source || opening) || tick > 0);
}

let frame = 0;  // the one that is asked for, or 0
function tick() {
  frame = 0;
  showTime();
  if (isPlaying()) {
    if (opening ? openingNow() > opening.from : audio.currentTime > 0) element.dataset.sounds = opening ? "opening" : "whole";
    follow(tickAt(secondsNow()));
    frame = requestAnimationFrame(tick);
  }
}

function showPlaying() {
  const on = isPlaying();
  if (!on) delete element.dataset.sounds;
  playButton.toggleAttribute("data-playing", on);
  playButton.setAttribute("aria-label", on ? "Pause" : "Play");
  playButton.title = on ? "Pause" : "Play";
  if (on) frame ||= requestAnimationFrame(tick); else showTime();
}

function seek(ticks) {
  startTick = ticks;
  closeOpening();
  if (source) audio.currentTime = Math.min(secondsOf(ticks), audio.duration || Infinity);
  showTime();
}

function silence() {
  source = null;
  closeOpening();
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
  position.disabled = true;
}

function sound(value) {
  source = value.audio.url;
  position.disabled = false;
  if (opening && value.autoplay) {
    startTick = 0;
    audio.src = source;
    handOver();
    return;
  }
  closeOpening();
  const begin = startTick || value.play_from;
  startTick = 0;
  audio.src = source;
  audio.addEventListener("loadedmetadata", () => { seek(begin); scrolledByHand = -Infinity; follow(begin); }, { once: true });
  if (value.autoplay && !stoppedByHand) audio.play().catch(() => showPlaying());  // a browser may want a press of Play first
}

playButton.addEventListener("click", () => {
  if (opening) {
    const tick = tickAt(openingNow());
    stoppedByHand = true;
    seek(tick);
    showPlaying();
    return;
  }
  stoppedByHand = false;
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
element.querySelector(".start").addEventListener("click", () => { seek(0); scroller.scrollLeft = 0; });
position.addEventListener("input", () => seek(tickAt(Number(position.value))));
for (const name of ["play", "pause", "ended", "seeked", "durationchange"]) audio.addEventListener(name, showPlaying);
scroller.addEventListener("scroll", lookAround, { passive: true });
new ResizeObserver(lookAround).observe(scroller);
for (const name of ["wheel", "touchmove"]) {
  scroller.addEventListener(name, () => { scrolledByHand = performance.now(); }, { passive: true });
}

function unlock() {
  soundOutput();
  closeOpening();
  if (source) { audio.pause(); return; }
  audio.src = NOTHING;
  audio.play().catch(() => {});
}
