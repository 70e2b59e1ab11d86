"""Make build/peers: an environment with torchviz, torchview and torchlens beside the torch that is here."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Final

PLACE: Final = Path("build/peers")
WANTED: Final = (
    "torchviz==0.0.3",
    "torchview==0.2.7",
    "torchlens==2.36.1",
    "transformers>=5,<6",
    "psutil>=7,<8",
    "expecttest>=0.3,<0.4",
)


def main() -> None:
    """The environment sees every package of the one that runs this, and adds its own."""
    if not (PLACE / "bin/python").exists():
        venv.create(PLACE, with_pip=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (PLACE / "lib" / version / "site-packages" / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run([PLACE / "bin/python", "-m", "pip", "install", "--quiet", *WANTED], check=True)
    (PLACE / ".made").touch()


if __name__ == "__main__":
    main()
