# The plan
plan-title = 年度计划
plan-year = { $year }年计划
plan-lead = 本年度在哪条政策之下列入了哪些项目、各到哪一步；结转或取消的，写明理由。人人可查。
plan-status = 状态
plan-reason = 理由
plan-policy = 政策条目
plan-by-line = 按政策条目
plan-by-line-say = 全年各条目的项目数，不受上方筛选影响。
plan-none = 尚无计划项目。
plan-shown = 列出{ $count }项
plan-who = 可列入计划的有：{ $who }。
plan-status-planned = 已列入
plan-status-in-progress = 推进中
plan-status-nearly-done = 基本完成
plan-status-done = 已完成
plan-status-carried-over = 结转
plan-status-dropped = 取消
filter-any = 不限
download-csv = 下载 CSV
download-xlsx = 下载 Excel
not-known = 未知

# The balance of the portfolio
balance-title = 均衡
balance-say = 经济是合作形式之一，人文不可或缺，社会力量应更多牵头。只列数字和算法，不作评判。
balance-counted = 全年{ $items }项，统计日期：{ $day }
balance-what = 指标
balance-share = 占比
balance-method = 算法
balance-culture = 有人文项目的友城与区县
balance-culture-method = 有项目的友城与区县{ $whole }个，其中有人文项目的{ $part }个；取消的项目不计。
balance-economy = 经济类项目
balance-economy-method = 未取消的项目{ $whole }项，其中经济类{ $part }项。
balance-social = 社会力量或个人牵头
balance-social-method = 已有中选方、牵头方已知的项目{ $whole }项，其中社会力量或个人牵头{ $part }项。
balance-neither = 既未完成也未推进
balance-neither-method = 全部{ $whole }项中，仅列入、结转或取消的{ $part }项。

# The gap finder
gaps-title = 查漏补缺
gaps-heading = 查漏补缺：哪些友城、哪些领域尚属空白
gaps-lead = 每格是一个友城在一个领域里有据可查的往来数。墨色越深，往来越多。朱圈是建议先补的空缺。
gaps-districts-lead = 每格是一个区县在一个领域里有据可查的往来数。尚无友城的区县排在最前。
gaps-update = 更新
gaps-view = 行
gaps-view-relations = 友城
gaps-view-districts = 区县
gaps-level = 层级
gaps-level-city = 市级友城
gaps-level-districts = 区县级友城
gaps-level-all = 全部友城
gaps-all-years = 历年累计
gaps-corner = 友城或区县
gaps-scroll = 覆盖表，可横向滚动
gaps-caption-relations = { $rows }个友城 × { $fields }个领域，有据可查的往来数
gaps-caption-districts = { $rows }个区县 × { $fields }个领域，有据可查的往来数
gaps-total = 合计
gaps-legend-partner-has = 对方有已登记机构，尚未结对
gaps-legend-planned = 已列入计划
gaps-legend-suggested = 建议先补，编号见下
gaps-legend-empty = 未查到
gaps-method-title = 算法。
gaps-method = 只计有出处的机构结对和已评价的项目，截至{ $day }。没有出处不等于没有往来：各单位可补报，须附材料。
gaps-before = 上一页
gaps-after = 还有{ $left }行
gaps-count = 往来数
gaps-rank = 次序
gaps-first = 建议先补
gaps-first-say = 尚无友城的区县在先，其余按分数排序。理由全部列出，由人决定。
gaps-none = 此处没有空白。
gaps-plan-it = 列入计划
gaps-plan-label = 列入计划：{ $name } × { $field }
gaps-weights = 分值
gaps-weights-say = 各格同一标准，次序可据此复算。
gaps-reason = 理由
gaps-points = 分值
gaps-untouched = 尚无友城的区县
cell-covered = 有据可查{ $count }项
cell-planned = 已列入计划
cell-suggested = 空缺，见建议{ $rank }
cell-partner-has = 空缺，对方有已登记机构
cell-empty = 未查到
gap-untouched = 该区县尚无友城。
gap-partner-has = 对方在该领域有{ $count }家已登记机构。
gap-we-have = 己方在该领域有{ $count }家已登记机构。
gap-quiet-for = 与该友城已有{ $years }年没有可查的往来。
gap-never-active = 与该友城从未有可查的往来。
gap-resting = 该友城关系往来较少。
gap-anniversary = { $year }年是结好{ $years }周年。
gap-complement = 对方{ $theirs }家、己方{ $ours }家机构，可以互学互补。
gap-experience = 已与{ $relations }个友城有同类做法可循。
gap-culture-missing = 已有经济往来，尚无人文往来。
gap-no-partner-institution = 对方在该领域尚无已登记机构。
gap-no-own-institution = 己方在该领域尚无已登记机构。
gap-points = 共{ $points }分
gap-weight-untouched = 区县尚无友城
gap-weight-partner-has = 对方有机构
gap-weight-we-have = 己方有机构
gap-weight-quiet = 五年没有往来，或记为往来较少
gap-weight-anniversary = 逢十周年
gap-weight-complement = 一方明显更强，可以互补
gap-weight-experience = 与其他友城已有做法
gap-weight-culture = 有经济往来而无人文往来

# An item
item-new = 列入计划项目
item-edit = 修改
item-edit-title = 修改计划项目
item-lead = 有目标、有期限的小项目，列在一条政策之下，配合政府主导的工作。
item-form = 项目内容
item-save = 保存
item-relation = 友城关系
item-relation-hint = 友城关系与区县至少选一项，可同时选。
item-district = 区县
item-field = 领域
item-year = 年份
item-policy-hint = 只列该年度有效的政策条目。
item-title-zh = 名称（中文）
item-title-en = 名称（英文）
either-language = 中英文填一种即可，另一种可后补。
item-aim-zh = 目标（中文）
item-aim-en = 目标（英文）
item-aim-hint = 写明结束时应有什么变化，旁人能据此判断是否达到。例如：两市读者各能借到对方城市的200册图书。
item-supports = 配合
item-supports-zh = 配合的政府工作（中文）
item-supports-en = 配合的政府工作（英文）
item-supports-hint = 配合哪项政府主导的工作。
item-due = 完成期限
item-due-hint = 在该年度内，或次年初。例如2026-11-30。
item-due-on = { $day }前完成
item-late = 已逾期：{ $day }
item-what = 概况
item-about = 对象
item-guiding = 指导单位
item-lead-by = 牵头方
item-programme = 公开项目页
item-history = 变更记录
item-call = 拟定征集
item-call-say = 尚未发布征集。
item-call-who = 下一步是发布征集，由{ $who }办理。
item-assign = 直接分派
lead-social = 社会力量
lead-public = 公共机构
lead-individual = 个人
river-label = 办理进度

# Steps
step-title = 推进
step-note = 发布征集、办结承办事项、公布评价后，项目自动推进。结转或取消须写明理由，理由公开。
step-to = 下一步
step-save = 确认
step-reason-hint = 结转或取消时必填。
step-carried-to = 结转至
step-carried-hint = 填年份，仅结转时填写。

# Policy lines
column-illustrative = 示例
column-illustrative-yes = 示例内容
lines-title = 政策条目
lines-lead = 年度计划的依据，逐条引用，注明出处和有效期。
lines-in-force = 有效
lines-past = 已失效
lines-none = 尚无。
line-new = 录入政策条目
line-edit = 修改
line-edit-title = 修改政策条目
line-items = 所列项目
line-code = 编号
line-code-hint = 大家称呼它的编号，例如2026-03。
line-text-zh = 条文（中文）
line-text-en = 条文（英文）
line-source = 出处
line-source-hint = 文件名称与文号，或以https://开头的网址。
line-starts = 有效期起
line-until = 有效期止
line-until-hint = 留空表示长期有效。
line-holds = { $starts }至{ $until }
line-holds-open = { $starts }起，长期有效

# Files
import-title = 导入计划
import-lead = 用 CSV 或 Excel 表格成批列入。先查看：每处问题都写明行列。要么全部写入，要么一行不写。
import-file = 文件
import-file-hint = CSV（UTF-8）或 XLSX，首行为表头，可用模板。
import-note = 表头中英文均可，与计划下载的表格一致。
import-template = 下载模板
import-look = 先查看
import-write = 写入
import-report = 检查结果
import-clean = 共{ $rows }行，没有问题。请再次选择文件并写入。
import-counts = 新增 { $added } 行，变更 { $changed } 行，未变 { $unchanged } 行。
import-faults = { $rows }行中有{ $faults }处问题。
import-nothing-written = 未写入任何内容。
import-unread = 不读取的列：{ $columns }。
import-row = 行
import-column = 列
import-value = 内容
import-what = 问题

# What waits
duty-draft = 拟定征集
duty-late = 已逾期仍无征集：请拟定征集、结转或取消

# Left after a step
done-planned = 已列入计划。
done-plan-saved = 已保存。
done-plan-moved = 状态已更新。
done-plan-imported = 已全部列入计划。
done-line-saved = 政策条目已保存。

# Refusals
refusal-plan-step = “{ $from ->
        [planned] { plan-status-planned }
        [in-progress] { plan-status-in-progress }
        [nearly-done] { plan-status-nearly-done }
        [done] { plan-status-done }
        [carried-over] { plan-status-carried-over }
       *[dropped] { plan-status-dropped }
    }”之后不能直接进入“{ $to ->
        [planned] { plan-status-planned }
        [in-progress] { plan-status-in-progress }
        [nearly-done] { plan-status-nearly-done }
        [done] { plan-status-done }
        [carried-over] { plan-status-carried-over }
       *[dropped] { plan-status-dropped }
    }”。
refusal-plan-place = 请写明所属的友城关系或区县。
refusal-plan-due = 须在{ $year }年内或次年初完成。
refusal-plan-row-twice = 第 { $row } 行已有同一项目。
refusal-plan-ended = 该项目已结束，内容不再更改。
refusal-carried-later = 只能结转到{ $year }年以后。
refusal-policy-code-taken = 已有政策条目使用这个编号。
refusal-policy-not-in-force = 政策条目{ $code }在{ $year }年不适用。
refusal-no-department = 该领域尚无主管部门，请先由外事办负责人指定。
refusal-before-start = 不得早于{ $starts }。
refusal-table-column-missing = 缺少“{ $column }”一列。
refusal-table-column-twice = “{ $column }”一列出现了两次。
refusal-table-column-unknown = 不认识表头“{ $column }”。
refusal-table-no-heading = 从第{ $row }行起有单元格没有表头。
refusal-table-too-many-rows = 最多{ $max }行。
refusal-table-too-many-cells = 最多{ $max }个非空单元格。
refusal-table-too-wide = 第{ $row }行列数过多。
refusal-table-cell-too-long = 第{ $row }行有单元格内容过长。
refusal-table-quote = 第{ $row }行的引号没有成对。
refusal-table-unsafe = 该文件解压有风险或含有宏。请另存为只含数值的副本。
refusal-table-locked = 该工作簿设有密码。请另存为无密码的副本。
refusal-table-kind = 只能读取 CSV 和 XLSX 表格。
refusal-table-encoding = 字符无法识别。请另存为 CSV UTF-8 或 XLSX。

# The journal
did-policy-line-added = 录入政策条目
did-policy-line-amended = 修改政策条目
did-plan-item-added = 列入年度计划
did-plan-item-amended = 修改计划项目
did-plan-item-lead-noted = 根据决定登记了计划项目的牵头方
did-plan-item-moved = 推进计划项目
