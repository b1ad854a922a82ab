// A take that comes from Python, growing or with its sound.

function arrive() {
  const value = roll();
  playButton.removeAttribute("aria-busy");
  layOut();
  describe();
  if (!value.audio) {
    if (source) silence();
    startTick = 0;
    scroller.scrollLeft = value.writing ? spacer.offsetWidth : 0;
  } else if (value.audio.url !== source) {
    sound(value);
  }
  showPlaying();
}

document.addEventListener("click", event => { if (event.target.closest("#compose")) unlock(); }, true);

watch("value", arrive);
arrive();
