// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { lateness } from "../../composer/page/editor/delay.js";
import { Drawing, HIGH, LOW, barLines } from "../../composer/page/editor/drawing.js";
import { metreOf } from "../../composer/page/editor/tools.js";

/** @typedef {import("../../composer/page/editor/drawing.js").Note} Note */

/** @type {string[]} */
let told;
/** @type {Drawing} */
let drawing;
beforeEach(() => {
  told = [];
  drawing = new Drawing({
    redraw: longer => told.push(longer ? "longer" : "redraw"), changed: () => told.push("changed"), back: name => told.push(`back to ${name}`),
  });
});

/** @type {(onset: number, pitch: number, duration?: number, voice?: number) => Note} */
const note = (onset, pitch, duration = 24, voice = 0) => ({ onset, pitch, duration, voice, new: false, velocity: 80 });
const shown = () => drawing.notes.map(({ onset, pitch, duration }) => `${onset}:${pitch}:${duration}`);
/** @param {Note[]} notes */
const take = (notes, more = {}) => drawing.take({ ...drawing.facts, notes, ...more });

test("a step is told, undone and done again", () => {
  drawing.change([note(0, 60)]);
  drawing.change([...drawing.notes, note(24, 62)]);
  assert.deepEqual(shown(), ["0:60:24", "24:62:24"]);
  assert.equal(told.filter(word => word === "changed").length, 2);
  assert.equal(drawing.undo(), true);
  assert.deepEqual(shown(), ["0:60:24"]);
  assert.equal(drawing.redo(), true);
  assert.deepEqual(shown(), ["0:60:24", "24:62:24"]);
  assert.deepEqual([drawing.redo(), drawing.undo(), drawing.undo(), drawing.undo()], [false, true, true, false]);
});

test("a new step forgets what was undone", () => {
  drawing.change([note(0, 60)]);
  drawing.undo();
  drawing.change([note(0, 64)]);
  assert.deepEqual([drawing.canRedo, shown()], [false, ["0:64:24"]]);
});

test("the first step back from another seed is the drawing that it replaced", () => {
  take([note(0, 60)], { before: "Own 1" });
  assert.equal(drawing.undo(), true);
  assert.equal(told.at(-1), "back to Own 1");
  assert.equal(drawing.canUndo, false);
});

test("on one pitch of a voice a note is cut by the next, and the later stroke of two at once stays", () => {
  drawing.change([note(0, 60, 48), note(24, 60), note(24, 60, 12), note(0, 60, 48, 0), note(12, 64, 48)]);
  assert.deepEqual(shown(), ["0:60:24", "12:64:48", "24:60:12"]);
});

test("what is selected stays so where it was cut", () => {
  const long = note(0, 60, 48);
  drawing.change([long, note(24, 60)], [long]);
  assert.deepEqual([...drawing.selected].map(({ onset, duration }) => [onset, duration]), [[0, 24]]);
});

test("notes move together, within the roll", () => {
  take([note(0, 60), note(24, 64)]);
  const { list, chosen } = drawing.moved(drawing.notes, 12, 1);
  assert.deepEqual(list.map(({ onset, pitch }) => [onset, pitch]), [[12, 61], [36, 65]]);
  assert.equal(chosen.length, 2);
  assert.deepEqual(drawing.moved(drawing.notes, -50, 0).list.map(({ onset }) => onset), [0, 24]);
  assert.deepEqual(drawing.moved(drawing.notes, 0, 100).list.map(({ pitch }) => pitch), [HIGH - 4, HIGH]);
  assert.deepEqual(drawing.moved(drawing.notes, 0, -100).list.map(({ pitch }) => pitch), [LOW, LOW + 4]);
});

test("notes stretch, and stay a grid cell long at least", () => {
  take([note(0, 60, 24), note(24, 62, 36)]);
  assert.deepEqual(drawing.stretched(drawing.notes, 12).list.map(({ duration }) => duration), [36, 48]);
  assert.deepEqual(drawing.stretched(drawing.notes, -100).list.map(({ duration }) => duration), [12, 12]);
});

test("a sketch is seen and comes to nothing, or to a step", () => {
  take([note(0, 60)]);
  drawing.sketch([...drawing.notes, note(24, 62)], []);
  assert.deepEqual([drawing.picture.notes.length, drawing.notes.length], [2, 1]);
  drawing.forget();
  assert.equal(drawing.picture.notes.length, 1);
  assert.ok(!told.includes("changed"));
});

test("what is copied is put where one wants it, and behind itself", () => {
  take([note(0, 60), note(24, 62)]);
  drawing.select(drawing.notes);
  drawing.copy();
  drawing.paste(96);
  assert.deepEqual(shown(), ["0:60:24", "24:62:24", "96:60:24", "120:62:24"]);
  drawing.select(drawing.notes.slice(0, 2));
  drawing.duplicate();
  assert.deepEqual(shown().slice(2, 4), ["48:60:24", "72:62:24"]);
});

test("a note at a place is that of the voice drawn in before others, and never a drum's", () => {
  const parts = [["Melody", false], ["Bass", false], ["Drums", true]].map(([name, drum]) => ({ name: String(name), program: 0, drum: Boolean(drum) }));
  take([note(0, 60, 24, 0), note(0, 60, 24, 1), note(0, 36, 24, 2)], { parts });
  assert.equal(drawing.noteAt(12, 60)?.voice, 0);
  drawing.drawIn(1);
  assert.equal(drawing.noteAt(12, 60)?.voice, 1);
  assert.deepEqual([drawing.noteAt(12, 36), drawing.noteAt(24, 60)], [null, null]);
  assert.equal(drawing.noteAt(24, 60, 30)?.voice, 1);  // a finger is wider than a short note
});

test("a new note is as long as the last and as loud as its neighbours", () => {
  take([{ ...note(0, 60), velocity: 40 }, { ...note(24, 60), velocity: 50 }, { ...note(48, 60), velocity: 99 }]);
  drawing.setBrush(6);
  assert.deepEqual(drawing.newNote(96, 72), { onset: 96, pitch: 72, duration: 6, voice: 0, new: false, velocity: 50 });
});

test("the grid begins anew in every bar", () => {
  take([], { metres: [{ tick: 0, name: "7/8", beat: 12, bar: 84 }] });
  drawing.setGrid(24);
  assert.deepEqual([0, 23, 83, 84, 107, 108].map(tick => drawing.floorToGrid(tick)), [0, 0, 72, 84, 84, 108]);
  assert.deepEqual([11, 12, -5].map(tick => drawing.nearestGrid(tick)), [0, 24, 0]);
});

test("bar lines go by their metres, to the first after the music", () => {
  const metres = [{ tick: 0, name: "3/4", beat: 24, bar: 72 }, { tick: 144, name: "4/4", beat: 24, bar: 96 }];
  assert.deepEqual(barLines(metres, 150), [0, 72, 144, 240]);
  assert.deepEqual(barLines(metres, 72), [0, 72]);
  assert.deepEqual(barLines(metres, 1), [0, 72]);
});

test("there are as many bars as there is room for, and one more to draw in", () => {
  take([note(0, 60)]);
  assert.equal(drawing.picture.bars.length - 1, 5);
  drawing.change([note(4 * 96, 60)]);
  assert.equal(drawing.picture.bars.length - 1, 6);
  assert.equal(told.at(-2), "longer");
  drawing.makeRoom();
  drawing.rebuild();
  assert.equal(drawing.picture.bars.length - 1, 6);
});

test("no more than 200 steps are kept", () => {
  for (let n = 0; n < 250; n++) drawing.change([note(n, 60)]);
  let steps = 0;
  while (drawing.undo()) steps++;
  assert.equal(steps, 200);
});

test("a metre says its bar, its beat and what its tempo counts", () => {
  assert.deepEqual(metreOf("3/4", 24), { metre: { tick: 0, name: "3/4", beat: 24, bar: 72 }, counted: 24 });
  assert.deepEqual(metreOf("6/8", 24), { metre: { tick: 0, name: "6/8", beat: 36, bar: 72 }, counted: 36 });
  assert.deepEqual(metreOf("3/8", 24), { metre: { tick: 0, name: "3/8", beat: 12, bar: 36 }, counted: 24 });
  assert.deepEqual(metreOf("4/4", 36).counted, 24);
});

test("lateness is the middle one of the strokes that belong to a click", () => {
  const clicks = [0, 0.6, 1.2, 1.8, 2.4];
  assert.ok(Math.abs((lateness(clicks, [0.05, 0.66, 1.25, 1.87, 2.05]) ?? NaN) - 0.06) < 1e-9);
  assert.equal(lateness(clicks, [0.05, 0.66, 1.25]), null);
  assert.equal(lateness(clicks, [0.3, 0.9, 1.5, 2.1]), null);  // between the clicks
});
