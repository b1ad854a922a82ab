// @ts-check
// Inside a layer: what a head of attention looks at, as arcs between notes; hidden values and gates over time, as a map.

const FAINT = 0.02;   // a weight that is worth an arc

/** @param {any} row @param {any} answer @param {any} axis @param {number} head */
function arcsOf(row, answer, axis, head, now, titles) {
  const weights = Array.from(bytesOf(row.heads[head]), weight => weight / 255), places = answer.places[row.part], height = 110;
  const arcs = [], found = [];
  let elsewhere = 0;
  weights.forEach((weight, place) => {
    const there = places[place];
    if (!there) { elsewhere += weight; return; }
    found.push({ weight, onset: there[0], pitch: there[1] });
    if (weight < FAINT) return;
    const from = axis.x(there[0]) + 2, to = axis.x(now[0]) + 2, up = Math.min(height - 8, 16 + Math.abs(to - from) / 2);
    const arc = drawn("path", { d: `M${from},${height}C${from},${height - up} ${to},${height - up} ${to},${height}`, class: "arc" });
    arc.style.strokeWidth = String(1 + 6 * weight);
    arc.style.opacity = String(Math.min(1, 0.25 + weight));
    arcs.push(arc);
  });
  found.sort((a, b) => b.weight - a.weight);
  const most = found.slice(0, 3).filter(each => each.weight >= FAINT).map(each => `${toneOf(each.pitch)} in bar ${titles.bar(each.onset)} (${percent(each.weight)})`);
  const words = `Head ${head + 1} looks mostly at: ${most.join(", ") || "no note"}. ${percent(elsewhere)} goes to the opening, where no note stands.`;
  return { svg: pictureOf(axis.width, height, words, ...arcs), words };
}

/** A map: notes from left to right, one value of the layer a line. Blue is low, orange high. */
function mapOf(columns, current, lowest, words) {
  const canvas = make("canvas", { width: columns.length * 8, height: 160 }), pen = canvas.getContext("2d");
  canvas.style.width = `${Math.min(columns.length * 28, 900)}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  const style = getComputedStyle(element), low = style.getPropertyValue("--seed"), high = style.getPropertyValue("--new");
  columns.forEach((values, column) => {
    const tall = 160 / values.length;
    values.forEach((value, line) => {
      const from = lowest < 0 ? value : value * 2 - 1;
      pen.globalAlpha = Math.min(1, Math.abs(from));
      pen.fillStyle = from < 0 ? low : high;
      pen.fillRect(column * 8, line * tall, 8, tall + 0.5);
    });
  });
  pen.globalAlpha = 1;
  pen.strokeStyle = style.getPropertyValue("--playhead");
  pen.lineWidth = 2;
  pen.strokeRect(current * 8 + 1, 1, 6, 158);
  return canvas;
}

function mapInWords(values, name, lowest, note) {
  const size = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  const ends = values.filter(value => lowest < 0 ? Math.abs(value) > 0.9 : value < 0.1 || value > 0.9).length;
  return `${name} before note ${note}: ${size.toFixed(2)} on average, ${ends} of ${values.length} at an end of their range.`;
}
