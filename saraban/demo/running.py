"""Starting and stopping the demo: hub, worker and web, each a process of its own; one that dies is started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import config
from saraban.bootstrap import build
from saraban.demo.handles import NAME, write_handles
from saraban.demo.past import DemoClock
from saraban.demo.places import HOSTED, PASSPHRASE, PASSWORD
from saraban.demo.preparing import HubPlan, plan_hub, prepare, prepare_secrets
from saraban.demo.time_authority import prepare_time_authority, serving, time_roots

_STOP_SECONDS = 8.0
_START_SECONDS = 600.0
_STILL_SECONDS = 20.0


class Children:
    """The processes of the demo by name. Told to stop, all end within seconds."""

    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str]) -> None:
        self._commands, self._environment = commands, environment
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start one. Its own session, so that Ctrl-C at the terminal reaches us alone and we stop it in order."""
        self._running[name] = subprocess.Popen(self._commands[name], env=self._environment, start_new_session=True)

    def ended(self, name: str) -> int | None:
        """What one has ended with; None while it runs."""
        return self._running[name].poll()

    def watch(self, stop: threading.Event) -> None:
        """Start again what dies, until told to stop."""
        while not stop.wait(0.5):
            for name, child in list(self._running.items()):
                if child.poll() is not None and not stop.is_set():
                    print(f"{name} หยุดทำงาน (รหัส {child.returncode}) เริ่มใหม่", flush=True)
                    self.start(name)

    def stop(self) -> None:
        """Ask all to end, web first; kill what does not."""
        for name in ("web", "worker", "hub"):
            child = self._running.get(name)
            if child is not None and child.poll() is None:
                child.terminate()
        end = time.monotonic() + _STOP_SECONDS
        for child in self._running.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def main() -> int:
    """Prepare, start, tell, serve until SIGINT or SIGTERM. Returns the exit code."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    url = f"http://{host}:{port}"
    os.environ.setdefault("SARABAN_PUBLIC_URL", url if host == "127.0.0.1" else f"http://127.0.0.1:{port}")
    data = config.data_folder()
    (data / "demo").mkdir(parents=True, exist_ok=True)
    (data / NAME).unlink(missing_ok=True)
    print("กำลังเตรียมระบบสาธิต …", flush=True)
    prepare_secrets(data)
    plan = plan_hub(data)
    clock = DemoClock()
    office = build(config.load(), clock=clock)
    prepare(office, clock)
    office.close()
    _write_hub_plan(data, plan)
    authority = prepare_time_authority(data, clock.now())
    with serving(authority, clock.now) as time_url:
        if not os.environ.get("SARABAN_TSA_URL"):
            os.environ |= {"SARABAN_TSA_URL": time_url, "SARABAN_TSA_ROOTS": str(time_roots(data))}
        return _serve(data, host, port, plan, stop)


def _serve(data: Path, host: str, port: int, plan: HubPlan, stop: threading.Event) -> int:
    """Start all processes and serve until told to stop. Returns the exit code."""
    url = f"http://{host}:{port}"
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    children = Children(
        {
            "hub": [*flask, "hub"],
            "worker": [*flask, "worker"],
            "web": [
                sys.executable,
                "-m",
                "gunicorn",
                "--bind",
                f"{host}:{port}",
                "--workers",
                "2",
                "--threads",
                "8",
                "--graceful-timeout",
                "5",
                "--log-level",
                "warning",
                "wsgi:app",
            ],
        },
        {**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        for name in ("hub", "worker", "web"):
            children.start(name)
        if why := _wait_until_up(url, children, stop):
            print(f"ระบบเริ่มไม่สำเร็จ: {why}", flush=True)
            return 1
        if stop.is_set():
            return 0
        write_handles(data, url, plan)
        _tell(url, data)
        children.watch(stop)
    finally:
        (data / NAME).unlink(missing_ok=True)
        children.stop()
    print("หยุดระบบสาธิตแล้ว", flush=True)
    return 0


def _write_hub_plan(data: Path, plan: HubPlan) -> None:
    path = data / "demo" / "hub.json"
    path.write_text(json.dumps({"smtp_port": plan.smtp_port, "imap_port": plan.imap_port, "accounts": plan.accounts}))
    os.chmod(path, 0o600)


def _wait_until_up(url: str, children: Children, stop: threading.Event, patience: float = _START_SECONDS) -> str:
    """Wait until the screens answer, however slow the machine is, and say now and then that it still goes on. Returns
    in Thai why it is given up; empty when they answer or somebody stops it."""
    begun = said = time.monotonic()
    while not stop.is_set():
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=10) as answer:
                if answer.status == 200:
                    return ""
        except OSError:
            pass
        now = time.monotonic()
        if (code := children.ended("web")) is not None:
            return f"หน้าเว็บหยุดทำงาน (รหัส {code}) ดูข้อความด้านบน หรือเปลี่ยน PORT"
        if now - begun > patience:
            return f"รอ {round(patience)} วินาทีแล้วหน้าเว็บยังไม่ตอบ ปิดงานอื่นของเครื่องแล้วเริ่มใหม่ ข้อมูลที่เตรียมไว้ไม่หาย"
        if now - said > _STILL_SECONDS:
            print(f"กำลังเริ่มระบบ … {round(now - begun)} วินาทีแล้ว เครื่องอาจกำลังทำงานอื่นอยู่", flush=True)
            said = now
        stop.wait(0.3)
    return ""


def _tell(url: str, data: Path) -> None:
    first, second = HOSTED
    print(
        f"""
สารบรรณพร้อมใช้งานที่  {url}
  รหัสผ่านทุกบัญชี {PASSWORD}   รหัสกุญแจลงนาม {PASSPHRASE}   (แสดงในหน้าเข้าสู่ระบบ กดเลือกได้)

ลองทำตามลำดับ
  1. clerk.{first.code} ({first.name}) เปิดร่างหนังสือ ดูหน้า แล้วกด เสนอตามเส้นทาง
  2. director.{first.code} เกษียนเสนอ แล้ว head.{first.code} ลงนาม ระบบออกเลขและลงลายมือชื่อดิจิทัล
  3. clerk.{first.code} กด ส่งออก แล้วดูหน้าติดตาม
  4. clerk.{second.code} ({second.name}) เปิดหนังสือรับ กด ลงรับ ผู้ส่งเห็นเลขรับในไม่กี่วินาที
ข้อมูลอยู่ที่ {data}   ที่อยู่ของทุกส่วนอยู่ใน {data / NAME}   กด Ctrl-C เพื่อหยุด
""",
        flush=True,
    )
