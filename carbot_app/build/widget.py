"""The chat widget's bundle, made by ``assets/widget/build.mjs``."""

from pathlib import Path

from carbot_app.build.node import run_node
from carbot_app.build.stamp import Stamp, content_hash, list_inputs

_SCRIPT = "assets/widget/build.mjs"


def build_widget(root: Path, build_dir: Path) -> bool:
    """Bundle the widget into ``assets/widget.js`` when one of its sources changed.

    Returns:
        True when it was built.

    Raises:
        BuildFailed: the script failed, or the bundle is over its budget.
    """
    stamp = Stamp(root / build_dir / "widget.stamp")
    fingerprint = content_hash(root, list_inputs(root, ("assets/widget/**/*",)))
    if stamp.matches(fingerprint) and (root / "assets" / "widget.js").exists():
        return False
    run_node(root, build_dir, "widget", _SCRIPT)
    stamp.write(fingerprint)
    return True
