// @ts-check
// The editor by keyboard alone: a cursor of one grid cell, moved by the arrows, and what is done where it stands.

/** @type {Record<string, [across: number, up: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @param {import("./editor.js").Editor} editor
 * @param {{
 *   actions: import("./actions.js").Actions, tools: import("./tools.js").Tools, keys: import("./play.js").Keys,
 *   recorder: import("./record.js").Recording, pointer: import("./pointer.js").Pointer,
 * }} parts
 */
export function heedKeyboard({ canvas, drawing, cursor, player, view, showState }, { actions, tools, keys, recorder, pointer }) {
  const { scroller, over, pen, colour, xOf, yOf, geometry, drawSoon } = canvas;
  const { step, shove, lengthen } = actions;

  function letGo() {
    if (recorder.isRecording()) { recorder.stop(); return; }
    if (keys.isPlaying()) { keys.setPlaying(false); return; }
    if (pointer.isBusy()) { pointer.abandon(); return; }
    drawing.select();
    showState();
    drawSoon();
  }

  // What the editor's keys do, by what is pressed with them; the sheet behind "?" tells of them in words.
  /** @param {KeyboardEvent} event */
  function onArrow(event) {
    const [across, up] = ARROWS[event.key], ctrl = event.ctrlKey || event.metaKey, { grid } = drawing;
    if (event.altKey) shove(across * grid, up * (event.shiftKey ? 12 : 1));
    else if (event.shiftKey && across) lengthen(across * grid);
    else if (event.shiftKey) step(0, up * 12);
    else if (ctrl && across) actions.barStep(across);
    else if (drawing.selected.size > 1 && up) shove(0, up);
    else step(across * grid, up);
  }
  /** @type {Record<string, () => void>} */
  const PLAIN = {
    Enter: actions.put, Delete: actions.takeAway, Backspace: actions.takeAway, Escape: letGo, " ": () => player.playButton.click(),
    PageUp: () => step(0, 12), PageDown: () => step(0, -12),
    Home: () => step(-cursor.tick, 0), End: () => step(Math.max(0, drawing.picture.ends_at - drawing.grid) - cursor.tick, 0),
    "+": () => view.zoomBy(1.25), "=": () => view.zoomBy(1.25), "-": () => view.zoomBy(0.8), 0: view.fitAll,
    1: () => tools.takeUp("draw"), 2: () => tools.takeUp("select"), 3: () => tools.takeUp("erase"),
    k: () => keys.setPlaying(!keys.isPlaying()), r: recorder.toggle,
  };
  /** @type {Record<string, () => void>} */
  const WITH_CTRL = {
    z: actions.undo, y: actions.redo, a: actions.selectAll, c: () => drawing.copy(), x: actions.cutOut,
    v: () => drawing.paste(cursor.tick), d: actions.duplicate,
  };

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
    pen.strokeRect(xOf(cursor.tick) + 1, yOf(cursor.pitch) + 1, Math.max(6, drawing.grid * geometry.scale - 2), view.row() - 2);
  });
}
