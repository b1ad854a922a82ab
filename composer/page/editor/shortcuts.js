// @ts-check
// What the sheet behind "?" says of the editor; keys that act anywhere on the page act on the seed.
import { addShortcuts } from "../shortcuts.js";

/**
 * @param {import("./play.js").Keys} keys
 * @param {import("./record.js").Recording} recorder
 */
export function tellShortcuts(keys, recorder) {
  addShortcuts("On the roll", [
    ["← → ↑ ↓", "Move by grid and semitone"], ["Ctrl+← Ctrl+→", "Move by bar"], ["PgUp PgDn", "Move by octave"],
    ["Home End", "To the beginning, to the end"], ["Enter", "Add a note; on a note, select it"], ["Del", "Delete"],
    ["Shift+← Shift+→", "Shorten, lengthen"], ["Alt+← → ↑ ↓", "Move notes"], ["Esc", "Let go"],
    ["Space", "Play, pause"], ["Ctrl+Z Ctrl+Y", "Undo, redo"], ["Ctrl+A", "Select all"], ["Ctrl+C Ctrl+X Ctrl+V", "Copy, cut, paste"],
    ["Ctrl+D", "Copy behind"], ["1 2 3", "Draw, select, erase"], ["+ − 0", "Zoom in, out, show all"],
  ]);
  addShortcuts("Mouse and finger on the roll", [
    ["Click", "Add a note; drag to make it longer"], ["Drag", "Move a note, or stretch it by its end"], ["Shift+Drag", "Select with a rubber band"],
    ["Right+click", "Delete"], ["Rest", "A finger that rests on a note deletes it"], ["Ctrl+Wheel", "Zoom"],
    ["1 – 8", "On bar numbers: a click goes there, a drag chooses bars; the play-head is dragged by its tip"],
  ]);
  addShortcuts("Playing it in", [
    ["K", "Computer keys as a piano; Esc ends it", () => keys.setPlaying(!keys.isPlaying())], ["R", "Record, stop", recorder.toggle],
    ["A S D F …", "White keys"], ["W E T Y …", "Black keys"], ["Z X", "Octave down, up"],
  ]);
}
