// The receiving stamp is moved over its page with the mouse, a finger or the arrow keys, and its place is sent at once.
// `[data-stamp="id"]` is the drawing of the stamp in that of the page (tenths of a millimetre); the form of that id holds
// the same place in two fields, which is how it is moved without a script.
import { csrfToken } from "./requests.js";
import { toast } from "./toast.js";

const STEP = 10;
const LEAP = 50;
const REST_MS = 500;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const thai = (tenths) => (tenths / 10).toLocaleString("th-TH-u-nu-thai", { maximumFractionDigits: 1, useGrouping: false });

class Stamp {
  constructor(mark, form) {
    this.mark = mark;
    this.form = form;
    this.sheet = mark.ownerSVGElement;
    this.face = mark.querySelector(".stamp");
    this.status = form.querySelector("[data-stamp-status]");
    this.saved = this.place();
    this.timer = 0;
    this.face.tabIndex = 0;
    this.face.setAttribute("aria-roledescription", "ตราที่ย้ายได้");
    this.face.addEventListener("pointerdown", (event) => this.take(event));
    this.face.addEventListener("keydown", (event) => this.nudge(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(new FormData(form, event.submitter));
    });
  }

  place() { return { x: Number(this.mark.getAttribute("x")), y: Number(this.mark.getAttribute("y")) }; }

  put({ x, y }) {
    const page = this.sheet.viewBox.baseVal;
    const room = (whole, own, wanted) => Math.round(Math.max(0, Math.min(wanted, whole - Number(this.mark.getAttribute(own)))));
    const place = { x: room(page.width, "width", x), y: room(page.height, "height", y) };
    this.mark.setAttribute("x", place.x);
    this.mark.setAttribute("y", place.y);
    this.form.elements.left.value = thai(place.x);
    this.form.elements.top.value = thai(place.y);
  }

  take(event) {
    if (event.button) return;
    event.preventDefault();
    this.face.focus({ preventScroll: true });
    this.face.setPointerCapture(event.pointerId);
    const began = this.place();
    const scale = this.sheet.viewBox.baseVal.width / this.sheet.getBoundingClientRect().width;
    const drag = (moved) => this.put({ x: began.x + (moved.clientX - event.clientX) * scale, y: began.y + (moved.clientY - event.clientY) * scale });
    const end = (ended) => {
      this.face.removeEventListener("pointermove", drag);
      this.face.removeEventListener("pointerup", end);
      this.face.removeEventListener("pointercancel", end);
      this.mark.classList.remove("is-moving");
      if (ended.type === "pointercancel") this.put(this.saved);
      else this.save();
    };
    this.mark.classList.add("is-moving");
    this.face.addEventListener("pointermove", drag);
    this.face.addEventListener("pointerup", end);
    this.face.addEventListener("pointercancel", end);
  }

  nudge(event) {
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { x, y } = this.place();
    const step = event.shiftKey ? LEAP : STEP;
    this.put({ x: x + way[0] * step, y: y + way[1] * step });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), REST_MS);
  }

  save() {
    const { x, y } = this.place();
    if (x !== this.saved.x || y !== this.saved.y) this.send(new FormData(this.form));
  }

  async send(words) {
    clearTimeout(this.timer);
    this.status.textContent = "กำลังบันทึก";
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: words, headers: { Accept: "application/json", "X-CSRFToken": csrfToken() } });
      if (answer.status === 422) return this.complain(await answer.json());
      if (!answer.ok) throw new Error(String(answer.status));
      const { left, top } = await answer.json();
      this.complain({});
      this.put({ x: left, y: top });
      this.saved = this.place();
      this.status.textContent = "บันทึกที่ของตราแล้ว";
      const copy = document.querySelector("[data-stamp-sealed]");
      if (copy) location.reload();
    } catch {
      this.put(this.saved);
      this.status.textContent = "";
      toast("ย้ายตรารับไม่สำเร็จ ตราอยู่ที่เดิม ลองอีกครั้ง");
    }
  }

  complain(words) {
    this.status.textContent = "";
    for (const name of ["left", "top"]) {
      const line = document.getElementById(`stamp-${name}-error`);
      const field = this.form.elements[name];
      line.hidden = !words[name];
      line.querySelector("span").textContent = words[name] || "";
      field.closest(".field").classList.toggle("field--error", Boolean(words[name]));
      if (words[name]) { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", line.id); }
      else { field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); }
    }
  }
}

export function enhance(root) {
  for (const mark of root.querySelectorAll("[data-stamp]")) {
    const form = document.getElementById(mark.dataset.stamp);
    if (form) new Stamp(mark, form);
  }
}
