// @ts-check
// The editor: what its parts know of each other, what comes from Python (another seed, its sound, the voice to draw in),
// and what the editor says of itself.
import { hostOf } from "../gradio.js";
import { rollCanvas } from "../roll/canvas.js";
import { barChoice } from "../roll/choice.js";
import { heedDrops } from "../roll/drop.js";
import { rollPlayer } from "../roll/player.js";
import { editorActions } from "./actions.js";
import { Cursor } from "./cursor.js";
import { strokeDelay } from "./delay.js";
import { Drawing } from "./drawing.js";
import { heedKeyboard } from "./keyboard.js";
import { smallPiano } from "./piano.js";
import { playedKeys } from "./play.js";
import { heedPointer } from "./pointer.js";
import { recording } from "./record.js";
import { tellShortcuts } from "./shortcuts.js";
import { speaking } from "./speech.js";
import { editorTools } from "./tools.js";
import { touchKeys } from "./touch.js";
import { editorView } from "./view.js";

/**
 * What every part of the editor knows.
 * @typedef {object} Editor
 * @property {import("../gradio.js").Host} host
 * @property {import("../roll/canvas.js").RollCanvas} canvas
 * @property {Drawing} drawing
 * @property {Cursor} cursor
 * @property {import("../roll/choice.js").Choice} choice
 * @property {import("../roll/player.js").Player} player
 * @property {import("./view.js").EditorView} view
 * @property {import("./speech.js").Speech} speech
 * @property {import("./piano.js").Piano} piano
 * @property {() => void} showState let the tools show how things stand
 */

/** @param {import("../gradio.js").Given} given */
export function mountEditor(given) {
  const host = hostOf(given), { element, props, trigger, watch, signal } = host;
  const drawing = new Drawing({
    redraw: longer => { if (longer) view.layOut(); else canvas.drawSoon(); },
    changed: send,
    back: name => trigger("back", { name }),
  });
  /** @param {{ new: boolean, voice: number }} note */
  const fillOf = note => (drawing.facts.parts.length > 1 ? `voice-${note.voice % 6}` : note.new ? "new" : "seed");
  const canvas = rollCanvas(host, {
    shown: () => drawing.picture, fillOf, frozen: note => choice.freezes(note), keyMarks: pitch => keys.keyMarks(pitch),
  });
  const { scroller } = canvas, choice = barChoice(host, canvas), player = rollPlayer(host, canvas), { audio } = player;
  const cursor = new Cursor(), piano = smallPiano(signal), speech = speaking(host, drawing);
  const view = editorView(host, canvas, drawing);
  /** @type {Editor} */
  const editor = { host, canvas, drawing, cursor, choice, player, view, speech, piano, showState: () => tools.showState() };
  const paintTouch = touchKeys(element, () => keys), keys = playedKeys(editor, paintTouch);
  const actions = editorActions(editor), tools = editorTools(editor, actions);
  const pointer = heedPointer(editor, keys, tools.tool);
  const recorder = recording(editor, keys, () => delay), delay = strokeDelay(editor, keys, recorder.isRecording);
  let stale = false;     // the sound is of notes that were changed since
  heedDrops(scroller);
  heedKeyboard(editor, { actions, tools, keys, recorder, pointer });
  if (element.closest("#editor")) tellShortcuts(keys, recorder);
  paintTouch();

  // The page hears of every step.
  function send() {
    props.value = { ...drawing.facts, notes: drawing.notes, edition: drawing.edition };
    trigger("edit");
    outdate();
    describe();
    tools.showState();
  }

  // The sound does not belong to the notes any more; what plays may play to its end.
  function outdate() {
    stale = Boolean(player.source());
    if (stale && (audio.paused || audio.ended)) endStale();
  }

  function endStale() {
    const end = drawing.picture.ends_at, tick = Math.min(player.tickAt(audio.currentTime), end);
    stale = false;
    player.silence();
    player.beginAt(audio.ended || tick >= end ? 0 : tick);
    player.showPlaying();
  }

  function describe() {
    const { facts, picture, notes } = drawing;
    const voices = facts.parts.length > 1 ? ` in ${facts.parts.length} voices` : "";
    const named = facts.title ? ` of ${facts.title}` : "";
    const bars = picture.bars.filter(tick => tick < picture.ends_at).length;
    canvas.canvas.setAttribute("aria-hidden", "true");
    scroller.setAttribute("aria-label", `Piano roll${named}: ${bars} bars, ${notes.length} notes${voices}. Arrow keys move, Enter adds a note, Delete takes it away.`);
  }

  function arriveSeed() {
    const value = props.value;
    element.dataset.open = String(Boolean(value?.open));
    if (!value?.notes || (value.edition && value.edition === drawing.edition)) return;  // nothing yet, or our own
    drawing.take(value);
    if (player.source()) player.silence();
    stale = false;
    player.beginAt(0);
    view.fit();
    view.centre();
    scroller.scrollLeft = 0;
    cursor.moveTo(0, drawing.notes[0]?.pitch ?? 67);
    tools.showFacts();
    describe();
    player.showPlaying();
  }

  function arriveSound() {
    player.playButton.removeAttribute("aria-busy");
    if (props.sound?.audio) player.sound(props.sound);
    player.showPlaying();
  }

  scroller.setAttribute("role", "application");
  canvas.canvas.removeAttribute("role");
  for (const name of ["pause", "ended"]) audio.addEventListener(name, () => { if (stale) endStale(); });
  watch("value", arriveSeed);
  watch("sound", arriveSound);
  watch("voice", () => { drawing.drawIn(props.voice ?? drawing.voice); tools.showState(); canvas.drawSoon(); });
  arriveSeed();
}
