// Buttons that copy a text: an address, a digest, a number.
import { toast } from "./toast.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast("คัดลอกแล้ว");
  } catch {
    toast(`คัดลอกไม่ได้ เลือกข้อความแล้วกด Ctrl C: ${button.dataset.copy}`);
  }
});
