// SPDX-License-Identifier: Apache-2.0
#include "runtime/recording_sink.h"
#include "support/test_registry.h"

#include <string>
#include <vector>

using namespace luthien;
using namespace luthien::runtime;
using conversation::EventKind;

namespace {
/// Notes what it was told, and how much the live hub had said by then.
class JournalSpy final : public conversation::EventSink
{
public:
    JournalSpy(std::vector<std::string>& log, const int& wakes)
        : m_log(log)
        , m_wakes(wakes)
    {
    }
    void opened(const conversation::CallOpened&) override { note("opened"); }
    void request(const conversation::RequestRecorded&) override { note("request"); }
    void wire(const conversation::WireEvent&) override { note("wire"); }
    void decided(const conversation::Decision&) override { note("decided"); }
    void ended(const conversation::CallEnded&) override { note("ended"); }
    [[nodiscard]] bool hasRoom() const override { return m_log.empty(); }

private:
    void note(const char* what) { m_log.push_back(what + std::string(m_wakes == 0 ? " first" : " late")); }
    std::vector<std::string>& m_log;
    const int& m_wakes;
};
} // namespace

class TestRecordingSink : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void journalComesFirst();
    void leavesFramingOut();
    void asksTheJournalForRoom();

private:
    Metrics m_metrics;
    live::LiveHub m_hub{m_metrics};
    std::vector<std::string> m_log;
    int m_wakes = 0;
};

void TestRecordingSink::journalComesFirst()
{
    m_log.clear();
    RecordingSink sink(std::make_unique<JournalSpy>(m_log, m_wakes), m_hub);
    const auto subscription = m_hub.subscribe([this] { ++m_wakes; });
    const conversation::StreamEvent step{.kind = EventKind::Text, .text = "hi"};
    const auto next = [&](const auto& tell) {
        m_wakes = 0;
        tell();
        return subscription->drain().events.size();
    };
    QCOMPARE(next([&] { sink.opened({.upstream = "openai"}); }), 1U);
    QCOMPARE(next([&] { sink.request({.seq = 0}); }), 1U);
    QCOMPARE(next([&] { sink.wire({.seq = 1, .meaning = {&step, 1}}); }), 1U);
    QCOMPARE(next([&] { sink.decided({.policyId = "sql"}); }), 1U);
    QCOMPARE(next([&] { sink.ended({.seq = 2}); }), 1U);
    QCOMPARE(m_log,
             (std::vector<std::string>{"opened first", "request first", "wire first", "decided first", "ended first"}));
}

void TestRecordingSink::leavesFramingOut()
{
    m_log.clear();
    RecordingSink sink(std::make_unique<JournalSpy>(m_log, m_wakes), m_hub);
    const auto subscription = m_hub.subscribe([] {});
    const std::array<conversation::StreamEvent, 3> steps{
        {{.kind = EventKind::Framing}, {.kind = EventKind::Keepalive}, {.kind = EventKind::Usage}}};
    sink.wire({.seq = 1, .meaning = steps});
    const auto batch = subscription->drain();
    QCOMPARE(batch.events.size(), 1U);
    QCOMPARE(std::get<live::Delta>(batch.events[0]).kind, EventKind::Usage);
    QCOMPARE(m_log.size(), 1U);
}

void TestRecordingSink::asksTheJournalForRoom()
{
    m_log.clear();
    RecordingSink sink(std::make_unique<JournalSpy>(m_log, m_wakes), m_hub);
    QVERIFY(sink.hasRoom());
    sink.ended({});
    QVERIFY(!sink.hasRoom());
}

LUTHIEN_TEST(tst_recording_sink, TestRecordingSink)
#include "tst_recording_sink.moc"
