# Refusals
refusal-call-not-draft = 征集已发布，内容不再更改。
refusal-call-closes-past = 截止时间须晚于开始时间，也须晚于现在。
refusal-call-no-needs = 请至少写明一项需求。
refusal-weights-sum = 权重合计为{ $sum }，须为100。
refusal-call-still-open = 征集至{ $closes }（协调世界时）截止，此前任何人不得开启。
refusal-call-not-to-open = 这里没有可开启的应征。
refusal-call-not-in-review = 仅限已开启、尚未决定的征集。
refusal-call-ended = 征集已结束。
refusal-call-not-open-yet = 征集于{ $opens }（协调世界时）开始。
refusal-call-closed = 征集已于{ $closes }（协调世界时）截止，以本站时钟为准。
refusal-call-no-item = 该计划项目不存在或已结束。
refusal-call-item-fixed = 征集所属的计划项目不能更换。
refusal-need-max-below-min = 不得少于最低需要的{ $min }。
refusal-too-many = 最多{ $max }项。
refusal-not-a-time = 请填写时间，例如17:00。
refusal-need-twice = 该需求重复了。
refusal-offer-no-need = 请至少为一项需求填写数量。
refusal-offer-starts-early = 工作须从{ $from }或之后开始。
refusal-offer-ends-late = 工作须在{ $until }前结束。
refusal-over-ceiling = 您填的是{ $asked }，超出上限{ $most }达{ $over }。
refusal-offer-not-draft = 该应征已不能提交。
refusal-offer-not-to-withdraw = 该应征已不能撤回。
refusal-offer-not-submitted = 该应征不在可选之列。
refusal-offer-awarded = 该应征已经中选。
refusal-offer-not-shortlisted = 该应征未入围。
refusal-offer-not-in-plan = 该应征不在已公布的分配方案中。请在方案中锁定后重新求解并公布，或选择其他应征。
refusal-seat-made-call = 拟定征集的人不得参加评审组。
refusal-seat-guides = 此人属于该征集的指导单位。
refusal-seat-offers = 此人属于应征一方。
refusal-seat-taken = 此人已在评审组中。
refusal-seat-struck = 您的席位不计：您与该征集或某项应征有利害关系。
refusal-scores-in = 您的评分已提交，不再更改。
refusal-not-declared = 请先声明与应征者有无利害关系。
refusal-conflict-declared = 您已声明与该应征有利害关系。
refusal-offers-unscored = { $missing ->
   *[other] 还有{ $missing }份应征没有评分。
}
refusal-panel-too-small = 评审组至少须有{ $least }个有效席位。
refusal-scores-missing = { $missing ->
   *[other] 还有{ $missing }位成员没有提交评分。
}
refusal-plan-fixed = 该方案已公布或已搁置，请另立新方案。
refusal-plan-has-faults = 该方案没有分配结果：各项要求彼此冲突。
refusal-allocation-too-large = 数值过大，无法精确求解。

# Letters
letter-awarded-subject = 您的应征已中选：{ $call }
letter-awarded = 您对“{ $call }”的应征已中选。公布的理由：{ $reason }
    下一步：指导单位将拟定含里程碑和预算的协议，请在“我的事务”中查看并答复。
letter-declined-subject = 应征结果：{ $call }
letter-declined = 您对“{ $call }”的应征未中选。公布的理由：{ $reason }
    下一步：评分和决定见征集页面。如认为有违规则，请致函页面所列的办公室。您的应征内容仍归您所有，可再次使用。

# The journal
did-call-drafted = 拟定征集
did-call-amended = 修改征集草稿
did-call-published = 发布征集
did-call-opened = 开启应征
did-call-cancelled = 取消征集
did-call-awarded = 确定中选
did-call-decided = 决定征集结果
did-offer-begun = 开始应征
did-offer-submitted = 提交应征
did-offer-withdrawn = 撤回应征
did-offer-scored = 为应征评分
did-offer-shortlisted = 确定入围名单
did-offer-awarded = 中选
did-offer-declined = 未中选
did-offer-imported = 录入纸质应征
did-panel-seated = 安排评审席位
did-panel-unseated = 撤销评审席位
did-panel-declared = 声明利害关系
did-panel-struck = 失去评审席位
did-review-submitted = 提交评分
did-allocation-solved = 求解分配方案
did-allocation-published = 公布分配方案
refusal-call-sealed = 开启之前，应征内容一律保密。
refusal-import-late = 已有评审提交评分，不能再增加应征。
refusal-offer-twice = 该单位已有应征，或为指导单位。
refusal-received = 收到时间须在征集期间，早于{ $closes }（协调世界时）。
offer-status = 状态
offer-mean = 评审均分
offers-title = 应征一览
