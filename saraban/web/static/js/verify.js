// The public page of a document: the file in hand is compared in this browser, by its SHA-256; it is sent nowhere unless
// the person presses the button. What is found is the headline of the page: nothing above it says anything better.
// Where the browser has no such means (no secure connection), only the button is left.
const hex = (buffer) => [...new Uint8Array(buffer)].map((octet) => octet.toString(16).padStart(2, "0")).join("");

for (const form of document.querySelectorAll("[data-verify]")) {
  const input = form.querySelector('input[type="file"]');
  const frame = form.querySelector("[data-verify-drop]");
  const result = form.querySelector("[data-verify-result]");
  const head = document.querySelector("[data-verify-head]");
  const known = new Map([...form.querySelectorAll("[data-known]")].map((one) => [one.getAttribute("value"), one.dataset.known]));

  const tell = (words) => {
    const line = document.createElement("p");
    line.className = "soft";
    line.textContent = words;
    result.replaceChildren(line);
  };
  const headline = (what) => head.replaceChildren(form.querySelector(`[data-headline="${what}"]`).content.cloneNode(true));
  const judge = (what, name) => {
    headline(what);
    const line = document.createElement("p");
    line.className = "verify__name";
    line.textContent = name;
    head.querySelector("h1").after(line);
    document.title = head.querySelector("h1").textContent;
    tell(`${name} · ${form.dataset.seeAbove}`);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    head.focus({ preventScroll: true });
    head.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  };
  let turn = 0;
  const compare = async () => {
    const [file] = input.files;
    const mine = ++turn;
    headline("none");
    if (!file) return result.replaceChildren();
    if (!globalThis.crypto?.subtle) return tell(file.name);
    tell(`${file.name} · ${form.dataset.working}`);
    try {
      const what = known.get(hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())));
      if (mine === turn) judge(what ?? "other", file.name);
    } catch {
      if (mine === turn) judge("unreadable", file.name);
    }
  };
  input.addEventListener("change", compare);
  for (const name of ["dragenter", "dragover"]) frame.addEventListener(name, (event) => { event.preventDefault(); frame.classList.add("is-over"); });
  for (const name of ["dragleave", "drop"]) frame.addEventListener(name, () => frame.classList.remove("is-over"));
  frame.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    const taken = new DataTransfer();
    taken.items.add(event.dataTransfer.files[0]);
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  if (input.files.length) compare();
}
// A page that was copied to another address says so above everything else.
for (const warning of document.querySelectorAll("[data-belongs]")) {
  if (location.origin === new URL(warning.dataset.belongs).origin) continue;
  warning.querySelector("[data-host]").textContent = location.host;
  warning.hidden = false;
}
document.documentElement.dataset.ready = "yes";
