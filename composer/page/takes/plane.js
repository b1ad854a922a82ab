// @ts-check
// The map of phrases, asked for when it is opened: people's phrases by style, the seed's with their order, and the
// take's, joined by a line. A click on one of the take's goes there; the one that sounds is lit.
import { around, find, make } from "../elements.js";
import { headOfRoll } from "./sheet.js";

/** @typedef {[x: number, y: number]} Place */
/** @typedef {{ x: number, y: number, start: number, end: number, first: number, last: number }} Spot */
/** @typedef {{ style: string, points: Place[], named: boolean }} Group */
/** @typedef {"seed" | "take" | "second"} Kind */
/** @typedef {Record<Kind, Spot[]> & { styles: Group[], said: string[] }} PhraseMap */

const MOST_WIDE = 620, EDGE = 26;  // CSS pixels
/** @type {Kind[]} */
const KINDS = ["seed", "take", "second"];
/** @type {Record<Kind, string>} */
const WHOSE = { seed: "The seed's", take: "The take's", second: "The other tune's" };
/** @type {Record<Kind, string>} */
const NAMES = { seed: "The seed's phrases", take: "The take's phrases", second: "The tune morphed into" };
/** @param {number} value */
const tenths = value => Math.round(10 * value) / 10;

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number>} [settings]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[T]}
 */
function shape(tag, settings = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(settings)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

// The outline of a style's mark about (x, y), `s` pixels to each side; the last is everything without a colour.
/** @type {((x: number, y: number, s: number) => string)[]} */
const OUTLINES = [
  (x, y, s) => `M${x - s},${y}a${s},${s} 0 1,0 ${2 * s},0a${s},${s} 0 1,0 ${-2 * s},0`,
  (x, y, s) => `M${x - s},${y - s}h${2 * s}v${2 * s}h${-2 * s}z`,
  (x, y, s) => `M${x},${y - 1.2 * s}l${1.2 * s},${2.2 * s}h${-2.4 * s}z`,
  (x, y, s) => `M${x},${y - 1.4 * s}l${1.2 * s},${1.4 * s}l${-1.2 * s},${1.4 * s}l${-1.2 * s},${-1.4 * s}z`,
  (x, y, s) => `M${x},${y + 1.2 * s}l${1.2 * s},${-2.2 * s}h${-2.4 * s}z`,
  (x, y, s) => `M${x - s},${y - s}l${2 * s},${2 * s}m0,${-2 * s}l${-2 * s},${2 * s}`,
];
/** @type {(group: { look: number }, x: number, y: number, s: number) => string} */
const outline = ({ look }, x, y, s) => look in OUTLINES ? OUTLINES[look](x, y, s) : OUTLINES[0](x, y, 0.6 * s);
/** @param {PhraseMap} map */
const looks = ({ styles }) => styles.map((group, index) => ({ ...group, look: group.named ? index : OUTLINES.length }));

/** @param {Spot} spot @returns {Place} */
const placeOf = ({ x, y }) => [x, y];

/**
 * Equal lengths in every direction: distances are what the map is for.
 * @param {PhraseMap} answer
 * @param {number} width
 */
function planeScale(answer, width) {
  const all = [...answer.styles.flatMap(group => group.points), ...KINDS.flatMap(kind => answer[kind].map(placeOf))];
  const [xs, ys] = [0, 1].map(axis => all.map(point => point[axis]));
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const wide = Math.max(1e-3, right - left), tall = Math.max(1e-3, high - low);
  const scale = Math.min((width - 2 * EDGE) / wide, (width - 2 * EDGE) / tall);
  const height = Math.max(180, Math.round(tall * scale + 2 * EDGE)), middle = [(left + right) / 2, (low + high) / 2];
  /** @type {(place: Place) => Place} */
  const at = ([x, y]) => [tenths(width / 2 + (x - middle[0]) * scale), tenths(height / 2 - (y - middle[1]) * scale)];
  return { at, height };
}

/**
 * From the phrase that was answered to the answer.
 * @param {PhraseMap} map
 * @param {boolean} goesOn whether the take answers the seed
 * @param {(place: Place) => Place} at
 */
function bridge({ seed, take }, goesOn, at) {
  const last = seed.at(-1), first = take[0];
  if (!goesOn || !last || !first) return [];
  return [shape("polyline", { points: [last, first].map(spot => at(placeOf(spot)).join()).join(" "), class: "way answer" })];
}

/**
 * Marks of one kind, pushed apart where they would cover each other, each tied to its true place.
 * @param {Kind} kind
 * @param {Spot[]} spots
 * @param {(place: Place) => Place} at
 */
function planeMarks(kind, spots, at) {
  const places = spots.map(spot => at(placeOf(spot))), apart = kind === "take" ? 18 : 21;
  const stand = places.map(([x, y], index) => /** @type {Place} */ ([x + index / 50, y]));
  for (let round = 0; round < 60; round++) {
    for (const [i, one] of stand.entries()) for (const other of stand.slice(i + 1)) {
      const [dx, dy] = [other[0] - one[0], other[1] - one[1]], far = Math.hypot(dx, dy), push = (apart - far) / 2 / far;
      if (far >= apart) continue;
      one[0] -= dx * push; one[1] -= dy * push;
      other[0] += dx * push; other[1] += dy * push;
    }
  }
  const ties = stand.map((place, index) => shape("polyline", { points: `${places[index]} ${place}`, class: `tie ${kind}-tie`, "aria-hidden": "true" }));
  return [...ties, ...spots.map((spot, index) => planeMark(kind, spot, index, /** @type {Place} */ (stand[index].map(tenths))))];
}

/**
 * @param {Kind} kind
 * @param {Spot} spot
 * @param {number} index
 * @param {Place} place
 */
function planeMark(kind, spot, index, [x, y]) {
  const bars = spot.first === spot.last ? `bar ${spot.first}` : `bars ${spot.first}–${spot.last}`;
  const label = `${WHOSE[kind]} phrase ${index + 1}, ${bars}`;
  const mark = shape("g", { class: kind, transform: `translate(${x},${y})`, role: kind === "take" ? "button" : "img", "data-phrase": index + 1, "aria-label": label });
  const title = shape("title"), number = shape("text", kind === "take" ? { y: 4 } : { x: -12, y: -7 });
  title.textContent = label;
  number.textContent = kind === "second" ? "" : String(index + 1);
  mark.append(title, ...markShape(kind), number);
  if (kind === "take") {
    mark.setAttribute("tabindex", "0");
    mark.dataset.tick = String(spot.start);
  }
  return mark;
}

/** @param {Kind} kind */
function markShape(kind) {
  if (kind === "take") return [shape("circle", { r: 14, class: "room" }), shape("circle", { r: 8 })];
  if (kind === "seed") return [shape("rect", { x: -9.5, y: -9.5, width: 19, height: 19, rx: 4 })];
  return [shape("path", { d: "M0,-15L15,0L0,15L-15,0z" })];
}

/**
 * What each mark means. Pressing a style leaves only its phrases.
 * @param {PhraseMap} answer
 * @param {() => void} onlyStyle
 */
function planeLegend(answer, onlyStyle) {
  const list = make("ul", { className: "key" });
  /** @type {(picture: Node, part: Node) => void} */
  const row = (picture, part) => list.append(make("li", {}, picture, part));
  /** @param {...Node} children */
  const small = (...children) => { const made = shape("svg", { width: 26, height: 26, viewBox: "-18 -18 36 36", "aria-hidden": "true" }); made.append(...children); return made; };
  for (const kind of KINDS) {
    if (answer[kind].length) row(small(shape("g", { class: kind }, ...markShape(kind))), make("span", { textContent: NAMES[kind] }));
  }
  for (const group of looks(answer)) {
    const button = make("button", { type: "button", data: { style: group.style }, title: "Shows this style alone" }, make("span", { textContent: group.style }));
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") === "true";
      for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button && !on));
      onlyStyle();
    });
    button.prepend(small(shape("path", { d: outline(group, 0, 0, 8), class: "people", "data-look": group.look })));
    list.append(make("li", {}, button));
  }
  return list;
}

/**
 * @param {import("./panel.js").Panel} panel
 */
export function phrasePlane({ host: { element, props, signal }, store, ask, bare }) {
  const fold = find(element, ".charted", HTMLDetailsElement), plane = find(element, ".plane");
  /** @typedef {{ id: string, task: string, answer: PhraseMap | null }} Chart of the take of that id */
  /** @type {Chart | null} */
  let chart = null;
  let drawnWide = 0;       // pixels
  /** @type {{ from: number, until: number, mark: Element }[]} */
  let onMap = [];          // ticks, and the take's mark
  const wide = () => Math.min(MOST_WIDE, Math.floor(plane.querySelector(".chart")?.clientWidth || 0));

  async function paint() {
    const take = store.shownTake();
    fold.hidden = !take || !props.charted.includes(take.recipe.checkpoint);
    if (!take || fold.hidden || !fold.open || chart?.id === take.id) return;
    /** @type {Chart} */
    const mine = { id: take.id, task: take.recipe.request.task, answer: null };
    chart = mine;
    plane.setAttribute("aria-busy", "true");
    const answer = await ask("plane", { take: bare(take) });
    plane.removeAttribute("aria-busy");
    if (chart !== mine) return;
    if (!answer) { chart = null; plane.replaceChildren(); return; }
    mine.answer = answer;
    const words = [...answer.said, "Marks that would cover each other stand side by side."].map(textContent => make("p", { textContent }));
    plane.replaceChildren(make("div", { className: "chart" }), make("div", { className: "words" }, planeLegend(answer, onlyStyle), ...words));
    draw();
  }

  function draw() {
    const holder = plane.querySelector(".chart"), width = wide();
    if (!holder || !chart?.answer || !width) return;
    drawnWide = width;
    const { answer } = chart, { at, height } = planeScale(answer, width);
    const picture = shape("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Map of phrases" });
    const ground = shape("g", { "aria-hidden": "true" });
    for (const group of looks(answer).reverse()) {
      const d = group.points.map(point => outline(group, ...at(point), 3.4)).join("");
      const title = shape("title");
      title.textContent = group.style;
      ground.append(shape("path", { d, class: "people", "data-style": group.style, "data-look": group.look }, title));
    }
    const line = answer.take.map(spot => at(placeOf(spot)).join()).join(" ");
    ground.append(...bridge(answer, props.tasks[chart.task].goesOn, at), shape("polyline", { points: line, class: "way" }));
    picture.append(ground, .../** @type {Kind[]} */ (["second", "seed", "take"]).flatMap(kind => planeMarks(kind, answer[kind], at)));
    holder.replaceChildren(picture);
    onMap = answer.take.map((spot, index) => ({ from: spot.start, until: spot.end, mark: picture.querySelectorAll(".take")[index] }));
    light(headOfRoll());
    onlyStyle();
  }

  function onlyStyle() {
    const only = plane.querySelector(/** @type {"button"} */ ('.key [aria-pressed="true"]'))?.dataset.style;
    for (const path of plane.querySelectorAll(/** @type {"path"} */ (".chart .people"))) path.classList.toggle("away", Boolean(only) && path.dataset.style !== only);
  }

  /** @param {number} tick */
  function light(tick) {
    for (const { from, until, mark } of onMap) mark.classList.toggle("sounding", from <= tick && tick < until);
  }

  /** @param {Event} event */
  function goThere(event) {
    const mark = around(event, "[data-tick]");
    if (!mark || (event instanceof KeyboardEvent && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("motif:seek", { detail: Number(mark.dataset.tick) }));
  }
  plane.addEventListener("click", goThere);
  plane.addEventListener("keydown", goThere);
  document.addEventListener("motif:head", event => {
    if (fold.open && around(event, "#roll")) light(/** @type {CustomEvent} */ (event).detail);
  }, { signal });
  fold.addEventListener("toggle", paint);
  const resized = new ResizeObserver(() => { if (wide() && wide() !== drawnWide) draw(); });
  resized.observe(plane);
  signal.addEventListener("abort", () => resized.disconnect());
  return { paint };
}
