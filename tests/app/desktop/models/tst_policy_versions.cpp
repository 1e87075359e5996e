// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/policy_versions.h"
#include "fake_policies.h"
#include "fake_policy_history.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::ChangedLines;
using desktop::PolicyVersions;
using policy::Definition;

class TestPolicyVersions : public QObject
{
    Q_OBJECT

private:
    static Definition rules(const char* does, policy::PolicyMode mode = policy::PolicyMode::Shadow)
    {
        return {.id = "rules",
                .type = "tool-rules",
                .mode = mode,
                .config = std::string("{\"rules\":[{\"do\":\"") + does + "\",\"tool\":\"Bash\"}]}"};
    }
    static QStringList column(const PolicyVersions& model, int role)
    {
        QStringList all;
        for (int row = 0; row < model.count(); ++row)
            all += model.index(row).data(role).toString();
        return all;
    }
    /// The lines that differ: "- before" and "+ after".
    static QStringList differing(PolicyVersions& model)
    {
        QStringList lines;
        for (int row = 0; row < model.difference()->count(); ++row) {
            const QModelIndex at = model.difference()->index(row);
            const int kind = at.data(ChangedLines::KindRole).toInt();
            if (kind == ChangedLines::Removed || kind == ChangedLines::Changed)
                lines += u"- "_s + at.data(ChangedLines::BeforeRole).toString().trimmed();
            if (kind == ChangedLines::Added || kind == ChangedLines::Changed)
                lines += u"+ "_s + at.data(ChangedLines::AfterRole).toString().trimmed();
        }
        return lines;
    }

private Q_SLOTS:
    void tellsWhatBecameOfAPolicyAndGoesBack()
    {
        test::FakePolicies source;
        test::FakePolicyHistory history(source);
        QVERIFY(source.save(rules("allow")));
        QVERIFY(source.save(rules("deny")));
        QVERIFY(source.setMode("rules", policy::PolicyMode::Enforce));
        PolicyVersions model(history, source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPolicyId(u"rules"_s);
        QVERIFY(model.isLoading());
        QCOMPARE(history.answer(), 1);
        QCOMPARE(column(model, PolicyVersions::WhatRole), (QStringList{u"to enforce"_s, u"new version"_s, u"added"_s}));
        QCOMPARE(column(model, PolicyVersions::AuthorRole)[0], u"in the window, by ada"_s);
        QCOMPARE(column(model, PolicyVersions::CurrentRole), (QStringList{u"true"_s, u"true"_s, u"false"_s}));
        QVERIFY(!model.canRestore()); // it is the one in force

        model.setSelected(1);
        QCOMPARE(differing(model), (QStringList{u"- - do: \"allow\""_s, u"+ - do: \"deny\""_s}));
        model.setSelected(2);
        model.setAgainstNow(true);
        QCOMPARE(differing(model), (QStringList{u"- - do: \"deny\""_s, u"+ - do: \"allow\""_s})); // the mode stays
        QVERIFY(model.canRestore());
        model.restore();
        QCOMPARE(source.policies()[0].definition, rules("allow", policy::PolicyMode::Enforce));
        QVERIFY(history.answer() > 0);
        QCOMPARE(column(model, PolicyVersions::WhatRole)[0], u"an older version again"_s);
        QCOMPARE(model.selected(), 3); // what is looked at stays
    }

    void whatIsWrittenLaterIsAskedForAgain()
    {
        test::FakePolicies source;
        test::FakePolicyHistory late(source);
        PolicyVersions model(late, source);
        QVERIFY(source.save(rules("allow")));
        const auto empty = std::make_shared<desktop::LoadedPolicyHistory>();
        empty->policyId = "rules";
        model.setPolicyId(u"rules"_s);
        Q_EMIT late.loaded(empty);
        QCOMPARE(model.count(), 0);
        QCOMPARE(late.answer(), 1); // the first question
        QTRY_COMPARE(late.answer(), 0);
        QCOMPARE(model.count(), 1);
    }

    void aPolicyOfTheFileIsNotRestored()
    {
        test::FakePolicies source;
        test::FakePolicyHistory history(source);
        source.add(rules("allow"), true);
        PolicyVersions model(history, source);
        model.setPolicyId(u"rules"_s);
        QVERIFY(history.answer() > 0);
        QCOMPARE(model.count(), 1);
        QVERIFY(!model.canRestore());
        history.error = u"the store is gone"_s;
        model.setPolicyId({});
        model.setPolicyId(u"rules"_s);
        QVERIFY(history.answer() > 0);
        QCOMPARE(model.problem(), u"the store is gone"_s);
    }
};

LUTHIEN_TEST(tst_policy_versions, TestPolicyVersions)
#include "tst_policy_versions.moc"
