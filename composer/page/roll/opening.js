// The first seconds of a take's sound, which come while the rest is made: played from memory by the clock of the sound
// output, until the whole is there and goes on at the same place.

const LEAD = 0.15;        // seconds: where the whole is set to, ahead of what plays, so that it has the time to get there
const TO_BEGIN = 0.02;     // seconds that a player needs from being told until it sounds
let opening = null;        // what plays: { node, level, start, from, until }; `start` by the output's clock, else of the take
let openedLast = null;     // its address: it comes with every value of a take that grows
let stoppedByHand = false; // whether the visitor wanted quiet before the whole was there

// The sound output, made at a press: browsers want one before anything sounds.
function soundOutput() {
  motif.output ??= new AudioContext();
  if (motif.output.state === "suspended") motif.output.resume();
  return motif.output;
}

// Where in the take it is, in seconds.
const openingNow = () => Math.min(opening.until, opening.from + Math.max(0, motif.output.currentTime - opening.start));

async function playOpening({ audio: file, from, until }) {
  if (file.url === openedLast) return;
  openedLast = file.url;
  stoppedByHand = false;
  const output = soundOutput();
  if (output.state !== "running") return;  // the browser wants a press first; the whole will ask for it
  let buffer;
  try {
    buffer = await output.decodeAudioData(await (await fetch(file.url)).arrayBuffer());
  } catch {
    return;  // nothing is lost by it: the whole comes
  }
  if (openedLast !== file.url || source || stoppedByHand) return;
  motif.hush();
  const node = output.createBufferSource(), level = output.createGain(), start = output.currentTime + 0.01;
  node.buffer = buffer;
  node.connect(level).connect(output.destination);
  node.start(start);
  opening = { node, level, start, from: secondsOf(from), until: secondsOf(until) };
  showPlaying();
}

// End it, softly enough for no click.
function closeOpening() {
  if (!opening) return;
  const { node, level } = opening, now = motif.output.currentTime;
  level.gain.setTargetAtTime(0, now, 0.012);
  node.stop(now + 0.1);
  opening = null;
}

// The whole goes on where the opening is.
function handOver() {
  const mine = opening;
  const begin = () => {
    if (opening !== mine) return;  // stopped, or another take
    const left = audio.currentTime - TO_BEGIN - openingNow();
    if (left > 0 && openingNow() < mine.until) setTimeout(begin, 1000 * left);
    else audio.play().catch(() => {}).then(() => { closeOpening(); showPlaying(); });
  };
  audio.addEventListener("loadedmetadata", () => {
    if (opening !== mine) return;
    audio.addEventListener("seeked", begin, { once: true });
    audio.currentTime = Math.min(openingNow() + LEAD, mine.until);
  }, { once: true });
}

document.addEventListener("motif:hush", ({ detail }) => {
  if (!opening || detail === audio) return;
  stoppedByHand = true;
  closeOpening();
  showPlaying();
});
