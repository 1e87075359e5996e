// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/block_section.h"
#include "support/test_registry.h"

using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::conversation::Block;
using luthien::conversation::BlockKind;

class TestBlockSection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void foldsALongResult()
    {
        std::string text;
        for (int line = 1; line <= 25; ++line)
            text += "line " + std::to_string(line) + "\n";
        BlockSection section = BlockSection::whole({.kind = BlockKind::ToolResult, .id = "t", .text = text});
        section.setResultOf(u"Bash"_s);
        auto rows = section.all().rows;
        QCOMPARE(rows.size(), 2u);
        QCOMPARE(rows[0].title, u"Result of Bash"_s);
        QVERIFY(rows[0].expandable);
        QVERIFY(rows[1].text.endsWith(u"line 10"_s));
        QVERIFY(!rows[0].last && rows[1].last);
        section.setExpanded(true);
        rows = section.all().rows;
        QVERIFY(rows.back().text.contains(u"line 25"_s));
    }

    void namesAToolCallByWhatTells()
    {
        BlockSection section(BlockKind::ToolUse);
        section.setTool("id", "Bash", luthien::conversation::Executor::Client);
        section.append(R"({"command":"ls )");
        QCOMPARE(section.update().rows.front().tone, row::Tone::Live);
        section.append(R"(-l"})");
        section.close();
        auto rows = section.update().rows;
        QCOMPARE(rows.size(), 1u);
        QCOMPARE(rows[0].title, u"Bash"_s);
        QCOMPARE(rows[0].text, u"ls -l"_s);
        section.setExpanded(true);
        rows = section.all().rows;
        QCOMPARE(rows.size(), 2u);
        QCOMPARE(rows[1].text, u"{\n  \"command\": \"ls -l\"\n}"_s);
    }

    void keepsThinkingFolded()
    {
        BlockSection section = BlockSection::whole({.kind = BlockKind::Thinking, .text = "one\n\ntwo"});
        QCOMPARE(section.all().rows.size(), 1u);
        section.setExpanded(true);
        QCOMPARE(section.all().rows.size(), 3u);
    }

    void growsTextByItsTailOnly()
    {
        BlockSection section(BlockKind::Text);
        std::vector<ConversationRow> rows;
        for (int paragraph = 0; paragraph < 50; ++paragraph) {
            section.append("paragraph " + std::to_string(paragraph) + "\n\n");
            const RowUpdate update = section.update();
            QVERIFY(rows.size() - update.from <= 2);
            rows.resize(update.from);
            rows.insert(rows.end(), update.rows.begin(), update.rows.end());
        }
        QCOMPARE(rows.size(), 50u);
        QVERIFY(rows == section.all().rows);
    }

    void failsAloud()
    {
        const auto rows =
            BlockSection::whole({.kind = BlockKind::ToolResult, .isError = true, .text = "no"}).all().rows;
        QCOMPARE(rows[0].tone, row::Tone::Failure);
        QCOMPARE(rows[0].detail, u"failed"_s);
    }
};

LUTHIEN_TEST(tst_block_section, TestBlockSection)
#include "tst_block_section.moc"
