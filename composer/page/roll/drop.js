// A file dropped on the roll is handed to the upload button, which knows what to do with it.
scroller.addEventListener("dragover", event => event.preventDefault());
scroller.addEventListener("drop", event => {
  const input = document.querySelector("#seed-row input[type=file]");
  if (!event.dataTransfer.files.length || !input) return;
  event.preventDefault();
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  input.files = one.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
