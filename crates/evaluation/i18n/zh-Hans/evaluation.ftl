# Statuses
evaluation-status-appointed = 已指派评价人
evaluation-status-drafted = 评价已提交
evaluation-status-published = 已公布
finding-met = 已达到
finding-in-part = 部分达到
finding-not-met = 未达到
finding-cannot-tell = 无法判断

# The evaluation
evaluation-title = 评价：{ $about }
evaluation-lead = 由未参与承办的人，对照启动前设定的目标作出评价。
part-aims = 目标与结果
aims-note = 目标在启动前设定。
part-summary = 总体结论
part-reply = 承办方答复
part-evaluators = 评价人
part-history = 变更记录
part-finding = 评价结论
col-aim = 目标
col-target = 启动前设定
col-found = 结果
col-state = 状态
col-when = 时间
col-what = 内容
col-who = 办理人
col-entry = 日志编号
findings-not-public = 结论公布后方可查看。
evaluators-count = 评价人{ $count }名，{ $due }前完成。姓名随结果公布。
declared-at = { $at }声明无利害关系
declared-not-yet = 尚未声明
outside-note = 评价人均未参与承办、指导、评审、批准或拨付，也不属于参与过的单位（R18）。

# What is next
button-declare = 本人声明与此事无利害关系
step-declare = 声明无利害关系
step-find = 撰写评价结论
step-find-next = 撰写“{ $aim }”的结论
step-publish = 公布评价结果
step-appoint = 指派评价人
turn-evaluators = 评价人
waits-on-evaluators = 等待评价人，期限{ $due }。
publish-when-over = 承办事项办结或中止后方可公布。
button-publish = 公布
button-reply = 书面答复
button-submit = 提交评价
link-write-finding = 撰写
link-change-finding = 修改
link-back = 返回，不作更改

# Forms
find-lead = 衡量方式：{ $measure }。启动前设定：{ $target }。
field-state = 目标达到了吗？
field-found-zh = 结果（中文）
field-found-en = 结果（英文）
hint-found = 写数字或事实，例如：每册每年借阅3.1次。中文、英文或两者。
field-source = 出处
hint-source = 文件或网址。无法判断的可不填，但须在说明中写明原因。
field-note-zh = 说明（中文）
field-note-en = 说明（英文）
hint-note = 为何如此，或为何无法判断。
button-find = 保存结论
title-submit = 提交评价
submit-lead = 提交后任何人不得更改结论。
field-summary-zh = 总体结论（中文）
field-summary-en = 总体结论（英文）
hint-summary = 达到了什么、没有达到什么、下次应如何改进。中文、英文或两者。
title-reply = 答复评价
field-reply = 答复
hint-reply = 与结果并列公布，不作删节。只可答复一次。
hint-evaluators = 仅列出不受回避规则限制的人。
field-others = 其他人（电子邮箱）
hint-others = 须在本站有已确认的账户，用逗号分隔。
field-due = 期限
hint-due = 例如2027-09-30。
appoint-lead = 请选未参与此事的人；如有回避规则，将说明是哪一条。
button-appoint = 指派
aims-title = 目标：{ $programme }
no-aims-yet = 尚未设定目标。
part-set-aim = 设定目标
field-aim-zh = 目标（中文）
field-aim-en = 目标（英文）
hint-aim = 希望带来什么变化，例如：征询读者意见并予以回应。三项均可填中文、英文或两者。
field-measure-zh = 衡量方式（中文）
field-measure-en = 衡量方式（英文）
hint-measure = 例如：每册每年借阅次数。
field-target-zh = 目标值（中文）
field-target-en = 目标值（英文）
hint-target = 例如：4.0。
button-set-aim = 设定目标
button-drop-aim = 撤回

# What was done, at the top of the next page
done-declared = 已声明，可以撰写结论。
done-found = 结论已保存。
done-submitted = 已提交，承办方可以答复。
done-published = 已公布。
done-replied = 答复已与结果并列。
done-appointed = 已指派。
done-aim-set = 目标已设定。
done-aim-dropped = 目标已撤回。

# History
did-plan-item-aim-set = 设定目标
did-plan-item-aim-dropped = 撤回目标
did-evaluation-appointed = 指派评价人
did-evaluation-no-conflict-declared = 声明无利害关系
did-evaluation-found = 撰写结论
did-evaluation-submitted = 提交评价
did-evaluation-published = 公布结果
did-evaluation-replied = 书面答复

# Refusals
refusal-aims-after-start = 目标须在启动前设定；承办已经开始（R19）。
refusal-too-many-aims = 最多{ $max }个目标。
refusal-no-aims = 启动前没有设定目标，无从评价。
refusal-evaluation-before-start = 承办事项尚未开始。
refusal-evaluation-exists = 已指派评价人。
refusal-appointer-on-panel = 您参加过本次征集的评审，须由他人指派评价人（R18）。
refusal-too-many-evaluators = 最多{ $max }名评价人。
refusal-day-past = 该日期已过。
refusal-evaluator-executed = { $name }参与过承办（R18）。
refusal-evaluator-guided = { $name }参与过指导或验收（R18）。
refusal-evaluator-panel = { $name }参加过评审（R18）。
refusal-evaluator-approved = { $name }批准过其款项（R18）。
refusal-evaluator-paid = { $name }拨付过其款项（R18）。
refusal-evaluator-of-executing = { $name }属于承办单位（R18）。
refusal-evaluator-of-guiding = { $name }属于指导单位（R18）。
refusal-evaluator-of-panel = { $name }属于参加评审的单位（R18）。
refusal-nobody-at-address = 没有已确认的账户使用邮箱{ $address }。
refusal-evaluator-of-approving = { $name }属于批准其款项的单位（R18）。
refusal-evaluator-of-paying = { $name }属于拨付其款项的单位（R18）。
refusal-declared = 您已声明。
refusal-not-declared = 请先声明无利害关系。
refusal-finding-source = 请写明出处。
refusal-aims-without-finding = 还有{ $count }个目标没有结论。
refusal-evaluators-undeclared = 还有{ $count }名评价人未声明。
refusal-evaluation-drafted = 评价已提交，不能再更改。
refusal-evaluation-published = 评价已公布。
refusal-evaluation-not-drafted = 评价人尚未提交。
refusal-undertaking-not-over = 承办事项尚未办结或中止。
refusal-reply-given = 已经答复。

# 文件
export-aims = 目标
export-evaluations = 评价
column-programme = 项目
column-programme-zh = 项目名称（中文）
column-programme-en = 项目名称（英文）
column-year = 年份
column-evaluation = 评价编号
column-set-at = 设定时间
column-published-at = 公布时间
column-reply-zh = 答复（中文）
column-reply-en = 答复（英文）
column-illustrative = 示例
column-illustrative-yes = 示例内容
