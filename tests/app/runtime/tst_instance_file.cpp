// SPDX-License-Identifier: Apache-2.0
#include "base/private_file.h"
#include "runtime/data_directory.h"
#include "runtime/instance_file.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::runtime;

class TestInstanceFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsWhatItWrote_data();
    void readsWhatItWrote();
    void isNotRunningWithoutTheLock();
    void refusesGarbage_data();
    void refusesGarbage();

private:
    QTemporaryDir m_directory;
    Paths m_paths{.dataDirectory = m_directory.path().toStdString()};
};

void TestInstanceFile::readsWhatItWrote_data()
{
    QTest::addColumn<Instance>("instance");
    QTest::newRow("with a control port") << Instance{.processId = 4711,
                                                     .proxy = "http://127.0.0.1:4000",
                                                     .control = "http://127.0.0.1:4001",
                                                     .tokenRequired = true,
                                                     .database = "postgresql:///luthien"};
    QTest::newRow("without") << Instance{.processId = 1, .proxy = "http://[::1]:4000"};
}

void TestInstanceFile::readsWhatItWrote()
{
    QFETCH(Instance, instance);
    QVERIFY(writeInstance(m_paths, instance).hasValue());
    QCOMPARE(*readInstance(m_paths), instance);
    removeInstance(m_paths);
    QCOMPARE(readInstance(m_paths).error().code, ErrorCode::NotFound);
}

void TestInstanceFile::isNotRunningWithoutTheLock()
{
    QVERIFY(writeInstance(m_paths, {.processId = 1, .proxy = "http://127.0.0.1:1"}).hasValue());
    QCOMPARE(runningInstance(m_paths).error().code, ErrorCode::NotFound);
    const auto lock = DataDirectoryLock::acquire(m_paths, "luthiend");
    QCOMPARE(runningInstance(m_paths)->proxy, "http://127.0.0.1:1");
}

void TestInstanceFile::refusesGarbage_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("nothing") << std::string();
    QTest::newRow("not JSON") << std::string("proxy");
    QTest::newRow("an array") << std::string("[]");
    QTest::newRow("no proxy") << std::string(R"({"pid":1})");
    QTest::newRow("no process") << std::string(R"({"proxy":"http://127.0.0.1:1"})");
}

void TestInstanceFile::refusesGarbage()
{
    QFETCH(std::string, text);
    QVERIFY(makePrivateDirectory(m_paths.instanceFile().parent_path()).hasValue());
    QVERIFY(writePrivateFile(m_paths.instanceFile(), text).hasValue());
    QCOMPARE(readInstance(m_paths).error().code, ErrorCode::InvalidInput);
}

LUTHIEN_TEST(tst_instance_file, TestInstanceFile)
#include "tst_instance_file.moc"
