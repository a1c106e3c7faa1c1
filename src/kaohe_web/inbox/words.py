"""What notices say: the thing to do or what has happened, with the round's name, and never a figure of anybody's."""

KINDS = {
    "sign": ("请确认目标与权重并签字", "Read your goals and weights, and sign them"),
    "rate": ("有评分等您给", "Ratings wait for you"),
    "self": ("请自评", "Assess yourself"),
    "approve": ("等您审批", "It waits for your approval"),
    "publish": ("审批已完成，可以公布", "Approved, ready to be published"),
    "published": ("成绩已公布，请看成绩单", "Results are published: read your scorecard"),
    "confirm": ("请确认成绩单，或提出申诉", "Confirm your scorecard, or appeal"),
    "restated": ("成绩单有更正，请看新的一版", "Your scorecard was corrected: read the new version"),
    "appeal": ("有新的申诉要处理", "An appeal waits for a decision"),
    "decided": ("您的申诉有了结果", "Your appeal was decided"),
    "paid": ("工资表已锁定发放", "The pay sheet is locked and paid"),
}
