// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/session_export.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>

#include <semaphore>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::SessionExport;

class TestSessionExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = std::make_unique<test::SampleStore>();
        m_store->add({});
        QVERIFY(m_store->flush());
    }

    void writesAWholeFile_data()
    {
        QTest::addColumn<SessionExport::Format>("format");
        QTest::addColumn<QByteArray>("begins");
        QTest::newRow("lines of JSON") << SessionExport::Jsonl << QByteArray("{");
        QTest::newRow("a page") << SessionExport::Html << QByteArray("<!");
        QTest::newRow("a text") << SessionExport::Markdown << QByteArray("# ");
    }
    void writesAWholeFile()
    {
        QFETCH(SessionExport::Format, format);
        QFETCH(QByteArray, begins);
        const QString path = m_directory.filePath(u"session"_s);
        QFile old(path);
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write("something older");
        old.close();
        SessionExport exporter([this] { return m_store->openReader(); });
        run(exporter, u"sess-1"_s, format, path);
        QCOMPARE(exporter.problem(), QString());
        QCOMPARE(exporter.savedPath(), path);
        QFile written(path);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().startsWith(begins));
        QVERIFY(!(written.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    }

    void leavesNothingBehindIfItCannot_data()
    {
        QTest::addColumn<QString>("session");
        QTest::addColumn<QString>("file");
        QTest::newRow("no such session") << u"none"_s << u"new"_s;
        QTest::newRow("no such directory") << u"sess-1"_s << u"absent/new"_s;
    }
    void leavesNothingBehindIfItCannot()
    {
        QFETCH(QString, session);
        QFETCH(QString, file);
        SessionExport exporter([this] { return m_store->openReader(); });
        run(exporter, session, SessionExport::Jsonl, m_directory.filePath(file));
        QVERIFY(!exporter.problem().isEmpty());
        QCOMPARE(exporter.savedPath(), QString());
        QVERIFY(!QFile::exists(m_directory.filePath(file)));
    }

    void canBeGivenUp()
    {
        const QString path = m_directory.filePath(u"given-up"_s);
        std::binary_semaphore begun{0};
        SessionExport waiting([&, this] {
            begun.acquire();
            return m_store->openReader();
        });
        QSignalSpy ended(&waiting, &SessionExport::finished);
        waiting.start(u"sess-1"_s, SessionExport::Jsonl, path);
        waiting.cancel();
        begun.release();
        QVERIFY(ended.wait());
        QCOMPARE(waiting.savedPath(), QString());
        QCOMPARE(waiting.problem(), QString());
        QVERIFY(!QFile::exists(path));
    }

    void knowsItsWayAround()
    {
        const SessionExport exporter([this] { return m_store->openReader(); });
        QCOMPARE(exporter.withEnding(u"/a/b.jsonl"_s, SessionExport::Html), u"/a/b.html"_s);
        QCOMPARE(exporter.withEnding(u"/a/b.html"_s, SessionExport::Markdown), u"/a/b.md"_s);
        QCOMPARE(exporter.withEnding(u"/a/b.txt"_s, SessionExport::Html), u"/a/b.txt"_s);
        QCOMPARE(exporter.moved(u"/a/b/c.html"_s, u".."_s), u"/a/c.html"_s);
        QCOMPARE(exporter.moved(u"/a/c.html"_s, u"d"_s), u"/a/d/c.html"_s);
        QVERIFY(!exporter.exists(exporter.suggestedPath(u"derived:1"_s, SessionExport::Jsonl)));
        QVERIFY(!exporter.suggestedPath(u"derived:1"_s, SessionExport::Jsonl).contains(u':'));
        QVERIFY(QDir(m_directory.path()).mkdir(u"inner"_s));
        QVERIFY(exporter.directoriesBeside({}).isEmpty());
        QCOMPARE(exporter.directoriesBeside(m_directory.filePath(u"x"_s)), QStringList({u".."_s, u"inner"_s}));
    }

private:
    static void run(SessionExport& exporter, const QString& session, SessionExport::Format format, const QString& path)
    {
        QSignalSpy finished(&exporter, &SessionExport::finished);
        exporter.start(session, format, path);
        QVERIFY(exporter.isRunning());
        QVERIFY(finished.wait());
        QVERIFY(!exporter.isRunning());
    }

    QTemporaryDir m_directory;
    std::unique_ptr<test::SampleStore> m_store;
};

LUTHIEN_TEST(tst_session_export, TestSessionExport)
#include "tst_session_export.moc"
