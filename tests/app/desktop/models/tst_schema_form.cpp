// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/schema_form.h"
#include "policy/builtin/builtin.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::SchemaForm;

class TestSchemaForm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyFirst()
    {
        SchemaForm form;
        const QAbstractItemModelTester tester(&form, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(form.isEmpty());
        QVERIFY(form.isValid());
    }

    void buildsARuleByHand()
    {
        SchemaForm form;
        const QAbstractItemModelTester tester(&form, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(form.load(typeNamed("tool-rules").schema, "{}").hasValue());
        form.addEntry(rowOf(form, u"Rules"_s));
        form.addEntry(rowOf(form, u"Rules"_s));
        form.setText(rowOf(form, u"Tool"_s), u"Bash"_s);
        form.setText(rowOf(form, u"Contains expression"_s), u"rm -rf"_s);
        form.setText(rowOf(form, u"Otherwise"_s), u"deny"_s);
        form.removeEntry(rowOf(form, u"Rule 2"_s));
        QCOMPARE(form.object(), R"({"rules":[{"do":"deny","tool":"Bash","re2":"rm -rf"}],"default":"deny"})");
        QVERIFY(form.isValid());
        QCOMPARE(rowOf(form, u"Rule 2"_s), -1);
    }

    void typingKeepsTheRow()
    {
        SchemaForm form;
        QVERIFY(form.load(kSchema, R"({"list":[{"n":1}]})").hasValue());
        const QPersistentModelIndex typedInto = form.index(rowOf(form, u"N"_s));
        QSignalSpy moved(&form, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&form, &QAbstractItemModel::modelReset);
        for (const auto& text : {u"1"_s, u"12"_s, u"12x"_s, u"12"_s})
            form.setText(typedInto.row(), text);
        QCOMPARE(moved.size() + reset.size(), 0);
        QVERIFY(typedInto.isValid());
        QCOMPARE(form.object(), R"({"list":[{"n":12}]})");
    }

    void showsWhatIsWrongAndKeepsIt()
    {
        SchemaForm form;
        QVERIFY(form.load(kSchema, R"({"list":[{"n":1}]})").hasValue());
        const int row = rowOf(form, u"N"_s);
        form.setText(row, u"many"_s);
        QVERIFY(!form.isValid());
        QCOMPARE(form.index(row).data(SchemaForm::TextRole).toString(), u"many"_s);
        form.addEntry(rowOf(form, u"List"_s));
        QCOMPARE(form.index(row).data(SchemaForm::TextRole).toString(), u"many"_s);
        form.setText(row, u"7"_s);
        QVERIFY(form.isValid());
    }

    void changesADefaultListIntoAnOwnOne()
    {
        SchemaForm form;
        QVERIFY(form.load(typeNamed("destructive-sql").schema, "{}").hasValue());
        const int classes = rowOf(form, u"What counts as destructive"_s);
        form.toggleWord(classes, u"drop"_s);
        QVERIFY(form.object().starts_with(R"({"classes":["truncate","delete_without_where")"));
        const int tools = rowOf(form, u"Tools"_s);
        form.setText(tools, u" Bash \n\n mcp__* \n"_s);
        QVERIFY(form.object().ends_with(R"("tools":["Bash","mcp__*"]})"));
    }

    void marksTheFieldThatAnErrorNames_data()
    {
        QTest::addColumn<QByteArray>("place");
        QTest::addColumn<QString>("label");
        QTest::newRow("the field itself") << QByteArray("list[0].n") << u"N"_s;
        QTest::newRow("something inside of it") << QByteArray("list[0].n[3].x") << u"N"_s;
        QTest::newRow("no field") << QByteArray("elsewhere") << QString();
    }
    void marksTheFieldThatAnErrorNames()
    {
        QFETCH(QByteArray, place);
        QFETCH(QString, label);
        SchemaForm form;
        QVERIFY(form.load(kSchema, R"({"list":[{"n":1}]})").hasValue());
        QCOMPARE(form.setProblem(place.toStdString(), u"because"_s), !label.isEmpty());
        if (!label.isEmpty())
            QCOMPARE(form.index(rowOf(form, label)).data(SchemaForm::ProblemRole).toString(), u"because"_s);
    }

    void listsInsideOfListsMayMove()
    {
        SchemaForm form;
        const QAbstractItemModelTester tester(&form, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(form.load(kNested, R"({"outer":[{"inner":[{"x":"1"},{"x":"2"}]},{"inner":[{"x":"3"}]}]})").hasValue());
        form.removeEntry(rowOf(form, u"Outer item 1"_s));
        QCOMPARE(form.object(), R"({"outer":[{"inner":[{"x":"3"}]}]})");
        QCOMPARE(form.rowCount(), 5);
    }

private:
    static constexpr std::string_view kSchema = R"({"type":"object","properties":{"list":{"type":"array",
        "items":{"type":"object","properties":{"n":{"type":"integer"}}}}}})";
    static constexpr std::string_view kNested = R"({"type":"object","properties":{"outer":{"type":"array","items":{
        "title":"Outer item","type":"object","properties":{"inner":{"type":"array","items":{"type":"object",
        "properties":{"x":{"type":"string"}}}}}}}}})";

    static const policy::PolicyType& typeNamed(std::string_view name)
    {
        return *policy::findType(policy::builtin::registry(), name);
    }
    static int rowOf(const SchemaForm& form, const QString& label)
    {
        for (int row = 0; row < form.rowCount(); ++row)
            if (form.index(row).data(SchemaForm::LabelRole).toString() == label)
                return row;
        return -1;
    }
};

LUTHIEN_TEST(tst_schema_form, TestSchemaForm)
#include "tst_schema_form.moc"
