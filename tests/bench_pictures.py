"""The benchmark of pictures, part of `make bench`: photographs for the screen and the press, beside Pillow alone.

Two processes share the photographs. Livret reads and checks each, prepares it for the screen, separates it and keeps
the result. Pillow decodes each twice, converts it with the same profiles and saves both as JPEG of the same quality,
under no ink limit. `bench_pictures.py 100` takes a hundred photographs, and as many times four seconds.
"""

from __future__ import annotations

import io
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
from PIL import Image, ImageCms

from livret.book.separation.images import OriginalPicture
from livret.book.separation.ink import Inks
from livret.book.separation.separate import separate_file
from livret.content.pictures.prepare import for_screen
from livret.content.pictures.raster import examine
from livret.pages.pool.store_files import StoredPictures, StoreFiles
from livret.project import digest
from picture_kinds import FOGRA39, P3_PROFILE

SIZE = (4000, 3000)
PHOTOGRAPHS, PROCESSES, ROUND = 8, 2, 4
# Livret beside Pillow; the megabytes of a process; the second press build of an edition beside the first.
TIME_BOUND, MEMORY_BOUND, AGAIN_BOUND = 1.3, 300, 0.25


@cache
def photograph() -> bytes:
    """A picture with soft shapes and grain, in Display P3 as phones make them, 4 MB."""
    shapes = [Image.effect_noise((500, 375), 60).resize(SIZE, Image.Resampling.BICUBIC) for _ in range(3)]
    grain = Image.merge("RGB", [Image.effect_noise(SIZE, 12)] * 3)
    file = io.BytesIO()
    Image.blend(Image.merge("RGB", shapes), grain, 0.3).save(file, "JPEG", quality=92, icc_profile=P3_PROFILE)
    return file.getvalue()


def photographs(folder: Path, number: int, first: int) -> list[Path]:
    """So many photographs, each another file by a comment in it."""
    folder.mkdir()
    paths = [folder / f"{index}.jpg" for index in range(first, first + number)]
    for index, path in enumerate(paths, first):
        path.write_bytes(photograph()[:2] + b"\xff\xfe\0\6" + b"%04d" % index + photograph()[2:])
    return paths


@cache
def inks() -> Inks:
    return Inks({}, FOGRA39, 300)


def livret(path: Path) -> None:
    """All that Livret does with a photograph, but for laying out the page."""
    content = path.read_bytes()
    examine(content)
    screen = for_screen(content)
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(400, 300))
    picture = pdf.make_stream(screen)
    picture.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=SIZE[0], Height=SIZE[1], BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    page.obj.Contents = pdf.make_stream(b"400 0 0 300 0 0 cm /P Do")
    pdf.save(path.with_suffix(".pdf"))
    press(path)


def press(path: Path) -> None:
    """Separate the fragment of a photograph; the separated picture is kept beside it."""
    with pikepdf.open(path.with_suffix(".pdf")) as pdf:
        stream = digest(pdf.pages[0].images["/P"].read_raw_bytes())
    originals = {stream: OriginalPicture(path, digest(path.read_bytes()))}
    kept = StoredPictures(StoreFiles(path.parent / "store"))
    separate_file(path.with_suffix(".pdf"), path.with_suffix(".press.pdf"), inks(), kept, originals)


def pillow(path: Path) -> None:
    """The same conversions by Pillow."""
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    for goal, mode in ((ImageCms.createProfile("sRGB"), "RGB"), (io.BytesIO(FOGRA39), "CMYK")):
        picture = Image.open(io.BytesIO(path.read_bytes()))
        source = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        made = ImageCms.profileToProfile(picture, source, ImageCms.ImageCmsProfile(goal), intent, mode, flags=flags)
        assert made is not None
        made.save(path.with_suffix(f".{mode}.jpg"), quality=92, subsampling=0)


def _peak(_: int) -> float:
    time.sleep(0.5)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Crew:
    """Processes that do one function with photographs, and how long they took for all so far."""

    def __init__(self) -> None:
        self._pool = multiprocessing.get_context("spawn").Pool(PROCESSES)
        self.seconds = 0.0
        # Loading libraries and profiles is not counted.
        self._pool.map(_peak, range(PROCESSES), chunksize=1)

    def run(self, function: Callable[[Path], None], paths: list[Path]) -> None:
        start = time.perf_counter()
        self._pool.map(function, paths, chunksize=1)
        self.seconds += time.perf_counter() - start

    def peak(self) -> float:
        """The megabytes of the larger process."""
        return max(self._pool.map(_peak, range(PROCESSES), chunksize=1))


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else PHOTOGRAPHS
    with tempfile.TemporaryDirectory() as folder:
        alone, ours, again = Crew(), Crew(), Crew()
        # Both take turns, so that what else the machine does hits both, and each turn is told when it is over.
        for start in range(0, number, ROUND):
            paths = photographs(Path(folder) / f"photographs-{start}", min(ROUND, number - start), start)
            alone.run(pillow, paths)
            ours.run(livret, paths)
            again.run(press, paths)
            done = start + len(paths)
            print(f"{done} of {number}: Livret {ours.seconds:.0f} s, Pillow {alone.seconds:.0f} s", flush=True)
            for path in paths:
                path.with_suffix(".RGB.jpg").unlink()
                path.with_suffix(".CMYK.jpg").unlink()
        memory = ours.peak()
    results = [
        (f"{number} photographs of 12 megapixels / Pillow alone", ours.seconds / alone.seconds, TIME_BOUND),
        ("megabytes of a process", memory, MEMORY_BOUND),
        ("separated again / the first time", again.seconds / ours.seconds, AGAIN_BOUND),
    ]
    for name, value, bound in results:
        print(f"{name:55} {value:8.2f}  at most {bound:g}{'' if value <= bound else '  TOO MUCH'}")
    print(f"({ours.seconds / number:.2f} s each on {PROCESSES} processes, Pillow {alone.seconds / number:.2f} s)")
    return int(any(value > bound for _, value, bound in results))


if __name__ == "__main__":
    sys.exit(main())
