// @ts-check
// The canvas: what a score looks like. Ticks are the only unit here; `player.js` knows seconds. Before the first frame
// somebody says by `sizeCanvas` and the geometry how large things are.
import { find, make } from "../elements.js";
import { GUTTER, Geometry, RULER, isBlack, nameOf } from "./geometry.js";

/** @typedef {import("../takes/store.js").PictureNote} Note */
/**
 * What a roll shows, in ticks; `composer/page/roll/roll.py` describes it.
 * @typedef {object} Picture
 * @property {string} title
 * @property {number} end
 * @property {Note[]} notes
 * @property {number | null} voice the one that stands out; null where all are equals
 * @property {string[]} voices their names, where all are equals
 * @property {number | null} new_from
 * @property {number | null} [new_until]
 * @property {number[]} bars where they begin, and the end
 * @property {{ tick: number, name: string, beat: number, bar: number }[]} metres
 * @property {import("./clock.js").Tempo[]} tempos
 * @property {number} [ends_at] the end of the music, where the roll has room behind it
 * @property {Note[]} [lost] what the seed had and the take has not
 * @property {string} [source] where the longest passage as learned comes from
 * @property {boolean} [writing]
 * @property {{ url: string } | null} [audio]
 * @property {import("./opening.js").OpeningFile} [opening]
 * @property {number} [play_from]
 * @property {boolean} [autoplay]
 */
/** @typedef {(value: Picture, left: number, right: number) => void} Layer */
/**
 * What may be otherwise on one roll and on another.
 * @typedef {object} Looks
 * @property {() => Picture} shown
 * @property {(note: Note) => string} [fillOf] the name of a note's colour
 * @property {(note: Note) => boolean} [frozen] whether a note will not be touched
 * @property {(pitch: number) => { down: boolean, letter: string | null }} [keyMarks] whether a key is down, and which letter plays it
 */
/** @typedef {ReturnType<typeof rollCanvas>} RollCanvas */

const SHADES = 4;  // of a colour, for voices

/** @type {Picture} */
export const EMPTY = { title: "", end: 96, notes: [], voice: 0, voices: [], new_from: null, bars: [0, 96], metres: [], tempos: [] };

/**
 * @param {import("../gradio.js").Host} host
 * @param {Looks} looks
 */
export function rollCanvas({ element, signal }, { shown: roll, fillOf, frozen = () => false, keyMarks = () => ({ down: false, letter: null }) }) {
  const scroller = find(element, ".scroll"), spacer = find(element, ".spacer");
  const canvas = find(element, "canvas", HTMLCanvasElement), head = find(element, ".head");
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const geometry = new Geometry();
  /** @type {Layer[]} */
  const under = [];  // what others draw under the notes, and over them
  /** @type {Layer[]} */
  const over = [];
  /** @param {number} tick */
  const xOf = tick => geometry.xOf(tick);
  /** @param {number} pitch */
  const yOf = pitch => geometry.yOf(pitch);

  /** @type {Map<string, string>} */
  const palette = new Map();     // colours of this frame by name: asking the browser for one takes long
  /** @param {string} name */
  function colour(name) {
    const known = palette.get(name) ?? getComputedStyle(element).getPropertyValue(`--${name}`).trim();
    palette.set(name, known);
    return known;
  }

  /**
   * A canvas of the scroller's width and so many pixels of height, sharp on every screen.
   * @param {number} width
   * @param {number} height
   */
  function sizeCanvas(width, height) {
    const dots = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }

  function draw() {
    const value = roll(), dots = canvas.width / scroller.clientWidth;
    const left = scroller.scrollLeft, right = left + scroller.clientWidth;
    palette.clear();
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    drawRows(right - left);
    pen.save();
    pen.beginPath();
    pen.rect(GUTTER, 0, right - left - GUTTER, geometry.height);
    pen.clip();
    pen.translate(-left, 0);
    drawNewRegion(value);
    drawBars(value, left, right);
    for (const layer of under) layer(value, left, right);
    for (const note of value.notes) {
      if (xOf(note.onset) < right && xOf(note.onset + note.duration) > left + GUTTER) drawNote(note, value);
    }
    for (const layer of over) layer(value, left, right);
    pen.restore();
    drawKeys();
  }

  /** @param {number} width */
  function drawRows(width) {
    pen.fillStyle = colour("roll-white");
    pen.fillRect(0, 0, width, geometry.height);
    pen.fillStyle = colour("roll-black");
    for (const pitch of geometry.pitches) {
      if (isBlack(pitch)) pen.fillRect(GUTTER, yOf(pitch), width, geometry.rowHeight);
    }
  }

  /** @param {Picture} value */
  function drawNewRegion(value) {
    if (value.new_from === null) return;
    const x = xOf(value.new_from), until = xOf(value.new_until ?? value.end);
    pen.fillStyle = colour("roll-new");
    pen.fillRect(x, RULER, until - x, geometry.height);
    pen.strokeStyle = colour("new-edge");
    pen.lineWidth = 1.5;
    pen.setLineDash([5, 4]);
    line(x, RULER, geometry.height);
    if (value.new_until !== null) line(until, RULER, geometry.height);
    pen.setLineDash([]);
  }

  /**
   * @param {number} x
   * @param {number} top
   * @param {number} bottom
   */
  function line(x, top, bottom) {
    pen.beginPath();
    pen.moveTo(x, top);
    pen.lineTo(x, bottom);
    pen.stroke();
  }

  /** @type {Layer} */
  function drawBars(value, left, right) {
    pen.fillStyle = colour("card");
    pen.fillRect(left, 0, right - left, RULER);
    pen.font = "11px system-ui, sans-serif";
    pen.textBaseline = "middle";
    pen.lineWidth = 1;
    let labelled = -Infinity;
    value.bars.forEach((tick, bar) => {
      const x = xOf(tick), last = bar === value.bars.length - 1;
      if (x < left - 400 || x > right + 400) return;
      if (!last) drawBeats(value, tick, value.bars[bar + 1]);
      pen.strokeStyle = colour("roll-bar");
      line(x, last ? RULER : 4, geometry.height);
      if (!last && x - labelled > 26) {
        pen.fillStyle = colour("ink-soft");
        pen.fillText(String(bar + 1), x + 5, RULER / 2 + 1);
        labelled = x;
      }
    });
  }

  /**
   * @param {Picture} value
   * @param {number} from
   * @param {number} until
   */
  function drawBeats(value, from, until) {
    const metre = value.metres.filter(change => change.tick <= from).pop();
    if (!metre || metre.beat * geometry.scale < 9) return;
    pen.strokeStyle = colour("roll-beat");
    for (let tick = from + metre.beat; tick < until; tick += metre.beat) line(xOf(tick), RULER, geometry.height);
  }

  // A note of the seed is a rounded bar; a new one is square, edged, and marked where it is struck; one of a passage as
  // learned has its own edge and is pointed at both ends, and keeps its voice's colour; a frozen one is hatched; the accompaniment is faint; where several voices are equals, each has its own lightness.
  /**
   * @param {Note} note
   * @param {Picture} value
   */
  function drawNote(note, value) {
    const box = geometry.boxOf(note);
    outline(note, box);
    pen.globalAlpha = note.new || value.voice === null || note.voice === value.voice ? 1 : 0.38;
    pen.fillStyle = colour(fillOf?.(note) ?? (note.new ? "new" : "seed") + shadeOf(note.voice));
    pen.fill();
    pen.globalAlpha = 1;
    if (frozen(note)) hatch(box);
    if (!note.new) return;
    outline(note, box);
    pen.strokeStyle = colour(note.copied ? "copied-edge" : "new-edge");
    pen.lineWidth = note.copied ? 2.5 : 1.5;
    pen.stroke();
    if (note.copied) return;
    pen.fillStyle = colour("new-edge");
    pen.fillRect(box.x, box.y, Math.min(4, box.width), box.tall);
  }

  /**
   * @param {{ new: boolean, copied?: boolean }} note
   * @param {import("./geometry.js").Box} box
   */
  function outline(note, { x, y, width, tall }) {
    pen.beginPath();
    if (note.copied) pointed(x, y, width, tall);
    else if (note.new) pen.rect(x, y, width, tall);
    else pen.roundRect(x, y, width, tall, Math.min(tall / 2, 5));
  }

  /** @type {(x: number, y: number, width: number, tall: number) => void} */
  function pointed(x, y, width, tall) {
    const tip = Math.min(tall / 2, width / 2), middle = y + tall / 2;
    pen.moveTo(x, middle);
    for (const [across, down] of [[tip, 0], [width - tip, 0], [width, tall / 2], [width - tip, tall], [tip, tall]]) {
      pen.lineTo(x + across, y + down);
    }
    pen.closePath();
  }

  /**
   * Slanting lines over the path that was just filled.
   * @param {import("./geometry.js").Box} box
   */
  function hatch({ x, y, width, tall }) {
    pen.save();
    pen.clip();
    pen.strokeStyle = colour("card");
    pen.lineWidth = 1.5;
    for (let at = x - tall; at < x + width; at += 5) {
      pen.beginPath();
      pen.moveTo(at, y + tall);
      pen.lineTo(at + tall, y);
      pen.stroke();
    }
    pen.restore();
  }

  /**
   * The end of a colour's name: the highest voice is lightest, the lowest darkest.
   * @param {number} voice
   */
  function shadeOf(voice) {
    const count = roll().voices.length;
    return count < 2 ? "" : `-${Math.round(voice * (SHADES - 1) / (count - 1))}`;
  }

  // Beside "seed" and "new": each voice's name with its shade, of what was given, of what is new, or of both.
  function nameVoices() {
    const value = roll(), named = value.voices.length > 1 ? value.voices : [];
    const items = named.map((name, voice) => {
      const item = make("span"), notes = value.notes.filter(note => note.voice === voice);
      for (const kind of ["seed", "new"].filter(kind => notes.some(note => note.new === (kind === "new")))) {
        const swatch = make("i", { className: kind });
        swatch.style.background = `var(--${kind}${shadeOf(voice)})`;
        item.append(swatch);
      }
      item.append(name);
      return item;
    });
    find(element, ".voices").replaceChildren(...items.filter(item => item.children.length));
  }

  // The piano at the left.
  function drawKeys() {
    const tall = geometry.rowHeight;
    pen.fillStyle = colour("key-white");
    pen.fillRect(0, 0, GUTTER, geometry.height);
    pen.font = `${Math.min(11, tall + 2)}px system-ui, sans-serif`;
    pen.textBaseline = "middle";
    pen.lineWidth = 1;
    for (const pitch of geometry.pitches) {
      const y = yOf(pitch), black = isBlack(pitch), { down, letter } = keyMarks(pitch);
      if (down || black) {
        pen.fillStyle = colour(down ? "seed" : "key-black");
        pen.fillRect(0, y, black ? 22 : GUTTER, tall);
      }
      if ([4, 11].includes(pitch % 12)) { pen.fillStyle = colour("roll-bar"); pen.fillRect(0, y, GUTTER, 1); }
      if (letter || pitch % 12 === 0) drawKeyName(letter ?? nameOf(pitch), black, down, y + tall / 2);
    }
    pen.fillStyle = colour("card");
    pen.fillRect(0, 0, GUTTER, RULER);
    pen.strokeStyle = colour("line-strong");
    line(GUTTER - 0.5, 0, geometry.height);
  }

  /**
   * @param {string} name
   * @param {boolean} black
   * @param {boolean} down
   * @param {number} y
   */
  function drawKeyName(name, black, down, y) {
    pen.fillStyle = colour(black || down ? "key-white" : "key-name");
    pen.fillText(name, black ? 7 : name.length > 2 ? 14 : name.length > 1 ? 19 : 25, y + 0.5);
  }

  // What the picture shows, for those who hear it described.
  function describe() {
    const value = roll(), fresh = value.notes.filter(note => note.new), given = value.notes.length - fresh.length;
    const pitches = value.notes.map(note => note.pitch);
    const range = pitches.length ? ` from ${nameOf(Math.min(...pitches))} to ${nameOf(Math.max(...pitches))}` : "";
    const added = fresh.length ? ` and ${fresh.length} new notes` : "";
    const copied = value.notes.filter(note => note.copied).length;
    const voices = value.voices.length > 1 ? ` in ${value.voices.length} voices` : "";
    const words = `Piano roll of ${value.title || "the seed"}: ${value.bars.length - 1} bars, ${given} notes given${added}${voices},${range}.`;
    canvas.setAttribute("aria-label", words.replace(",.", "."));
    nameVoices();
    element.dataset.notes = String(value.notes.length);
    element.dataset.fresh = String(fresh.length);
    element.dataset.given = String(given);
    element.dataset.copied = String(copied);
    element.querySelector(".copied")?.setAttribute("title", copied ? `As in ${value.source}` : "");
    element.dataset.writing = String(Boolean(value.writing));
  }

  let drawn = false;  // a frame is already asked for
  function drawSoon() {
    if (drawn) return;
    drawn = true;
    requestAnimationFrame(() => { drawn = false; draw(); });
  }
  scroller.addEventListener("scroll", drawSoon, { passive: true });
  const looks = new MutationObserver(drawSoon);
  looks.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  signal.addEventListener("abort", () => looks.disconnect());
  return {
    scroller, spacer, canvas, head, pen, geometry, under, over, roll, xOf, yOf,
    colour, line, outline, draw, drawSoon, describe, sizeCanvas,
    /** Where the pointer is, in ticks of the roll. @param {{ clientX: number }} event */
    tickUnder: event => geometry.tickOf(event.clientX - scroller.getBoundingClientRect().left + scroller.scrollLeft, roll().end),
  };
}
