// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_tree_model.h"
#include "random_json.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;
using Mode = QAbstractItemModelTester::FailureReportingMode;

namespace {
std::shared_ptr<const std::string> shared(std::string text)
{
    return std::make_shared<const std::string>(std::move(text));
}

QString cell(const JsonTreeModel& model, int row, int role)
{
    return model.data(model.index(row), role).toString();
}

QStringList rowsOf(const JsonTreeModel& model)
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows << QString(2 * model.data(model.index(row), JsonTreeModel::DepthRole).toInt(), u' ') +
                    cell(model, row, JsonTreeModel::NameRole) + u": "_s + cell(model, row, JsonTreeModel::ValueRole);
    return rows;
}

/// An object with one list so long that it is read by the other thread.
std::string longList(int count)
{
    std::string text = "{\"list\":[";
    for (int number = 0; number < count; ++number)
        text += (number > 0 ? ",{\"number\":" : "{\"number\":") + std::to_string(number) + "}";
    return text + "]}";
}
} // namespace

class TestJsonTreeModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensAndClosesLevelByLevel()
    {
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.show(shared("{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"n\":1.50,\"stream\":true,\"x\":[]}"));
        QCOMPARE(rowsOf(model), (QStringList{u"model: \"m\""_s, u"messages: [ 1 item ]"_s, u"n: 1.50"_s,
                                             u"stream: true"_s, u"x: [ ]"_s}));
        model.toggle(1);
        model.toggle(2);
        QCOMPARE(rowsOf(model).mid(1, 3),
                 (QStringList{u"messages: [ 1 item ]"_s, u"  0: { 1 key }"_s, u"    role: \"user\""_s}));
        QCOMPARE(model.pointerOf(3), u"/messages/0/role"_s);
        QCOMPARE(model.parentOf(3), 2);
        QCOMPARE(model.parentOf(0), -1);
        model.toggle(1);
        QCOMPARE(model.rowCount(), 5);
        model.toggle(4); // empty: nothing below it
        QCOMPARE(model.rowCount(), 5);
        model.show({});
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(model.isEmpty());
    }

    void hiddenCharactersStandAsCodes()
    {
        JsonTreeModel model;
        model.show(shared("{\"\\u202eevil\":\"a\\u200bb\",\"raw\xE2\x80\xAE\":1}"));
        QCOMPARE(rowsOf(model), (QStringList{u"‹U+202E›evil: \"a‹U+200B›b\""_s, u"raw‹U+202E›: 1"_s}));
    }

    void aLongStringOpensToItsLines()
    {
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.show(shared("{\"code\":\"one\\n\\ttwo\\nthree\"}"));
        QCOMPARE(rowsOf(model), QStringList{u"code: \"one↵⇥two↵three\""_s});
        QVERIFY(model.isExpandable(0));
        model.toggle(0);
        QCOMPARE(rowsOf(model).mid(1), (QStringList{u"  : one"_s, u"  : \ttwo"_s, u"  : three"_s}));
        QCOMPARE(model.pointerOf(2), u"/code"_s);
        QCOMPARE(model.valueOf(0), u"one\n\ttwo\nthree"_s);
    }

    void linesAreCutWhereThereIsRoomForNoMore()
    {
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setColumns(30);
        model.show(shared("{\"code\":\"" + std::string(100, 'x') + "\"}"));
        QVERIFY(model.isExpandable(0));
        model.toggle(0);
        QCOMPARE(model.rowCount(), 1 + 4);
        QCOMPARE(cell(model, 1, JsonTreeModel::ValueRole).size(), 30);
        model.setColumns(3); // nobody could read that
        QCOMPARE(model.columns(), 20);
    }

    void whatIsNoJsonIsShownWithItsFault()
    {
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.show(shared("{\"a\": 1,\n\"b\": oops}"));
        QCOMPARE(model.problem(), u"Not JSON: a value is missing (line 2, byte 6 of it)"_s);
        QCOMPARE(model.problemRow(), 1);
        QCOMPARE(cell(model, 1, JsonTreeModel::ValueRole), u"\"b\": oops}"_s);
        model.show(shared("data: {}\n\n"), JsonTreeModel::Form::Text);
        QCOMPARE(model.problem(), QString());
        QCOMPARE(model.rowCount(), 2);
    }

    void oneValueAloneIsOneRow()
    {
        JsonTreeModel model;
        model.show(shared(" \"hi\" "));
        QCOMPARE(rowsOf(model), QStringList{u": \"hi\""_s});
        QCOMPARE(model.pointerOf(0), QString());
    }

    void aLongListIsReadElsewhere()
    {
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, Mode::Warning);
        model.show(shared(longList(100'000)));
        QVERIFY(model.isBusy());
        QTRY_COMPARE(model.rowCount(), 1);
        model.toggle(0);
        QVERIFY(model.isBusy());
        QTRY_COMPARE(model.rowCount(), 100'001);
        QCOMPARE(cell(model, 100'000, JsonTreeModel::NameRole), u"99999"_s);
        model.toggle(100'000);
        QCOMPARE(cell(model, 100'001, JsonTreeModel::ValueRole), u"99999"_s);
        QCOMPARE(model.pointerOf(100'001), u"/list/99999/number"_s);
    }

    void aNewTextEndsTheReadingOfTheOldOne()
    {
        JsonTreeModel model;
        model.show(shared(longList(200'000)));
        model.show(shared("{\"b\":2}"));
        QTRY_VERIFY(!model.isBusy());
        QCOMPARE(rowsOf(model), QStringList{u"b: 2"_s});
    }

    void searchOpensTheWayToEachHit()
    {
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, Mode::Warning);
        model.show(shared(longList(60'000).insert(1, "\"x\":{\"y\":[{\"deep\":\"one\\ntwo needle\"}]},\"needle\":1,")));
        QTRY_VERIFY(!model.isBusy());
        model.search(u"NEEDLE"_s);
        QTRY_COMPARE(model.hitText(), u"1 of 2"_s);
        QTRY_VERIFY(model.hitRow() >= 0);
        QCOMPARE(cell(model, model.hitRow(), JsonTreeModel::ValueRole), u"two needle"_s);
        QCOMPARE(model.pointerOf(model.hitRow()), u"/x/y/0/deep"_s);
        model.goToHit(1);
        QCOMPARE(cell(model, model.hitRow(), JsonTreeModel::NameRole), u"needle"_s);
        model.goToHit(1);
        QCOMPARE(model.hitText(), u"1 of 2"_s);
        model.search(u"59999"_s); // inside of a list that only the other thread reads
        QTRY_VERIFY(model.hitRow() > 0);
        QCOMPARE(model.pointerOf(model.hitRow()), u"/list/59999/number"_s);
        model.search(u"nowhere"_s);
        QTRY_COMPARE(model.hitText(), u"Nothing found"_s);
        model.search({});
        QCOMPARE(model.hitText(), QString());
    }

    void opensAllBelowARow()
    {
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        QSignalSpy stopped(&model, &JsonTreeModel::stopped);
        model.show(shared("{\"a\":{\"b\":[{\"c\":1},{\"d\":2}]},\"z\":0}"));
        model.expandAll(0);
        QTRY_COMPARE(model.rowCount(), 7);
        QCOMPARE(stopped.size(), 0);
        model.collapseAll(0);
        QCOMPARE(model.rowCount(), 2);
        model.show(shared(longList(6000)));
        QTRY_VERIFY(!model.isBusy());
        model.expandAll(0);
        QTRY_COMPARE(stopped.size(), 1);
        QCOMPARE(model.rowCount(), 1 + 6000 + 5000);
    }

    void staysConsistentWhateverIsOpened()
    {
        test::RandomJson random(5);
        for (int round = 0; round < 40; ++round) {
            JsonTreeModel model;
            const QAbstractItemModelTester tester(&model, Mode::QtTest);
            model.show(shared(random.object()));
            for (int step = 0; step < 20 && model.rowCount() > 0; ++step) {
                const int row = static_cast<int>(random.below(static_cast<unsigned>(model.rowCount())));
                model.toggle(row);
                QVERIFY(model.parentOf(row) < row);
            }
        }
    }
};

LUTHIEN_TEST(tst_json_tree_model, TestJsonTreeModel)
#include "tst_json_tree_model.moc"
