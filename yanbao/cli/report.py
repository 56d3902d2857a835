"""``yanbao report``: print a pack for any day, or list the packs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from yanbao.base.errors import UsageError
from yanbao.cli.words import add_day_arguments, add_quiet_argument
from yanbao.reporting.formats import FORMATS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", metavar="PACK", nargs="?", help="a name of --list, or a .yml")
    parser.add_argument("--list", action="store_true", help="the packs, one line each")
    add_day_arguments(parser)
    parser.add_argument("--formats", default="html,xlsx", help=f"of {', '.join(FORMATS)}")
    parser.add_argument(
        "--set",
        dest="pairs",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the pack, such as pool=semiconductor; may be repeated",
    )
    parser.add_argument("--out", type=Path, help="folder for the files")
    parser.add_argument("--house", type=Path, help="YAML of fonts, colours, logo, policies")
    audience = parser.add_mutually_exclusive_group()
    for word, words in (
        ("internal", "for internal readers: everything, a live workbook, marked 内部使用"),
        ("external", "for outsiders: values only, without what may not be passed on"),
    ):
        audience.add_argument(
            f"--{word}", dest="audience", action="store_const", const=word, help=words
        )
    for suffix in ("docx", "pptx"):
        template = f"--template-{suffix}"
        parser.add_argument(template, type=Path, metavar="FILE", help="your own template")
    add_quiet_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    if arguments.list:
        return _list_packs()
    if not arguments.pack:
        raise UsageError("no pack is named", hint="yanbao report --list shows the packs")

    from yanbao.base.settings import house_file
    from yanbao.cli.show import _parameters
    from yanbao.releases.adhoc import AdHocBuilder, released_parameters
    from yanbao.releases.release_store import ReleaseStore
    from yanbao.reporting.build import NotPrintedError, build_pack
    from yanbao.reporting.grammar.pack_loader import load_pack
    from yanbao.reporting.reading.release_reader import ReleaseReader
    from yanbao.reporting.styling.house_style import load_house_style

    formats = tuple(part.strip() for part in arguments.formats.split(",") if part.strip())
    for name in formats:
        if name not in FORMATS:
            raise UsageError.unknown_name("format", name, FORMATS)
    load_pack(arguments.pack)  # a misspelt name is refused before any mart is built
    given = _given(arguments.pairs)
    settings = arguments.settings
    store = ReleaseStore(settings.releases)
    release = store.current()
    parameters = _parameters(arguments, released_parameters(release))
    builder = AdHocBuilder(settings.work / "builds", release, parameters)
    folder = release.path if builder.is_released else builder.build_all()
    out = arguments.out or settings.reports / f"{release.release_id}_{parameters.slug()}"

    def progress(line: str) -> None:
        if not arguments.quiet:
            print(line, file=sys.stderr)

    failure: NotPrintedError | None = None
    house = load_house_style(
        house_file(settings, arguments.house),
        arguments.audience,
        docx=arguments.template_docx,
        pptx=arguments.template_pptx,
    )
    try:
        files = build_pack(
            arguments.pack,
            ReleaseReader(folder),
            out,
            formats,
            progress=progress,
            given=given,
            house=house,
        )
    except NotPrintedError as error:
        files, failure = error.files, error
    if files:
        store.pin(release.release_id, f"cited by {arguments.pack} as of {parameters.as_of}")
    for name, path in files.items():
        print(f"{name:<5} {path}")
    if failure is not None:
        raise failure
    return 0


def _given(pairs: list[str]) -> dict[str, str]:
    """``--set NAME=VALUE`` as a mapping; a name given twice would leave one value unread."""
    given: dict[str, str] = {}
    for text in pairs:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise UsageError(f"--set {text!r} is no NAME=VALUE", hint="say --set pool=computer")
        if name in given:
            raise UsageError(f"--set {name} is given twice", hint="give it once")
        given[name] = value
    return given


def _list_packs() -> int:
    from yanbao.reporting.grammar.pack_loader import load_pack, pack_names

    packs = [load_pack(name) for name in pack_names()]
    width = max(len(pack.name) for pack in packs)
    for pack in packs:
        print(f"{pack.name:<{width}}  {pack.title}：{pack.about}")
    return 0
