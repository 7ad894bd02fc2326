"""The chat widget's bundle, made by ``assets/widget/build.mjs``."""

from pathlib import Path

from carbot_app.build.node import run_node
from carbot_app.build.stamp import Stamp, content_hash, list_inputs

_SCRIPT = "assets/widget/build.mjs"
_BUNDLES = ("widget.js", "widget-extras.js")
_INPUTS = (
    "assets/widget/**/*",
    "assets/icons.svg",
    "assets/photos/sending.js",
    "assets/locales/*/lamps.json",
    "carbot_app/domains/conversations/warning_lamps.py",
)


def build_widget(root: Path, build_dir: Path) -> bool:
    """Bundle the widget into ``assets/widget.js`` and its extras when one of their sources changed.

    Returns:
        True when it was built.

    Raises:
        BuildFailed: the script failed, or the bundle is over its budget.
    """
    stamp = Stamp(root / build_dir / "widget.stamp")
    fingerprint = content_hash(root, list_inputs(root, _INPUTS))
    if stamp.matches(fingerprint) and all((root / "assets" / name).exists() for name in _BUNDLES):
        return False
    run_node(root, build_dir, "widget", _SCRIPT)
    stamp.write(fingerprint)
    return True
