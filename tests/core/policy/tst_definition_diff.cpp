// SPDX-License-Identifier: Apache-2.0
#include "policy/definition_diff.h"
#include "support/test_registry.h"

using namespace luthien::policy;

namespace {

class TestDefinitionDiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatIsOther_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("told"); // pointer before>after, one after the other
        const auto row = [](const char* name, const char* before, const char* after, const char* told) {
            QTest::newRow(name) << QString::fromUtf8(before) << QString::fromUtf8(after) << QString::fromUtf8(told);
        };
        row("nothing", R"({"a":1})", R"({ "a" : 1 })", "");
        row("a value", R"({"a":1,"b":"x"})", R"({"a":2,"b":"x"})", "/a 1>2 ");
        row("another type", R"({"a":1})", R"({"a":"1"})", R"(/a 1>"1" )");
        row("a member that goes and one that comes", R"({"a":1})", R"({"b":true})", "/a 1> /b >true ");
        row("inside of lists", R"({"r":[{"g":"x"},{"g":"y"}]})", R"({"r":[{"g":"x"},{"g":"z"},{"g":"q"}]})",
            R"(/r/1/g "y">"z" /r/2/g >"q" )");
        row("a list that is emptied", R"({"r":[1]})", R"({"r":[]})", "/r/0 1> /r >[] ");
        row("keys with slashes", R"({"a/b":1,"c~d":1})", R"({"a/b":2,"c~d":2})", "/a~1b 1>2 /c~0d 1>2 ");
        row("no JSON before", "", R"({"a":1})", "/a >1 ");
    }
    void tellsWhatIsOther()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, told);
        QString text;
        for (const DefinitionDifference& each : differences(before.toStdString(), after.toStdString()))
            text += QString::fromStdString(each.pointer + ' ' + each.before + '>' + each.after + ' ');
        QCOMPARE(text, told);
    }
};

} // namespace

LUTHIEN_TEST(tst_definition_diff, TestDefinitionDiff)
#include "tst_definition_diff.moc"
