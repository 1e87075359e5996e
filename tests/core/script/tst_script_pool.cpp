// SPDX-License-Identifier: Apache-2.0
#include "script/script_pool.h"
#include "script_fixture.h"
#include "support/open_descriptors.h"
#include "support/test_registry.h"

#include <QRegularExpression>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <unistd.h>

using namespace luthien;
using namespace luthien::script;
using namespace std::chrono_literals;

namespace {

constexpr const char* kEcho = "function onToolCall(call) { return call; }";
// Machines that run tests are busy: a call that is to succeed gets time.
constexpr auto kLong = 5s;

std::string toolCall(const std::string& body)
{
    return "function onToolCall(call) { " + body + " }";
}

/// Waits for what other processes do.
bool eventually(const std::function<bool()>& holds)
{
    return QTest::qWaitFor(holds, 20'000);
}

/// The children of this process, dead ones that nobody waited for included.
std::set<std::string> childProcesses()
{
    std::ifstream file("/proc/self/task/" + std::to_string(::getpid()) + "/children");
    std::set<std::string> all;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream list(task.path() / "children");
        for (std::string pid; list >> pid;)
            all.insert(pid);
    }
    return all;
}

} // namespace

class TestScriptPool : public QObject
{
    Q_OBJECT

private:
    Metrics m_metrics;

private Q_SLOTS:
    void aFunctionAnswersWithWhatItReturns()
    {
        ScriptPool pool(scriptHostProgram(), m_metrics);
        QVERIFY(pool.processes().empty());
        const auto outline = pool.check(kEcho);
        QVERIFY2(outline, qPrintable(outline ? QString() : QString::fromStdString(outline.error().toString())));
        QVERIFY(outline->has(policy::ScriptFunction::OnToolCall));
        QVERIFY(!outline->has(policy::ScriptFunction::OnText));
        QCOMPARE(told(ask(pool, callOf(kEcho, R"({"a":[1,"ü€😀\u0000"]})", kLong))),
                 QStringLiteral(R"({"a":[1,"ü€😀\u0000"]})"));
    }

    void badScriptsAreRefusedWithTheirLine_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("error");
        QTest::addRow("a syntax error") << "let a = 1;\nlet b = ;\nfunction onText() {}"
                                        << "line 2: SyntaxError: Unexpected token `;'";
        QTest::addRow("something left open") << "function onText( {\n}" << "line 2: SyntaxError: Expected token `)'";
        QTest::addRow("a throw at the top level") << "\n\nthrow new Error('no');" << "line 3: Error: no";
        QTest::addRow("a thrown string") << "throw 'up'" << "up";
        QTest::addRow("no function of ours")
            << "function other() {}" << "This script defines none of onRequest, onText, onToolCall and onEnd.";
        QTest::addRow("a top level without end") << "while (true) {}"
                                                 << "The script's top level was not done after 1000 ms.";
    }
    void badScriptsAreRefusedWithTheirLine()
    {
        QFETCH(QString, source);
        QFETCH(QString, error);
        ScriptPool pool(scriptHostProgram(), m_metrics);
        const auto outline = pool.check(source.toStdString());
        QVERIFY(!outline);
        QCOMPARE(QString::fromStdString(outline.error().toString()), error);
    }

    void whatGoesWrongIsAnErrorAndTheNextCallWorks_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("error");
        QTest::addRow("an endless loop") << "while (true) {}" << "The script was not done after 50 ms.";
        QTest::addRow("an endless loop that catches") << "while (true) { try { while (true) {} } catch (e) {} }"
                                                      << "The script was not done after 50 ms.";
        QTest::addRow("inside a native function")
            << "return new Array(4294967295).join('x')" << "(was not done after 50 ms|process is gone|RangeError)";
        QTest::addRow("allocation without end") << "const a = []; while (true) a.push(new Array(100000).fill(1))"
                                                << "(was not done after 50 ms|process is gone: it was ended by signal)";
        QTest::addRow("one huge string") << "return 'x'.repeat(1 << 28).length"
                                         << "(was not done after 50 ms|process is gone|Error)";
        QTest::addRow("recursion without end") << "function f() { return f() + 1; } return f();"
                                               << "(RangeError: Maximum call stack size exceeded|process is gone)";
        QTest::addRow("a thrown error") << "\nthrow new Error('bad')" << "^line 2: Error: bad$";
        QTest::addRow("a thrown string") << "throw 'text'" << "^text$";
        QTest::addRow("a thrown verdict") << "throw {verdict: 'continue'}" << "^\\{\"verdict\":\"continue\"\\}$";
        QTest::addRow("something thrown that cannot be read")
            << "throw {toJSON() { throw 1 }, toString() { throw 2 }}" << "^something that cannot be written down$";
        QTest::addRow("nothing returned") << "" << "^onToolCall returned nothing$";
        QTest::addRow("a function returned") << "return () => 1" << "^onToolCall returned nothing$";
        QTest::addRow("an expression that backtracks")
            << "return /^(?:(a+)+b|a+!)$/.test('a'.repeat(30) + '!')" << "^line 1: TypeError: RegExp is not available";
        QTest::addRow("more than may be returned")
            << "return 'x'.repeat(9 << 20)" << "(is too large|was not done after 50 ms)";
        QTest::addRow("a file") << "require('fs')" << "^line 1: ReferenceError: require is not defined$";
        QTest::addRow("the network") << "fetch('http://127.0.0.1')" << "ReferenceError: fetch is not defined$";
        QTest::addRow("an old way to the network") << "new XMLHttpRequest()" << "ReferenceError";
        QTest::addRow("the process") << "process.exit(0)" << "ReferenceError: process is not defined$";
        QTest::addRow("the toolkit") << "Qt.quit()" << "ReferenceError: Qt is not defined$";
    }
    void whatGoesWrongIsAnErrorAndTheNextCallWorks()
    {
        QFETCH(QString, body);
        QFETCH(QString, error);
        ScriptPool pool(scriptHostProgram(), m_metrics);
        const std::string source = toolCall("if (call.ok) return 'fine'; " + body.toStdString());
        QVERIFY(pool.check(source));
        const Answer answer = ask(pool, callOf(source));
        QVERIFY(!answer);
        QVERIFY2(QRegularExpression(error).match(told(answer)).hasMatch(), qPrintable(told(answer)));
        QCOMPARE(told(ask(pool, callOf(source, R"({"ok":1})", kLong))), QStringLiteral("\"fine\""));
    }

    void aBrokenScriptHarmsNoOther()
    {
        ScriptPool pool(scriptHostProgram(), m_metrics);
        const std::string loops = toolCall("while (true) {}");
        const std::string counts = toolCall("let n = 0; for (let i = 0; i < 1000; ++i) n += i; return n");
        QVERIFY(pool.check(loops) && pool.check(counts));
        std::vector<std::future<Answer>> bad;
        std::vector<std::future<Answer>> good;
        for (int i = 0; i < 8; ++i) {
            bad.push_back(start(pool, callOf(loops)));
            good.push_back(start(pool, callOf(counts, "{}", kLong)));
        }
        for (auto& answer : bad)
            QVERIFY(!answer.get());
        for (auto& answer : good)
            QCOMPARE(told(answer.get()), QStringLiteral("499500"));
    }

    void aScriptThatLosesProcessesRestsForAWhile()
    {
        const auto lost = m_metrics.value(Metric::ScriptHostsLost);
        Limits limits;
        limits.losses = 2;
        limits.firstRest = 300ms;
        ScriptPool pool(scriptHostProgram(), m_metrics, limits);
        const std::string source = toolCall("while (!call.ok) {} return 1");
        QVERIFY(pool.check(source));
        for (int i = 0; i < 2; ++i)
            QCOMPARE(told(ask(pool, callOf(source))), QStringLiteral("The script was not done after 50 ms."));
        const Answer rests = ask(pool, callOf(source));
        QCOMPARE(told(rests), QStringLiteral("The script lost its process 2 times in a row and rests."));
        QVERIFY(rests.error().code == ErrorCode::Unavailable);
        QCOMPARE(m_metrics.value(Metric::ScriptHostsLost), lost + 2);
        QVERIFY(eventually([&] { return ask(pool, callOf(source, R"({"ok":1})", kLong)).hasValue(); }));
    }

    void aHostThatIsKilledIsReplaced()
    {
        ScriptPool pool(scriptHostProgram(), m_metrics);
        const std::string source = toolCall("while (call.wait) {} return 1");
        QVERIFY(pool.check(source));
        auto waiting = start(pool, callOf(source, R"({"wait":1})", kLong));
        for (const pid_t pid : pool.processes())
            ::kill(pid, SIGKILL);
        QCOMPARE(told(waiting.get()),
                 QStringLiteral("The script's process is gone: it was ended by signal 9 (Killed)."));
        QCOMPARE(told(ask(pool, callOf(source, "{}", kLong))), QStringLiteral("1"));
    }

    void aHostHasNothingOpenButItsSocketAndNoEnvironment()
    {
        ScriptPool pool(scriptHostProgram(), m_metrics);
        QVERIFY(pool.check(kEcho));
        QCOMPARE(told(ask(pool, callOf(kEcho, "1", kLong))), QStringLiteral("1"));
        const std::string process = "/proc/" + std::to_string(pool.processes().front());
        std::ifstream status(process + "/status");
        const std::string text((std::istreambuf_iterator<char>(status)), {});
        for (const char* line : {"NoNewPrivs:\t1\n", "Seccomp:\t2\n", "CapEff:\t0000000000000000\n", "Threads:\t1\n"})
            QVERIFY2(text.find(line) != std::string::npos, line);
        std::error_code error;
        std::vector<std::string> open;
        for (auto each = std::filesystem::directory_iterator(process + "/fd", error);
             !error && each != std::filesystem::directory_iterator(); each.increment(error))
            open.push_back(each->path().filename().string() + " " +
                           std::filesystem::read_symlink(each->path(), error).string().substr(0, 7));
        // Only root may look into a process that is no target for debuggers.
        QVERIFY(::geteuid() != 0 ? error == std::errc::permission_denied : !error);
        if (!error)
            QCOMPARE(open, std::vector<std::string>{"0 socket:"});
        std::ifstream environment(process + "/environ");
        QVERIFY(std::string((std::istreambuf_iterator<char>(environment)), {}).empty());
    }

    void hostsAreCappedAndSharedByMoreScripts()
    {
        Limits limits;
        limits.hosts = 3;
        ScriptPool pool(scriptHostProgram(), m_metrics, limits);
        std::vector<std::future<Answer>> answers;
        for (int i = 0; i < 40; ++i) {
            const std::string source = toolCall("return " + std::to_string(i % 8));
            answers.push_back(start(pool, callOf(source, "{}", kLong)));
            QVERIFY(pool.processes().size() <= 3);
        }
        int answered = 0;
        for (int i = 0; i < 40; ++i) {
            const Answer answer = answers[static_cast<std::size_t>(i)].get();
            QVERIFY(pool.processes().size() <= 3);
            // On a busy machine some may wait for longer than calls may.
            QVERIFY2(!answer || *answer == std::to_string(i % 8), qPrintable(told(answer)));
            answered += answer ? 1 : 0;
        }
        QVERIFY(answered >= 5);
    }

    void callsOfManyThreadsAreAnsweredOnceEach()
    {
        ScriptPool pool(scriptHostProgram(), m_metrics);
        QVERIFY(pool.check(kEcho));
        std::atomic<int> right = 0;
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 200; ++i) {
                    const std::string argument = std::to_string(thread * 1000 + i);
                    const Answer answer = ask(pool, callOf(kEcho, argument, kLong));
                    right += answer && *answer == argument ? 1 : 0;
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(right.load(), 800);
    }

    void anArgumentOfTenMegabytesIsRefused()
    {
        ScriptPool pool(scriptHostProgram(), m_metrics);
        const Answer large = ask(pool, callOf(kEcho, '"' + std::string(10UL << 20, 'x') + '"', kLong));
        QVERIFY(!large && large.error().code == ErrorCode::TooLarge);
        const std::string four = '"' + std::string(4UL << 20, 'x') + '"';
        const Answer answer = ask(pool, callOf(kEcho, four, kLong));
        QVERIFY2(answer && *answer == four, qPrintable(told(answer).left(100)));
    }

    void theEndOfThePoolAnswersEveryCall()
    {
        auto pool = std::make_unique<ScriptPool>(scriptHostProgram(), m_metrics);
        const std::string source = toolCall("while (true) {}");
        QVERIFY(pool->check(source));
        std::vector<std::future<Answer>> answers;
        for (int i = 0; i < 20; ++i)
            answers.push_back(start(*pool, callOf(source, "{}", kLong)));
        pool.reset();
        for (auto& answer : answers)
            QVERIFY(!answer.get());
    }

    void aProgramThatIsNoHostIsAnError_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addRow("none there") << "/nonexistent/luthien-script-host";
        QTest::addRow("one that ends at once") << "/bin/true";
        QTest::addRow("one that repeats what it hears") << "/bin/cat";
    }
    void aProgramThatIsNoHostIsAnError()
    {
        QFETCH(QString, program);
        Limits limits;
        limits.start = 500ms;
        ScriptPool pool(program.toStdString(), m_metrics, limits);
        const auto outline = pool.check(kEcho);
        QVERIFY(!outline);
        const Answer answer = ask(pool, callOf(kEcho));
        QVERIFY2(!answer && answer.error().code != ErrorCode::InvalidInput, qPrintable(told(answer)));
    }

    void hostsThatNobodyAsksEnd()
    {
        Limits limits;
        limits.idle = 20ms;
        ScriptPool pool(scriptHostProgram(), m_metrics, limits);
        QVERIFY(pool.check(kEcho));
        QVERIFY(eventually([&] { return pool.processes().empty(); }));
        QCOMPARE(told(ask(pool, callOf(kEcho, "1", kLong))), QStringLiteral("1"));
    }

    void nothingIsLeftOfHosts()
    {
        const std::size_t descriptors = test::openDescriptors();
        const std::set<std::string> before = childProcesses();
        for (int i = 0; i < 3; ++i) {
            ScriptPool pool(scriptHostProgram(), m_metrics);
            (void)ask(pool, callOf(toolCall("while (true) {}")));
            (void)ask(pool, callOf(toolCall("return 1"), "{}", kLong));
            for (const pid_t pid : pool.processes())
                ::kill(pid, SIGKILL);
            (void)ask(pool, callOf(toolCall("return 2"), "{}", kLong));
        }
        QCOMPARE(test::openDescriptors(), descriptors);
        QVERIFY(childProcesses() == before);
    }
};

LUTHIEN_TEST(tst_script_pool, TestScriptPool)
#include "tst_script_pool.moc"
