// @ts-check
// Networks side by side: rolls on one time axis with one play-head, a play button each, and the figures beside people's.

const FIGURES = [
  ["density", "Notes a bar", value => value.toFixed(1)],
  ["range", "Range in semitones", value => value.toFixed(0)],
  ["returns", "Bars that return", value => `${Math.round(100 * value)} %`],
  ["style", "Sounds like", value => value],
  ["copied", "Longest passage as learned, in bars", value => String(value)],
  ["surprise", "Surprise to the Transformer, nats a note", value => value.toFixed(2)],
];
const PEOPLE = "people";

/** @param {{element: HTMLElement, look: (row: any, value: any) => void, changed: () => void}} host */
function makeComparison({ element, look, changed }) {
  const part = name => element.querySelector(name);
  const rows = part(".rows"), table = part(".figures"), reveal = part(".reveal");
  const letters = "ABCDEFGHIJ";
  let value = null, order = [], blind = false, press = null, head = 0, playing = null, drawnFor = "", shuffled = null;
  const players = new Map();   // name → audio

  const nameOf = name => {
    if (blind) return letters[order.indexOf(name)];
    return name === PEOPLE ? "People" : name.toUpperCase();
  };
  const listed = () => [...(value?.rows ?? [])].filter(row => order.includes(row.name)).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));

  function stop() {
    players.forEach(audio => audio.pause());
  }

  /** Play one alone, from where the play-head stands; pressed again it stops. */
  function solo(number) {
    const row = listed()[number];
    if (!row?.sound) return;
    const audio = players.get(row.name), tick = playing ? head : row.picture.play_from;
    if (playing === row.name && !audio.paused) { stop(); return; }
    stop();
    playing = row.name;
    const start = () => { audio.currentTime = secondsAt(row.picture, head || tick); audio.play().catch(() => {}); };
    if (audio.readyState) start(); else audio.addEventListener("loadedmetadata", start, { once: true });
    paintPlaying();
    requestAnimationFrame(follow);
  }

  function follow() {
    const row = value?.rows.find(each => each.name === playing), audio = players.get(playing);
    if (!row || !audio) return;
    if (audio.readyState) head = tickOfSeconds(row.picture, audio.currentTime);
    placeHead();
    if (!audio.paused && !audio.ended) requestAnimationFrame(follow);
  }

  function placeHead() {
    const end = Math.max(1, ...(value?.rows ?? []).filter(row => row.picture).map(row => row.picture.end));
    rows.style.setProperty("--head", String(Math.min(1, head / end)));
    rows.classList.toggle("has-head", head > 0);
  }

  function paintPlaying() {
    for (const button of rows.querySelectorAll(".play")) {
      const audio = players.get(button.dataset.of), on = button.dataset.of === playing && audio && !audio.paused;
      button.setAttribute("aria-pressed", String(Boolean(on)));
    }
  }

  function playerOf(row) {
    if (!players.has(row.name)) {
      const audio = new Audio(addressOf(row.sound));
      audio.addEventListener("ended", () => { head = 0; placeHead(); });
      for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, paintPlaying);
      players.set(row.name, audio);
    }
    return players.get(row.name);
  }

  function rowOf(row, number, axis) {
    const name = nameOf(row.name), title = make("b", { textContent: name });
    title.translate = row.name === PEOPLE && !blind;
    if (row.trouble) return make("div", { className: "row", data: { network: row.name } }, title, make("p", { textContent: row.trouble }));
    const play = make("button", { type: "button", className: "play", textContent: `▶ ${number + 1}`, data: { of: row.name } });
    play.setAttribute("aria-label", `Play ${name} alone`);
    play.disabled = !row.sound;
    if (row.sound) playerOf(row);
    play.addEventListener("click", () => solo(number));
    const picture = make("div", { className: "picture" }, rollOf(row.picture, axis, 84, rollInWords(name, row.picture)).svg);
    picture.addEventListener("click", event => {
      head = axis.tick(event.clientX - picture.getBoundingClientRect().left);
      placeHead();
      const audio = players.get(playing);
      if (audio && !audio.paused) audio.currentTime = secondsAt(row.picture, head);
    });
    const verbs = [play];
    if (!blind && row.name !== PEOPLE) {
      const inside = make("button", { type: "button", className: "look", textContent: "Look inside" });
      inside.setAttribute("aria-label", `Look inside ${name}`);
      inside.addEventListener("click", () => { stop(); look(row, value); });
      verbs.push(inside);
    }
    const silence = row.silence ? [make("p", { textContent: row.silence })] : [];
    return make("div", { className: "row", data: { network: blind ? letters[number] : row.name } }, make("div", { className: "name" }, title, ...verbs), picture, ...silence);
  }

  function paintRows() {
    const all = listed(), with_notes = all.filter(row => row.picture), width = Math.max(120, rows.clientWidth - (rows.clientWidth > 560 ? 190 : 2));
    const key = JSON.stringify([press, width, blind, all.map(row => [row.name, Boolean(row.sound)])]);
    if (key === drawnFor) return;
    drawnFor = key;
    const axis = with_notes.length ? axisOf(with_notes.map(row => row.picture), width) : null;
    rows.replaceChildren(...all.map((row, number) => rowOf(row, number, axis)));
    paintPlaying();
  }

  function paintTable() {
    const all = listed().filter(row => row.figures);
    if (!all.length || blind) { table.replaceChildren(); return; }
    const header = make("tr", {}, make("th", { textContent: "Figure", scope: "col" }), ...all.map(row => make("th", { textContent: nameOf(row.name), scope: "col", translate: row.name === PEOPLE })), make("th", { textContent: "People, 8 of 10 tunes", scope: "col" }));
    const body = FIGURES.map(([name, words, told]) => {
      const range = value.people?.[name], between = range ? `${told(range[0])} – ${told(range[1])}` : "";
      const cells = all.map(row => {
        const figure = row.figures[name], cell = make("td", { textContent: figure === undefined ? "…" : told(figure) });
        if (figure !== undefined && range && (figure < range[0] || figure > range[1])) cell.className = "beyond";
        return cell;
      });
      return make("tr", { data: { figure: name } }, make("th", { textContent: words, scope: "row" }), ...cells, make("td", { textContent: between }));
    });
    const said = "People: the second eight bars of tunes in the library, some of which the networks have learned from. Bold figures lie outside.";
    table.replaceChildren(make("table", {}, make("thead", {}, header), make("tbody", {}, ...body)), make("p", { textContent: said }));
  }

  function show(next, wantsBlind) {
    value = next;
    if (press !== value.press) {
      stop();
      players.clear();
      press = value.press;
      head = 0;
      playing = null;
      blind = wantsBlind;
      order = [...value.asked.networks];
      shuffled = drawnFor = "";
    }
    for (const row of value.rows) if (!order.includes(row.name)) order.push(row.name);
    const settled = value.complete;
    if (blind && !settled) { rows.replaceChildren(); table.replaceChildren(); }   // an order that grows would tell who was quick
    else {
      if (blind && shuffled !== press) { shuffle(order); shuffled = press; }
      paintRows();
      paintTable();
    }
    reveal.hidden = !blind || !settled;
    changed();
  }

  function unveil() {
    blind = false;
    drawnFor = "";
    paintRows();
    paintTable();
    reveal.hidden = true;
    changed();
  }

  reveal.addEventListener("click", unveil);
  new ResizeObserver(() => { if (value) paintRows(); }).observe(rows);
  return {
    show, solo, stop, unveil,
    get blind() { return blind; },
    /** The takes that can be voted for, in the order in which they are shown. */
    choices: () => listed().filter(row => !row.trouble).map(row => ({ name: row.name, label: nameOf(row.name) })),
    reveal: () => listed().filter(row => !row.trouble).map(row => row.name === PEOPLE ? "People" : row.name.toUpperCase()),
    ready: () => Boolean(value?.complete),
  };
}

/** Put a list into an order that is drawn (Fisher & Yates). */
function shuffle(list) {
  for (let left = list.length - 1; left > 0; left--) {
    const other = crypto.getRandomValues(new Uint32Array(1))[0] % (left + 1);
    [list[left], list[other]] = [list[other], list[left]];
  }
}
