// A short word at the foot of the page. It waits while the pointer or the focus is on it.
const SHOWN_MS = 8000;

/** Show a text; with `undo`, a function, it carries the button เลิกทำ. */
export function toast(text, { undo = null } = {}) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "toast";
  box.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "เลิกทำ";
    button.addEventListener("click", () => { undo(); box.remove(); });
    box.append(" ", button);
  }
  place.replaceChildren(box);
  const leave = () => (box.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : box.remove());
  setTimeout(leave, SHOWN_MS);
}
