"""What a file is, is found in its bytes: format, encoding, dialect, header, and where JSON lists its posts."""

import codecs
import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dagster_project.sources.drafting.look import ROWS_LOOKED_AT, Look, look_at_file
from dagster_project.sources.drafting.text_shapes import USUAL_ENCODINGS
from dagster_project.sources.errors import SourceError

HEADER, ROWS = "id,title,city", ["1,Draw a logo,Bern", "2,Write a song,Ulm", "3,Mend a bot,Graz"]


def look_at(folder: Path, content: str | bytes, name: str = "posts.csv", encoding: str = "utf-8") -> Look:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return look_at_file(path)


def table(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    return end.join([header, *rows]) + end


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("Draw a logo – “like a kite” – for 5 €", "cp1252", "windows-1252"),
        ("Campaña en España para el próximo año", "iso-8859-1", "windows-1252"),
        ("Нужен разработчик для интернет-магазина с почасовой оплатой", "cp1251", "windows-1251"),
        ("ウェブサイトの開発をお願いします。予算は五万円です。", "shift_jis", "shift_jis"),
        ("Ζητείται προγραμματιστής για ιστοσελίδα", "cp1253", "windows-1253"),
        ("Café à Genève", "utf-8", "utf-8"),
        ("Café à Genève", "utf-8-sig", "utf-8"),
        ("Café à Genève", "utf-16", "utf-16"),
        ("A song", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    look = look_at(tmp_path, table(*[f"{number},{text},Ulm" for number in range(20)]), encoding=encoding)
    assert look.options.encoding == found
    assert look.columns["title"] == [text] * 20
    assert list(look.columns) == ["id", "title", "city"]


def test_every_encoding_that_can_be_found_is_one_that_the_reader_knows() -> None:
    assert all(codecs.lookup(name) for name in USUAL_ENCODINGS)


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (table(*ROWS), {"delim": ","}),
        (table(*ROWS, end="\r\n"), {"delim": ","}),
        (table(*ROWS, end="\r"), {"delim": ","}),
        (table(*ROWS).replace(",", ";"), {"delim": ";"}),
        (table(*ROWS).replace(",", "\t"), {"delim": "\t"}),
        (table(*ROWS).replace(",", "|"), {"delim": "|"}),
        ("sep=;\r\n" + table(*ROWS, end="\r\n").replace(",", ";"), {"delim": ";"}),
        ("Printed on 1 May, by me\r\n" + table(*ROWS), {"delim": ",", "skip_lines": 1}),
        ("Printed\n\nby me; not for sale\n" + table(*ROWS, end="\r\n"), {"delim": ",", "skip_lines": 3}),
        (table('1,"Draw a ""logo"", red",Bern', *ROWS[1:]), {"delim": ","}),
        (table('1,"Draw a \\"logo\\", red",Bern', *ROWS[1:]), {"delim": ",", "escape": "\\"}),
        (table("1,'Draw a logo, red',Bern", "2,'Write, then sing',Ulm"), {"delim": ",", "quote": "'", "escape": "'"}),
        (table("1,it's a kite,Bern", "2,the dog's song,Ulm", "3,' ,Graz"), {"delim": ","}),
    ],
)
def test_the_dialect_is_found(tmp_path: Path, content: str, options: dict[str, Any]) -> None:
    look = look_at(tmp_path, content)
    given = {name: value for name, value in look.options.model_dump().items() if name in options}
    unset = look.options.model_copy(update=dict.fromkeys(options))
    assert given == options and all(
        getattr(unset, name) in (None, default)
        for name, default in {"quote": '"', "escape": '"', "skip_lines": 0, "delim": ","}.items()
    )
    assert list(look.columns) == ["id", "title", "city"] and look.columns["city"][1] == "Ulm"


def test_a_quoted_text_that_is_cut_by_what_is_looked_at_does_not_change_the_dialect(tmp_path: Path) -> None:
    long_text = "A line, and another; and a | too.\n" * 50
    look = look_at(tmp_path, table(*[f'{number},"{long_text}",Ulm' for number in range(ROWS_LOOKED_AT + 500)]))
    assert (look.options.delim, look.rows, look.columns["title"][0]) == (",", ROWS_LOOKED_AT, long_text)


POSTS = [{"id": 1, "title": "Draw", "skills": [{"name": "Ink"}]}, {"id": 2, "title": "Sing", "note": "late"}]


@pytest.mark.parametrize(
    ("document", "file_format", "records"),
    [
        ("\n".join(map(json.dumps, POSTS)), "jsonl", ""),
        (json.dumps(POSTS), "json", ""),
        (json.dumps(POSTS, indent=2), "json", ""),
        (json.dumps({"status": "ok", "data": POSTS}), "json", "data"),
        (json.dumps({"result": {"total": 2, "projects": POSTS}}, indent=1), "json", "result.projects"),
        (json.dumps({str(post["id"]): post for post in POSTS}), "json", ""),
        (json.dumps([{"legal": "Name the source."}, *POSTS]), "json", ""),
        ("\n".join(["not a post", *map(json.dumps, POSTS), *map(json.dumps, POSTS)]), "jsonl", ""),
    ],
)
def test_the_shape_of_json_is_found(tmp_path: Path, document: str, file_format: str, records: str) -> None:
    look = look_at(tmp_path, document, "posts.json")
    assert (look.format, look.options.records) == (file_format, records)
    assert [title for title in look.columns["title"] if title][:2] == ["Draw", "Sing"]
    assert look.columns["id"][-1] == "2", "a number is text, as the reader gives it"
    assert '[{"name": "Ink"}]' in look.columns["skills"]
    assert look.columns["note"][-1] == "late", "a key may come late"


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """The least that is a workbook: texts inside their cells."""
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def relations(*targets: tuple[str, str]) -> str:
        links = [
            f'<Relationship Id="r{n}" Type="{office}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets)
        ]
        return f'<Relationships xmlns="{package}/relationships">{"".join(links)}</Relationships>'

    names = "".join(f'<sheet name="{name}" sheetId="{n + 1}" r:id="r{n}"/>' for n, name in enumerate(sheets))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        archive.writestr("_rels/.rels", relations(("officeDocument", "xl/workbook.xml")))
        book = f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", book)
        targets = [("worksheet", f"worksheets/s{n}.xml") for n in range(len(sheets))]
        archive.writestr("xl/_rels/workbook.xml.rels", relations(*targets))
        for number, rows in enumerate(sheets.values()):
            cells = [
                "".join(
                    f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
                    for column, text in enumerate(texts)
                    if text
                )
                for row, texts in enumerate(rows, start=1)
            ]
            data = "".join(f'<row r="{row}">{texts}</row>' for row, texts in enumerate(cells, start=1))
            archive.writestr(
                f"xl/worksheets/s{number}.xml", f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>'
            )
    return path


def test_of_a_workbook_the_fullest_sheet_is_taken_and_what_stands_above_its_header_is_skipped(tmp_path: Path) -> None:
    posts = [row.split(",") for row in (HEADER, *ROWS)]
    notes = [["About this file"], ["Nothing"]]
    look = look_at_file(workbook(tmp_path / "a.xlsx", {"Notes": notes, "Posts": [["Made-up posts"], [], *posts]}))
    assert (look.format, look.options.sheet, look.options.skip_lines) == ("xlsx", "Posts", 1)
    assert look.columns["title"] == ["Draw a logo", "Write a song", "Mend a bot"]
    plain = look_at_file(workbook(tmp_path / "b.xlsx", {"Posts": posts}))
    assert (plain.options.sheet, plain.options.skip_lines, plain.rows) == ("", 0, 3)


def test_a_long_list_is_not_read_to_its_end(tmp_path: Path) -> None:
    posts = [{"id": number, "title": "Draw " + "x" * 3_000} for number in range(4_000)]
    whole = json.dumps(posts)
    cut = look_at(tmp_path, whole[: len(whole) - 1000], "posts.json")
    assert (cut.format, cut.rows, cut.columns["id"][0]) == ("json", ROWS_LOOKED_AT, "0")


def test_a_packed_file_is_looked_into(tmp_path: Path) -> None:
    look = look_at(tmp_path, gzip.compress(table(*ROWS).encode()), "posts.csv.gz")
    assert (look.format, look.rows) == ("csv", 3)


def test_the_ending_of_a_name_is_not_believed(tmp_path: Path) -> None:
    assert look_at(tmp_path, json.dumps(POSTS), "posts.txt").format == "json"
    assert look_at(tmp_path, table(*ROWS), "posts.data").format == "csv"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "git-lfs pointer"),
        (b"id,title\n", "no row below the header"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe\x00" * 50, "no text"),
        (b"PK\x03\x04 but no workbook", "workbook"),
        (b"PAR1 but no parquet", "parquet"),
        (b"[1, 2]", "no list of objects"),
        (b'[{"id": 1}, {"id": ', "no JSON"),
    ],
)
def test_what_is_no_table_is_refused_by_its_name(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=f"posts.file.*{said}"):
        look_at(tmp_path, content, "posts.file")
