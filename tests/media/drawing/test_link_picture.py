"""The picture for links says what it should, to whoever can see: a program that reads pictures reads it."""

from __future__ import annotations

import io
import subprocess
import unicodedata

import pytest
from PIL import Image, features

from feeds.media.drawing import HEIGHT, WIDTH, LinkPicture, draw, fonts, is_drawable, version
from feeds.media.drawing.fonts import BOLD, REGULAR, Face, faces_of
from tests.conftest import Program
from tests.tools import needs_fonts

PLAIN = LinkPicture("The dam is open", "24 June 2021", "Test office", "#0b4f9e", "en")
ARABIC = "منظمة العمل الدولية تطلق مشروعًا جديدًا في الصين بمشاركة وزارة إدارة الطوارئ"
TITLES = {
    "ar": "منظمة العمل الدولية ILO (الصين) تطلق مشروعًا بشأن COVID-19",
    "de": "Größere Städte: „Übung“ – 50 % mehr",
    "el": "Διεθνής Οργάνωση Εργασίας",
    "fr": "L’œuvre « à l’essai » : 12 €",
    "he": "המשרד של ILO בסין",
    "hi": "अंतर्राष्ट्रीय श्रम संगठन ILO ने नई रिपोर्ट जारी की",
    "ja": "ILO、中国の中小企業における安全衛生",
    "ko": "국제노동기구, SCORE 시범사업",
    "mn": "Өвөрмөц үйлс №5 ₮",
    "ru": "Международная организация труда",
    "th": "องค์การแรงงานระหว่างประเทศ โควิด-19",
    "vi": "Tổ chức Lao động Quốc tế",
    "zh-Hans": "国际劳工组织“安全与健康”",
    "zh-Hant": "國際勞工組織「安全與健康」→ ½",
}

pytestmark = pytest.mark.usefixtures("with_fonts")


@pytest.fixture(scope="module")
def with_fonts() -> None:
    needs_fonts()


def shown(picture: LinkPicture) -> Image.Image:
    image = Image.open(io.BytesIO(draw(picture)))
    image.load()
    return image


def ink(picture: LinkPicture) -> tuple[int, int, int, int]:
    """The box around all that is written below the band."""
    below = shown(picture).convert("L").crop((0, 120, WIDTH, HEIGHT))
    box = below.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box
    return box


def test_it_is_a_small_png_in_the_size_that_networks_show(program: Program) -> None:
    data = draw(PLAIN)
    image = shown(PLAIN)
    assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 630))
    assert len(data) < 40_000
    colours = image.convert("RGB")
    assert colours.getpixel((3, 3)) == (0x0B, 0x4F, 0x9E)
    assert colours.getpixel((3, HEIGHT - 3)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("model", "picture"),
    [
        ("eng", PLAIN._replace(title="China shares what a pilot taught about safety in small enterprises of Huzhou")),
        ("chi_sim", LinkPicture("国际劳工组织在浙江湖州分享试点经验", "2021年6月24日", "北京局", "#0b4f9e", "zh-Hans")),
        (
            "ara",
            LinkPicture(
                ARABIC,
                "2021",
                "المكتب",
                "#0b4f9e",
                "ar",
                "rtl",
            ),
        ),
    ],
)
def test_a_program_that_reads_pictures_reads_the_title(program: Program, model: str, picture: LinkPicture) -> None:
    tesseract = program("tesseract")
    read = subprocess.run(
        [tesseract, "-", "-", "-l", model, "--psm", "6"], input=draw(picture), capture_output=True, check=True
    ).stdout.decode()
    for word in picture.title.split():
        assert letters(word) in letters(read), read


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


@pytest.mark.parametrize("language", TITLES)
def test_a_title_in_any_language_has_all_its_letters(language: str) -> None:
    direction = "rtl" if language in ("ar", "he") else "ltr"
    picture = PLAIN._replace(title=TITLES[language], language=language, direction=direction)
    assert is_drawable(picture)
    left, _, right, _ = ink(picture)
    assert left >= 60
    assert right <= WIDTH - 60
    assert (left > WIDTH - right) == (direction == "rtl")
    faces = faces_of(picture.title, language, BOLD)
    assert faces
    assert all(fonts.has(face, each) for face, each in zip(faces, picture.title, strict=True) if each != " ")


def test_marks_are_in_the_font_of_their_letter() -> None:
    faces = faces_of("โควิด-19", "th", BOLD)
    assert faces
    assert {face.file for face in faces[:5]} == {"NotoSansThai-Bold.ttf"}
    assert faces[-1].file == "NotoSans-Bold.ttf"


def test_a_language_has_its_own_forms_of_chinese_characters() -> None:
    forms = {language: faces_of("骨", language, BOLD) for language in ("ja", "ko", "zh", "zh-Hans", "zh-Hant", "zh-HK")}
    assert [face[0].number for face in forms.values() if face] == [0, 1, 2, 2, 3, 4]


@pytest.mark.parametrize("title", ["word " * 300, "w" * 900, "词" * 900, "क्षि" * 400, "مر" * 500, "x"])
def test_a_title_of_any_length_stays_within_its_place(title: str) -> None:
    picture = PLAIN._replace(title=title.strip(), newsroom=title.strip(), date=title.strip())
    left, top, right, bottom = ink(picture._replace(date="2021"))
    assert (left >= 60, right <= WIDTH - 60, top > 8, bottom < HEIGHT - 120 - 30) == (True, True, True, True)
    assert shown(picture).size == (WIDTH, HEIGHT)


def test_the_same_picture_has_the_same_bytes_and_another_one_another_version() -> None:
    assert draw(PLAIN) == draw(PLAIN)
    others = [
        PLAIN._replace(title="The dam is closed"),
        PLAIN._replace(date="25 June 2021"),
        PLAIN._replace(newsroom="Other office"),
        PLAIN._replace(colour="#9e0b4f"),
        PLAIN._replace(language="ja"),
        PLAIN._replace(direction="rtl"),
    ]
    versions = [version(each) for each in (PLAIN, *others)]
    assert len(set(versions)) == len(versions)
    assert all(len(each) == 8 for each in versions)


def test_another_version_of_a_font_or_of_what_draws_is_another_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version(PLAIN)
    with monkeypatch.context() as changed:
        changed.setattr(fonts, "digest", lambda face: f"another {face.file}")
        assert version(PLAIN) != before
    monkeypatch.setattr(fonts, "shaper", lambda: "99.0")
    assert version(PLAIN) != before


def test_what_no_font_has_is_not_drawn_at_all() -> None:
    for title in ("Thanks \U0001f600", "\ue000"):
        picture = PLAIN._replace(title=title)
        assert not is_drawable(picture), title
        for question in (draw, version):
            with pytest.raises(ValueError, match="no font of this machine"):
                question(picture)


def test_without_what_joins_letters_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: feature != "fribidi")
    fonts.can_draw.cache_clear()
    try:
        assert not is_drawable(PLAIN._replace(title="Without it"))
    finally:
        monkeypatch.undo()
        fonts.can_draw.cache_clear()


def test_a_font_that_is_not_installed_has_nothing() -> None:
    assert not fonts.has(Face(f"NotoSansNowhere-{REGULAR}.ttf"), "a")
