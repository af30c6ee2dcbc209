// Scans of a letter that is being entered: dropped, chosen, photographed, or taken from the scanner's tray. They are kept at
// the server at once and stay in the form as tokens, so that a refused form loses none of them.
import { csrfToken } from "./requests.js";
import { sizeInWords } from "./filedrop.js";

const LOOK_MS = 5000;

const letGo = (button) => { button.disabled = false; button.firstChild.textContent = "แนบ"; };

function wire(box) {
  const form = box.closest("form");
  const list = box.querySelector("[data-scan-list]");
  const error = box.querySelector("[data-scan-error]");
  const drop = box.querySelector("[data-scan-drop]");
  const picture = (token) => `${form.dataset.filesUrl.replace(/\/files(?=\?|$)/, "/kept/picture").split("?")[0]}?token=${encodeURIComponent(token)}`;

  const say = (text) => {
    error.hidden = !text;
    error.querySelector("span").textContent = text;
  };

  function add(file, tray) {
    const row = document.createElement("li");
    row.className = "scan";
    const image = Object.assign(document.createElement("img"), { className: "scan__pic", src: picture(file.token), alt: "", width: 56, height: 72 });
    image.addEventListener("error", () => image.classList.add("is-plain"));
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

  async function send(address, body, tray) {
    say("");
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } });
      const said = await answer.json().catch(() => ({ detail: "ไฟล์ใหญ่เกินที่รับได้ ย่อไฟล์หรือแบ่งส่ง" }));
      if (!answer.ok) { say(said.detail); return false; }
      for (const file of said.files) add(file, tray);
      return true;
    } catch {
      say("ส่งไฟล์ไม่ได้ ข้อมูลที่พิมพ์ยังอยู่ครบ ลองแนบอีกครั้ง");
      return false;
    } finally {
      box.removeAttribute("aria-busy");
    }
  }

  async function sendFiles(files) {
    for (const file of files) {
      const body = new FormData();
      body.append("file", file);
      await send(form.dataset.filesUrl, body);
    }
  }

  for (const input of box.querySelectorAll("[data-scan-input]")) {
    input.addEventListener("change", async () => { const files = [...input.files]; input.value = ""; await sendFiles(files); });
  }
  const over = (on) => (event) => { if ([...event.dataTransfer.types].includes("Files")) { event.preventDefault(); drop.classList.toggle("is-over", on); } };
  // The whole form takes what is dropped: a scan that misses the frame must not open in place of the page.
  form.addEventListener("dragover", over(true));
  form.addEventListener("dragleave", over(false));
  form.addEventListener("drop", (event) => { over(false)(event); sendFiles(event.dataTransfer.files); });

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
    if (!(await send(tray.dataset.tray, body, button))) { letGo(button); shown = ""; look(); }
  });
  look();
  setInterval(look, LOOK_MS);
}

export function enhance(root) {
  for (const box of root.querySelectorAll("[data-scans]")) wire(box);
}
