// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/filter_input.h"
#include "filter/parser.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace Qt::StringLiterals;
using luthien::desktop::FilterInput;
using luthien::desktop::KnownValues;

class TestFilterInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_values = {};
        for (const char* model : {"claude-opus-4", "claude-sonnet-4", "gpt-5", "my model"})
            m_values.add("model", model);
        m_values.add("tool", "Bash");
    }

    void offersWhatMayComeNext_data()
    {
        QTest::addColumn<QString>("text"); // | = the cursor
        QTest::addColumn<QStringList>("offered");
        QTest::newRow("names that begin so") << u"ver|"_s << QStringList{u"verdict:"_s};
        QTest::newRow("a fixed set of values") << u"verdict:bl|"_s << QStringList{u"block"_s};
        QTest::newRow("values that came by") << u"model:cl|"_s << QStringList{u"claude-opus-4"_s, u"claude-sonnet-4"_s};
        QTest::newRow("after a minus") << u"-tool:B|"_s << QStringList{u"Bash"_s};
        QTest::newRow("in parentheses") << u"(tool:b|)"_s << QStringList{u"Bash"_s};
        QTest::newRow("in quotes, where blanks are") << u"model:my|"_s << QStringList{u"\"my model\""_s};
        QTest::newRow("the tools of policies") << u"judged.tool:|"_s << QStringList{u"Bash"_s};
        QTest::newRow("nothing where all is said") << u"tool:Bash|"_s << QStringList{};
        QTest::newRow("nothing for an expression") << u"model~cl|"_s << QStringList{};
        QTest::newRow("nothing for what is no predicate") << u"colour:|"_s << QStringList{};
    }

    void offersWhatMayComeNext()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, offered);
        FilterInput input(m_values);
        const auto cursor = static_cast<int>(text.indexOf(u'|'));
        input.setText(text.remove(u'|'));
        input.complete(cursor);
        QCOMPARE(input.candidates(), offered);
        QCOMPARE(input.helps().size(), offered.size());
    }

    void anOfferStandsInPlaceOfWhatWasTyped_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("completed");
        QTest::newRow("a name waits for its value") << u"mod|"_s << u"model:|"_s;
        QTest::newRow("a value at the end is done") << u"model:gp|"_s << u"model:gpt-5 |"_s;
        QTest::newRow("within a text the rest stays") << u"tool:Ba| model:gpt-5"_s << u"tool:Bash| model:gpt-5"_s;
        QTest::newRow("after letters of several bytes") << u"\"größe\" model:gp|"_s << u"\"größe\" model:gpt-5 |"_s;
    }

    void anOfferStandsInPlaceOfWhatWasTyped()
    {
        QFETCH(QString, text);
        QFETCH(QString, completed);
        FilterInput input(m_values);
        const auto cursor = static_cast<int>(text.indexOf(u'|'));
        input.setText(text.remove(u'|'));
        input.complete(cursor);
        QString after = u""_s;
        const int end = input.accept(0);
        after = input.text();
        after.insert(end, u'|');
        QCOMPARE(after, completed);
        QVERIFY(input.candidates().isEmpty());
    }

    void whatIsWrongIsUnderlinedWhereItStands_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("underlined");
        QTest::newRow("a name") << u"tool:Bash modle:x"_s << u"modle"_s;
        QTest::newRow("after letters of several bytes") << u"\"größe\" modle:x"_s << u"modle"_s;
        QTest::newRow("a value") << u"cost>many"_s << u"many"_s;
    }

    void whatIsWrongIsUnderlinedWhereItStands()
    {
        QFETCH(QString, text);
        QFETCH(QString, underlined);
        FilterInput input(m_values);
        QSignalSpy changes(&input, &FilterInput::filterChanged);
        input.setText(text);
        input.apply();
        QVERIFY(!input.error().isEmpty());
        QCOMPARE(text.mid(input.errorStart(), input.errorLength()), underlined);
        QCOMPARE(changes.size(), 0);
        input.setText(text + u' ');
        QVERIFY(input.error().isEmpty()); // it may be mended by what is being typed
    }

    void whatIsMissingAtTheEndIsUnderlinedToo()
    {
        FilterInput input(m_values);
        input.setText(u"(tool:Bash"_s);
        input.apply();
        QVERIFY(!input.error().isEmpty());
        QVERIFY(input.errorLength() >= 1);
    }

    void theFilterChangesWhenTheTypingRests()
    {
        FilterInput input(m_values);
        QSignalSpy changes(&input, &FilterInput::filterChanged);
        for (const QString& text : {u"t"_s, u"tool:"_s, u"tool:Bash"_s})
            input.setText(text);
        QCOMPARE(changes.size(), 0);
        QTRY_COMPARE(changes.size(), 1);
        QCOMPARE(filter::toText(input.filter()), std::string("tool:Bash"));
        QVERIFY(!input.meaning().isEmpty());
        input.setText(u" tool:Bash "_s); // says the same
        input.apply();
        QCOMPARE(changes.size(), 1);
    }

    void narrowsByAValue_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("after");
        QTest::newRow("from everything") << u""_s << u"gpt-5"_s << u"model=gpt-5"_s;
        QTest::newRow("beside what is asked") << u"tool:Bash"_s << u"gpt-5"_s << u"tool:Bash model=gpt-5"_s;
        QTest::newRow("around an or") << u"tool:Bash or tool:Edit"_s << u"gpt-5"_s
                                      << u"(tool:Bash or tool:Edit) model=gpt-5"_s;
        QTest::newRow("in place of what is no filter") << u"(tool:"_s << u"gpt-5"_s << u"model=gpt-5"_s;
        QTest::newRow("a value with what ends one") << u""_s << u"a \"b\" (c)"_s << u"model=\"a \\\"b\\\" (c)\""_s;
        QTest::newRow("a value with wildcards") << u""_s << u"gpt*"_s << u"model=\"gpt*\""_s;
    }

    void narrowsByAValue()
    {
        QFETCH(QString, before);
        QFETCH(QString, value);
        QFETCH(QString, after);
        FilterInput input(m_values);
        input.setText(before);
        input.narrow(u"model"_s, value);
        QCOMPARE(input.text(), after);
        QCOMPARE(input.error(), QString());
        QVERIFY(!input.filter().isAll());
    }

private:
    KnownValues m_values;
};

LUTHIEN_TEST(tst_filter_input, TestFilterInput)
#include "tst_filter_input.moc"
