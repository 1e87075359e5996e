// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/saved_filters.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;
using luthien::desktop::SavedFilters;

class TestSavedFilters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void staysOverARestart()
    {
        const QTemporaryDir directory;
        const QString file = directory.filePath(u"window.ini"_s);
        {
            SavedFilters filters(file);
            const QAbstractItemModelTester tester(&filters, QAbstractItemModelTester::FailureReportingMode::QtTest);
            QVERIFY(filters.save(u"  too   dear "_s, u" cost>$1 "_s));
            QVERIFY(filters.save(u"blocked"_s, u"verdict:block"_s));
            QVERIFY(filters.save(u"gone"_s, u"tool:Bash"_s));
            QVERIFY(filters.save(u"blocked"_s, u"verdict:block or is:shadow"_s));
            filters.remove(1);
            QCOMPARE(names(filters), (QStringList{u"blocked"_s, u"too dear"_s}));
        }
        const SavedFilters filters(file);
        QCOMPARE(names(filters), (QStringList{u"blocked"_s, u"too dear"_s}));
        QCOMPARE(filters.filterAt(0), u"verdict:block or is:shadow"_s);
        QCOMPARE(filters.filterAt(1), u"cost>$1"_s);
        QCOMPARE(filters.filterAt(2), QString());
    }

    void isBounded()
    {
        const QTemporaryDir directory;
        SavedFilters filters(directory.filePath(u"window.ini"_s));
        QVERIFY(!filters.save(u" "_s, u"tool:Bash"_s));
        QVERIFY(!filters.save(u"name"_s, u" "_s));
        QVERIFY(!filters.save(u"name"_s, QString(5000, u'x')));
        for (std::size_t i = 0; i < SavedFilters::kMost; ++i)
            QVERIFY(filters.save(QString::number(i), u"tool:Bash"_s));
        QVERIFY(!filters.save(u"one more"_s, u"tool:Bash"_s));
        QVERIFY(filters.save(u"7"_s, u"tool:Edit"_s));
    }

    void whatSomebodyWroteIntoTheFileIsNoTrouble()
    {
        const QTemporaryDir directory;
        const QString path = directory.filePath(u"window.ini"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[filters]\nsize=1000000000\n1\\name=a\n1\\filter=tool:Bash\n3\\name=b\n");
        file.close();
        const SavedFilters filters(path);
        QCOMPARE(names(filters), QStringList{u"a"_s});
    }

private:
    static QStringList names(const SavedFilters& filters)
    {
        QStringList all;
        for (int row = 0; row < filters.rowCount(); ++row)
            all += filters.index(row).data(SavedFilters::NameRole).toString();
        return all;
    }
};

LUTHIEN_TEST(tst_saved_filters, TestSavedFilters)
#include "tst_saved_filters.moc"
