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
  part("voice").value = voice;
  element.dataset.notes = notes.length;
  element.dataset.drawn = notes.slice(0, 64).map(note => `${note.onset}:${note.pitch}:${note.duration}`).join(" ");
  element.dataset.fresh = notes.filter(note => note.new).length;
  element.dataset.selected = selected.size;
  element.dataset.cursor = `${cursor.tick},${cursor.pitch}`;
  element.dataset.edition = edition;
}

// The menus whose entries depend on the seed.
function showFacts() {
  const metres = METRES.includes(facts.metre) ? METRES : [facts.metre, ...METRES];
  part("metre").replaceChildren(...options(metres));
  part("metre").value = facts.metre;
  part("tempo").value = facts.tempo;
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

function setMetre(name) {
  const [count, unit] = name.split("/").map(Number), whole = 96, bar = count * whole / unit;
  const compound = unit >= 8 && count > 3 && count % 3 === 0, beat = (compound ? 3 : 1) * whole / unit;
  change(notes, selected, { ...facts, metre: name, metres: [{ tick: 0, name, beat, bar }] });
}

function setTempo(field) {
  const bpm = Number(field.value);
  if (!field.value || !field.checkValidity()) {
    say("The tempo is from 20 to 400 quarters a minute.");
    field.value = facts.tempo;
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
part("zoom-fit").addEventListener("click", fit);
part("more-voices").addEventListener("click", addVoice);
part("grid").addEventListener("change", event => { grid = brush = Number(event.target.value); showState(); drawSoon(); });
part("voice").addEventListener("change", event => { voice = Number(event.target.value); selected = new Set(); showState(); drawSoon(); });
part("metre").addEventListener("change", event => setMetre(event.target.value));
part("tempo").addEventListener("change", event => setTempo(event.target));
part("key").addEventListener("change", event => change(notes, selected, { ...facts, key: event.target.value || null }));
