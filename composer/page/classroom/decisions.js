// @ts-check
// The decisions of a note as pictures: pitch on a keyboard, position on a clock of the bar, everything else as bars.
// Each says its likeliest values as buttons too: one that could be drawn begins a branch.

const TITLES = { move: "Bars moved on", position: "Position in the bar", voice: "Voice", pitch: "Pitch", duration: "Duration", chord: "Chord" };
const MOVES = ["in the same bar", "1 bar on", "2 bars on", "3 bars on", "4 bars on", "5 bars on", "6 bars on", "7 bars on"];
const LISTED = 5;      // values that are told as buttons
const SEEN = 0.001;    // a share that is worth a mark

/** A share of the whole, a fraction in words: 3/2. */
function fractionOf(ticks, whole) {
  const divisor = (a, b) => b ? divisor(b, a % b) : a, by = divisor(ticks, whole) || 1;
  return whole === by ? String(ticks / by) : `${ticks / by}/${whole / by}`;
}

/** A duration in quarters, in words. */
function quartersOf(ticks) {
  return `${fractionOf(ticks, 24)} ${ticks > 24 ? "quarters" : "quarter"}`;
}

/** @param {{picture: any, home: number, durations: number[]}} about what the values of a take stand for */
function namesOf(about) {
  const metre = about.picture.metres[0];
  return (name, value) => {
    if (name === "pitch") return toneOf(value - about.home);
    if (name === "position") return `beat ${fractionOf(value + metre.beat, metre.beat)}`;
    if (name === "duration") return quartersOf(about.durations[value]);
    if (name === "move") return value < 8 ? MOVES[value] : value < 16 ? "a chord" : ["the end", "eight bars of rest", "the last note longer"][value - 16] ?? "";
    return String(value + 1);
  };
}

const percent = share => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** One decision. @param {any} decided @param {{shares: number[], open: boolean[]}} chances */
function decisionOf(decided, chances, about, width, choose) {
  const name = namesOf(about), order = chances.shares.map((_, value) => value).sort((a, b) => chances.shares[b] - chances.shares[a]);
  const listed = order.slice(0, LISTED).filter(value => chances.shares[value] >= SEEN || value === decided.value);
  if (!listed.includes(decided.value)) listed.push(decided.value);
  const sum = chances.shares.reduce((a, b) => a + b, 0);
  const label = `${TITLES[decided.name]}: drawn ${name(decided.name, decided.value)}, ${percent(chances.shares[decided.value])}.`;
  const draw = { pitch: keyboardOf, position: clockOfBar }[decided.name] ?? barsOf;
  const marks = draw({ decided, chances, about, width, label, name, order });
  for (const mark of marks.querySelectorAll("[data-value]")) {
    const value = Number(mark.getAttribute("data-value"));
    if (chances.open[value] && value !== decided.value) mark.addEventListener("click", () => choose(decided, value));
  }
  const buttons = listed.map(value => {
    const isDrawn = value === decided.value, words = `${name(decided.name, value)} · ${percent(chances.shares[value])}`;
    const button = make("button", { type: "button", textContent: words, disabled: isDrawn || !chances.open[value], data: { value: String(value) } });
    if (isDrawn) button.className = "drawn";
    else if (!chances.open[value]) button.className = "closed";
    button.addEventListener("click", () => choose(decided, value));
    return make("li", {}, button);
  });
  return make("section", { className: "decision", data: { decision: decided.name, sum: sum.toFixed(6) } }, make("h4", { textContent: TITLES[decided.name] }), marks, make("ul", {}, ...buttons));
}

const markClass = (decided, chances, value) => [value === decided.value ? "drawn" : "", chances.open[value] ? "open" : "closed"].join(" ").trim();

function barsOf({ decided, chances, width, label, order, name }) {
  const values = order.slice(0, 12).filter(value => chances.shares[value] >= SEEN || value === decided.value);
  if (!values.includes(decided.value)) values.push(decided.value);
  values.sort((a, b) => a - b);
  const most = Math.max(...chances.shares), step = width / values.length, height = 96;
  const marks = values.map((value, place) => drawn("g", { "data-value": value, class: markClass(decided, chances, value) },
    drawn("rect", { x: place * step, y: 0, width: step, height, class: "room" }),
    drawn("rect", { x: place * step + 2, y: height - chances.shares[value] / most * (height - 4), width: Math.max(2, step - 4), height: chances.shares[value] / most * (height - 4) + 1, class: "share" }),
    titled(`${name(decided.name, value)} · ${percent(chances.shares[value])}`)));
  return pictureOf(width, height, label, ...marks);
}

function titled(words) {
  const title = drawn("title");
  title.textContent = words;
  return title;
}

/** A keyboard, lowest pitch left, with a bar over each key. */
function keyboardOf({ decided, chances, about, width, label, name }) {
  const shown = chances.shares.flatMap((share, value) => share >= SEEN || value === decided.value ? [value] : []);
  const low = Math.max(0, Math.min(...shown) - 2), high = Math.min(127, Math.max(...shown) + 2);
  const step = width / (high - low + 1), most = Math.max(...chances.shares), tall = 70, keys = 26, marks = [];
  for (let value = low; value <= high; value++) {
    const black = [1, 3, 6, 8, 10].includes((((value - about.home) % 12) + 12) % 12), x = (value - low) * step;
    const share = chances.shares[value] / most * (tall - 4);
    marks.push(drawn("g", { "data-value": value, class: markClass(decided, chances, value) },
      drawn("rect", { x, y: 0, width: step, height: tall, class: "room" }),
      drawn("rect", { x: x + 1, y: tall - share, width: Math.max(1.5, step - 2), height: share, class: "share" }),
      drawn("rect", { x, y: tall, width: step, height: keys, class: black ? "key black" : "key" }),
      titled(`${name("pitch", value)} · ${percent(chances.shares[value])}`)));
  }
  return pictureOf(width, tall + keys, label, ...marks);
}

/** The bar as a clock: its line at the top, time clockwise, a ray for each position. */
function clockOfBar({ decided, chances, about, label, name }) {
  const metre = about.picture.metres[0], size = 132, middle = size / 2, inner = 20, most = Math.max(...chances.shares);
  const at = (position, radius) => {
    const angle = 2 * Math.PI * position / metre.bar - Math.PI / 2;
    return [middle + radius * Math.cos(angle), middle + radius * Math.sin(angle)].map(value => value.toFixed(1)).join(",");
  };
  const beats = Array.from({ length: Math.round(metre.bar / metre.beat) }, (_, beat) => drawn("path", { d: `M${at(beat * metre.beat, inner)}L${at(beat * metre.beat, middle - 2)}`, class: "beat" }));
  const rays = chances.shares.flatMap((share, value) => value < metre.bar && (share >= SEEN || value === decided.value) ? [
    drawn("g", { "data-value": value, class: markClass(decided, chances, value) },
      drawn("path", { d: `M${at(value, inner)}L${at(value, inner + 2 + share / most * (middle - inner - 4))}`, class: "ray" }),
      titled(`${name("position", value)} · ${percent(share)}`)),
  ] : []);
  return pictureOf(size, size, label, drawn("circle", { cx: middle, cy: middle, r: middle - 2, class: "room" }), drawn("circle", { cx: middle, cy: middle, r: inner, class: "hub" }), ...beats, ...rays);
}
