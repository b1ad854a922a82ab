// A take that comes from Python, growing or with its sound, or from the takes under it, which stand in the browser.

let looping = false;
let grew = false;  // whether a take was being written when the last value came

function arrive() {
  const value = roll();
  playButton.removeAttribute("aria-busy");
  if (props.choosing && props.choosing.last > value.bars.length - 1) props.choosing = null;
  layOut();
  describe();
  element.dataset.lost = lostNotes().length;
  if (value.writing && !grew) element.scrollIntoView({ block: "nearest" });  // it was not shown until now
  grew = Boolean(value.writing);
  if (!value.audio) {
    if (source || !value.writing) silence();
    if (!opening) {
      if (!stoppedByHand) startTick = 0;
      scroller.scrollLeft = value.writing ? spacer.offsetWidth : 0;
    }
    if (value.writing && value.opening) playOpening(value.opening);
  } else if (value.audio.url !== source) {
    sound(value);
  }
  showPlaying();
}

document.addEventListener("click", event => { if (event.target.closest("#compose")) unlock(); }, true);

// Another take, or the same with another sound: it goes on where the one before it was.
document.addEventListener("motif:show", ({ detail }) => {
  const before = roll(), now = Number(element.dataset.head) || 0;
  const playing = isPlaying();
  if (detail.value === null) { props.value = null; props.choosing = null; arrive(); return; }
  const same = before.notes.length && (source || now) ? now : detail.value.play_from;
  props.value = { ...detail.value, play_from: Math.min(same, detail.value.end - 1), autoplay: playing || Boolean(detail.play) };
  startTick = 0;
  arrive();
  if (!source) {
    seek(props.value.play_from);
    scrolledByHand = -Infinity;
    follow(props.value.play_from);  // what is new is in view, on a phone too
  }
});
document.addEventListener("motif:span", ({ detail }) => {
  props.choosing = detail && { ...detail, bars: roll().bars.length - 1 };
  showChoice();
});
document.addEventListener("motif:seek", ({ detail }) => seek(detail));
document.addEventListener("motif:loop", ({ detail }) => { looping = detail; if (detail) loop(); });
playButton.addEventListener("click", () => {
  if (!source && !roll().writing) document.dispatchEvent(new CustomEvent("motif:listen"));
});

// The chosen bars again and again, while they are looped.
function loop() {
  const choice = chosenBars();
  if (!looping || !choice) return;
  const begin = secondsOf(roll().bars[choice.first - 1]), end = secondsOf(roll().bars[choice.last]);
  if (source && !audio.paused && (audio.currentTime >= end || audio.currentTime < begin - 0.05)) audio.currentTime = begin;
  requestAnimationFrame(loop);
}

watch("value", arrive);
arrive();
