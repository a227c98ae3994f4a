"""Records of skill tasks for tests."""

from typing import Any

CRITERIA: list[dict[str, Any]] = [
    {
        "requirement": "6.2.S2",
        "text": "说明处理步骤",
        "least": 2,
        "most": 6,
        "levels": [
            {"points": 6, "text": "步骤完整"},
            {"points": 3, "text": "缺一到两步"},
            {"points": 0, "text": "未说明"},
        ],
    },
    {"requirement": "6.2.S4", "text": "语气得体", "least": 1, "most": 4},
]
TASK: dict[str, Any] = {
    "stem": "顾客投诉送货迟到，请说明处理步骤。",
    "explanation": "",
    "material": "**来信**：货物迟到三天。",
    "model_answer": "机密答案：先致歉，再核实，后补救。",
    "common_errors": ["机密错误：推卸责任"],
    "criteria": CRITERIA,
}
SECRETS = ["机密", "步骤完整", "说明处理步骤", "语气得体", "6.2.S2"]
"""What no candidate may see of TASK."""
TASK_WITHOUT = TASK | {"stem": "顾客投诉送货迟到，请作答。"}
