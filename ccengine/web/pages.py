"""The built pages: one HTML file for all of them, and the files it asks for.

A file is served only when it stood in the folder as the folder was last listed, so that no path of
a request ever reaches the file system.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from ccengine.web.access import ANYONE, Route
from ccengine.web.answers import Refused

BUILT = Path(__file__).parent / "static"
PAGES = ("/", "/login", "/desk", "/floor", "/report", "/calls")

_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>ccengine</title></head><body>
<h1>The pages have not been built / 页面尚未构建</h1>
<p>The engine is running; only its pages are missing. In the project's folder run
<code>scripts/build-ui</code>, then load this page again.</p>
<p>引擎运行正常，但页面文件还没有生成。请在项目目录中执行
<code>scripts/build-ui</code>，然后刷新本页。</p>
</body></html>
"""


class Pages:
    """Lists the folder again when ``index.html`` has changed: a new build needs no restart."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._folder = folder
        self._listed_at: int | None = None
        self._files: dict[str, Path] = {}

    def routes(self) -> list[Route]:
        pages = [Route(method="GET", path=path, who=ANYONE, answer=self._page) for path in PAGES]
        return [
            *pages,
            Route(method="GET", path="/{name}", who=ANYONE, answer=self._file, deadline_s=120),
            Route(
                method="GET", path="/assets/{name}", who=ANYONE, answer=self._file, deadline_s=120
            ),
        ]

    async def _page(self, request: web.Request) -> web.StreamResponse:
        files = await asyncio.to_thread(self._list)
        index = files.get("/index.html")
        if index is None:
            return web.Response(
                text=_NOT_BUILT, content_type="text/html", charset="utf-8", status=503
            )
        return web.FileResponse(index, headers={"Cache-Control": "no-cache"})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        files = await asyncio.to_thread(self._list)
        found = files.get(request.path)
        if found is None:
            raise Refused(404, "path.unknown", "There is nothing here.")
        # Files under assets/ carry a hash of their content in their name.
        hashed = request.path.startswith("/assets/")
        lasting = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return web.FileResponse(found, headers={"Cache-Control": lasting})

    def _list(self) -> dict[str, Path]:
        try:
            changed_at = (self._folder / "index.html").stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if changed_at != self._listed_at:
            self._files = {
                f"/{path.relative_to(self._folder).as_posix()}": path
                for path in self._folder.rglob("*")
                if path.is_file() and not path.is_symlink()
            }
            self._listed_at = changed_at
        return self._files
