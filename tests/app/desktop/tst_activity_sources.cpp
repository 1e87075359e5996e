// SPDX-License-Identifier: Apache-2.0
#include "desktop/activity_sources.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QSignalSpy>
#include <QtTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace std::chrono_literals;
using luthien::test::SampleStore;

class TestActivitySources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (int i = 0; i < 3; ++i) {
            luthien::test::SampleCall call{.id = CallId::make(fromMicros(1'790'000'000'000'000 + i * 1000))};
            call.ends = i < 2;
            conversation::Decision decision{.id = call.id, .call = call.id, .policyId = "p"};
            decision.verdict = conversation::Verdict::Block;
            decision.original = "rm -rf /";
            call.decisions = {decision};
            m_store.add(call);
        }
        QVERIFY(m_store.flush());
    }

    void aTimelineGetsCallsAndWhatWasDecided()
    {
        ReaderThread reader([this] { return m_store.openReader(); });
        StoreTimeline source(reader);
        std::shared_ptr<const LoadedTimeline> calls;
        std::shared_ptr<const LoadedTimeline> decisions;
        connect(&source, &TimelineSource::callsLoaded, this, [&calls](const auto& loaded) { calls = loaded; });
        connect(&source, &TimelineSource::decisionsLoaded, this,
                [&decisions](const auto& loaded) { decisions = loaded; });
        source.loadCalls(7, "sess-1", std::nullopt);
        QTRY_VERIFY(calls);
        QCOMPARE(calls->token, quint64(7));
        QCOMPARE(calls->calls.size(), std::size_t(3));
        QVERIFY(calls->calls[0].startedAt < calls->calls[2].startedAt && !calls->next && calls->error.isEmpty());
        source.loadDecisions(7, "sess-1", std::nullopt);
        QTRY_VERIFY(decisions);
        QCOMPARE(decisions->decisions.size(), std::size_t(3));
        QVERIFY2(decisions->decisions[0].decision.original.empty(), "long texts stay where they are");
        // What belongs to a session that is left is not read any more.
        calls.reset();
        source.loadCalls(9, "another", std::nullopt);
        source.loadDecisions(8, "sess-1", std::nullopt);
        QTRY_VERIFY(calls);
        QCOMPARE(calls->token, quint64(9));
        QCOMPARE(decisions->token, quint64(7));
    }

    void whatIsOpenIsRead()
    {
        ReaderThread reader([this] { return m_store.openReader(); });
        StoreLiveCalls source(reader);
        QSignalSpy loaded(&source, &LiveCallsSource::openLoaded);
        source.loadOpen();
        QTRY_COMPARE(loaded.size(), 1);
        const auto calls = loaded[0][0].value<std::shared_ptr<const std::vector<store::CallRow>>>();
        QCOMPARE(calls->size(), std::size_t(1));
    }

    void activityIsReadAsItWasAskedFor()
    {
        ReaderThread reader([this] { return m_store.openReader(); });
        StoreMetrics source(reader);
        std::shared_ptr<const LoadedActivity> loaded;
        connect(&source, &MetricsSource::activityLoaded, this, [&loaded](const auto& got) { loaded = got; });
        const TimePoint at = fromMicros(1'790'000'000'000'000);
        const store::ActivityRequest request{.since = at - 1h, .until = at + 1h, .span = 2h};
        source.loadActivity(request);
        QTRY_VERIFY(loaded);
        QVERIFY(loaded->request == request && loaded->error.isEmpty());
        std::int64_t calls = 0;
        for (const store::CallSum& sum : loaded->activity.calls)
            calls += sum.calls;
        QCOMPARE(calls, std::int64_t(3));
    }

    void whatCannotBeReadSaysWhy()
    {
        ReaderThread reader([]() -> Result<std::unique_ptr<store::Reader>> {
            return Error{ErrorCode::Unavailable, "no database", "store"};
        });
        StoreTimeline source(reader);
        std::shared_ptr<const LoadedTimeline> calls;
        connect(&source, &TimelineSource::callsLoaded, this, [&calls](const auto& loaded) { calls = loaded; });
        source.loadCalls(1, "s", std::nullopt);
        QTRY_VERIFY(calls);
        QVERIFY(calls->error.contains(QStringLiteral("no database")));
    }

private:
    SampleStore m_store;
};

LUTHIEN_TEST(tst_activity_sources, TestActivitySources)
#include "tst_activity_sources.moc"
