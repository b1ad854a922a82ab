// What can be done to notes: found, added, moved, stretched, taken away, copied. Each verb gives a list of notes.

let clipboard = [];

// The last grid line of its bar at or before a tick.
function floorToGrid(tick, step = grid) {
  const start = model.bars.filter(line => line <= tick).pop() ?? 0;
  return start + Math.floor((tick - start) / step) * step;
}

function nearestGrid(tick) {
  const below = floorToGrid(Math.max(0, tick)), next = below + grid;
  return tick - below < next - tick ? below : next;
}

// The note at a place, of the voice that is drawn in before others.
function noteAt(tick, pitch, slack = 0) {
  const here = notes.filter(note => !facts.parts[note.voice]?.drum && note.pitch === pitch
    && note.onset <= tick && tick < note.onset + Math.max(note.duration, slack));
  return here.find(note => note.voice === voice) ?? here.pop() ?? null;
}

function loudness() {
  const heard = notes.filter(note => note.voice === voice).map(note => note.velocity).sort((a, b) => a - b);
  return heard[Math.floor(heard.length / 2)] ?? LOUDNESS;
}

function newNote(onset, pitch, duration = brush) {
  return { onset, pitch, duration: Math.max(1, duration), voice, new: false, velocity: loudness() };
}

// Notes that are changed alike, within the roll: `edit` maps a note; the others stay.
function altered(chosen, edit) {
  const next = new Map([...chosen].map(note => [note, edit(note)]));
  return { list: notes.map(note => next.get(note) ?? note), chosen: [...next.values()] };
}

function moved(chosen, ticks, steps) {
  const list = [...chosen];
  const earliest = Math.min(...list.map(note => note.onset)), pitches = list.map(note => note.pitch);
  const by = Math.max(ticks, -earliest);
  const up = Math.max(LOW - Math.min(...pitches), Math.min(HIGH - Math.max(...pitches), steps));
  return altered(chosen, note => ({ ...note, onset: note.onset + by, pitch: note.pitch + up }));
}

function stretched(chosen, ticks) {
  const least = Math.min(grid, ...[...chosen].map(note => note.duration));
  return altered(chosen, note => ({ ...note, duration: Math.max(least, note.duration + ticks) }));
}

const without = chosen => notes.filter(note => !chosen.has(note));

function within(from, until, low, high) {
  return notes.filter(note => note.onset < until && note.onset + note.duration > from && note.pitch >= low && note.pitch <= high);
}

// A copy of notes that begins at a tick.
function copiedTo(list, tick) {
  const first = Math.min(...list.map(note => note.onset));
  return list.map(note => ({ ...note, onset: note.onset - first + tick, voice: Math.min(note.voice, facts.parts.length - 1) }));
}

function copy() { clipboard = [...selected]; }

function paste(tick) {
  if (!clipboard.length) return;
  const added = copiedTo(clipboard, tick);
  change([...notes, ...added], added);
}

function remove(chosen) {
  if (chosen.size) change(without(chosen));
}
