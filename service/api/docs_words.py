"""The words of the API's page that are not those of an endpoint: English, then Chinese."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("API", "接口"),
    "product": ("Three Rings", "三声"),
    "back": ("To the shift now", "回到当班"),
    "skip": ("Skip to the page", "跳到正文"),
    "endpoints": ("Endpoints", "接口列表"),
    "lead": (
        (
            "Versioned, one shape for every error; calls and figures are read-only. Every figure is one of the "
            "metrics, computed from the same definition as the pages and the reports."
        ),
        "带版本，错误同一形式；通话与数字只读。每个数字都出自指标定义，与页面和报表同源。",
    ),
    "first": ("First steps", "开始"),
    "first_formats": (
        "Tables come as JSON, CSV or Excel: say so in Accept, or add format=xlsx.",
        "表格可为 JSON、CSV 或 Excel：用 Accept 指明，或加 format=xlsx。",
    ),
    "first_tags": (
        "Give an answer's ETag back as If-None-Match: while nothing has changed you get 304 and no body.",
        "把 ETag 作为 If-None-Match 送回：未变化时返回 304，无正文。",
    ),
    "first_pages": (
        'Lists have pages: follow Link rel="next", or give next_after back as after.',
        '列表分页：跟随 Link rel="next"，或把 next_after 作为 after 送回。',
    ),
    "first_times": (
        "Instants are UTC. Days and months are those of the centre's zone.",
        "时刻为 UTC；日与月按中心所在时区。",
    ),
    "tokens_off": (
        "This service asks for no token.",
        "本服务不要求令牌。",
    ),
    "tokens_on": (
        "This service asks for a token: Authorization: Bearer. An administrator makes one:",
        "本服务要求令牌：Authorization: Bearer。由管理员创建：",
    ),
    "token": ("Token", "令牌"),
    "token_hint": (
        "Used for tries on this page, kept until you close it, and sent nowhere else.",
        "仅用于本页试用，关闭即失，不送往别处。",
    ),
    "description": ("OpenAPI 3.1", "OpenAPI 3.1"),
    "parameters": ("Parameters", "参数"),
    "parameter": ("Name", "参数"),
    "meaning": ("Meaning", "含义"),
    "value": ("Try with", "试用值"),
    "required": ("required", "必填"),
    "in_path": ("in the path", "在路径中"),
    "formats": ("Formats", "格式"),
    "statuses": ("Errors", "错误"),
    "example": ("Example of an answer", "回答示例"),
    "schema": ("Schema", "结构"),
    "content": ("What the request brings", "请求内容"),
    "try": ("Try it", "试一试"),
    "no_parameters": ("No parameters.", "无参数。"),
    "answer": ("Answer", "回答"),
    "errors": ("Errors", "错误"),
    "errors_lead": (
        (
            "Every refusal is JSON of this shape. error_id is stable, for programs; message says what was found and "
            "what was expected, for people."
        ),
        "每个拒绝都是这种 JSON。error_id 稳定，供程序判断；message 说明发现了什么、应为什么。",
    ),
    "status": ("Status", "状态码"),
    "theme": ("Light or dark", "浅色或深色"),
    "other": ("中文", "EN"),
    "cut": ("The rest is left out here.", "其余在此略去。"),
    "saved": ("A file of {n} bytes: use curl, or open the link.", "文件共 {n} 字节：请用 curl，或打开链接。"),
    "failed": ("No answer came: is the service running?", "没有回答：服务在运行吗？"),
}
