// @ts-check
// What keys and buttons do to what is drawn: where the cursor stands, or with what is selected; and what is said of it.
import { barNumber, nameOf } from "../roll/geometry.js";
import { HIGH, LOW } from "./drawing.js";

/** @typedef {import("./drawing.js").Note} Note */
/** @typedef {ReturnType<typeof editorActions>} Actions */

/** @param {import("./editor.js").Editor} editor */
export function editorActions({ canvas: { drawSoon }, drawing, cursor, piano, speech, view, showState }) {
  const { say, spoken, spokenMany, spokenPlace } = speech;

  /** What a key acts on: what is selected, else the note under the cursor. @returns {Set<Note>} */
  function grasped() {
    if (drawing.selected.size) return drawing.selected;
    const note = drawing.noteAt(cursor.tick, cursor.pitch);
    return new Set(note ? [note] : []);
  }

  function showCursor() {
    view.reveal(cursor.tick, cursor.pitch);
    showState();
    drawSoon();
  }

  /** @param {number} ticks @param {number} pitches */
  function step(ticks, pitches) {
    const tick = Math.max(0, Math.min(drawing.picture.end - drawing.grid, drawing.floorToGrid(cursor.tick + ticks)));
    cursor.moveTo(tick, Math.max(LOW, Math.min(HIGH, cursor.pitch + pitches)));
    drawing.select();
    const note = drawing.noteAt(cursor.tick, cursor.pitch);
    if (note) piano.ping(note.pitch, note.velocity);
    say(note ? spoken(note) : `${nameOf(cursor.pitch)}, ${spokenPlace(cursor.tick)}`);
    showCursor();
  }

  /** @param {number} direction */
  function barStep(direction) {
    const { bars } = drawing.picture, bar = barNumber(bars, cursor.tick) - 1;
    const at = bars[Math.max(0, Math.min(bars.length - 2, bar + direction))];
    step(at - cursor.tick, 0);
  }

  function takeAway() {
    const gone = grasped();
    if (!gone.size) { say("There is no note here."); return; }
    say(`${spokenMany([...gone])} deleted.`);
    drawing.remove(gone);
  }

  // A note where there is none, else pick it up or put it down.
  function put() {
    const there = drawing.noteAt(cursor.tick, cursor.pitch);
    if (there) {
      const on = !drawing.selected.has(there);
      if (on) drawing.selected.add(there); else drawing.selected.delete(there);
      say(`${spoken(there)} ${on ? "selected" : "let go"}.`);
      showCursor();
      return;
    }
    const note = drawing.newNote(cursor.tick, cursor.pitch);
    drawing.change([...drawing.notes, note]);
    piano.ping(note.pitch, note.velocity);
    say(`${spoken(note)} added.`);
    cursor.moveTo(note.onset);
    showCursor();
  }

  /** @param {import("./drawing.js").Altered} altered @param {string} what was done */
  function alter({ list, chosen }, what) {
    const kept = drawing.selected.size > 0;
    drawing.change(list, kept ? chosen : []);
    if (chosen.length === 1) {
      cursor.moveTo(chosen[0].onset, chosen[0].pitch);
      if (what === "moved") piano.ping(chosen[0].pitch);
    }
    say(`${spokenMany(chosen)} ${what}.`);
    showCursor();
  }

  /** @param {number} ticks @param {number} pitches */
  function shove(ticks, pitches) {
    const held = grasped();
    if (held.size) alter(drawing.moved(held, ticks, pitches), "moved");
  }

  /** @param {number} ticks */
  function lengthen(ticks) {
    const held = grasped();
    if (!held.size) return;
    const result = drawing.stretched(held, ticks);
    drawing.setBrush(result.chosen[result.chosen.length - 1].duration);
    alter(result, ticks > 0 ? "lengthened" : "shortened");
  }

  function cutOut() { drawing.copy(); takeAway(); }

  function duplicate() {
    if (!drawing.selected.size) return;
    say(`${spokenMany(drawing.duplicate())} copied behind.`);
  }

  function selectAll() {
    drawing.select(drawing.notes.filter(note => !drawing.facts.parts[note.voice]?.drum));
    say(`${drawing.selected.size} notes selected.`);
    showState();
    drawSoon();
  }

  /** @param {boolean} done @param {string} words */
  const told = (done, words) => say(done ? words : "There is nothing more.");
  return {
    step, barStep, takeAway, put, shove, lengthen, cutOut, duplicate, selectAll,
    undo: () => told(drawing.undo(), "Undone."),
    redo: () => told(drawing.redo(), "Done again."),
  };
}
