// Dialogs open by `command` and `commandfor`, which newer browsers do by themselves; this does it for the others, opens a
// dialog that the server asks for (data-open), and closes one by a click on its backdrop.
const native = "commandForElement" in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[commandfor]");
  if (button && !native) {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") dialog.showModal(); else dialog.close();
  }
  if (event.target.matches("dialog[open]")) {
    const box = event.target.getBoundingClientRect();
    const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (outside) event.target.close();
  }
});
// A control that cannot be used stays in reach of the keyboard and does nothing; its reason is read beside it.
document.addEventListener("click", (event) => {
  if (event.target.closest('[aria-disabled="true"]')) { event.preventDefault(); event.stopImmediatePropagation(); }
}, true);

document.querySelector("dialog[data-open]")?.showModal();
