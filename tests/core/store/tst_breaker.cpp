// SPDX-License-Identifier: Apache-2.0
#include "store/breaker.h"
#include "support/test_registry.h"

#include <QtTest>

#include <optional>
#include <string>

using namespace luthien;
using namespace luthien::store;
using namespace std::chrono_literals;

namespace {
constexpr Breaker::Limits kLimits{
    .failures = 3, .slowCommits = 2, .slow = 1000ms, .pause = {.first = 100ms, .most = 1000ms}};

/// A database asked through a breaker, over a clock that only this moves.
struct Circuit
{
    SteadyPoint now{10s};
    Breaker breaker{kLimits, 1};

    void fail() { breaker.failed(now); }
    void commit(std::chrono::milliseconds took) { breaker.succeeded(now, took); }
    /// To the moment at which it may be asked again; how long that was. Asking turns an open one half-open.
    std::chrono::milliseconds wait()
    {
        const SteadyPoint from = now;
        while (!breaker.mayAsk(now))
            now += 1ms;
        return std::chrono::duration_cast<std::chrono::milliseconds>(now - from);
    }
};
} // namespace

class TestBreaker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void transcripts_data();
    void transcripts();
    void pausesGrowAndStartAnew();
    void askingDuringAPauseChangesNothing();
};

/// Each letter is something that happens: f = a failure, c = a fast commit, s = a slow one, w = until it may be asked
/// again. Each word of states is what it then is: C(losed), O(pen), H(alf-open).
void TestBreaker::transcripts_data()
{
    QTest::addColumn<QByteArray>("happens");
    QTest::addColumn<QByteArray>("states");
    const auto row = [](const char* name, const char* happens, const char* states) {
        QTest::newRow(name) << QByteArray(happens) << QByteArray(states);
    };
    row("all is well", "ccc", "CCC");
    row("one failure does not open it", "fwc", "CCC");
    row("failures with commits between do not add up", "fwcfwcfwc", "CCCCCCCCC");
    row("the third failure in a row does", "fwfwf", "CCCCO");
    row("a trial that goes well closes it", "fwfwfwc", "CCCCOHC");
    row("a trial that fails opens it again", "fwfwfwfwfwc", "CCCCOHOHOHC");
    row("closed again, it takes as many failures as before", "fwfwfwcfwfwf", "CCCCOHCCCCCO");
    row("one slow commit does not open it", "scs", "CCC");
    row("the second slow commit in a row does", "ss", "CO");
    row("a slow trial opens it again, a fast one closes it", "sswswswc", "COHOHOHC");
    row("a failed trial of a slow one opens it again", "sswfwc", "COHOHC");
    row("closed again, it takes as many slow ones as before", "sswcscss", "COHCCCCO");
    row("a failure between slow commits does not forgive them", "sfws", "CCCO");
}

void TestBreaker::transcripts()
{
    QFETCH(QByteArray, happens);
    QFETCH(QByteArray, states);
    Circuit circuit;
    QByteArray seen;
    for (const char what : happens) {
        switch (what) {
        case 'f':
            circuit.fail();
            break;
        case 'c':
            circuit.commit(5ms);
            break;
        case 's':
            circuit.commit(1001ms);
            break;
        default:
            circuit.wait();
        }
        seen += "COH"[static_cast<int>(circuit.breaker.state())];
    }
    QCOMPARE(seen, states);
}

void TestBreaker::pausesGrowAndStartAnew()
{
    Circuit circuit;
    for (int round = 0; round < 2; ++round) { // the second as if the first had not been
        for (const auto whole : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
            circuit.fail();
            const auto paused = circuit.wait();
            QVERIFY2(paused >= whole / 2 && paused <= whole, qPrintable(QString::number(paused.count())));
        }
        circuit.commit(1ms);
        QVERIFY(!circuit.breaker.isPausing(circuit.now));
    }
}

void TestBreaker::askingDuringAPauseChangesNothing()
{
    Circuit circuit;
    circuit.commit(2000ms);
    circuit.commit(2000ms);
    QVERIFY(!circuit.breaker.mayAsk(circuit.now));
    QVERIFY(!circuit.breaker.mayAsk(circuit.now + 49ms));
    QCOMPARE(circuit.breaker.state(), Breaker::State::Open);
    QVERIFY(circuit.breaker.mayAsk(circuit.now + 100ms));
    QCOMPARE(circuit.breaker.state(), Breaker::State::HalfOpen);
}

LUTHIEN_TEST(tst_breaker, TestBreaker)
#include "tst_breaker.moc"
