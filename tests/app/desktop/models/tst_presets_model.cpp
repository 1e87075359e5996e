// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/presets_model.h"
#include "fake_policies.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QDir>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::PresetsModel;

class TestPresetsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPresetHasATitleAndSaysWhatItDoes()
    {
        test::FakePolicies source;
        PresetsModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QDir folder(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + u"/resources/presets"_s);
        QCOMPARE(model.count(), static_cast<int>(folder.entryList({u"*.yaml"_s}).size()));
        for (int row = 0; row < model.count(); ++row) {
            const QModelIndex at = model.index(row);
            QVERIFY(!at.data(PresetsModel::TitleRole).toString().isEmpty());
            QVERIFY2(at.data(PresetsModel::PurposeRole).toString().size() > 20,
                     qPrintable(at.data(PresetsModel::TitleRole).toString()));
            QVERIFY(!at.data(PresetsModel::PurposeRole).toString().contains(u"SPDX"_s));
        }
    }

    void addsAsAShadowUnderAFreeId()
    {
        test::FakePolicies source;
        PresetsModel model(source);
        const auto row = [&model](const QString& type) {
            for (int i = 0; i < model.count(); ++i)
                if (model.index(i).data(PresetsModel::TypeRole).toString() == type)
                    return i;
            return -1;
        };
        const int rewrite = row(u"llm-rewrite"_s);
        QVERIFY(rewrite >= 0);
        const QString first = model.add(rewrite);
        QVERIFY2(!first.isEmpty(), qPrintable(model.problem()));
        QVERIFY(model.index(rewrite).data(PresetsModel::AddedRole).toBool());
        const QString second = model.add(rewrite);
        QCOMPARE(second, first + u"-2"_s);
        for (const auto& each : source.policies())
            QCOMPARE(each.definition.mode, policy::PolicyMode::Shadow);
        // Nothing runs scripts here.
        QCOMPARE(model.add(row(u"javascript"_s)), QString());
        QVERIFY(model.problem().startsWith(u"Not added"_s));
        QCOMPARE(source.policies().size(), 2U);
    }
};

LUTHIEN_TEST(tst_presets_model, TestPresetsModel)
#include "tst_presets_model.moc"
