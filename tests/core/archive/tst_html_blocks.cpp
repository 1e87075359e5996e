// SPDX-License-Identifier: Apache-2.0
#include "archive/html_blocks.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;

class TestHtmlBlocks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void toolCalls_data();
    void toolCalls();
    void decisionsSayWhatTheAgentSaw_data();
    void decisionsSayWhatTheAgentSaw();
    void dataIsNotPutIn();
};

void TestHtmlBlocks::toolCalls_data()
{
    QTest::addColumn<std::string>("arguments");
    QTest::addColumn<std::vector<Match>>("matched");
    QTest::addColumn<std::string>("html"); // somewhere in it
    using Matches = std::vector<Match>;
    QTest::newRow("a string is shown as what it says")
        << std::string(R"({"command":"echo \"a\\n\" <b>"})") << Matches()
        << std::string("<dt>command</dt><dd class=\"mono\" dir=\"auto\">echo &quot;a\\n&quot; &lt;b&gt;</dd>");
    QTest::newRow("what a policy matched is marked")
        << std::string(R"({"a/b":"psql -c 'DROP TABLE t'"})") << Matches{{"/a~1b", 9, 21}}
        << std::string("psql -c &#39;<mark>DROP TABLE t</mark>&#39;");
    QTest::newRow("other values are JSON")
        << std::string(R"({"n":[1,{"x":null}]})") << Matches() << std::string("[1,{&quot;x&quot;:null}]");
    QTest::newRow("what two readers could read differently is shown as it is")
        << std::string(R"({"command":"ls","command":"rm"})") << Matches()
        << std::string("{&quot;command&quot;:&quot;ls&quot;,&quot;command&quot;:&quot;rm&quot;}");
    QTest::newRow("free text") << std::string("*** Begin Patch <x>") << Matches{{"", 4, 9}}
                               << std::string("*** <mark>Begin</mark> Patch &lt;x&gt;");
}

void TestHtmlBlocks::toolCalls()
{
    QFETCH(std::string, arguments);
    QFETCH(std::vector<Match>, matched);
    QFETCH(std::string, html);
    const Block block{.kind = BlockKind::ToolUse, .id = "toolu_<1>", .name = "<i>Bash", .text = arguments};
    Decision decision;
    decision.verdict = Verdict::Block;
    decision.matched = matched;
    std::string out;
    archive::appendBlock(out, block, {&decision});
    QVERIFY2(out.find(html) != std::string::npos, out.c_str());
    QVERIFY(out.find("<i>") == std::string::npos && out.find("&lt;i&gt;Bash") != std::string::npos);
    QVERIFY(out.find("class=\"card tool blocked\"") != std::string::npos);
}

void TestHtmlBlocks::decisionsSayWhatTheAgentSaw_data()
{
    QTest::addColumn<PolicyMode>("mode");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<QStringList>("parts");
    QTest::newRow("a block") << PolicyMode::Enforce << Verdict::Block
                             << QStringList{QStringLiteral("<aside class=\"decision block\">"),
                                            QStringLiteral("<strong>Blocked</strong>"),
                                            QStringLiteral("What the agent saw instead"),
                                            QStringLiteral(">told &lt;agent&gt;</div>")};
    QTest::newRow("a block in shadow") << PolicyMode::Shadow << Verdict::Block
                                       << QStringList{QStringLiteral("<aside class=\"decision shadow\">"),
                                                      QStringLiteral("<strong>Would have been blocked</strong>"),
                                                      QStringLiteral("nothing was changed"),
                                                      QStringLiteral("What the agent would have seen")};
    QTest::newRow("a replacement") << PolicyMode::Enforce << Verdict::Replace
                                   << QStringList{QStringLiteral("<strong>Replaced</strong>"),
                                                  QStringLiteral(">before &lt;b&gt;</div>"),
                                                  QStringLiteral(">after &lt;b&gt;</div>")};
}

void TestHtmlBlocks::decisionsSayWhatTheAgentSaw()
{
    QFETCH(PolicyMode, mode);
    QFETCH(Verdict, verdict);
    QFETCH(QStringList, parts);
    Decision decision;
    decision.policyId = "destructive-sql";
    decision.mode = mode;
    decision.verdict = verdict;
    decision.answeredBy = AnsweredBy::Error;
    decision.reason = "because <of> this";
    decision.agentText = "told <agent>";
    decision.original = "before <b>";
    decision.final = "after <b>";
    std::string out;
    archive::appendDecision(out, decision);
    parts += {QStringLiteral("<bdi>destructive-sql</bdi>"), QStringLiteral("because &lt;of&gt; this"),
              QStringLiteral("The policy could not say.")};
    for (const QString& part : std::as_const(parts))
        QVERIFY2(QString::fromStdString(out).contains(part), qPrintable(part + QString::fromStdString(out)));
}

void TestHtmlBlocks::dataIsNotPutIn()
{
    std::string out;
    archive::appendBlock(out, {.kind = BlockKind::Image,
                               .name = "image/svg+xml",
                               .text = R"({"data":"<svg onload=x>)" + std::string(5000, 'A')});
    QVERIFY(out.find("<svg") == std::string::npos);
    QVERIFY(out.size() < 3000);
}

LUTHIEN_TEST(tst_html_blocks, TestHtmlBlocks)
#include "tst_html_blocks.moc"
