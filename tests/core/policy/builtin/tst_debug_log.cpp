// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "support/test_registry.h"

#include <QRegularExpression>

using namespace luthien;
using namespace luthien::policy;

namespace {

class TestDebugLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A line that was not expected fails nothing by itself, so each one is expected as a whole.
    void writesSizesAndNamesOnly()
    {
        const auto policy = builtin::test::make("debug-log", "{}");
        const CallFacts facts;
        const SystemClock clock;
        const PolicyContext context{.facts = facts, .clock = clock, .wake = [] {}, .policyId = "log"};
        const auto call = (*policy)->open(context);
        expect("a request of 1 texts, 14 bytes");
        QVERIFY(!call->request(std::vector<conversation::RequestPart>{{.text = "key sk-secret!"}})->isBlocked());
        expect("a call of Ba sh, 2 bytes of arguments");
        QVERIFY(!call->toolCall({{.name = "Ba\nsh", .arguments = "{}"}, nullptr})->isBlocked());
        std::string out;
        call->text(0, 1, "hel", out);
        call->text(0, 1, "lo", out);
        expect("text 1 of choice 0, 5 bytes in 2 parts");
        QVERIFY(call->textEnd(0, 1, out).hasValue());
        QCOMPARE(out, std::string("hello"));
        expect("it is completed, status 200, 3 tokens in, 4 out");
        call->ended({.httpStatus = 200, .usage = {.input = 3, .output = 4}});
    }

private:
    static void expect(const char* line)
    {
        QTest::ignoreMessage(
            QtInfoMsg, QRegularExpression(QStringLiteral("^call [0-9a-f-]+, log: %1$").arg(QString::fromLatin1(line))));
    }
};

} // namespace

LUTHIEN_TEST(tst_debug_log, TestDebugLog)
#include "tst_debug_log.moc"
