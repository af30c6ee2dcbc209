// A sheet to draw one's signature on, with a finger, a pen or the mouse: form[data-signpad] with a canvas and a hidden file
// input, into which what was drawn goes as PNG when the form is sent.
const INK = "#14305f";
const WIDTH = 7;

function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return { x: ((event.clientX - box.left) * canvas.width) / box.width, y: ((event.clientY - box.top) * canvas.height) / box.height };
}

function draw(pen, strokes) {
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
  Object.assign(pen, { strokeStyle: INK, fillStyle: INK, lineWidth: WIDTH, lineCap: "round", lineJoin: "round" });
  for (const points of strokes) {
    pen.beginPath();
    if (points.length < 3) {
      pen.arc(points[0].x, points[0].y, WIDTH / 2, 0, 2 * Math.PI);
      pen.fill();
      continue;
    }
    pen.moveTo(points[0].x, points[0].y);
    for (let at = 1; at < points.length - 1; at += 1) {
      const [here, next] = [points[at], points[at + 1]];
      pen.quadraticCurveTo(here.x, here.y, (here.x + next.x) / 2, (here.y + next.y) / 2);
    }
    pen.stroke();
  }
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-signpad]")) {
    const canvas = form.querySelector("canvas");
    const status = form.querySelector("[data-signpad-status]");
    const pen = canvas.getContext("2d");
    let strokes = [];
    let drawing = null;
    const show = (words) => { draw(pen, strokes); status.textContent = words; };

    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0 || drawing !== null) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      drawing = event.pointerId;
      strokes.push([place(canvas, event)]);
      show("กำลังวาด");
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== drawing) return;
      const seen = event.getCoalescedEvents?.() ?? [];
      for (const one of seen.length ? seen : [event]) strokes.at(-1).push(place(canvas, one));
      draw(pen, strokes);
    });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => {
      if (event.pointerId !== drawing) return;
      drawing = null;
      show("วาดแล้ว กดใช้ลายเซ็นที่วาด");
    });
    form.querySelector("[data-signpad-undo]").addEventListener("click", () => { strokes.pop(); show(strokes.length ? "ลบเส้นล่าสุดแล้ว" : "เซ็นในกรอบนี้"); });
    form.querySelector("[data-signpad-clear]").addEventListener("click", () => { strokes = []; show("เซ็นในกรอบนี้"); });
    form.addEventListener("submit", (event) => {
      if (form.dataset.drawn === "yes") return;
      event.preventDefault();
      if (!strokes.length) { status.textContent = "ยังไม่ได้วาด เซ็นในกรอบก่อน"; return; }
      canvas.toBlob((blob) => {
        const files = new DataTransfer();
        files.items.add(new File([blob], "signature.png", { type: "image/png" }));
        form.querySelector('input[type="file"]').files = files.files;
        form.dataset.drawn = "yes";
        form.requestSubmit();
      }, "image/png");
    });
  }
}
