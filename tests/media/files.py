"""Files as editors put them beside releases."""

from __future__ import annotations

import io
import wave
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj <<>> endobj\n" * 50 + b"%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>'


def sound(seconds: int = 1) -> bytes:
    """A WAV file with a rising tone, in mono at 8 kHz: no two seconds of it have the same bytes."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(bytes(step * (step // 8_000 + 1) % 251 for step in range(8_000 * seconds)))
    return made.getvalue()


def picture(kind: str = "JPEG", width: int = 1200, height: int = 800, mode: str = "RGB", **options: Any) -> bytes:
    """A picture of a type that Pillow writes: a slope of colours, so that every size of it is another one."""
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()
