// SPDX-License-Identifier: Apache-2.0
#include "archive/json_shapes.h"
#include "archive/jsonl_check.h"
#include "store/evidence.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>
#include <vector>

using namespace luthien;
using namespace luthien::archive;

class TestJsonlCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWholeFileHolds();
    void whatIsChangedIsNamed_data();
    void whatIsChangedIsNamed();
};

namespace {
const std::string kId = "019a0000-0000-7000-8000-000000000002";

/// The JSON of its link, as docs/evidence.md says it is made.
std::string evidenceOfSample()
{
    return "{\"kind\":\"decision\",\"id\":\"" + kId + "\",\"call_id\":\"" + kId +
           "\",\"at\":\"2023-11-14T22:13:20.000003Z\",\"seq\":3,\"policy_id\":\"p\",\"policy_version\":null,"
           "\"mode\":\"enforce\",\"verdict\":\"block\",\"answered_by\":\"policy\",\"score\":\"0.1\",\"reason\":\"no\","
           "\"agent_text\":null,\"tool\":\"Bash\",\"tool_id\":null,\"response_id\":null,\"conversation_id\":null,"
           "\"inference_call_id\":null,\"repeat\":false,\"matched\":[{\"pointer\":\"\",\"start\":1,\"end\":2}],"
           "\"original_sha256\":\"" +
           toHex(Sha256::of("rm -rf /")) + "\",\"final_sha256\":null,\"latency_us\":42}";
}

std::string decisionLine(bool isLinked)
{
    store::DecisionRow row;
    row.decision.id = *CallId::parse(kId);
    row.decision.call = *CallId::parse(kId);
    row.decision.at = fromMicros(1'700'000'000'000'003);
    row.decision.seq = 3;
    row.decision.policyId = "p";
    row.decision.verdict = conversation::Verdict::Block;
    row.decision.score = 0.1;
    row.decision.reason = "no";
    row.decision.tool = "Bash";
    row.decision.matched = {{"", 1, 2}};
    row.decision.original = "rm -rf /";
    row.decision.latency = std::chrono::microseconds(42);
    const Digest previous = Sha256::of("the one before");
    if (isLinked)
        row.link = store::EvidenceLink{
            .number = 7, .previous = previous, .sha256 = store::linkDigest(previous, evidenceOfSample())};
    return decisionJson(row, TypeMember::Present);
}

std::vector<std::string> wholeFile()
{
    std::vector<std::string> lines{"{\"type\":\"session\",\"id\":\"s\"}", "{\"type\":\"call\",\"id\":\"c\"}",
                                   decisionLine(true), decisionLine(false)};
    Sha256 hash;
    for (const std::string& line : lines)
        hash.add(line + '\n');
    lines.push_back("{\"type\":\"end\",\"lines\":4,\"sha256\":\"" + toHex(hash.finish()) + "\"}");
    return lines;
}

JsonlReport checked(const std::vector<std::string>& lines)
{
    JsonlCheck check;
    for (const std::string& line : lines) {
        if (!check.add(line))
            break;
    }
    return check.finish();
}
} // namespace

void TestJsonlCheck::aWholeFileHolds()
{
    const JsonlReport report = checked(wholeFile());
    QCOMPARE(report.wrong, std::string());
    QCOMPARE(report.lines, std::uint64_t{5});
    QCOMPARE(report.decisions, std::uint64_t{1});
    QCOMPARE(report.unlinked, std::uint64_t{1});
}

void TestJsonlCheck::whatIsChangedIsNamed_data()
{
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<int>("wrongLine");
    const auto row = [](const char* name, int line, const char* from, const char* to, int wrongLine) {
        QTest::newRow(name) << line << QString::fromLatin1(from) << QString::fromLatin1(to) << wrongLine;
    };
    row("another verdict", 2, "\"block\"", "\"continue\"", 3);
    row("another score", 2, "1E-1", "2E-1", 3);
    row("another original", 2, "rm -rf /", "ls", 3);
    row("no original", 2, "\"rm -rf /\"", "null", 3);
    row("another place of the match", 2, "\"start\":1", "\"start\":0", 3);
    row("another hash", 2, "\"sha256\":\"", "\"sha256\":\"0", 3);
    row("a link that is taken away", 2, "\"prev\":", "\"sha256\":null,\"was\":", 3);
    row("another call", 1, "\"c\"", "\"d\"", 5);
    row("no JSON", 1, "{", "", 2);
    row("another count", 4, "\"lines\":4", "\"lines\":5", 5);
    row("no last line", 4, "\"end\"", "\"call\"", 5);
}

void TestJsonlCheck::whatIsChangedIsNamed()
{
    QFETCH(int, line);
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(int, wrongLine);
    std::vector<std::string> lines = wholeFile();
    std::string& changed = lines.at(static_cast<std::size_t>(line));
    const std::size_t at = changed.find(from.toStdString());
    QVERIFY2(at != std::string::npos, changed.c_str());
    changed.replace(at, from.toStdString().size(), to.toStdString());
    const JsonlReport report = checked(lines);
    QVERIFY(!report.wrong.empty());
    QCOMPARE(report.wrongLine, static_cast<std::uint64_t>(wrongLine));
}

LUTHIEN_TEST(tst_jsonl_check, TestJsonlCheck)
#include "tst_jsonl_check.moc"
