// @ts-check
// The buttons and menus over the grid.
import { find, make } from "../elements.js";

/** @typedef {"draw" | "select" | "erase"} Tool */
/** @typedef {import("./drawing.js").Part} Part */
/** @typedef {ReturnType<typeof editorTools>} Tools */

const METRES = ["2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "9/8", "12/8", "2/2", "3/2"];
const TONICS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
const KEYS = ["major", "minor"].flatMap(mode => TONICS.map(tonic => `${tonic} ${mode}`));
/** @type {Record<number, string>} */
const UNITS = { 12: "♪", 24: "♩", 36: "♩.", 48: "half" };  // what a tempo counts, by ticks

/** @param {string[]} list @param {string[]} names */
const options = (list, names = list) => list.map((value, at) => new Option(names[at], value));
/** @param {string} key */
const readable = key => key.replace(/^(.)#/, "$1♯").replace(/^(.)b /, "$1♭ ");

/** A name as it stands in a file is not turned into another language. @template {HTMLElement} E @param {E} item @param {string} name */
function named(item, name) {
  item.translate = /^(Track|Voice) \d+$|^Melody$/.test(name);
  return item;
}

/**
 * A metre by its name, as what a bar and a beat of it are, and what its tempo counts then.
 * @param {string} name
 * @param {number} [counted] ticks, before
 */
export function metreOf(name, counted) {
  const [count, unit] = name.split("/").map(Number), whole = 96, bar = count * whole / unit;
  const compound = unit >= 8 && count > 3 && count % 3 === 0, beat = (compound ? 3 : 1) * whole / unit;
  return { metre: { tick: 0, name, beat, bar }, counted: compound && unit === 8 ? 36 : counted === 36 ? 24 : counted };
}

/**
 * @param {import("./editor.js").Editor} editor
 * @param {import("./actions.js").Actions} actions
 */
export function editorTools({ host: { element }, canvas: { drawSoon }, drawing, cursor, speech, view }, actions) {
  const { say, lengths, lengthInWords } = speech;
  /** @param {string} name */
  const button = name => find(element, `.tools .${name}`, HTMLButtonElement);
  /** @param {string} name */
  const menu = name => find(element, `:is(.tools, .facts) .${name}`, HTMLSelectElement);
  const tempo = find(element, ".facts .tempo", HTMLInputElement), unit = find(element, ".facts .unit");
  /** @type {Map<Tool, HTMLElement>} */
  const toolButtons = new Map();
  for (const name of /** @type {Tool[]} */ (["draw", "select", "erase"])) toolButtons.set(name, find(element, `[data-tool=${name}]`));
  /** @type {Tool} */
  let tool = "draw";

  /** What the tools show, as things stand. */
  function showState() {
    for (const [name, each] of toolButtons) each.setAttribute("aria-pressed", String(name === tool));
    const { notes, selected } = drawing;
    button("undo").disabled = !drawing.canUndo;
    button("redo").disabled = !drawing.canRedo;
    button("bin").disabled = !selected.size;
    menu("grid").value = String(drawing.grid);
    showLength();
    menu("voice").value = String(drawing.voice);
    Object.assign(element.dataset, {
      notes: notes.length,
      drawn: notes.slice(0, 64).map(note => `${note.onset}:${note.pitch}:${note.duration}`).join(" "),
      fresh: notes.filter(note => note.new).length,
      selected: selected.size,
      cursor: `${cursor.tick},${cursor.pitch}`,
      edition: drawing.edition,
    });
  }

  // The length of the next note: the last one drawn or stretched, whatever that was.
  function showLength() {
    const { brush } = drawing, list = menu("length"), known = lengths.some(([long]) => long === brush);
    /** @type {[number, string][]} */
    const entries = known ? lengths : [[brush, lengthInWords(brush)], ...lengths];
    if (list.options.length !== entries.length || Number(list.value) !== brush) {
      list.replaceChildren(...entries.map(([long, name]) => new Option(name, String(long))));
    }
    list.value = String(brush);
  }

  /** The menus whose entries depend on the seed. */
  function showFacts() {
    const { facts } = drawing, metres = METRES.includes(facts.metre) ? METRES : [facts.metre, ...METRES];
    menu("metre").replaceChildren(...options(metres));
    menu("metre").value = facts.metre;
    showTempo();
    menu("key").replaceChildren(new Option("from the notes", ""), ...options(KEYS, KEYS.map(readable)));
    menu("key").value = facts.key ?? "";
    const tuned = [...facts.parts.entries()].filter(([, part]) => !part.drum);
    menu("voice").replaceChildren(...tuned.map(([at, { name }]) => named(new Option(name, String(at)), name)));
    nameParts(tuned);
    showState();
  }

  // In the legend: each voice's colour, where there are several.
  /** @param {[number, Part][]} tuned */
  function nameParts(tuned) {
    find(element, ".legend .voices").replaceChildren(...(tuned.length < 2 ? [] : tuned.map(([at, { name }]) => {
      const swatch = make("i", { className: "seed" });
      swatch.style.background = `var(--voice-${at % 6})`;
      return named(make("span", {}, swatch, name), name);
    })));
    element.dataset.voices = String(tuned.length);
  }

  // The tempo is kept in quarters a minute and shown in beats: of a dotted quarter where the music counts those.
  const beats = () => (drawing.facts.beat && drawing.facts.beat in UNITS ? drawing.facts.beat : 24);
  function showTempo() {
    const shown = drawing.facts.tempo * 24 / beats(), whole = Math.round(shown);
    tempo.value = String(Math.abs(shown - whole) < 0.02 ? whole : Number(shown.toFixed(2)));
    unit.textContent = `${UNITS[beats()]} =`;
  }

  /** Change what is no note. @param {Partial<import("./drawing.js").Facts>} facts */
  const changeFacts = facts => drawing.change(drawing.notes, drawing.selected, { ...drawing.facts, ...facts });

  /** @param {string} name */
  function setMetre(name) {
    const { metre, counted } = metreOf(name, drawing.facts.beat);
    changeFacts({ metre: name, beat: counted, metres: [metre] });
    showTempo();
  }

  function setTempo() {
    const bpm = Number((Number(tempo.value) * beats() / 24).toFixed(2));
    if (!tempo.value || bpm < 20 || bpm > 400) {
      say("The tempo is from 20 to 400 quarters a minute.");
      showTempo();
      return;
    }
    changeFacts({ tempo: bpm, tempos: [{ tick: 0, seconds: 0, seconds_per_tick: 60 / bpm / 24 }] });
  }

  function addVoice() {
    const { facts } = drawing, name = `Voice ${facts.parts.length + 1}`;
    drawing.change(drawing.notes, [], { ...facts, parts: [...facts.parts, { name, program: 0, drum: false }] });
    drawing.drawIn(drawing.facts.parts.length - 1);
    say(`${name} added; new notes go there.`);
    showFacts();
  }

  /** @param {Tool} name */
  function takeUp(name) {
    tool = name;
    if (name === "erase") drawing.select();
    showState();
    drawSoon();
  }

  find(element, ".clock").after(find(element, ".facts"));   // the roll's player, and beside it what it plays in
  for (const [name, each] of toolButtons) each.addEventListener("click", () => takeUp(name));
  /** @type {Record<string, () => void>} */
  const clicks = {
    undo: actions.undo, redo: actions.redo, bin: actions.takeAway, "more-voices": addVoice,
    "zoom-in": () => view.zoomBy(1.4), "zoom-out": () => view.zoomBy(1 / 1.4), "zoom-fit": view.fitAll,
  };
  for (const [name, act] of Object.entries(clicks)) button(name).addEventListener("click", act);
  /** @type {Record<string, (value: string) => void>} */
  const choices = {
    grid: value => { drawing.setGrid(Number(value)); showState(); drawSoon(); },
    length: value => { drawing.setBrush(Number(value)); showState(); },
    voice: value => { drawing.drawIn(Number(value)); drawing.select(); showState(); drawSoon(); },
    metre: setMetre,
    key: value => changeFacts({ key: value || null }),
  };
  for (const [name, choose] of Object.entries(choices)) {
    const list = menu(name);
    list.addEventListener("change", () => choose(list.value));
  }
  tempo.addEventListener("change", setTempo);
  return { showState, showFacts, takeUp, tool: () => tool };
}
