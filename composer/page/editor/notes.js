// What is drawn: notes, the voice that is drawn in, what is selected, and the way back. Ticks are the only unit here.

const LOW = 21, HIGH = 108;    // the pitches of a piano
const SPARE_BARS = 1;          // after the music, to draw in
const MOST_STEPS = 200;        // that can be undone
const LOUDNESS = 80;           // of a note that has no neighbour to take it from

// `facts` is the value but for its notes; both are never changed, only replaced, so that a step back is cheap.
let facts = { ...empty, metres: [{ tick: 0, name: "4/4", beat: 24, bar: 96 }], of: "", room: 4, metre: "4/4", tempo: 120, key: null, parts: [{ name: "Melody", program: 0, drum: false }] };
let notes = [], draft = null;  // `draft`: the notes while a gesture goes on
let selected = new Set();
let voice = 0, grid = 12, brush = 24;  // the voice drawn in; ticks of the grid; ticks of the next note
let edition = 0;
let past = [], future = [];
let model = { ...facts, voice: null };
shown = () => model;

// The bar lines up to the first one at or after a tick, that one included.
function barLines(metres, until) {
  const lines = [];
  metres.forEach((metre, at) => {
    const next = metres[at + 1]?.tick ?? Infinity;
    for (let tick = metre.tick; tick < Math.min(next, until); tick += metre.bar) lines.push(tick);
  });
  const last = metres.filter(metre => metre.tick < until).pop() ?? metres[0];
  const line = last.tick + Math.ceil((until - last.tick) / last.bar) * last.bar;
  return [...lines, Math.max(line, last.bar)];
}

function metreAt(tick) {
  return facts.metres.filter(metre => metre.tick <= tick).pop() ?? facts.metres[0];
}

const endOf = list => list.reduce((end, note) => Math.max(end, note.onset + note.duration), 0);

// The picture of what is drawn: the music's bars, at least as many as there is room for, and one more to draw in.
function rebuild() {
  const list = draft ?? notes, metres = facts.metres;
  let lines = barLines(metres, Math.max(endOf(list), 1));
  while (lines.length - 1 < facts.room) lines = barLines(metres, lines.at(-1) + 1);
  for (let spare = 0; spare < SPARE_BARS; spare++) lines = barLines(metres, lines.at(-1) + 1);
  const longer = lines.at(-1) !== model.end;
  model = { ...facts, notes: list, voice: null, bars: lines, end: lines.at(-1), ends_at: endOf(list) };
  if (longer) layOut(); else drawSoon();
}

// The notes in order, one at a time on each pitch of a voice: the later stroke of two at once, and cut by the next one.
function tidy(list) {
  const lines = new Map();
  const ordered = list.map((note, order) => ({ note, order })).sort((a, b) => a.note.onset - b.note.onset || a.order - b.order);
  for (const { note } of ordered) {
    const key = note.voice * 128 + note.pitch, line = lines.get(key) ?? [];
    const last = line.at(-1);
    if (last && last.onset === note.onset) line.pop();
    else if (last && last.onset + last.duration > note.onset) {
      line[line.length - 1] = { ...last, duration: note.onset - last.onset };
      if (selected.delete(last)) selected.add(line.at(-1));
    }
    line.push(note);
    lines.set(key, line);
  }
  return [...lines.values()].flat().sort((a, b) => a.onset - b.onset || a.pitch - b.pitch);
}

// Take these notes (and facts) over as a step that can be undone, and tell the page.
function change(list, chosen = [], more = facts) {
  past = [...past.slice(-MOST_STEPS + 1), { notes, facts }];
  future = [];
  settle(list, more, chosen);
}

function settle(list, more, chosen = []) {
  draft = null;
  facts = more;
  voice = Math.min(voice, facts.parts.length - 1);
  selected = new Set(chosen);
  notes = tidy(list);
  selected = new Set(notes.filter(note => selected.has(note)));
  rebuild();
  send();
}

function undo() {
  if (!past.length) return false;
  if (past.at(-1).before) {
    trigger("back", { name: past.pop().before });
    return true;
  }
  future.push({ notes, facts });
  const step = past.pop();
  settle(step.notes, step.facts);
  return true;
}

function redo() {
  if (!future.length) return false;
  past.push({ notes, facts });
  const step = future.pop();
  settle(step.notes, step.facts);
  return true;
}

// While a gesture goes on: what the notes would be.
function sketch(list, chosen) {
  draft = list;
  selected = new Set(chosen);
  rebuild();
}

function forget() {
  draft = null;
  rebuild();
}

function send() {
  edition += 1;
  props.value = { ...facts, notes, edition };
  trigger("edit");
  outdate();
  describeSeed();
  showState();
}
