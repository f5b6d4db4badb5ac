"""`make pictures`: the pictures of the README, from what `make demo` has made.

They need chromium and pdftoppm (on Debian: the packages chromium and poppler-utils). Look at them
before you commit.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "build" / "demo"
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "chromium"
PDFTOPPM = "pdftoppm"
WIDTH = 1100
"""Of a finished picture, in pixels."""
HEIGHT = 1300
LAPTOP = 1100
PHONE = 390
GAP = 40
EDGE = "#d0d3d8"
DARK = "--blink-settings=preferredColorScheme=0"
# A window of chromium is never as narrow as a phone; a frame in it is.
FRAME = (
    '<body style="margin:0">'
    '<iframe src="{page}" width="{width}" height="{height}" style="border:0"></iframe>'
)


def main() -> int:
    """Make the pictures; 1 where something that it takes is missing."""
    missing = [name for name in (CHROMIUM, PDFTOPPM) if shutil.which(name) is None]
    if missing:
        print(
            f"{' and '.join(missing)} cannot be found: install the packages chromium and "
            "poppler-utils."
        )
        return 1
    if not (DEMO / "downtown" / "pack.html").exists():
        print("There are no documents yet: run `make demo` first.")
        return 1

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        laptop = _page(DEMO / "downtown" / "pack.html", folder, LAPTOP, HEIGHT)
        phone = _page(DEMO / "harbor" / "pack.html", folder, PHONE, HEIGHT, DARK)
        _save("pack-html.png", [laptop, phone])
        _save("pack-pdf.png", _pdf_pages(DEMO / "downtown" / "pack.pdf", folder, (2, 3)))
        _save("review.png", [_page(DEMO / "downtown" / "review.html", folder, LAPTOP, 620)])
    return 0


def _page(page: Path, folder: Path, width: int, height: int, *flags: str) -> Image.Image:
    """Take a picture of the top of a page."""
    frame = folder / "frame.html"
    target = folder / "shot.png"
    frame.write_text(FRAME.format(page=page.as_uri(), width=width, height=height), encoding="utf-8")
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu",
        "--hide-scrollbars", "--allow-file-access-from-files",
        f"--user-data-dir={folder / 'profile'}", f"--window-size={max(width, 600)},{height + 100}",
        f"--screenshot={target}", *flags, frame.as_uri(),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with Image.open(target) as picture:
        return picture.convert("RGB").crop((0, 0, width, height))


def _pdf_pages(pdf: Path, folder: Path, numbers: tuple[int, ...]) -> list[Image.Image]:
    """Take pictures of pages of a PDF."""
    pictures: list[Image.Image] = []
    for number in numbers:
        base = folder / f"page-{number}"
        place = ["-f", str(number), "-l", str(number), "-singlefile"]
        subprocess.run(
            [PDFTOPPM, "-png", "-r", "110", *place, str(pdf), str(base)], check=True, timeout=120
        )
        with Image.open(base.with_suffix(".png")) as picture:
            pictures.append(picture.convert("RGB"))
    return pictures


def _save(name: str, pictures: list[Image.Image]) -> None:
    """Put pictures side by side, with a thin edge, and write them in few colors."""
    framed = [ImageOps.expand(picture, 2, EDGE) for picture in pictures]
    canvas = Image.new(
        "RGB",
        (
            sum(picture.width for picture in framed) + GAP * (len(framed) - 1),
            max(picture.height for picture in framed),
        ),
        "white",
    )
    left = 0
    for picture in framed:
        canvas.paste(picture, (left, 0))
        left += picture.width + GAP
    canvas.thumbnail((WIDTH, WIDTH), Image.Resampling.LANCZOS)
    canvas.quantize(128, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)
    print(IMAGES / name)


if __name__ == "__main__":
    sys.exit(main())
