"""What ``--help`` says in Chinese, by the English text with its white space folded; paragraphs are parted by an empty line."""

# ruff: noqa: E501  (a line of Chinese counts twice)

from __future__ import annotations

from collections.abc import Mapping

_RULES = "核对所用的规则包，默认按报告识别。"
ZH: Mapping[str, str] = {
    "Check government transparency reports against rule files, and name the figure that is wrong. Exit codes: 0 every report is clean, "
    "1 findings or not verified, 2 the work could not be done, 3 nothing was checked.": "按规则文件核对政府信息公开工作年度报告，指出有误的数据。\n\n"
    "退出码：0 各份报告均未发现错误；1 发现问题或者未能核对；2 无法执行；3 没有可核对的报告。",
    "Show the version and exit.": "显示版本。",
    "Show this message and exit.": "显示帮助。",
    "Check reports and list what is wrong with them. Of a folder, every document below it is checked (txt, md, html, docx, xlsx, pdf, ofd, "
    "json, yaml, xml, csv ...); - is standard input. Reports of one agency over several years are checked against the year before.": "核对"
    "报告，列出发现的问题。\n\n指定文件夹的，核对其中所有文档（txt、md、html、docx、xlsx、pdf、ofd、json、yaml、xml、csv等）；- 表示标准输入。"
    "同一单位有多个年度报告的，与上一年度报告对照核对。",
    "Rules to check with; found from the report by default.": _RULES,
    "How loud a finding makes a report not clean.": "达到何种级别的问题即不能通过。",
    "What is printed.": "输出格式。",
    "Write this format there as well; once for each.": "同时按该格式写入文件；可多次使用。",
    "Print one line: verdicts and counts. Short for --format quiet.": "只输出一行结论和数目，同 --format quiet。",
    "Print how often each rule spoke. Short for --format statistics.": "按规则统计问题数，同 --format statistics。",
    "Language of the findings; the report's own by default.": "结果所用语言，默认与报告一致。",
    "Only these rules: ids, names or beginnings of them.": "只用这些规则：标识、名称或者其开头。",
    "All but these rules.": "不用这些规则。",
    "A rule that could not be decided counts as failed.": "未能判定的规则按不符处理。",
    "The same agency's report of the year before.": "同一单位上一年度的报告。",
    "One of the pack's ways of checking: draft, publish, review.": "核对方式：draft（起草自查）、publish（发布前把关）、review（审核评议）。",
    "A report that the one to check sums up; once for each.": "所汇总的下级报告；可多次使用。",
    "Write the sums of the parts there; - prints them.": "将下级报告的汇总数写入该文件；- 表示直接输出。",
    "A fact that the document does not state: level=county.": "文档中没有写明的情况，如 level=county。",
    "Read files of up to so many megabytes; 64 by default.": "读取文件的大小上限（兆字节），默认64。",
    "Read a file of up to so many megabytes; 64 by default.": "读取文件的大小上限（兆字节），默认64。",
    "Facts by file: level, kind, published_on, prior.": "各文件的有关情况：level、kind、published_on、prior。",
    "Show only findings about these components: ICE.": "只列出涉及这些下属机构的问题，如 ICE。",
    "Show notes, which are folded into one line otherwise.": "列出提示；默认只合并为一行。",
    "Findings that are excused; by default govreport.waivers.yaml beside the report or above it.": "豁免文件；默认为报告所在文件夹或其上级"
    "文件夹中的 govreport.waivers.yaml。",
    "Findings that are excused.": "豁免文件。",
    "Findings that were there already do not count.": "基线文件；其中既有的问题不计入结论。",
    "Write the present findings there.": "将现有问题写入基线文件。",
    "Show and count only what an earlier result (--format json) does not have.": "只列出和计入此前结果（--format json）中没有的问题。",
    "Show what is waived or in the baseline.": "列出已豁免和列入基线的问题。",
    "Leave out rules that came with a later version: 0.3.": "不用此版本之后新增的规则，如 0.3。",
    "Settings; else those above each report.": "设置文件；默认自报告所在文件夹向上查找。",
    "Take no settings from govreport.toml or pyproject.toml.": "不读取 govreport.toml、pyproject.toml 中的设置。",
    "Show how each report would be checked, and which file says so; check nothing.": "列出各份报告的核对设置及其来源，不作核对。",
    "Use so many processes; by default all for many reports.": "使用的进程数；报告较多时默认用满处理器。",
    "Keep what is read; go on from there.": "将已读取的内容存入该文件夹，中断后可接着核对。",
    "Show what `govreport waive` names a finding by.": "列出问题标识，供 govreport waive 使用。",
    "What a letter is to say: unit, due, sender, number, day.": "整改意见所用信息：unit（主送单位）、due（整改期限）、sender（发文单位）、"
    "number（文号）、day（发文日期）。",
    "Write there, in UTF-8, without colour.": "写入该文件（UTF-8，不带颜色）。",
    "Print a report as structured JSON, as it was read; or as a flat CSV, one figure a line.": "将读到的报告输出为结构化JSON；也可输出为"
    "CSV，每行一个数据。",
    "Whose forms to read with; found from the report by default.": "读取所用的规则包，默认按报告识别。",
    "Show how the document was understood instead: its parts, its tables, what was left over.": "改为说明文档是如何识别的：各部分、各表格、"
    "未识别的内容。",
    "Language of what --explain says.": "--explain 所用语言。",
    "List, test and document rules.": "列出、检验规则，生成规则说明。",
    "List all rules: severity, id, title.": "列出全部规则：级别、标识、名称。",
    "Only of this pack.": "只限该规则包。",
    "Check every rule against its own examples; of all bundled packs by default.": "用规则自带的示例检验规则；默认检验全部内置规则包。",
    "Also change every rule a little and list the changes that no example notices.": "同时对规则作微小改动，列出示例未能察觉的改动。",
    "Check a rule set as a whole: what contradicts, follows from others, never applies, is not used or leaves figures unguarded. Exits with "
    "1 where rules contradict, or a figure is unguarded that the pack wants guarded.": "检验整套规则：是否相互矛盾、可由其他规则推出、从不适用、"
    "未被使用，是否有数据未受核对。\n\n规则相互矛盾或者应受核对的数据未受核对的，退出码为1。",
    "Print the JSON Schema of rule, form, pack or settings files, for editors, or of results, for programs.": "输出规则、格式、规则包、设置"
    "文件（供编辑器使用）或者结果（供程序使用）的JSON Schema。",
    "Write a rule file to begin with, commented and sound as it stands.": "新建一个带注释、可直接使用的规则文件。",
    "The pack to write it into; made when it is not there.": "写入的规则包文件夹；没有的，予以新建。",
    "What a pack that is made extends.": "新建规则包所依据的规则包。",
    "Write one Markdown page per rule, and their index.": "为每条规则生成一页Markdown说明和总目录。",
    "Say what a rule requires, why, by which law, and how to fix it.": "说明规则的要求、理由、依据和更正办法。",
    "Look only in this pack.": "只在该规则包中查找。",
    "Write the official form, blank or filled with a report. FORM is cn-disclosure/2021 or another form of a pack; with --fill it is that "
    "of the report. What is not printed stays blank, and a total that is not the sum of its parts stays as printed. In a workbook totals add "
    "themselves up, and a sheet of checks follows them.": "生成规定格式的空白表或者按报告填好的表。\n\nFORM 为 cn-disclosure/2021 等格式标识；"
    "使用 --fill 的，以报告的格式为准。原文未填的保持空白，与分项合计不符的总计保持原数。工作簿中总计自动计算，另附一张随数据变化的核对表。",
    "A report in any format that can be read: its figures and text are put in.": "用于填表的报告，格式不限。",
    "The file to write: .docx, or .xlsx with live sums.": "写入的文件：.docx，或者合计自动计算的 .xlsx。",
    "Language of the labels; the form's own by default.": "栏目名称所用语言，默认与格式一致。",
    "Excuse one finding: append a waiver to govreport.waivers.yaml. FINGERPRINT is what `govreport check --show-fingerprints` shows, at "
    "least its first eight digits. It is looked up in REPORT, which is checked, or in RESULT, what `govreport check --format json` printed; "
    "without them it is taken as it is.": "豁免一处问题：在 govreport.waivers.yaml 中追加一项。\n\nFINGERPRINT 是 "
    "govreport check --show-fingerprints 列出的问题标识，至少前八位；在 REPORT（当即核对）或 RESULT（govreport check --format json 的输出）"
    "中查找，未指定的，按所给标识写入。",
    "Why the finding is excused.": "豁免理由。",
    "The last day on which it is.": "豁免的最后一日。",
    "Who excuses it.": "豁免人。",
    "The rule of the finding, where no report is given to look it up in.": "问题所属规则（未指定报告时）。",
    "Where to write it; else beside the report.": "写入的文件；默认在报告旁。",
    "Rules to check REPORT with.": "核对 REPORT 所用的规则包。",
    "Show what changed from one report to another: figures, headings, claims, and findings that came and went. Two versions of a report or "
    "two years of it, each in any format that can be read. Exits with 0 where nothing differs, 1 where something does.": "比较两份报告：数据、"
    "标题、文中数据的改动，已改正和新出现的问题。\n\n可以是同一报告的两稿，也可以是两个年度的报告，格式不限。没有差异的，退出码为0；有差异的，为1。",
    "Check reports and hold fast in a manifest what was checked: documents, rules, engine, verdicts, waivers. The manifest is written "
    "whatever the verdict; the exit code is that of `check`. `govreport verify` compares with it later.": "核对报告，并将核对的文档、规则、"
    "程序、结论和豁免记入清单。\n\n无论结论如何均写入清单，退出码同 check；之后用 govreport verify 比对。",
    "The manifest to write.": "写入的清单文件。",
    "Who approved the publication.": "批准发布人。",
    "Compare what is published with a manifest: byte for byte or, in another format, cell for cell. Exits with 1 where a document, a rule "
    "file, the engine or a waiver is not as it was, and says which.": "将发布的文件与清单比对：同一格式逐字节比对，其他格式逐项比对内容。\n\n"
    "文档、规则文件、程序、豁免有变动的，退出码为1，并指明何处变动。",
    "Open a page on which reports are checked and mended, and answer other programs. Everything stays on this machine: the page is reached by "
    "the address that is printed, and nothing is written to the disk.": "打开网页，在网页上核对、更正报告；也可供其他程序调用。\n\n所有内容都在本机处理：用所"
    "给出的地址打开网页，不向磁盘写入任何内容。",
    "Port to listen at; 0 takes a free one.": "端口；0 表示自动选用空闲端口。",
    "Address to listen at; another than this machine's own needs a token in GOVREPORT_TOKEN.": "监听地址；不限于本机的，须先在环境变量 "
    "GOVREPORT_TOKEN 中设置口令。",
    "Path before all others, behind a proxy.": "经反向代理访问时的路径前缀。",
    "Address under which a proxy offers the page: https://check.example.": "反向代理对外的地址，如 https://check.example。",
    "Open the page in the browser.": "在浏览器中打开网页。",
    "Language of the page at first.": "网页打开时所用语言。",
    "Make a folder that opens the page by a double-click, without installation and without network. It holds every package that is needed, "
    "gathered by pip from where pip is set up to look, a place for an interpreter, and a start script.": "生成一个文件夹，双击即可打开网页，不需安装、不需联网。"
    "\n\n其中有所需的全部组件（由pip按其设置收集）、放置Python的位置和启动脚本。",
    "The kind of computer that it is for.": "用于何种计算机。",
    "The folder to make.": "生成的文件夹。",
    "The Python that it is for: 3.12; by default the one that runs this.": "所用的Python版本，如3.12；默认与当前相同。",
    "Look at Python, packages, extras, LibreOffice, fonts, the cache folder and the packs, and say what is missing. Exits with 1 where it "
    "cannot do its work; what is only needed for some formats is told and is no failure.": "检查Python、依赖包、可选组件、LibreOffice、字体、"
    "缓存文件夹和规则包，说明缺少什么。\n\n不能正常使用的，退出码为1；仅个别格式需要的，只作提示。",
    "Write a letter to every unit with what was adopted in the reviewer's workbook. The workbook is what `govreport season check -o` wrote and a "
    "reviewer filled in; nothing else is needed. Exits with 1 where something typed was not understood, which is told with its sheet and "
    "cell.": "按审核工作簿中采纳的问题，为各单位写出整改意见。\n\n工作簿由 govreport season check -o 生成、审核人员填写，不需要其他文件。所填内容"
    "未能识别的，指出所在工作表和单元格，退出码为1。",
    "Where to write them.": "写入的文件夹。",
    "Word (default) or Markdown; once for each.": "Word（默认）或者Markdown；可多次使用。",
    "For the letters: sender, number, day, due.": "整改意见中的 sender（发文单位）、number（文号）、day（日期）、due（期限）。",
    "Write a copy of the docx or xlsx with comments there; of several, into a folder.": "将带批注的docx或xlsx副本写入该处；多份报告写入文件夹。",
    "Language of what is said.": "所用语言。",
    "Review the reports of a roster's units: who reported, what is wrong, what adds up; letters, and the next round.": "按名册审核各单位的报告：谁未报、"
    "有何问题、汇总数是否相符；整改意见和复核。",
    "Check the reports of a whole season against a roster. Reports are given to units by the file that the roster names, else by the agency "
    "that they name themselves. Told are units without a report, late ones, the same file twice, another year's file, texts that are all but "
    "the same, and sums that do not agree. Exits with 0 where every unit reported and nothing is amiss, 1 where something is.": "按名册核对"
    "一个年度的全部报告。\n\n报告按名册所列文件对应单位；名册没有列出文件的，按报告自身写明的单位名称对应。列出未报、逾期、重报、串年、"
    "雷同和汇总数不符的情况。\n\n各单位均已报送且没有问题的，退出码为0；有问题的，为1。",
    "Who is to report: CSV or a workbook, see docs/roster.md.": "名册（CSV或者Excel工作簿），格式见 docs/roster.md。",
    "The reporting year; that of most reports by default.": "报告年度，默认为多数报告的年度。",
    "The last day for all; by level and kind as the pack says by default.": "各单位共同的期限；默认按规则包中各层级、类型的期限。",
    "Write the workbook, its tables as CSV into a folder, or the reports' results in a format; once for each.": "写入工作簿；以 / 结尾的，"
    "将各表写为CSV；FORMAT=FILE 按该格式写入各报告的结果。可多次使用。",
    "The workbook of the round before, with what was decided.": "上一轮的工作簿，其中填有审核意见。",
    "Write the sums of the parts there, a structured report for each superior.": "将各上级单位的汇总数写入该文件夹（结构化报告，每个上级单位一个）。",
    "Keep many reports as Parquet, and check them from their columns.": "将大批报告存为Parquet数据库，按列核对。",
    "Read reports into an archive. What is in it already is not read again. Exits with 1 where a file could not be read, with 3 where the "
    "archive stays empty.": "读取报告并入库，已在库中的不再读取。\n\n有文件未能读取的，退出码为1；库中没有报告的，为3。",
    "Check an archive from its columns and write the findings as Parquet. Exits with 1 where a report has errors, or was not wholly "
    "checked.": "按列核对库中报告，结果写为Parquet。\n\n有报告出现错误或者未能全部核对的，退出码为1。",
    "Show what another version of a pack would newly flag, and no longer flag, in an archive. OLD and NEW are packs, by name or folder. Exits "
    "with 0 where both say the same, with 1 where they do not.": "比较两套规则对库中报告的核对结果：新增哪些问题，哪些不再出现。\n\nOLD、NEW "
    "为规则包的名称或者文件夹。结果相同的，退出码为0；不同的，为1。",
    "Count what an archive holds: reports by form and year, figures by state.": "统计库中内容：各格式、各年度的报告数，各种状态的数据数。",
    "The findings, as Parquet.": "写入结果的Parquet文件。",
    "The changes one by one, as Parquet.": "逐项写入差异的Parquet文件。",
    "Rules to check with; every bundled pack by default.": "核对所用的规则包，默认为全部内置规则包。",
    "Also evaluate the rules about prose, from the whole reports; much slower.": "同时按报告全文核对涉及正文的规则，用时长得多。",
    "What runs the work.": "由何种引擎执行。",
    "How many processes; as many as processors by default.": "进程数，默认与处理器数相同。",
    "The Dask scheduler to use: tcp://host:8786.": "所用的Dask调度器，如 tcp://host:8786。",
    "Also count these findings, by rule.": "同时按规则统计该文件中的问题。",
}
