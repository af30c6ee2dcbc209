// Nothing typed is lost. `form[data-guard]` warns before the page is left with unsaved words; with `data-autosave-url` it
// also saves by itself: a POST of the form, answered with JSON {"version": n, "saved": "๑๐.๔๘ น."}. A conflict (409) or a
// refusal stops the saving and says so in [data-autosave-status].
import { csrfToken, wordsOf } from "./requests.js";

const QUIET_MS = 2500;
const guarded = new Set();

addEventListener("beforeunload", (event) => {
  if ([...guarded].some((form) => form.isConnected && form.dataset.dirty === "yes")) event.preventDefault();
});

function watch(form) {
  const status = document.querySelector("[data-autosave-status]");
  const say = (text) => { if (status) status.textContent = text; };
  const url = form.dataset.autosaveUrl;
  let timer = 0;
  let saving = false;

  async function save() {
    if (saving) { timer = setTimeout(save, QUIET_MS); return; }
    saving = true;
    form.dataset.dirty = "no";
    say("กำลังบันทึก");
    try {
      const answer = await fetch(url, { method: "POST", body: wordsOf(form), headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } });
      if (answer.ok) {
        const { version, saved } = await answer.json();
        const field = form.elements.namedItem("version");
        if (field && version !== undefined) field.value = String(version);
        say(`บันทึกเอง ${saved}`);
      } else {
        form.dataset.dirty = "yes";
        say(answer.status === 409 ? "มีผู้แก้ร่างนี้หลังจากท่านเปิด คัดลอกข้อความของท่านไว้ แล้วเปิดร่างใหม่" : "ยังบันทึกเองไม่ได้ กดบันทึกเพื่อดูช่องที่ต้องแก้");
      }
    } catch {
      form.dataset.dirty = "yes";
      say("ติดต่อเครื่องแม่ข่ายไม่ได้ ข้อความที่พิมพ์ยังอยู่ในหน้านี้ จะลองใหม่เมื่อพิมพ์ต่อ");
    } finally {
      saving = false;
    }
  }

  const changed = () => {
    form.dataset.dirty = "yes";
    if (!url) { say("ยังไม่ได้บันทึก"); return; }
    clearTimeout(timer);
    timer = setTimeout(save, QUIET_MS);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { clearTimeout(timer); form.dataset.dirty = "no"; });
  guarded.add(form);
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) watch(form);
}
