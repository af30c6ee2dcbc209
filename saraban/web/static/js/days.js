// How a day that is typed is read stands under its field at once: the server says it, as it will read it when the form is
// sent. `input[data-day="past"]` takes a day that would lie ahead for the last one that was. What is wrong stands in the
// field's own error line where the form came back with one, so that it is not said twice, until it is mended.
import { csrfToken } from "./requests.js";

const QUIET_MS = 250;
const MOST = 500;
let timer = 0;
let asked = 0;

function show(input, { says, wrong }) {
  let line = input.nextElementSibling?.matches("[data-day-said]") ? input.nextElementSibling : null;
  const error = input.parentElement.querySelector(":scope > .error");
  if (error && wrong) { error.querySelector("span").textContent = wrong; error.dataset.dayWrong = ""; }
  if (error && "dayWrong" in error.dataset) error.hidden = !wrong;
  const text = error && wrong ? "" : wrong || says;
  if (!text || text === input.value.trim()) { line?.remove(); return; }
  if (!line) {
    line = Object.assign(document.createElement("p"), { className: "hint day-said" });
    line.dataset.daySaid = "";
    line.setAttribute("role", "status");
    input.after(line);
  }
  line.textContent = text;
}

async function look(inputs) {
  const mine = ++asked;
  const body = new FormData();
  for (const input of inputs) body.append(input.dataset.day === "past" ? "past" : "day", input.value);
  try {
    const answer = await fetch(document.body.dataset.daysUrl, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const said = await answer.json();
    for (const input of inputs) show(input, said[input.dataset.day === "past" ? "past" : "day"].shift());
  } catch { /* the form says it when it is sent */ }
}

function soon({ target }) {
  const inputs = (target.matches("[data-day]") ? [target] : [...target.querySelectorAll("[data-day]")]).filter((one) => one.value || one.nextElementSibling?.matches("[data-day-said]"));
  if (!inputs.length) return;
  clearTimeout(timer);
  timer = setTimeout(() => look(inputs.slice(0, MOST)), QUIET_MS);
}

for (const name of ["input", "change"]) document.addEventListener(name, (event) => { if (event.target.matches("[data-day], form")) soon(event); }, true);

export function enhance(root) {
  soon({ target: root.body || root });
}
