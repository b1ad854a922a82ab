// The value's sentences as a list, made when it is opened: a long piece has hundreds.
const fold = element.querySelector("details"), list = element.querySelector("ol");
list.tabIndex = 0;
function read() {
  if (!fold.open) return;
  list.replaceChildren(...(props.value || []).map(sentence => {
    const item = document.createElement("li");
    item.textContent = sentence;
    return item;
  }));
}
fold.addEventListener("toggle", read);
watch("value", read);
