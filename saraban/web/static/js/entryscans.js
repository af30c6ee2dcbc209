// Scans of a letter that is being entered: dropped, chosen, photographed, or taken from the scanner's tray. They are kept at
// the server at once and stay in the form as tokens, so that a refused form loses none of them. Saving waits until they have
// arrived, and does not happen when one was refused: no letter goes without a scan that its clerk has chosen.
import { sizeInWords } from "./filedrop.js";
import { bar, post } from "./uploading.js";

const LOOK_MS = 5000;
const SHOWN_FROM = 500_000;

// A scan that cannot be shown says so in a word.
document.addEventListener("error", ({ target }) => {
  if (!target.matches?.("img.scan__pic")) return;
  target.replaceWith(Object.assign(document.createElement("span"), { className: "scan__pic quiet small", textContent: "ไม่มีภาพ" }));
}, true);

const letGo = (button) => { button.disabled = false; button.firstChild.textContent = "แนบ"; };

function wire(box) {
  const form = box.closest("form");
  const list = box.querySelector("[data-scan-list]");
  const error = box.querySelector("[data-scan-error]");
  const drop = box.querySelector("[data-scan-drop]");
  const without = box.querySelector("[data-scan-without]");
  const summary = document.querySelector("[data-scan-summary]");
  const picture = (token) => `${form.dataset.filesUrl.replace(/\/files(?=\?|$)/, "/kept/picture").split("?")[0]}?token=${encodeURIComponent(token)}`;
  const largest = Number(box.dataset.maxBytes);
  let underWay = 0;
  let refused = [];
  let pressed = null;
  let words = [];

  const show = () => {
    error.hidden = without.hidden = refused.length === 0;
    error.querySelector("span").textContent = refused.join(" · ");
    if (refused.length === 0) summary.hidden = true;
  };

  /** The pressed button says what it waits for; none of them does anything meanwhile. */
  function hold(button) {
    pressed = button;
    words = [...button.childNodes];
    button.replaceChildren("กำลังส่งไฟล์ ส่งครบแล้วบันทึกเอง");
    for (const one of form.elements) if (one.type === "submit") one.setAttribute("aria-disabled", "true");
  }

  function letSave() {
    const button = pressed;
    pressed = null;
    button.replaceChildren(...words);
    for (const one of form.elements) if (one.type === "submit") one.removeAttribute("aria-disabled");
    form.requestSubmit(button);
  }

  function tell() {
    summary.querySelector("ul").replaceChildren(...refused.map((reason) => {
      const row = document.createElement("li");
      row.append(Object.assign(document.createElement("a"), { href: "#file", textContent: reason }));
      return row;
    }));
    summary.hidden = false;
    box.querySelector("#file").focus();
  }

  form.addEventListener("submit", (event) => {
    if (!underWay && !refused.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!underWay) tell();
    else if (!pressed && event.submitter) hold(event.submitter);
  }, true);
  without.addEventListener("click", () => { refused = []; show(); form.requestSubmit(); });

  function add(file, tray) {
    const row = document.createElement("li");
    row.className = "scan";
    const image = Object.assign(document.createElement("img"), { className: "scan__pic", src: picture(file.token), alt: "", width: 56, height: 72 });
    const name = Object.assign(document.createElement("span"), { className: "scan__name", textContent: file.name });
    name.append(document.createElement("br"), Object.assign(document.createElement("span"), { className: "quiet small num", textContent: sizeInWords(file.size) }));
    const token = Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value: file.token });
    const off = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--ghost btn--s", textContent: "เอาออก" });
    off.setAttribute("aria-label", `เอา ${file.name} ออก`);
    off.addEventListener("click", () => { row.remove(); if (tray) letGo(tray); form.dispatchEvent(new Event("change")); });
    row.append(image, name, token, off);
    list.append(row);
    form.dispatchEvent(new Event("change"));
  }

  /** A row for a file that has not arrived yet. It tells the server too, should the form be sent in spite of it. */
  function awaited(name) {
    const row = Object.assign(document.createElement("li"), { className: "scan" });
    row.append(Object.assign(document.createElement("span"), { className: "scan__name quiet", textContent: `กำลังส่ง ${name}` }));
    row.append(Object.assign(document.createElement("input"), { type: "hidden", name: "awaited", value: name }));
    list.append(row);
    return row;
  }

  async function send(address, body, name, tray) {
    const row = awaited(name);
    const size = body.get("file")?.size || 0;
    const far = size >= SHOWN_FROM ? bar("ส่งแล้ว") : null;
    if (far) { far.box.classList.add("scan__far"); row.append(far.box); }
    let reason = "";
    try {
      const answer = await post(address, body, { headers: { Accept: "application/json" }, onProgress: far?.show });
      const said = answer.type.includes("json") ? JSON.parse(answer.text) : { detail: `${name}: ไฟล์ใหญ่เกินที่รับได้ ย่อไฟล์หรือแบ่งส่ง` };
      if (answer.ok) for (const file of said.files) add(file, tray);
      else reason = said.detail;
    } catch {
      reason = `${name}: ส่งไฟล์ไม่ได้ ข้อมูลที่พิมพ์ยังอยู่ครบ ลองแนบอีกครั้ง`;
    }
    row.remove();
    if (reason) { refused.push(reason); show(); }
    return !reason;
  }

  /** Saving waits as long as this work takes. What is chosen now stands in place of what was refused before. */
  async function during(work) {
    refused = [];
    show();
    underWay += 1;
    box.setAttribute("aria-busy", "true");
    const done = await work();
    underWay -= 1;
    if (!underWay) {
      box.removeAttribute("aria-busy");
      if (pressed) letSave();
    }
    return done;
  }

  const sendFiles = (files) => files.length && during(async () => {
    for (const file of files) {
      if (file.size > largest) { refused.push(`${file.name}: ไฟล์ใหญ่ ${sizeInWords(file.size)} เกิน ${sizeInWords(largest)}`); show(); continue; }
      const body = new FormData();
      body.append("file", file);
      await send(form.dataset.filesUrl, body, file.name);
    }
  });

  for (const input of box.querySelectorAll("[data-scan-input]")) {
    input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; sendFiles(files); });
  }
  const over = (on) => (event) => { if ([...event.dataTransfer.types].includes("Files")) { event.preventDefault(); drop.classList.toggle("is-over", on); } };
  // The whole form takes what is dropped: a scan that misses the frame must not open in place of the page.
  form.addEventListener("dragover", over(true));
  form.addEventListener("dragleave", over(false));
  form.addEventListener("drop", (event) => { over(false)(event); sendFiles([...event.dataTransfer.files]); });

  const tray = box.querySelector("[data-tray]");
  if (!tray) return;
  let shown = "";
  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(tray.dataset.tray);
      if (!answer.ok) return;
      const text = await answer.text();
      if (text === shown) return;
      shown = text;
      const page = new DOMParser().parseFromString(text, "text/html");
      const count = page.querySelector("[data-count]")?.dataset.count || "";
      tray.querySelector("[data-tray-count]").textContent = count && `${Number(count).toLocaleString("th-TH-u-nu-thai")} ไฟล์`;
      tray.querySelector("[data-tray-list]").replaceChildren(...page.body.childNodes);
    } catch { /* the next look tells */ }
  }
  tray.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    button.disabled = true;
    button.firstChild.textContent = "แนบแล้ว";
    const body = new FormData();
    body.append("name", button.dataset.take);
    if (!(await during(() => send(tray.dataset.tray, body, button.dataset.take, button)))) { letGo(button); shown = ""; look(); }
  });
  look();
  setInterval(look, LOOK_MS);
}

export function enhance(root) {
  for (const box of root.querySelectorAll("[data-scans]")) wire(box);
}
