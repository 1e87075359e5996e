// SPDX-License-Identifier: Apache-2.0
#include "base/hidden_character.h"
#include "desktop/models/block_section.h"
#include "support/hostile_texts.h"
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
        section.append("{\"command\":\"ls ");
        QCOMPARE(section.update().rows.front().tone, row::Tone::Live);
        section.append("-l\"}");
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

    void keepsAnswersThatOnlyLookLikeMarkdown()
    {
        const std::string log = "```\nnot a fence\n# not a heading\n";
        const auto rows = BlockSection::whole({.kind = BlockKind::ToolResult, .text = log}).all().rows;
        QCOMPARE(rows.size(), 2u);
        QCOMPARE(rows[1].text, u"```\nnot a fence\n# not a heading"_s);
    }

    void setsOutAResultThatIsJson()
    {
        const auto rows = BlockSection::whole({.kind = BlockKind::ToolResult, .text = "{\"a\":1}"}).all().rows;
        QCOMPARE(rows[1].text, u"{\n  \"a\": 1\n}"_s);
        const auto log = BlockSection::whole({.kind = BlockKind::ToolResult, .text = "[info] started"}).all().rows;
        QCOMPARE(log[1].text, u"[info] started"_s);
    }

    void showsAnImageOnlyWhenAsked()
    {
        BlockSection section = BlockSection::whole(
            {.kind = BlockKind::Image, .name = "image/png", .text = "{\"source\":{\"data\":\"QUJDRA==\"}}"});
        auto rows = section.all().rows;
        QCOMPARE(rows.size(), 1u);
        QVERIFY(rows[0].picture.isEmpty());
        section.setExpanded(true);
        rows = section.all().rows;
        QCOMPARE(rows.size(), 2u);
        QCOMPARE(rows[1].kind, row::Kind::Picture);
        QCOMPARE(rows[1].picture, QByteArray("QUJDRA=="));
        section =
            BlockSection::whole({.kind = BlockKind::Image, .text = "{\"source\":{\"url\":\"http://h/secret.png\"}}"});
        section.setExpanded(true);
        rows = section.all().rows;
        QVERIFY(rows[0].text.contains(u"http://h/secret.png"_s));
        for (const ConversationRow& row : rows)
            QVERIFY(row.kind != row::Kind::Picture);
    }

    /// More than 2,000 texts as every kind of block: no row is longer than a row may be, none hides a character, and no
    /// mark reaches beyond its text.
    void takesHostileTextAsTextInEveryKindOfBlock()
    {
        const QStringList texts = luthien::test::hostileTexts(u"http://127.0.0.1:1"_s);
        QVERIFY(texts.size() >= 2'000);
        for (const QString& text : texts) {
            for (const auto kind : {BlockKind::Text, BlockKind::Thinking, BlockKind::ToolUse, BlockKind::ToolResult,
                                    BlockKind::Image, BlockKind::Document, BlockKind::Opaque}) {
                const std::string utf8 = text.toStdString();
                BlockSection section = BlockSection::whole({.kind = kind, .name = utf8, .text = utf8});
                section.setExpanded(true);
                for (const bool asWritten : {false, true}) {
                    section.setAsWritten(asWritten);
                    for (const ConversationRow& row : section.all().rows)
                        checkRow(row);
                }
            }
        }
    }

    void failsAloud()
    {
        const auto rows =
            BlockSection::whole({.kind = BlockKind::ToolResult, .isError = true, .text = "no"}).all().rows;
        QCOMPARE(rows[0].tone, row::Tone::Failure);
        QCOMPARE(rows[0].detail, u"failed"_s);
    }

private:
    static void checkRow(const ConversationRow& row)
    {
        QVERIFY(row.text.size() <= 20'000);
        for (const QString& shown :
             {row.title, row.text, row.detail, row.marker, row.links.join(u' '), row.cells.join(u' ')})
            for (const QChar character : shown)
                QVERIFY(!luthien::isHiddenCharacter(character.unicode()));
        qsizetype links = 0;
        for (qsizetype i = 0; i + 2 < row.spans.size(); i += 3) {
            QVERIFY(row.spans[i] >= 0 && row.spans[i + 1] > 0 && row.spans[i] + row.spans[i + 1] <= row.text.size());
            links += row.spans[i + 2] == kLink ? 1 : 0;
        }
        QCOMPARE(links, row.links.size());
    }
};

LUTHIEN_TEST(tst_block_section, TestBlockSection)
#include "tst_block_section.moc"
