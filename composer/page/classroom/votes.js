// @ts-check
// A room: its teacher opens it, pupils join by its code and vote, and the count is asked for once a second.

const LETTERS = "ABCDEFGHIJ";
const EVERY = 1000;   // milliseconds between two questions

/** @param {{element: HTMLElement, comparison: any}} host */
function makeVotes({ element, comparison }) {
  const part = name => element.querySelector(name);
  const code = part(".code"), counts = part(".counts"), begin = part(".begin-round"), ballot = part(".ballot"), roomTold = part(".room-told");
  let room = null, round = null, named = false, seat = null, seen = "", timer = null;

  async function question(verb, request) {
    const answer = await server[verb](request).catch(() => ({ error: "The server did not answer. Please try again." }));
    roomTold.textContent = answer.error ?? "";
    return answer.error ? null : answer;
  }

  function paintTeacher(count) {
    begin.hidden = !room || !comparison.ready();
    if (!room || !count) { counts.replaceChildren(); return; }
    const joined = make("p", { textContent: `Pupils: ${count.pupils}` });
    joined.dataset.pupils = String(count.pupils);
    const names = named ? comparison.reveal() : count.keep.map((_, place) => comparison.blind ? LETTERS[place] : comparison.choices()[place]?.label ?? LETTERS[place]);
    const line = (title, votes, kind) => {
      const most = Math.max(1, ...votes);
      return make("div", { className: `votes ${kind}` }, make("h4", { textContent: title }), ...votes.map((number, place) => {
        const bar = make("i", {});
        bar.style.width = `${100 * number / most}%`;
        const name = make("b", { textContent: names[place] });
        name.translate = names[place] === "People";
        return make("p", { data: { choice: LETTERS[place], votes: String(number) } }, name, make("span", { className: "bar" }, bar), make("span", { textContent: String(number) }));
      }));
    };
    const parts = count.keep.length ? [line("Would keep", count.keep, "keep")] : [];
    if (round?.people) parts.push(line("Thought it was people's", count.guess, "guess"));
    counts.replaceChildren(joined, ...parts);
  }

  async function tick() {
    if (!document.hidden) {
      if (room) {
        const count = await question("count_votes", room);
        if (count) paintTeacher(count); else leave();
      }
      if (seat) {
        const state = await question("look_at_round", seat);
        if (state) paintBallot(state); else { seat = null; ballot.hidden = true; part(".pupil").hidden = false; }
      }
    }
    timer = room || seat ? setTimeout(tick, EVERY) : null;
  }
  const keepAsking = () => { timer ??= setTimeout(tick, EVERY); };

  function leave() {
    room = round = null;
    named = false;
    code.hidden = begin.hidden = true;
    part(".open-room").hidden = false;
    counts.replaceChildren();
  }

  part(".open-room").addEventListener("click", async () => {
    room = await question("open_room", {});
    if (!room) return;
    code.hidden = false;
    code.querySelector("b").textContent = room.code;
    part(".open-room").hidden = true;
    paintTeacher(null);
    begin.hidden = !comparison.ready();
    keepAsking();
  });
  part(".close-room").addEventListener("click", async () => { if (room && await question("close_room", room)) leave(); });
  begin.addEventListener("click", async () => {
    const choices = comparison.choices();
    round = { choices: choices.length, people: choices.some(choice => choice.name === PEOPLE) };
    named = false;
    const count = await question("begin_round", { ...room, ...round });
    if (count) paintTeacher(count);
  });
  part(".reveal").addEventListener("click", async () => {
    if (!room || !round) return;
    named = true;
    const count = await question("tell_names", { ...room, names: comparison.reveal() });
    if (count) paintTeacher(count);
  });

  part(".pupil").addEventListener("submit", async event => {
    event.preventDefault();
    const asked = { code: part(".room-code").value.trim().toUpperCase() }, answer = await question("join_room", asked);
    if (!answer) return;
    seat = { ...asked, ...answer };
    seen = "";
    part(".pupil").hidden = true;
    ballot.hidden = false;
    ballot.replaceChildren(make("p", { textContent: "You are in. Listen, and wait for the vote." }));
    keepAsking();
  });

  function paintBallot(state) {
    const key = JSON.stringify(state);
    if (key === seen) return;
    seen = key;
    if (!state.choices) return;
    const over = state.names.length > 0;
    const line = (title, kind, mine) => make("fieldset", { className: kind }, make("legend", { textContent: title }), ...Array.from({ length: state.choices }, (_, place) => {
      const button = make("button", { type: "button", textContent: over ? state.names[place] : LETTERS[place], disabled: over });
      button.translate = over && state.names[place] === "People";
      button.setAttribute("aria-pressed", String(mine === place));
      button.addEventListener("click", async () => {
        const answer = await question("vote", { ...seat, round: state.round, [kind]: place });
        if (answer) paintBallot(answer);
      });
      return button;
    }));
    const parts = [line("Which one would you keep?", "keep", state.keep)];
    if (state.people) parts.push(line("Which one is people's?", "guess", state.guess));
    ballot.replaceChildren(...parts, ...(over ? [make("p", { textContent: "The names are shown." })] : []));
  }

  return { changed: () => { begin.hidden = !room || !comparison.ready(); } };
}
