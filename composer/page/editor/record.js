// Recording what is played: a bar of clicks, then what is struck is drawn to the grid. Seconds of the sound output meet
// ticks here, at the seed's first tempo.

const AHEAD = 0.2, TURN = 50;  // seconds that clicks are ordered in advance; milliseconds between looks
let taping = null;             // { start, from, ends, next, timer, open: Map(pitch → onset), notes }

const secondsATick = () => facts.tempos[0].seconds_per_tick;
// The tick that a stroke at a moment of the browser's clock is meant for.
const tapedTick = moment => taping.from + (meantAt(moment) - taping.start) / secondsATick();

function click(at, strong) {
  const output = sounder(), tone = output.createOscillator(), level = output.createGain();
  tone.frequency.value = strong ? 1760 : 1175;
  level.gain.setValueAtTime(strong ? 0.25 : 0.14, at);
  level.gain.exponentialRampToValueAtTime(0.001, at + 0.06);
  tone.connect(level).connect(output.destination);
  tone.start(at);
  tone.stop(at + 0.07);
}

// From the beginning of the cursor's bar, after a bar of clicks.
function record() {
  if (measuring) return;
  if (!playing) setPlaying(true);
  motif.hush();
  const from = model.bars.filter(tick => tick <= cursor.tick).pop() ?? 0, metre = metreAt(from);
  const start = sounder().currentTime + 0.15 + metre.bar * secondsATick();
  taping = { from, start, next: from - metre.bar, open: new Map(), notes: [], metre };
  taping.timer = setInterval(wind, TURN);
  onStroke = tapeStroke;
  onRelease = tapeRelease;
  scroller.focus({ preventScroll: true });
  showTaping();
  say("Counting in.");
}

// Every moment: order the clicks that are due, move the head, let the open notes grow.
function wind() {
  const now = taping.from + (heardAt() - taping.start) / secondsATick();
  const soon = taping.from + (sounder().currentTime + AHEAD - taping.start) / secondsATick();
  for (; taping.next <= soon; taping.next += taping.metre.beat) {
    const strong = (taping.next - taping.from) % taping.metre.bar === 0;
    click(taping.start + (taping.next - taping.from) * secondsATick(), strong);
  }
  element.dataset.taping = now < taping.from ? "counting" : "running";
  placeHead(Math.max(taping.from, now));
  if (now < taping.from) return;
  if (now + 8 > model.end) facts = { ...facts, room: facts.room + 1 };
  sketch([...notes, ...taping.notes, ...openNotes(now)], []);
  reveal(now, cursor.pitch);
}

const openNotes = now => [...taping.open].map(([pitch, { onset, velocity }]) => taped(pitch, onset, Math.max(onset + 1, now), velocity));

function taped(pitch, onset, end, velocity) {
  const start = Math.max(taping.from, nearestGrid(onset));
  return { onset: start, pitch, duration: Math.max(grid, nearestGrid(end) - start), voice, new: false, velocity };
}

function tapeStroke(pitch, velocity, moment) {
  const now = tapedTick(moment);
  if (now > taping.from - grid) taping.open.set(pitch, { onset: Math.max(taping.from, now), velocity });
}

function tapeRelease(pitch, moment) {
  const begun = taping.open.get(pitch);
  if (!begun) return;
  taping.open.delete(pitch);
  taping.notes.push(taped(pitch, begun.onset, tapedTick(moment), begun.velocity));
}

function stopRecording() {
  releaseAll();
  clearInterval(taping.timer);
  onStroke = onRelease = null;
  const { notes: played, from } = taping;
  taping = null;
  showTaping();
  placeHead(from);
  if (!played.length) {
    forget();
    say("Nothing was played.");
    return;
  }
  change([...notes, ...played], played);
  say(`${spokenMany(played)} added.`);
}

function showTaping() {
  part("record").setAttribute("aria-pressed", Boolean(taping));
  if (!taping) element.dataset.taping = "";
}

const toggleRecording = () => (taping ? stopRecording() : record());
part("record").addEventListener("click", toggleRecording);
part("piano").addEventListener("click", () => setPlaying(!playing));
