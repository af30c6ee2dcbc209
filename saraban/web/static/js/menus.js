// Menus are <details>: they close when the person looks elsewhere or presses Esc.
const menus = "details.menu, details.tabbar__more";

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(menus)) if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = [...document.querySelectorAll(menus)].find((one) => one.open);
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.stopImmediatePropagation();
});
