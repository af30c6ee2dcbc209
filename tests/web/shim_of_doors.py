"""TEMPORARY: stands in for doors that are still being written."""
import importlib, sys, types
import saraban
for name in ("api", "cli"):
    try:
        module = importlib.import_module(f"saraban.{name}")
        if not hasattr(module, "open_door"):
            module.open_door = lambda app: None
    except ImportError:
        module = types.ModuleType(f"saraban.{name}")
        module.open_door = lambda app: None
        sys.modules[f"saraban.{name}"] = module
        setattr(saraban, name, module)
