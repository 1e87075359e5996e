// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/policies_model.h"
#include "fake_policies.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>

#include <random>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::PoliciesModel;
using policy::PolicyMode;

class TestPoliciesModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyFirst()
    {
        test::FakePolicies source;
        PoliciesModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.count(), 0);
        QCOMPARE(model.summary(), u"No policy is on"_s);
        QCOMPARE(model.modeOf(u"sql"_s), -1);
    }

    void aToggleKeepsItsRow()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "noop"});
        source.add({.id = "b", .type = "noop"});
        PoliciesModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setMode(u"b"_s, PoliciesModel::Enforce);
        QCOMPARE(source.policies()[1].definition.mode, PolicyMode::Enforce);
        QCOMPARE(model.modeOf(u"b"_s), int(PoliciesModel::Enforce));
        QCOMPARE(reset.size(), 0);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 1);
        QCOMPARE(model.summary(), u"1 policy enforced, 1 policy in shadow"_s);
    }

    /// Whatever becomes of the chain, the rows tell it step by step and end as it is.
    void everyChangeOfOrderKeepsItsRows()
    {
        std::mt19937 random(7);
        test::FakePolicies source;
        source.add({.id = "file", .type = "noop"}, true);
        for (int i = 0; i < 8; ++i)
            source.add({.id = "p" + std::to_string(i), .type = "noop"});
        PoliciesModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        for (int step = 0; step < 500; ++step) {
            const int from = static_cast<int>(random() % 10), to = static_cast<int>(random() % 10);
            const int count = model.count();
            const bool isPossible = from > 0 && to > 0 && from < count && to < count && from != to;
            QCOMPARE(model.canMove(from, to), isPossible);
            const QPersistentModelIndex row = model.index(from);
            const QVariant id = row.data(PoliciesModel::IdRole);
            model.move(from, to);
            if (isPossible) {
                QCOMPARE(row.row(), to);
                QCOMPARE(row.data(PoliciesModel::IdRole), id);
            }
            if (step % 50 == 49)
                QVERIFY(source.remove("p" + std::to_string(step / 50)));
            if (step % 120 == 119)
                source.add({.id = "q" + std::to_string(step), .type = "noop"});
            const auto all = source.policies();
            QCOMPARE(static_cast<std::size_t>(model.count()), all.size());
            for (int i = 0; i < model.count(); ++i)
                QCOMPARE(model.index(i).data(PoliciesModel::IdRole).toString().toStdString(),
                         all[static_cast<std::size_t>(i)].definition.id);
        }
        QCOMPARE(reset.size(), 0);
    }

    void tellsHowLongPoliciesTake()
    {
        using namespace std::chrono_literals;
        test::FakePolicies source;
        source.add({.id = "a", .type = "noop"});
        PoliciesModel model(source);
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const auto text = [&model] { return model.index(0).data(PoliciesModel::LatencyRole).toString(); };
        model.look();
        QCOMPARE(text(), QString());
        QCOMPARE(changed.size(), 0);
        for (int i = 0; i < 99; ++i)
            source.figures.histogramOf("a")->add(3us);
        source.figures.histogramOf("a")->add(2s);
        model.look();
        model.look();
        QCOMPARE(changed.size(), 1);
        QVERIFY2(text().startsWith(u"Asked 100× · half in 3 µs, 99 % in 3 µs"_s), qPrintable(text()));
    }

    void leadsToTheLastHit()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "noop"});
        PoliciesModel model(source);
        const CallId call = CallId::make(fromMicros(1'790'000'000'000'000));
        live::Opened opened{.call = call};
        opened.identity.session = "s1";
        live::Decided decided{{.call = call, .policyId = "a", .verdict = conversation::Verdict::Block}};
        model.applyLive({.events = {opened, decided, live::Ended{.call = call}}});
        QCOMPARE(model.index(0).data(PoliciesModel::LastCallRole).toString(), QString::fromStdString(call.toString()));
        QCOMPARE(model.index(0).data(PoliciesModel::LastSessionRole).toString(), u"s1"_s);
        QVERIFY(!model.index(0).data(PoliciesModel::LastHitRole).toString().isEmpty());
    }

    void aFilesModeCanComeBack()
    {
        test::FakePolicies source;
        source.add({.id = "f", .type = "noop", .mode = PolicyMode::Enforce}, true);
        PoliciesModel model(source);
        QCOMPARE(model.index(0).data(PoliciesModel::FileModeRole).toString(), QString());
        model.setMode(u"f"_s, PoliciesModel::Off);
        QCOMPARE(model.index(0).data(PoliciesModel::FileModeRole).toString(), u"enforce"_s);
        model.backToFile(u"f"_s);
        QCOMPARE(model.modeOf(u"f"_s), int(PoliciesModel::Enforce));
        QCOMPARE(model.index(0).data(PoliciesModel::FileModeRole).toString(), QString());
    }

    void saysWhyAChangeFailed()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "noop"});
        PoliciesModel model(source);
        model.setMode(u"gone"_s, PoliciesModel::Enforce);
        QVERIFY(model.problem().contains(u"gone"_s));
        model.setMode(u"a"_s, PoliciesModel::Enforce);
        QCOMPARE(model.problem(), QString());
        source.setTrouble("the disk is full");
        QCOMPARE(model.problem(), u"the disk is full"_s);
    }

    void countsWhatWasDoneApartFromWhatWouldHaveBeen()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "noop"});
        PoliciesModel model(source);
        live::LiveBatch batch;
        for (const auto mode : {PolicyMode::Enforce, PolicyMode::Shadow, PolicyMode::Shadow})
            batch.events.emplace_back(
                live::Decided{{.policyId = "a", .mode = mode, .verdict = conversation::Verdict::Block}});
        batch.events.emplace_back(live::Decided{{.policyId = "a", .verdict = conversation::Verdict::Continue}});
        model.applyLive(batch);
        QCOMPARE(model.index(0).data(PoliciesModel::HitsRole).toString(),
                 u"Stepped in 1×, would have stepped in 2× since the start"_s);
    }

    void tellsTheStrongestModeOfAType()
    {
        test::FakePolicies source;
        PoliciesModel model(source);
        QCOMPARE(model.strongestModeOf(u"destructive-sql"_s), -1);
        source.add({.id = "a", .type = "noop", .mode = PolicyMode::Enforce});
        QCOMPARE(model.strongestModeOf(u"destructive-sql"_s), -1);
        source.add({.id = "destructive-sql", .type = "destructive-sql", .mode = PolicyMode::Off});
        QCOMPARE(model.strongestModeOf(u"destructive-sql"_s), int(PoliciesModel::Off));
        source.add({.id = "mine", .type = "destructive-sql", .mode = PolicyMode::Enforce});
        source.add({.id = "watch", .type = "destructive-sql", .mode = PolicyMode::Shadow});
        QCOMPARE(model.strongestModeOf(u"destructive-sql"_s), int(PoliciesModel::Enforce));
    }

    void namesAPolicyWithoutANameByItsType()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "destructive-sql"});
        source.add({.id = "b", .type = "destructive-sql", .name = "No \u202edrops"});
        PoliciesModel model(source);
        QCOMPARE(model.index(0).data(PoliciesModel::NameRole).toString(), u"Destructive SQL"_s);
        QCOMPARE(model.index(1).data(PoliciesModel::NameRole).toString(), u"No \u2039U+202E\u203adrops"_s);
        QCOMPARE(model.index(0).data(PoliciesModel::VersionRole).toString().size(), 8);
    }
};

LUTHIEN_TEST(tst_policies_model, TestPoliciesModel)
#include "tst_policies_model.moc"
