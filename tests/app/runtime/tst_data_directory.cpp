// SPDX-License-Identifier: Apache-2.0
#include "runtime/data_directory.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace luthien;
using namespace luthien::runtime;

class TestDataDirectory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneHolderAtATime();
    void saysWhoHoldsIt();
    void isFreeAfterAKill();
    void keepsWhatSomebodyElseWroteOutOfTheMessage();

private:
    QTemporaryDir m_directory;
    Paths m_paths{.dataDirectory = m_directory.filePath(QStringLiteral("data")).toStdString()};
};

void TestDataDirectory::oneHolderAtATime()
{
    QVERIFY(!DataDirectoryLock::isHeld(m_paths));
    {
        const auto lock = DataDirectoryLock::acquire(m_paths, "luthiend");
        QVERIFY(lock.hasValue());
        QVERIFY(DataDirectoryLock::isHeld(m_paths));
        QCOMPARE(DataDirectoryLock::acquire(m_paths, "luthien").error().code, ErrorCode::Conflict);
    }
    QVERIFY(!DataDirectoryLock::isHeld(m_paths));
    QVERIFY(DataDirectoryLock::acquire(m_paths, "luthien").hasValue());
}

void TestDataDirectory::saysWhoHoldsIt()
{
    const auto lock = DataDirectoryLock::acquire(m_paths, "luthiend");
    QVERIFY(lock.hasValue());
    const auto second = DataDirectoryLock::acquire(m_paths, "luthien");
    const std::string expected = "is in use by luthiend, process " + std::to_string(::getpid()) + ";";
    QVERIFY2(second.error().message.starts_with(expected), second.error().message.c_str());
}

void TestDataDirectory::isFreeAfterAKill()
{
    std::array<int, 2> ready{};
    QCOMPARE(::pipe(ready.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto lock = DataDirectoryLock::acquire(m_paths, "luthiend");
        const char held = lock ? 'y' : 'n';
        [[maybe_unused]] const auto written = ::write(ready[1], &held, 1);
        ::pause();
        ::_exit(0);
    }
    char held = 'n';
    QCOMPARE(::read(ready[0], &held, 1), 1);
    QCOMPARE(held, 'y');
    QVERIFY(DataDirectoryLock::isHeld(m_paths));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    QVERIFY(DataDirectoryLock::acquire(m_paths, "luthien").hasValue());
    ::close(ready[0]);
    ::close(ready[1]);
}

void TestDataDirectory::keepsWhatSomebodyElseWroteOutOfTheMessage()
{
    const auto lock = DataDirectoryLock::acquire(m_paths, "luthiend");
    std::ofstream(m_paths.lockFile(), std::ios::trunc) << "\x1b[2J evil";
    QVERIFY(
        DataDirectoryLock::acquire(m_paths, "luthien").error().message.starts_with("is in use by another process;"));
}

LUTHIEN_TEST(tst_data_directory, TestDataDirectory)
#include "tst_data_directory.moc"
