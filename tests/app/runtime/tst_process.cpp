// SPDX-License-Identifier: Apache-2.0
#include "runtime/process.h"
#include "support/test_registry.h"

#include <csignal>
#include <sys/stat.h>

using namespace luthien::runtime;

class TestProcess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hardensAndRestores();
};

void TestProcess::hardensAndRestores()
{
    ::umask(027);
    const InheritedLimits inherited = hardenProcess();
    QCOMPARE(inherited.umask, mode_t{027});
    QCOMPARE(::umask(077), mode_t{077});
    rlimit limit{};
    QCOMPARE(::getrlimit(RLIMIT_CORE, &limit), 0);
    QCOMPARE(limit.rlim_cur, rlim_t{0});
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    QCOMPARE(limit.rlim_cur, limit.rlim_max);
    QVERIFY(std::signal(SIGPIPE, SIG_IGN) == SIG_IGN);

    inherited.restore();
    QCOMPARE(::umask(027), mode_t{027});
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    QCOMPARE(limit.rlim_cur, inherited.files.rlim_cur);
    QVERIFY(std::signal(SIGPIPE, SIG_DFL) == SIG_DFL);
}

LUTHIEN_TEST(tst_process, TestProcess)
#include "tst_process.moc"
