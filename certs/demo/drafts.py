"""Items at work in the demo: one waits for review, one was returned, one is approved and being revised."""

import datetime
from typing import Any

from certs.people.models import Person
from exams.bank.actions.editing import comment_on, draft_item, revise_item
from exams.bank.actions.reviewing import approve_item, return_item, submit_item
from exams.bank.enums import Pool
from exams.bank.models import Item
from syllabus.standard.models import Level

WAITING: dict[str, Any] = {
    "type": "single",
    "knowledge": "6.2.K1",
    "difficulty": 3,
    "cognition": "apply",
    "stem": "客户在网店评论区公开指责发错货，客服人员最先应当做的是（　）。",
    "options": [
        "公开致歉并请客户私信订单号以便核查",
        "删除评论，避免影响其他买家",
        "在评论区逐条反驳客户的说法",
        "等客户提出正式投诉后再处理",
    ],
    "key": "A",
    "explanation": "先公开表明负责的态度，再把核查个人订单的环节转到私下，既安抚客户也保护其个人信息。",
}
RETURNED: dict[str, Any] = {
    "type": "true_false",
    "knowledge": "6.2.K3",
    "difficulty": 2,
    "cognition": "understand",
    "stem": "处理投诉时做到双赢，就是客户提出的要求全部满足。",
    "key": False,
    "explanation": "双赢是客户的合理诉求得到解决，企业的成本与规则也守得住，并非照单全收。",
}


REVISED: dict[str, Any] = {
    "type": "single",
    "knowledge": "6.2.K1",
    "difficulty": 2,
    "cognition": "recall",
    "stem": "受理投诉时，记录下列哪一项对后续处理最有用（　）。",
    "options": ["客户的诉求与事实经过", "客户说话的语气", "受理人员的感受", "其他客户的议论"],
    "key": "A",
    "explanation": "诉求与事实经过是判断责任和提出方案的依据。",
}


def make_drafts(*, writer: Person, reviewer: Person, level: Level, at: datetime.datetime) -> None:
    """Make the items where the writer has none yet."""
    if Item.objects.filter(created_by=writer).exists():
        return
    waiting = draft_item(record=WAITING, level=level, pool=Pool.PRACTICE, by=writer, at=at)
    submit_item(item=waiting, by=writer, at=at)
    returned = draft_item(record=RETURNED, level=level, pool=Pool.LIVE, by=writer, at=at)
    comment_on(item=returned, text="“双赢”在教材里有明确的说法，可以引用。", by=writer, at=at)
    submit_item(item=returned, by=writer, at=at)
    return_item(item=returned, reason="题干有暗示：“全部”一词过于绝对，请换一种说法。", by=reviewer, at=at)
    revised = draft_item(record=REVISED, level=level, pool=Pool.PRACTICE, by=writer, at=at)
    submit_item(item=revised, by=writer, at=at)
    approve_item(item=revised, by=reviewer, at=at)
    record = REVISED | {"explanation": REVISED["explanation"] + "记录时写明事实，不写评价客户的话。"}
    revise_item(item=revised, record=record, level=level, seen=1, by=writer, at=at)
    submit_item(item=revised, by=writer, at=at)
