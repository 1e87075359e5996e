// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/policy_import.h"
#include "fake_policies.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QTemporaryDir>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::PolicyImport;
using policy::PolicyMode;

class TestPolicyImport : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_directory;

    [[nodiscard]] QString write(const QByteArray& text) const
    {
        QFile file(m_directory.filePath(u"in.yaml"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write(text);
        return file.fileName();
    }
    static QList<int> fates(const PolicyImport& model)
    {
        QList<int> all;
        for (int row = 0; row < model.count(); ++row)
            all += model.index(row).data(PolicyImport::FateRole).toInt();
        return all;
    }

private Q_SLOTS:
    void showsWhatWouldChangeBeforeItDoes()
    {
        test::FakePolicies source;
        source.add({.id = "same", .type = "noop", .mode = PolicyMode::Off});
        source.add({.id = "named", .type = "noop", .name = "old", .mode = PolicyMode::Off});
        PolicyImport model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.read(
            write("- id: same\n  type: noop\n- id: named\n  type: noop\n  name: new\n- id: fresh\n  type: noop\n"));
        QCOMPARE(model.problem(), QString());
        QCOMPARE(fates(model), (QList<int>{PolicyImport::Same, PolicyImport::Changed, PolicyImport::New}));
        QVERIFY(model.index(1).data(PolicyImport::FateTextRole).toString().contains(u"name"_s));
        QVERIFY(model.isAcceptable());
        QCOMPARE(source.policies().size(), 2U);
        model.accept();
        QCOMPARE(model.said(), u"Imported 3 policies."_s);
        QCOMPARE(source.policies().size(), 3U);
        QCOMPARE(source.policies()[1].definition.name, std::string("new"));
        QCOMPARE(source.policies()[1].definition.mode, PolicyMode::Off); // the file names none
        QCOMPARE(source.policies()[2].definition.mode, PolicyMode::Enforce);
    }

    void allOrNothing()
    {
        test::FakePolicies source;
        source.add({.id = "file", .type = "noop"}, true);
        PolicyImport model(source);
        model.read(write("- id: fresh\n  type: noop\n- id: file\n  type: noop\n  name: x\n"));
        QCOMPARE(fates(model), (QList<int>{PolicyImport::New, PolicyImport::Refused}));
        QVERIFY(!model.isAcceptable());
        model.accept();
        QCOMPARE(source.policies().size(), 1U);

        const QString path = write("- id: fresh\n  type: noop\n- id: bad\n  type: tool-rules\n  config:\n    rules:\n"
                                   "      - do: what\n");
        model.read(path);
        model.accept();
        QCOMPARE(source.policies().size(), 1U);
        QVERIFY2(model.problem().contains(path + u":7"_s), qPrintable(model.problem()));

        model.read(write("id: [\n"));
        QVERIFY(model.problem().contains(u"in.yaml"_s));
        QCOMPARE(model.count(), 0);
        model.read(m_directory.filePath(u"gone.yaml"_s));
        QVERIFY(!model.problem().isEmpty());
    }

    void whatIsExportedImportsTheSame()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "tool-rules", .config = R"({"rules":[{"do":"deny","tool":"Bash"}]})"});
        source.add({.id = "b", .type = "noop", .mode = PolicyMode::Off});
        PolicyImport model(source);
        const QString path = m_directory.filePath(u"out.yaml"_s);
        model.write(path);
        QCOMPARE(model.problem(), QString());
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        model.read(path);
        QCOMPARE(fates(model), (QList<int>{PolicyImport::Same, PolicyImport::Same}));
        QVERIFY(!model.isAcceptable());
        model.write(u"/no/such/place/x.yaml"_s);
        QVERIFY(model.problem().startsWith(u"Not written"_s));
    }
};

LUTHIEN_TEST(tst_policy_import, TestPolicyImport)
#include "tst_policy_import.moc"
