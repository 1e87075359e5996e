// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/held_sessions.h"
#include "support/test_registry.h"

using namespace luthien;
using luthien::desktop::HeldSessions;

class TestHeldSessions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theOneThatWasLoadedLongestAgoGoes()
    {
        HeldSessions held(3);
        for (const int number : {1, 2, 3, 1, 4})
            held.hold(session(number));
        QCOMPARE(held.size(), std::size_t{3});
        QVERIFY(held.find(std::int64_t{2}) == nullptr);
        QVERIFY(held.find("session-2") == nullptr);
        QVERIFY(held.find("session-1") != nullptr);
        QCOMPARE(held.find(std::int64_t{4})->id, std::string("session-4"));
    }

    void anIdMayNameANewSession()
    {
        HeldSessions held(3);
        held.hold(session(1));
        store::SessionRow fresh = session(2);
        fresh.id = "session-1";
        held.hold(fresh);
        held.drop(1);
        QVERIFY(held.find("session-1") != nullptr);
        QCOMPARE(held.find("session-1")->cursor.row, std::int64_t{2});
        held.drop(2);
        held.drop(2);
        QVERIFY(held.find("session-1") == nullptr);
        QCOMPARE(held.size(), std::size_t{0});
    }

private:
    static store::SessionRow session(std::int64_t number)
    {
        store::SessionRow row;
        row.id = "session-" + std::to_string(number);
        row.cursor.row = number;
        return row;
    }
};

LUTHIEN_TEST(tst_held_sessions, TestHeldSessions)
#include "tst_held_sessions.moc"
