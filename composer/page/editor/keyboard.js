// The editor by keyboard alone: a cursor of one grid cell, moved by the arrows, and what is done where it stands.

let cursor = { tick: 0, pitch: 67 };

// `lengths` are Python's: [96, "whole"], [72, "dotted half"] …
const lengthInWords = ticks => props.lengths.find(([long]) => long === ticks)?.[1] ?? `${ticks} ticks`;

function spokenPlace(tick) {
  const bar = model.bars.filter(start => start <= tick).length, beat = metreAt(tick).beat;
  return `bar ${bar}, beat ${Number((1 + (tick - model.bars[bar - 1]) / beat).toFixed(2))}`;
}
const spoken = note => `${nameOf(note.pitch)}, ${lengthInWords(note.duration)}, ${spokenPlace(note.onset)}`;
const spokenMany = list => (list.length === 1 ? spoken(list[0]) : `${list.length} notes`);

function say(words) {
  element.querySelector(".says").textContent = words;
}

// What a key acts on: what is selected, else the note under the cursor.
function grasped() {
  if (selected.size) return selected;
  const note = noteAt(cursor.tick, cursor.pitch);
  return new Set(note ? [note] : []);
}

function step(ticks, pitches) {
  const tick = Math.max(0, Math.min(model.end - grid, floorToGrid(cursor.tick + ticks)));
  cursor = { tick, pitch: Math.max(LOW, Math.min(HIGH, cursor.pitch + pitches)) };
  selected = new Set();
  const note = noteAt(cursor.tick, cursor.pitch);
  if (note) ping(note.pitch, note.velocity);
  say(note ? spoken(note) : `${nameOf(cursor.pitch)}, ${spokenPlace(cursor.tick)}`);
  showCursor();
}

function barStep(direction) {
  const bar = model.bars.filter(start => start <= cursor.tick).length - 1;
  const at = model.bars[Math.max(0, Math.min(model.bars.length - 2, bar + direction))];
  step(at - cursor.tick, 0);
}

function showCursor() {
  reveal(cursor.tick, cursor.pitch);
  showState();
  drawSoon();
}

function takeAway() {
  const gone = grasped();
  if (!gone.size) { say("There is no note here."); return; }
  say(`${spokenMany([...gone])} deleted.`);
  remove(gone);
}

// Enter: a note where there is none, else pick it up or put it down.
function put() {
  const there = noteAt(cursor.tick, cursor.pitch);
  if (there) {
    const on = !selected.has(there);
    if (on) selected.add(there); else selected.delete(there);
    say(`${spoken(there)} ${on ? "selected" : "let go"}.`);
    showCursor();
    return;
  }
  const note = newNote(cursor.tick, cursor.pitch);
  change([...notes, note]);
  ping(note.pitch, note.velocity);
  say(`${spoken(note)} added.`);
  cursor = { ...cursor, tick: note.onset };
  showCursor();
}

function alter({ list, chosen }, what) {
  const kept = selected.size > 0;
  change(list, kept ? chosen : []);
  if (chosen.length === 1) { cursor = { tick: chosen[0].onset, pitch: chosen[0].pitch }; if (what === "moved") ping(chosen[0].pitch); }
  say(`${spokenMany(chosen)} ${what}.`);
  showCursor();
}

function shove(ticks, pitches) {
  const held = grasped();
  if (held.size) alter(moved(held, ticks, pitches), "moved");
}

function lengthen(ticks) {
  const held = grasped();
  if (!held.size) return;
  const result = stretched(held, ticks);
  brush = result.chosen.at(-1).duration;
  alter(result, ticks > 0 ? "lengthened" : "shortened");
}

function cutOut() { copy(); takeAway(); }

function duplicate() {
  if (!selected.size) return;
  const list = [...selected], end = Math.max(...list.map(note => note.onset + note.duration));
  const added = copiedTo(list, nearestGrid(end));
  change([...notes, ...added], added);
  say(`${spokenMany(added)} copied behind.`);
}

function selectAll() {
  selected = new Set(notes.filter(note => !facts.parts[note.voice]?.drum));
  say(`${selected.size} notes selected.`);
  showState();
  drawSoon();
}

function letGo() {
  if (taping) { stopRecording(); return; }
  if (playing) { setPlaying(false); return; }
  if (gesture) { abandon(); return; }
  selected = new Set();
  showState();
  drawSoon();
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// What the editor's keys do, by what is pressed with them; the sheet behind "?" tells of them in words.
function onArrow(event) {
  const [across, up] = ARROWS[event.key], ctrl = event.ctrlKey || event.metaKey;
  if (event.altKey) shove(across * grid, up * (event.shiftKey ? 12 : 1));
  else if (event.shiftKey && across) lengthen(across * grid);
  else if (event.shiftKey) step(0, up * 12);
  else if (ctrl && across) barStep(across);
  else if (selected.size > 1 && up) shove(0, up);
  else step(across * grid, up);
}
const PLAIN = {
  Enter: put, Delete: takeAway, Backspace: takeAway, Escape: letGo, " ": () => playButton.click(),
  PageUp: () => step(0, 12), PageDown: () => step(0, -12),
  Home: () => step(-cursor.tick, 0), End: () => step(Math.max(0, model.ends_at - grid) - cursor.tick, 0),
  "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(0.8), 0: fitAll,
  1: () => takeUp("draw"), 2: () => takeUp("select"), 3: () => takeUp("erase"), k: () => setPlaying(!playing), r: () => toggleRecording(),
};
const WITH_CTRL = {
  z: () => told(undo(), "Undone."), y: () => told(redo(), "Done again."), a: selectAll, c: copy, x: cutOut,
  v: () => paste(cursor.tick), d: duplicate,
};
const told = (done, words) => say(done ? words : "There is nothing more.");

scroller.addEventListener("keydown", event => {
  if (ARROWS[event.key]) { event.preventDefault(); onArrow(event); return; }
  const ctrl = event.ctrlKey || event.metaKey, key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = ctrl ? (key === "z" && event.shiftKey ? WITH_CTRL.y : WITH_CTRL[key]) : !event.altKey && PLAIN[key];
  if (!act) return;
  event.preventDefault();
  act();
});
scroller.addEventListener("focus", drawSoon);
scroller.addEventListener("blur", drawSoon);

over.push(() => {
  if (document.activeElement !== scroller || !scroller.matches(":focus-visible")) return;
  pen.strokeStyle = colour("playhead");
  pen.lineWidth = 2;
  pen.strokeRect(xOf(cursor.tick) + 1, yOf(cursor.pitch) + 1, Math.max(6, grid * view.scale - 2), row - 2);
});
