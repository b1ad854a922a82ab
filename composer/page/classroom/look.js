// @ts-check
// A take looked into, note by note. Its chances are worked out here from the logits, so that the temperature can be
// moved with nothing written anew; a value that could have been drawn begins a branch, a take beside it.

const TOP_P = 0.95;   // what suits going on
const MOST_TAKES = 6;

/** @param {{element: HTMLElement}} host */
function makeLook({ element }) {
  const part = name => element.querySelector(name);
  const section = part(".inside"), tabs = part(".inside .tabs"), stepper = part(".stepper"), told = part(".step-told");
  const slider = part(".try"), warmth = slider.nextElementSibling, stages = part(".stages"), decisions = part(".decisions");
  const layers = part(".layers"), layerChoice = part(".layer-choice"), layerPicture = part(".layer-picture"), layerTold = part(".layer-told");
  let takes = [], current = 0, at = 0, stage = 3, layer = 0, head = 0, what = "hidden", audio = null;

  const take = () => takes[current];
  const notes = () => take().steps.filter(step => step.note);
  const barOf = onset => take().picture.bars.filter(tick => tick <= onset).length;
  const titles = { bar: onset => Math.max(1, barOf(onset)) };

  async function open(spec, called, from = 0) {
    section.hidden = false;
    section.setAttribute("aria-busy", "true");
    const answer = await ask("look_inside", spec);
    section.removeAttribute("aria-busy");
    if (!answer) { if (!takes.length) section.hidden = true; return; }
    takes = [...takes, { ...answer, spec, called, layers: answer.layers, told: new Map() }].slice(-MOST_TAKES);
    choose(takes.length - 1, from);
  }

  function choose(index, from = 0) {
    current = index;
    const step = notes().findIndex(each => each.row >= from);
    at = Math.max(0, step);
    slider.value = take().spec.temperature;
    layer = head = 0;
    paint();
  }

  function paint() {
    tabs.replaceChildren(...takes.map((each, index) => {
      const button = make("button", { type: "button", textContent: each.called });
      button.setAttribute("aria-pressed", String(index === current));
      button.addEventListener("click", () => choose(index, index === current ? 0 : notes()[at]?.row));
      return button;
    }));
    paintRoll();
    paintStep();
    paintLayers();
  }

  function paintRoll() {
    const value = take(), width = Math.max(200, stepper.clientWidth - 2), axis = axisOf(takes.map(each => each.picture), width), step = notes()[at];
    const roll = rollOf(value.picture, axis, 130, rollInWords(value.called, value.picture));
    if (step) {
      const [onset, pitch, duration] = step.note;
      roll.svg.append(drawn("rect", { x: axis.x(onset) - 1, y: roll.y(pitch) - 2, width: axis.x(duration) + 2, height: roll.row + 4, class: "now" }));
    }
    roll.svg.addEventListener("click", event => {
      const tick = axis.tick(event.clientX - roll.svg.getBoundingClientRect().left);
      const near = notes().map((each, place) => [Math.abs(each.note[0] + each.note[2] / 2 - tick), place]).sort((a, b) => a[0] - b[0])[0];
      if (near) { at = near[1]; paint(); }
    });
    part(".inside-roll").replaceChildren(roll.svg);
    part(".curve").replaceChildren(curveOf(axis));
  }

  function curveOf(axis) {
    const all = notes(), most = Math.max(1, ...all.flatMap(step => [step.surprise, step.entropy])), height = 72;
    const line = name => all.map((step, place) => `${place ? "L" : "M"}${(axis.x(step.note[0]) + 2).toFixed(1)},${(height - 4 - step[name] / most * (height - 10)).toFixed(1)}`).join("");
    const peak = all.reduce((best, step, place) => step.surprise > all[best].surprise ? place : best, 0);
    const words = all.length ? `Surprise and entropy of ${all.length} notes. The most surprising is note ${peak + 1}, ${all[peak].surprise.toFixed(1)} bits.` : "";
    const step = all[at], now = step ? [drawn("path", { d: `M${axis.x(step.note[0]) + 2},0v${height}`, class: "now-line" })] : [];
    return pictureOf(axis.width, height, words, ...now, drawn("path", { d: line("entropy"), class: "entropy" }), drawn("path", { d: line("surprise"), class: "surprise" }));
  }

  function paintStep() {
    const all = notes(), step = all[at], value = take();
    part(".before").disabled = at <= 0;
    part(".after").disabled = at >= all.length - 1;
    if (!step) { told.textContent = "This take has no notes to look at."; decisions.replaceChildren(); return; }
    const [onset, pitch, duration] = step.note;
    told.textContent = `Note ${at + 1} of ${all.length}: ${toneOf(pitch)} in bar ${barOf(onset)}, ${quartersOf(duration)}. Surprise ${step.surprise.toFixed(1)} bits, entropy ${step.entropy.toFixed(1)} bits.`;
    const temperature = Number(slider.value);
    warmth.textContent = temperature.toFixed(2);
    const width = Math.min(340, Math.max(200, decisions.clientWidth - 30));
    // An earlier decision of the same row, such as a rest that was passed over, stands in a row of its own before it.
    decisions.replaceChildren(...step.decided.filter(each => each.name !== "voice" || each.left.some(([first, last]) => last > first) || each.left.length > 1).map(each => {
      const found = stagesOf(each, temperature, TOP_P);
      return decisionOf(each, { shares: found.stages[stage], open: found.open }, value, width, (decided, chosen) => branch(step, decided, chosen));
    }));
  }

  async function branch(step, decided, value) {
    const spec = take().spec, turn = { row: step.row, decision: decided.decision, value };
    const before = spec.turns.filter(each => each.row < turn.row || (each.row === turn.row && each.decision < turn.decision));
    const name = namesOf(take())(decided.name, value);
    await open({ ...spec, turns: [...before, turn] }, `Branch at note ${at + 1}: ${name}`, step.row);
  }

  async function layerOf() {
    const value = take();
    if (!value.told.has(layer)) value.told.set(layer, await ask("layer_inside", { ...value.spec, layer }));
    return value.told.get(layer);
  }

  async function paintLayers() {
    const value = take();
    layers.hidden = !value.layers;
    if (!value.layers || !notes()[at]) return;
    const answer = await layerOf();
    if (!answer || take() !== value) return;
    const row = answer.rows[notes()[at].row];
    const chosen = (label, count, now, set) => {
      const select = make("select", {}, ...Array.from({ length: count }, (_, place) => make("option", { value: String(place), textContent: String(place + 1), selected: place === now })));
      select.addEventListener("change", () => { set(Number(select.value)); paintLayers(); });
      return make("label", { textContent: `${label} ` }, select);
    };
    const controls = [chosen("Layer", value.layers, layer, next => { layer = next; })];
    if (row.heads) {
      head = Math.min(head, row.heads.length - 1);
      controls.push(chosen("Head", row.heads.length, head, next => { head = next; }));
      const axis = axisOf(takes.map(each => each.picture), Math.max(200, stepper.clientWidth - 2));
      const arcs = arcsOf(row, answer, axis, head, notes()[at].note, titles);
      const roll = rollOf(value.picture, axis, 60, rollInWords(value.called, value.picture));
      layerPicture.replaceChildren(arcs.svg, roll.svg);
      layerTold.textContent = arcs.words;
    } else {
      const kinds = [["hidden", "Hidden values"], ...Object.keys(row.gates).map(name => [name, { input: "Input gate", forget: "Forget gate", output: "Output gate" }[name]])];
      if (!kinds.some(([name]) => name === what)) what = "hidden";
      controls.push(...kinds.map(([name, words]) => {
        const button = make("button", { type: "button", textContent: words });
        button.setAttribute("aria-pressed", String(name === what));
        button.addEventListener("click", () => { what = name; paintLayers(); });
        return button;
      }));
      const lowest = what === "hidden" ? -1 : 0;
      const valuesOf = each => Array.from(bytesOf(what === "hidden" ? each.hidden : each.gates[what]), byte => lowest < 0 ? byte / 127.5 - 1 : byte / 255);
      const columns = notes().map(each => valuesOf(answer.rows[each.row]));
      const words = mapInWords(columns[at], kinds.find(([name]) => name === what)[1], lowest, at + 1);
      layerPicture.replaceChildren(mapOf(columns, at, lowest, words));
      layerTold.textContent = words;
    }
    const focused = layerChoice.contains(document.activeElement) ? [...layerChoice.querySelectorAll("select, button")].indexOf(document.activeElement) : -1;
    layerChoice.replaceChildren(...controls);
    if (focused >= 0) layerChoice.querySelectorAll("select, button")[focused]?.focus();
  }

  function step(by) {
    if (!takes.length) return;
    at = Math.max(0, Math.min(notes().length - 1, at + by));
    paint();
  }

  STAGES.forEach((words, place) => {
    const choice = make("input", { type: "radio", name: "classroom-stage", value: String(place), checked: place === stage });
    choice.addEventListener("change", () => { stage = place; paintStep(); });
    stages.append(make("label", {}, choice, ` ${words}`));
  });
  slider.addEventListener("input", paintStep);
  part(".before").addEventListener("click", () => step(-1));
  part(".after").addEventListener("click", () => step(1));
  stepper.addEventListener("keydown", event => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  });
  part(".listen").addEventListener("click", async () => {
    const button = part(".listen"), value = take();
    if (audio && !audio.paused) { audio.pause(); return; }
    button.setAttribute("aria-busy", "true");
    value.sound ??= await ask("take_sound", value.spec);
    button.removeAttribute("aria-busy");
    if (!value.sound?.sound) { if (value.sound?.silence) tell(value.sound.silence); return; }
    audio = new Audio(addressOf(value.sound.sound));
    audio.currentTime = 0;
    audio.addEventListener("loadedmetadata", () => { audio.currentTime = secondsAt(value.picture, value.picture.play_from); }, { once: true });
    audio.play().catch(() => {});
  });
  new ResizeObserver(() => { if (takes.length && !section.hidden) { paintRoll(); } }).observe(stepper);
  document.addEventListener("motif:language", () => { if (takes.length) paint(); });

  return {
    /** Look into a row of a comparison. */
    begin(row, value) {
      const { networks, only, ...settings } = value.asked;
      takes = [];
      open({ ...settings, seed: value.seed, network: row.name, turns: [] }, row.name.toUpperCase());
      section.scrollIntoView({ block: "nearest" });
    },
  };
}
