"""One value with everything that attacks a page, Markdown, a spreadsheet or a terminal, and ways for it to begin."""

HOSTILE = (
    "<script>alert(document)</script><img src=x onerror=alert(document)> `tick` "
    "```fence [link](javascript:alert(document)) "
    "![picture](http://example.invalid/p.png) <a href=javascript:alert(document)>a</a> | pipe || **bold** "
    "\x1b[31mred\x1b]0;title\x07 \u202eright to left\u202c " + "long " * 400
)
STARTS = ("=cmd()|'/C calc'!A ", "@SUM(A) ", "\t=")
