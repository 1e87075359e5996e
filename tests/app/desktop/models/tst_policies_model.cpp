// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/policies_model.h"
#include "fake_policies.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

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
