// Questions to the server between presses: its sentence where it refuses, and null. A `.told` of the component says it.

const { root: ROOT, api_prefix: PREFIX } = window.gradio_config;
const addressOf = path => `${ROOT}${PREFIX}/file=${path}`;
const told = element.querySelector(".told");
const tell = text => { told.textContent = text || ""; };

async function ask(verb, request) {
  tell("");
  const answer = await server[verb](request).catch(() => ({ error: "The server did not answer. Please try again." }));
  if (answer.error) tell(answer.error);
  return answer.error ? null : answer;
}
