"""Files that lie beside a release: pictures and documents, as they are found and as readers get them."""

from __future__ import annotations

from feeds.model.fields import Value


class SmallerPicture(Value):
    """A picture made smaller, for pages: a WebP file, or of the newsroom's icon a PNG file."""

    digest: str
    width: int
    height: int
    type: str = "image/webp"


class MediaFile(Value):
    """A file beside a release that the release names."""

    name: str
    """As the release names it: photo.jpg."""
    path: str
    """Where it lies in the content folder."""
    digest: str
    """A hash of its bytes, in 32 hexadecimal digits."""
    type: str
    """Its media type (RFC 6838)."""
    length: int
    """Its size in bytes."""
    width: int | None = None
    """Of a picture as it is shown, in pixels."""
    height: int | None = None
    smaller: tuple[SmallerPicture, ...] = ()
    """The narrowest first."""

    @property
    def file_name(self) -> str:
        """The last part of its name."""
        return self.name.rpartition("/")[2]

    def smaller_name(self, width: int) -> str:
        """The name under which it is found in a smaller width: photo-960.webp."""
        kind = next((each.type for each in self.smaller if each.width == width), "image/webp")
        return f"{self.file_name.rpartition('.')[0]}-{width}.{kind.removeprefix('image/')}"
