// The map of phrases, asked for when it is opened: people's phrases by style, the seed's with their order, and the
// take's, joined by a line. A click on one of the take's goes there; the one that sounds is lit.

const chartFold = element.querySelector(".charted"), plane = element.querySelector(".plane");
let chart = null;        // { id: of the take, task, answer }
let drawnWide = 0;       // pixels
let onMap = [];          // { from, until, mark }: ticks, and the take's mark
const MOST_WIDE = 620, EDGE = 26;

async function paintPlane() {
  const take = shownTake();
  chartFold.hidden = !take || !props.charted.includes(take.recipe.checkpoint);
  if (chartFold.hidden || !chartFold.open || chart?.id === take.id) return;
  const mine = chart = { id: take.id, task: take.recipe.request.task, answer: null };
  plane.setAttribute("aria-busy", "true");
  const answer = await ask("plane", { take: bare(take) });
  plane.removeAttribute("aria-busy");
  if (chart !== mine) return;
  if (!answer) { chart = null; plane.replaceChildren(); return; }
  chart.answer = answer;
  const words = [...answer.said, "Marks that would cover each other stand side by side."].map(textContent => make("p", { textContent }));
  plane.replaceChildren(make("div", { className: "chart" }), make("div", { className: "words" }, planeLegend(answer), ...words));
  drawPlane();
}

function shape(tag, settings = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(settings)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// The outline of a style's mark about (x, y), `s` pixels to each side; the last is everything without a colour.
const OUTLINES = [
  (x, y, s) => `M${x - s},${y}a${s},${s} 0 1,0 ${2 * s},0a${s},${s} 0 1,0 ${-2 * s},0`,
  (x, y, s) => `M${x - s},${y - s}h${2 * s}v${2 * s}h${-2 * s}z`,
  (x, y, s) => `M${x},${y - 1.2 * s}l${1.2 * s},${2.2 * s}h${-2.4 * s}z`,
  (x, y, s) => `M${x},${y - 1.4 * s}l${1.2 * s},${1.4 * s}l${-1.2 * s},${1.4 * s}l${-1.2 * s},${-1.4 * s}z`,
  (x, y, s) => `M${x},${y + 1.2 * s}l${1.2 * s},${-2.2 * s}h${-2.4 * s}z`,
  (x, y, s) => `M${x - s},${y - s}l${2 * s},${2 * s}m0,${-2 * s}l${-2 * s},${2 * s}`,
];
const outline = ({ look }, x, y, s) => look in OUTLINES ? OUTLINES[look](x, y, s) : OUTLINES[0](x, y, 0.6 * s);
const looks = ({ styles }) => styles.map((group, index) => ({ ...group, look: group.named ? index : OUTLINES.length }));

// Equal lengths in every direction: distances are what the map is for.
function planeScale(answer, width) {
  const all = [...answer.styles.flatMap(group => group.points), ...["seed", "take", "second"].flatMap(name => answer[name].map(({ x, y }) => [x, y]))];
  const [xs, ys] = [0, 1].map(axis => all.map(point => point[axis]));
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const wide = Math.max(1e-3, right - left), tall = Math.max(1e-3, high - low);
  const scale = Math.min((width - 2 * EDGE) / wide, (width - 2 * EDGE) / tall);
  const height = Math.max(180, Math.round(tall * scale + 2 * EDGE)), middle = [(left + right) / 2, (low + high) / 2];
  const at = ([x, y]) => [width / 2 + (x - middle[0]) * scale, height / 2 - (y - middle[1]) * scale].map(v => Math.round(10 * v) / 10);
  return { at, height };
}

function drawPlane() {
  const holder = plane.querySelector(".chart"), width = Math.min(MOST_WIDE, Math.floor(holder?.clientWidth || 0));
  if (!chart?.answer || !width) return;
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
  const line = answer.take.map(({ x, y }) => at([x, y]).join()).join(" ");
  ground.append(...bridge(answer, at), shape("polyline", { points: line, class: "way" }));
  picture.append(ground, ...["second", "seed", "take"].flatMap(kind => planeMarks(kind, answer[kind], at)));
  holder.replaceChildren(picture);
  onMap = answer.take.map((spot, index) => ({ from: spot.start, until: spot.end, mark: picture.querySelectorAll(".take")[index] }));
  lightPlane(Number(document.querySelector("#roll [data-head]")?.dataset.head) || 0);
  onlyStyle();
}

// From the phrase that was answered to the answer.
function bridge({ seed, take }, at) {
  const last = seed.at(-1), first = take[0];
  if (!props.tasks[chart.task].goesOn || !last || !first) return [];
  return [shape("polyline", { points: [last, first].map(({ x, y }) => at([x, y]).join()).join(" "), class: "way answer" })];
}

// Marks of one kind, pushed apart where they would cover each other, each tied to its true place.
function planeMarks(kind, spots, at) {
  const places = spots.map(({ x, y }) => at([x, y])), apart = kind === "take" ? 18 : 21, stand = places.map(([x, y], index) => [x + index / 50, y]);
  for (let round = 0; round < 60; round++) {
    stand.forEach((one, i) => stand.slice(i + 1).forEach(other => {
      const [dx, dy] = [other[0] - one[0], other[1] - one[1]], far = Math.hypot(dx, dy), push = (apart - far) / 2 / far;
      if (far >= apart) return;
      one[0] -= dx * push; one[1] -= dy * push;
      other[0] += dx * push; other[1] += dy * push;
    }));
  }
  const ties = stand.map((place, index) => shape("polyline", { points: `${places[index]} ${place}`, class: `tie ${kind}-tie`, "aria-hidden": "true" }));
  return [...ties, ...spots.map((spot, index) => planeMark(kind, spot, index, stand[index].map(v => Math.round(10 * v) / 10)))];
}

const WHOSE = { seed: "The seed's", take: "The take's", second: "The other tune's" };
function planeMark(kind, spot, index, [x, y]) {
  const bars = spot.first === spot.last ? `bar ${spot.first}` : `bars ${spot.first}–${spot.last}`;
  const label = `${WHOSE[kind]} phrase ${index + 1}, ${bars}`;
  const mark = shape("g", { class: kind, transform: `translate(${x},${y})`, role: kind === "take" ? "button" : "img", "data-phrase": index + 1, "aria-label": label });
  const title = shape("title"), number = shape("text", kind === "take" ? { y: 4 } : { x: -12, y: -7 });
  title.textContent = label;
  number.textContent = kind === "second" ? "" : index + 1;
  mark.append(title, ...markShape(kind), number);
  if (kind === "take") {
    mark.setAttribute("tabindex", 0);
    mark.dataset.tick = spot.start;
  }
  return mark;
}

function markShape(kind) {
  if (kind === "take") return [shape("circle", { r: 14, class: "room" }), shape("circle", { r: 8 })];
  if (kind === "seed") return [shape("rect", { x: -9.5, y: -9.5, width: 19, height: 19, rx: 4 })];
  return [shape("path", { d: "M0,-15L15,0L0,15L-15,0z" })];
}

// What each mark means. Pressing a style leaves only its phrases.
function planeLegend(answer) {
  const list = make("ul", { className: "key" });
  const row = (picture, part) => list.append(make("li", {}, picture, part));
  const small = (...children) => { const made = shape("svg", { width: 26, height: 26, viewBox: "-18 -18 36 36", "aria-hidden": "true" }); made.append(...children); return made; };
  const names = { seed: "The seed's phrases", take: "The take's phrases", second: "The tune morphed into" };
  for (const kind of ["seed", "take", "second"]) {
    if (answer[kind].length) row(small(shape("g", { class: kind }, ...markShape(kind))), make("span", { textContent: names[kind] }));
  }
  for (const group of looks(answer)) {
    const button = make("button", { type: "button", data: { style: group.style }, title: "Shows this style alone" }, make("span", { textContent: group.style }));
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") === "true";
      for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", other === button && !on);
      onlyStyle();
    });
    button.prepend(small(shape("path", { d: outline(group, 0, 0, 8), class: "people", "data-look": group.look })));
    list.append(make("li", {}, button));
  }
  return list;
}

function onlyStyle() {
  const only = plane.querySelector('.key [aria-pressed="true"]')?.dataset.style;
  for (const path of plane.querySelectorAll(".chart .people")) path.classList.toggle("away", Boolean(only) && path.dataset.style !== only);
}

function lightPlane(tick) {
  for (const { from, until, mark } of onMap) mark.classList.toggle("sounding", from <= tick && tick < until);
}

function goThere(event) {
  const mark = event.target.closest("[data-tick]");
  if (!mark || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("motif:seek", { detail: Number(mark.dataset.tick) }));
}
plane.addEventListener("click", goThere);
plane.addEventListener("keydown", goThere);
document.addEventListener("motif:head", ({ target, detail }) => { if (chartFold.open && target.closest("#roll")) lightPlane(detail); });
chartFold.addEventListener("toggle", paintPlane);
new ResizeObserver(() => {
  const wide = Math.min(MOST_WIDE, Math.floor(plane.querySelector(".chart")?.clientWidth || 0));
  if (wide && wide !== drawnWide) drawPlane();
}).observe(plane);
