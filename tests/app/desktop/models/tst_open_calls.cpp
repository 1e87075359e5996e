// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/open_calls.h"
#include "support/test_registry.h"

using namespace luthien;
using luthien::desktop::OpenCalls;

class TestOpenCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSessionIsOpenWhileACallOfItIs()
    {
        OpenCalls calls;
        calls.apply(opened(1, "a"));
        calls.apply(opened(1, "a")); // told again as it is replayed
        calls.apply(opened(2, "a"));
        calls.apply(opened(3, "b"));
        QCOMPARE(calls.count(), 3);
        calls.apply(ended(1));
        calls.apply(ended(1));
        calls.apply(ended(9)); // began before the window did
        QVERIFY(calls.isOpen("a"));
        calls.apply(ended(2));
        QVERIFY(!calls.isOpen("a"));
        QVERIFY(calls.isOpen("b"));
        QCOMPARE(calls.count(), 1);
    }

private:
    static CallId idOf(std::uint8_t number) { return CallId(std::array<std::uint8_t, 16>{number}); }
    static live::Event opened(std::uint8_t number, const std::string& session)
    {
        live::Opened event{.call = idOf(number)};
        event.identity.session = session;
        return event;
    }
    static live::Event ended(std::uint8_t number) { return live::Ended{.call = idOf(number)}; }
};

LUTHIEN_TEST(tst_open_calls, TestOpenCalls)
#include "tst_open_calls.moc"
