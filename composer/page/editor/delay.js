// How late a stroke arrives. What the browser knows is taken off: when the key went down, and what of the sound was then
// heard. The rest, such as wireless headphones or a slow keyboard, is a number that the visitor sets, or has measured by
// striking a key with every click; this browser keeps it.

const DELAY_KEPT = "motif-delay", MEASURED_CLICKS = 8, FEWEST_STROKES = 4, CLICK_APART = 0.6;  // seconds
const FARTHEST = 0.29;         // seconds between a click and the stroke that is meant by it
let delay = 0;                 // seconds
let measuring = null;          // { clicks, strokes }: seconds of the sound output

// What of the sound output, in seconds, was heard at a moment of the browser's clock in milliseconds.
function heardAt(moment = performance.now()) {
  const output = sounder(), said = output.getOutputTimestamp?.();
  const known = said?.performanceTime > 0 && said.contextTime > 0;
  const heard = known ? said.contextTime + (moment - said.performanceTime) / 1000 : NaN;
  const ordered = output.currentTime - (performance.now() - moment) / 1000;
  return Math.abs(heard - ordered) < 1 ? heard : ordered - (output.outputLatency || 0);
}

const meantAt = moment => heardAt(moment) - delay;

function setDelay(milliseconds) {
  const field = part("delay");
  if (!Number.isFinite(milliseconds) || milliseconds < -200 || milliseconds > 600) {
    say("The delay is from -200 to 600 milliseconds.");
  } else {
    delay = milliseconds / 1000;
    localStorage.setItem(DELAY_KEPT, milliseconds);
  }
  field.value = Math.round(delay * 1000);
}

async function measure() {
  if (measuring || taping) return;
  measuring = {};
  await sounder().resume();  // its clock stands still until then
  const begin = sounder().currentTime + 0.5;
  measuring = { clicks: Array.from({ length: MEASURED_CLICKS }, (_, n) => begin + n * CLICK_APART), strokes: [] };
  measuring.clicks.forEach((at, n) => click(at, n === 0));
  onStroke = (pitch, velocity, moment) => measuring.strokes.push(heardAt(moment));
  part("measure").setAttribute("aria-busy", true);
  scroller.focus({ preventScroll: true });
  say("Strike a key with every click.");
  setTimeout(measured, (0.5 + (MEASURED_CLICKS - 1) * CLICK_APART + FARTHEST + 0.4) * 1000);
}

function measured() {
  const { clicks, strokes } = measuring;
  measuring = onStroke = null;
  part("measure").removeAttribute("aria-busy");
  const nearest = stroke => clicks.map(at => stroke - at).sort((one, other) => Math.abs(one) - Math.abs(other))[0];
  const late = strokes.map(nearest).filter(by => Math.abs(by) < FARTHEST).sort((one, other) => one - other);
  if (late.length < FEWEST_STROKES) {
    say("Too few strokes were heard to tell. Strike a key with every click.");
    return;
  }
  setDelay(Math.round(late[late.length >> 1] * 1000));
  say(`Your strokes come ${part("delay").value} ms after the click. Recording takes that off.`);
}

setDelay(Number(localStorage.getItem(DELAY_KEPT)) || 0);
part("delay").addEventListener("change", event => setDelay(event.target.value === "" ? NaN : Number(event.target.value)));
part("measure").addEventListener("click", measure);
