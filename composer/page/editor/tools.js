// The buttons and menus over the grid.

const METRES = ["2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "9/8", "12/8", "2/2", "3/2"];
const TONICS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
const KEYS = ["major", "minor"].flatMap(mode => TONICS.map(tonic => `${tonic} ${mode}`));
const part = name => element.querySelector(`:is(.tools, .facts) .${name}`);

function options(list, names = list) {
  return list.map((value, at) => new Option(names[at], value));
}
const readable = key => key.replace(/^(.)#/, "$1♯").replace(/^(.)b /, "$1♭ ");

// What the tools show, as things stand.
function showState() {
  for (const button of element.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", button.dataset.tool === tool);
  part("undo").disabled = !past.length;
  part("redo").disabled = !future.length;
  part("bin").disabled = !selected.size;
  part("grid").value = grid;
  showLength();
  part("voice").value = voice;
  element.dataset.notes = notes.length;
  element.dataset.drawn = notes.slice(0, 64).map(note => `${note.onset}:${note.pitch}:${note.duration}`).join(" ");
  element.dataset.fresh = notes.filter(note => note.new).length;
  element.dataset.selected = selected.size;
  element.dataset.cursor = `${cursor.tick},${cursor.pitch}`;
  element.dataset.edition = edition;
}

// The length of the next note: the last one drawn or stretched, whatever that was.
function showLength() {
  const menu = part("length"), known = props.lengths.map(([long]) => long);
  const list = known.includes(brush) ? props.lengths : [[brush, lengthInWords(brush)], ...props.lengths];
  if (menu.options.length !== list.length || Number(menu.value) !== brush) {
    menu.replaceChildren(...list.map(([long, name]) => new Option(name, long)));
  }
  menu.value = brush;
}

// The menus whose entries depend on the seed.
function showFacts() {
  const metres = METRES.includes(facts.metre) ? METRES : [facts.metre, ...METRES];
  part("metre").replaceChildren(...options(metres));
  part("metre").value = facts.metre;
  showTempo();
  part("key").replaceChildren(new Option("from the notes", ""), ...options(KEYS, KEYS.map(readable)));
  part("key").value = facts.key ?? "";
  const tuned = facts.parts.map((each, at) => [at, each]).filter(([, each]) => !each.drum);
  part("voice").replaceChildren(...tuned.map(([at, each]) => named(new Option(each.name, at), each.name)));
  nameParts(tuned);
  showState();
}

// A name as it stands in a file is not turned into another language.
function named(item, name) {
  item.translate = /^(Track|Voice) \d+$|^Melody$/.test(name);
  return item;
}

// In the legend: each voice's colour, where there are several.
function nameParts(tuned) {
  element.querySelector(".legend .voices").replaceChildren(...(tuned.length < 2 ? [] : tuned.map(([at, each]) => {
    const item = document.createElement("span"), swatch = document.createElement("i");
    swatch.className = "seed";
    swatch.style.background = `var(--voice-${at % 6})`;
    item.append(swatch, each.name);
    return named(item, each.name);
  })));
  element.dataset.voices = tuned.length;
}

// The tempo is kept in quarters a minute and shown in beats: of a dotted quarter where the music counts those.
const UNITS = { 12: "♪", 24: "♩", 36: "♩.", 48: "half" };
const beats = () => (facts.beat in UNITS ? facts.beat : 24);
function showTempo() {
  const shown = facts.tempo * 24 / beats();
  part("tempo").value = Math.abs(shown - Math.round(shown)) < 0.02 ? Math.round(shown) : Number(shown.toFixed(2));
  part("unit").textContent = `${UNITS[beats()]} =`;
}

function setMetre(name) {
  const [count, unit] = name.split("/").map(Number), whole = 96, bar = count * whole / unit;
  const compound = unit >= 8 && count > 3 && count % 3 === 0, beat = (compound ? 3 : 1) * whole / unit;
  const counted = compound && unit === 8 ? 36 : facts.beat === 36 ? 24 : facts.beat;
  change(notes, selected, { ...facts, metre: name, beat: counted, metres: [{ tick: 0, name, beat, bar }] });
  showTempo();
}

function setTempo(field) {
  const bpm = Number((Number(field.value) * beats() / 24).toFixed(2));
  if (!field.value || bpm < 20 || bpm > 400) {
    say("The tempo is from 20 to 400 quarters a minute.");
    showTempo();
    return;
  }
  change(notes, selected, { ...facts, tempo: bpm, tempos: [{ tick: 0, seconds: 0, seconds_per_tick: 60 / bpm / 24 }] });
}

function addVoice() {
  const name = `Voice ${facts.parts.length + 1}`;
  change(notes, [], { ...facts, parts: [...facts.parts, { name, program: 0, drum: false }] });
  voice = facts.parts.length - 1;
  say(`${name} added; new notes go there.`);
  showFacts();
}

function takeUp(name) {
  tool = name;
  selected = name === "erase" ? new Set() : selected;
  showState();
  drawSoon();
}

element.querySelector(".clock").after(element.querySelector(".facts"));   // the roll's player, and beside it what it plays in
for (const button of element.querySelectorAll("[data-tool]")) button.addEventListener("click", () => takeUp(button.dataset.tool));
part("undo").addEventListener("click", () => told(undo(), "Undone."));
part("redo").addEventListener("click", () => told(redo(), "Done again."));
part("bin").addEventListener("click", takeAway);
part("zoom-in").addEventListener("click", () => zoomBy(1.4));
part("zoom-out").addEventListener("click", () => zoomBy(1 / 1.4));
part("zoom-fit").addEventListener("click", fitAll);
part("more-voices").addEventListener("click", addVoice);
part("grid").addEventListener("change", event => { grid = brush = Number(event.target.value); showState(); drawSoon(); });
part("length").addEventListener("change", event => { brush = Number(event.target.value); showState(); });
part("voice").addEventListener("change", event => { voice = Number(event.target.value); selected = new Set(); showState(); drawSoon(); });
part("metre").addEventListener("change", event => setMetre(event.target.value));
part("tempo").addEventListener("change", event => setTempo(event.target));
part("key").addEventListener("change", event => change(notes, selected, { ...facts, key: event.target.value || null }));
