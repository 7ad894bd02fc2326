"""Takes the invoice out of a PDF in a process of its own, so that a PDF bomb costs nobody else."""

import subprocess
import sys

from carbot_app.kit.errors import Invalid, Unavailable

TIMEOUT_SECONDS = 20
_ENCRYPTED, _NONE, _OUT_OF_MEMORY = 3, 4, 137


def invoice_in_pdf(pdf: bytes) -> tuple[str, bytes]:
    """Name and content of the attached invoice."""
    command = [sys.executable, "-m", "carbot_app.adapters.einvoice.pdf_worker"]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Invalid("einvoice_pdf_too_heavy") from error
    except OSError as error:
        raise Unavailable("einvoice_unavailable") from error
    if done.returncode == _ENCRYPTED:
        raise Invalid("einvoice_pdf_encrypted")
    if done.returncode == _NONE:
        raise Invalid("einvoice_pdf_without_xml")
    if done.returncode < 0 or done.returncode == _OUT_OF_MEMORY:
        raise Invalid("einvoice_pdf_too_heavy")
    if done.returncode:
        raise Invalid("einvoice_pdf_broken")
    name, _, xml = done.stdout.partition(b"\n")
    return name.decode(), xml
