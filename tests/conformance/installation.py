"""Installs the clients and validators of others into `.conformance/`, once for each list of versions."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = HERE / "scripts"
HOME = HERE.parents[1] / ".conformance"
BUILD = HOME / "build"
VENV = HOME / "venv"

NODE_SCRIPTS = ("ddp_client", "ivs_sdk", "judge")

# In an environment of their own: their pins do not go with those of the rest.
PYTHON_CLIENTS = ("awscli==1.46.3", "rocketchat_API==3.7.1")


class InstallationError(Exception):
    """Something that has to be there is not; the text says what to do."""


def install() -> None:
    """Bring everything into place. Raises InstallationError."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise InstallationError(f"{tool} is not on the PATH; the official clients need Node.js 20 or newer")
    version = _run(["node", "--version"], HERE).strip()
    if int(version.removeprefix("v").partition(".")[0]) < 20:
        raise InstallationError(f"node is {version}; the official clients need Node.js 20 or newer")
    HOME.mkdir(exist_ok=True)
    _install_node_clients()
    _install_python_clients()
    _bundle()


def node_script(name: str) -> list[str]:
    """The command that runs one of the scripts, bundled."""
    return ["node", str(BUILD / f"{name}.cjs")]


def python_script(module: str) -> list[str]:
    """The command that runs one of this package's modules beside the Python clients."""
    return [str(VENV / "bin" / "python"), "-m", f"{__package__}.{module}"]


def aws() -> str:
    """The AWS command line."""
    return str(VENV / "bin" / "aws")


def _install_node_clients() -> None:
    manifest = SCRIPTS / "package.json"
    stamp = HOME / ".npm-stamp"
    if _is_current(stamp, manifest.read_bytes()):
        return
    _say("Installing the clients for Node.js …")
    shutil.copyfile(manifest, HOME / "package.json")
    # No lock file: it would record from where each package was downloaded.
    _run(["npm", "install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_bytes(_digest(manifest.read_bytes()))


def _install_python_clients() -> None:
    stamp = HOME / ".pip-stamp"
    wanted = "\n".join((*PYTHON_CLIENTS, sys.version)).encode()
    if _is_current(stamp, wanted):
        return
    _say("Installing the clients for Python …")
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, *PYTHON_CLIENTS])
    stamp.write_bytes(_digest(wanted))


def _bundle() -> None:
    """Make each script one file: the vendor's typings are modules that Node cannot load as published."""
    esbuild = HOME / "node_modules" / ".bin" / "esbuild"
    scripts = [str(SCRIPTS / f"{name}.mjs") for name in NODE_SCRIPTS]
    options = ["--bundle", "--platform=node", "--format=cjs", f"--outdir={BUILD}", "--out-extension:.js=.cjs"]
    quiet = ["--log-level=error", "--external:bufferutil", "--external:utf-8-validate"]
    _run([str(esbuild), *scripts, *options, *quiet], NODE_PATH=str(HOME / "node_modules"))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _run(command: list[str], folder: Path = HOME, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise InstallationError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _is_current(stamp: Path, wanted: bytes) -> bool:
    return stamp.exists() and stamp.read_bytes() == _digest(wanted)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
