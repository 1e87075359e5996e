// SPDX-License-Identifier: Apache-2.0
#include "conversation/call_event.h"
#include "support/test_registry.h"

#include <set>
#include <vector>

using namespace luthien::conversation;

namespace {

class TestCallEvent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wireKindsHaveNamesOfTheirOwn()
    {
        std::set<std::string_view> kinds;
        for (int i = 0; i <= static_cast<int>(WireKind::End); ++i)
            kinds.insert(wireKindName(static_cast<WireKind>(i)));
        QCOMPARE(kinds.size(), static_cast<std::size_t>(WireKind::End) + 1);
    }

    void statusNamesReadBack()
    {
        for (int i = 0; i <= static_cast<int>(CallStatus::Blocked); ++i) {
            const auto status = static_cast<CallStatus>(i);
            QCOMPARE(callStatusFromName(callStatusName(status)), std::optional(status));
        }
        QVERIFY(!callStatusFromName("lost"));
    }

    void theMostImportantMeaningNamesAWireEvent()
    {
        const auto kindOf = [](std::initializer_list<EventKind> kinds) {
            std::vector<StreamEvent> events;
            for (const EventKind kind : kinds)
                events.emplace_back().kind = kind;
            return wireKindOf(events);
        };
        QCOMPARE(kindOf({}), WireKind::Head);
        QCOMPARE(kindOf({EventKind::Start, EventKind::Usage}), WireKind::Usage);
        QCOMPARE(kindOf({EventKind::Text, EventKind::ToolEnd, EventKind::Stop}), WireKind::ToolEnd);
        QCOMPARE(kindOf({EventKind::ToolArgs, EventKind::ToolStart}), WireKind::ToolStart);
        QCOMPARE(kindOf({EventKind::ToolStart, EventKind::Error}), WireKind::Error);
        QCOMPARE(kindOf({EventKind::Framing, EventKind::Keepalive}), WireKind::Keepalive);
    }
};

} // namespace

LUTHIEN_TEST(tst_call_event, TestCallEvent)
#include "tst_call_event.moc"
