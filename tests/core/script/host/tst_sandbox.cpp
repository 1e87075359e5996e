// SPDX-License-Identifier: Apache-2.0
#include "script/host/sandbox.h"
#include "support/test_registry.h"

#include <csignal>
#include <fcntl.h>
#include <functional>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace luthien::script::host;

namespace {

constexpr int kNotShutIn = 90;
constexpr int kSurvived = 91;

/// How a process ends that shuts itself in and then does this: its exit status, or minus its signal.
int endOf(const std::function<void()>& act)
{
    const pid_t child = ::fork();
    if (child == 0) {
        if (!restrictProcess({}) || !shutIn())
            ::_exit(kNotShutIn);
        act();
        ::_exit(kSurvived);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

using Act = void (*)();

} // namespace

Q_DECLARE_METATYPE(Act)

class TestSandbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatReachesOutEndsTheProcess_data()
    {
        QTest::addColumn<Act>("act");
        const auto row = [](const char* name, Act act) { QTest::newRow(name) << act; };
        row("opening a file", [] { (void)::open("/etc/passwd", O_RDONLY); });
        row("making a file", [] { (void)::open("/tmp/luthien-sandbox", O_CREAT | O_WRONLY, 0600); });
        row("a socket", [] { (void)::socket(AF_INET, SOCK_STREAM, 0); });
        row("a process", [] { (void)::fork(); });
        row("another program", [] { (void)::execl("/bin/true", "true", nullptr); });
        row("a signal to its parent", [] { (void)::kill(::getppid(), 0); });
        row("a look into its parent", [] { (void)::ptrace(PTRACE_ATTACH, 1, nullptr, nullptr); });
        row("writing to another descriptor", [] { (void)::write(1, "x", 1); });
        row("reading another descriptor", [] {
            char byte = 0;
            (void)::read(3, &byte, 1);
        });
    }
    void whatReachesOutEndsTheProcess()
    {
        QFETCH(Act, act);
        QCOMPARE(endOf(act), -SIGSYS);
    }

    void whatTheEngineNeedsWorks()
    {
        QCOMPARE(endOf([] {
                     std::vector<char> memory(1 << 20, 'x');
                     timespec now{};
                     if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0 || memory.back() != 'x')
                         ::_exit(1);
                 }),
                 kSurvived);
    }

    void memoryIsNotExecutable()
    {
        QCOMPARE(endOf([] {
                     if (::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
                         ::_exit(1);
                 }),
                 kSurvived);
    }
};

LUTHIEN_TEST(tst_sandbox, TestSandbox)
#include "tst_sandbox.moc"
