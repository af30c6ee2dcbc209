// The place to drop files: a frame around a real file input. Says what was chosen and refuses what is too large.
const thai = (number) => number.toLocaleString("th-TH-u-nu-thai", { maximumFractionDigits: number < 10 ? 1 : 0 });

/** A size in words, as the server writes it: decimal units, Thai digits. */
export function sizeInWords(octets) {
  if (octets < 1000) return `${thai(octets)} ไบต์`;
  if (octets < 999500) return `${thai(Math.round(octets / 1000))} KB`;
  return `${thai(octets / 1e6)} MB`;
}

export function enhance(root) {
  for (const place of root.querySelectorAll("[data-drop]")) {
    const input = place.querySelector('input[type="file"]');
    const frame = place.querySelector(".drop");
    const list = place.querySelector("[data-drop-list]");
    const error = place.querySelector("[data-drop-error]");
    const limit = Number(place.dataset.maxBytes);

    const show = () => {
      const files = [...input.files];
      const large = files.find((file) => limit && file.size > limit);
      place.classList.toggle("field--error", Boolean(large));
      error.hidden = !large;
      if (large) {
        error.querySelector("span").textContent = `ไฟล์ ${large.name} ใหญ่ ${sizeInWords(large.size)} เกิน ${sizeInWords(limit)}`;
        input.value = "";
      }
      list.replaceChildren(...[...input.files].map((file) => {
        const row = document.createElement("div");
        row.className = "file";
        const name = Object.assign(document.createElement("span"), { className: "file__name", textContent: file.name });
        const size = Object.assign(document.createElement("span"), { className: "quiet small num", textContent: sizeInWords(file.size) });
        row.append(name, size);
        return row;
      }));
    };
    input.addEventListener("change", show);
    for (const name of ["dragenter", "dragover"]) frame.addEventListener(name, (event) => { event.preventDefault(); frame.classList.add("is-over"); });
    for (const name of ["dragleave", "drop"]) frame.addEventListener(name, () => frame.classList.remove("is-over"));
    frame.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      const taken = new DataTransfer();
      for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) taken.items.add(file);
      input.files = taken.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
