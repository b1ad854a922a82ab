// What comes from Python: another seed, its sound, the voice to draw in; and what the editor says of itself.

let stale = false;     // the sound is of notes that were changed since

// The sound does not belong to the notes any more; what plays may play to its end.
function outdate() {
  stale = Boolean(source);
  if (stale && (audio.paused || audio.ended)) hush();
}

function hush() {
  const tick = Math.min(tickAt(audio.currentTime), model.ends_at);
  stale = false;
  silence();
  startTick = audio.ended || tick >= model.ends_at ? 0 : tick;
  showPlaying();
}

function describeSeed() {
  const voices = facts.parts.length > 1 ? ` in ${facts.parts.length} voices` : "";
  const named = facts.title ? ` of ${facts.title}` : "";
  const bars = model.bars.filter(tick => tick < model.ends_at).length;
  canvas.setAttribute("aria-hidden", "true");
  scroller.setAttribute("aria-label", `Piano roll${named}: ${bars} bars, ${notes.length} notes${voices}. Arrow keys move, Enter adds a note, Delete takes it away.`);
}

function arriveSeed() {
  const value = props.value;
  element.dataset.open = Boolean(value?.open);
  if (!value?.notes || (value.edition && value.edition === edition)) return;  // nothing yet, or our own
  const { notes: listed, ...rest } = value;
  facts = JSON.parse(JSON.stringify(rest));
  notes = listed.map(note => ({ ...note }));
  past = value.before ? [{ before: value.before }] : [];  // one's own tune, in whose place this one came
  future = [];
  selected = new Set();
  draft = null;
  edition = 0;
  voice = Math.max(0, facts.parts.findIndex(each => !each.drum));
  if (source) silence();
  stale = false;
  startTick = 0;
  rebuild();
  fit();
  centre();
  scroller.scrollLeft = 0;
  cursor = { tick: 0, pitch: notes[0]?.pitch ?? 67 };
  showFacts();
  describeSeed();
  showPlaying();
}

function arriveSound() {
  playButton.removeAttribute("aria-busy");
  if (props.sound?.audio) sound(props.sound);
  showPlaying();
}

scroller.setAttribute("role", "application");
canvas.removeAttribute("role");
for (const name of ["pause", "ended"]) audio.addEventListener(name, () => { if (stale) hush(); });
watch("value", arriveSeed);
watch("sound", arriveSound);
watch("voice", () => { voice = props.voice ?? voice; showState(); drawSoon(); });
arriveSeed();
