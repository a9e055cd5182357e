"""Files as editors put them beside releases."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj <<>> endobj\n" * 50 + b"%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>'


def picture(kind: str = "JPEG", width: int = 1200, height: int = 800, mode: str = "RGB", **options: Any) -> bytes:
    """A picture of a type that Pillow writes: a slope of colours, so that every size of it is another one."""
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()
