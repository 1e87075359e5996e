// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "support/test_registry.h"

using namespace luthien::policy;
using luthien::policy::builtin::test::make;

namespace {

class TestAllCaps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTextInCapitals_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("capitals");
        const auto row = [](const char* name, const char* text, const char* capitals) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(capitals);
        };
        row("English", "Hello, world 1!", "HELLO, WORLD 1!");
        row("German: one letter becomes two",
            "stra\xc3\x9f"
            "e",
            "STRASSE");
        row("Greek: a letter at a word's end", "\xcf\x83\xcf\x82", "\xce\xa3\xce\xa3");
        row("a ligature", "\xef\xac\x81n", "FIN");
        row("beyond the first plane", "\xf0\x90\x90\xa8", "\xf0\x90\x90\x80");
        row("what has no capitals", "\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80",
            "\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80");
        row("a part that is empty", "", "");
    }
    void writesTextInCapitals()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, capitals);
        const auto policy = *make("all-caps", "{}");
        std::string out = "before ";
        const CallFacts facts;
        const PolicyContext context = luthien::policy::builtin::test::contextOf(facts);
        policy->open(context)->text(0, 0, text.toStdString(), out);
        QCOMPARE(QByteArray::fromStdString(out), "before " + capitals);
    }

    void leavesToolCallsAlone()
    {
        const Interests interests = (*make("all-caps", "{}"))->interests();
        QVERIFY(interests.text && !interests.toolCalls);
    }
};

} // namespace

LUTHIEN_TEST(tst_all_caps, TestAllCaps)
#include "tst_all_caps.moc"
